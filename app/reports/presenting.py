"""A stored report as its page needs it: the same facts in reading order. Nothing is computed here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.analysis import wording
from app.reports.models import Report

# Above this mean probability two camps are said to pull in opposite directions.
OPPOSED_FROM = 0.5
NO_NUMBER = "not known"


@dataclass(frozen=True)
class Voice:
    """One answer: who gave it (as the mode allows), what it says, how it was read."""

    label: str
    name: str | None
    text: str
    reading: str
    note: str | None

    @property
    def source(self) -> str:
        return f"{self.name}, {self.label}" if self.name and self.name != self.label else self.label


@dataclass(frozen=True)
class CampView:
    number: int
    representative: Voice
    others: tuple[Voice, ...]

    @property
    def n(self) -> int:
        return 1 + len(self.others)

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(voice.label for voice in (self.representative, *self.others))


@dataclass(frozen=True)
class OpposedCamps:
    camps: tuple[int, int]
    probability: float
    voices: tuple[Voice, Voice]


@dataclass(frozen=True)
class ReportView:
    document: dict[str, Any]
    built_at: datetime
    closed_at: datetime
    voices: tuple[Voice, ...]
    camps: tuple[CampView, ...]
    opposed: tuple[OpposedCamps, ...]
    campless: tuple[Voice, ...]
    left_out: tuple[Voice, ...]

    @property
    def round(self) -> dict[str, Any]:
        facts = self.document["round"]
        assert isinstance(facts, dict)
        return facts

    @property
    def is_withheld(self) -> bool:
        return bool(self.document["is_withheld"])

    @property
    def analysis(self) -> dict[str, Any]:
        found = self.document["analysis"]
        assert isinstance(found, dict)
        return found

    @property
    def labels(self) -> list[str]:
        return [voice.label for voice in self.voices]


def present(report: Report) -> ReportView:
    document = report.document
    facts = document["round"]
    analysis = document["analysis"] or {"answers": [], "camps": [], "opposition": []}
    voices = tuple(
        Voice(
            label=statement["label"],
            name=statement["name"],
            text=statement["text"],
            reading=answer["reading"],
            note=answer["note"],
        )
        for statement, answer in zip(document["statements"], analysis["answers"], strict=True)
    )
    camps = tuple(
        CampView(
            number=number,
            representative=voices[camp["representative"]],
            others=tuple(voices[i] for i in camp["members"] if i != camp["representative"]),
        )
        for number, camp in enumerate(analysis["camps"], start=1)
    )
    in_camps = {i for camp in analysis["camps"] for i in camp["members"]}
    zone = ZoneInfo(facts["time_zone"])
    return ReportView(
        document=document,
        built_at=report.built_at.astimezone(zone),
        closed_at=datetime.fromisoformat(facts["closed_at"]).astimezone(zone),
        voices=voices,
        camps=camps,
        opposed=tuple(
            OpposedCamps(
                camps=(pair["camps"][0] + 1, pair["camps"][1] + 1),
                probability=pair["probability"],
                voices=(voices[pair["pair"][0]], voices[pair["pair"][1]]),
            )
            for pair in analysis["opposition"]
            if pair["probability"] >= OPPOSED_FROM
        ),
        campless=tuple(
            voice for i, voice in enumerate(voices) if i not in in_camps and voice.reading != "not read"
        ),
        left_out=tuple(voice for voice in voices if voice.reading == "not read"),
    )


def percent(value: float | None) -> str:
    """A share between 0 and 1 in whole per cent: 0.183 is "18 %"."""
    return NO_NUMBER if value is None else wording.percent(value).replace(" %", "\N{NO-BREAK SPACE}%")


def interval(estimate: dict[str, float | None]) -> str:
    """The 80 % interval in words: "12 to 25 %"."""
    low, high = estimate["low"], estimate["high"]
    if low is None or high is None:
        return NO_NUMBER
    return f"{low * 100:.0f} to {high * 100:.0f}\N{NO-BREAK SPACE}%"


def points(value: float | None) -> str:
    """A signed difference of two shares in percentage points."""
    return NO_NUMBER if value is None else f"{value * 100:+.0f}".replace("-", "\N{MINUS SIGN}") + " points"
