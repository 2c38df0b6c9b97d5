"""A stored report as its page needs it: the same facts in reading order. Nothing is computed here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.languages import lazy_gettext as _l
from app.reports.forks import ForkView, find_forks
from app.reports.headlines import range_words, say_headline
from app.reports.logbook import Comment, LoggedEdit, changes_of, edited_document, write_log
from app.reports.meetings import MeetingView
from app.reports.models import Report, ReportEdit, ReportSection
from app.reports.numbers import NO_NUMBER, interval, percent, points
from app.reports.replay import Reading, apply_edits, standing
from app.reports.sections import QuestionView, present_questions
from app.reports.themes import ThemesView, present_themes, without_quotes
from app.reports.titles import TITLES
from app.reports.two_readings import TwoReadings, compare_readings
from app.surveys.models import Confidentiality

# From here too, because whoever presents a report says its numbers.
__all__ = ["NO_NUMBER", "interval", "percent", "points"]

# Above this mean probability two camps are said to pull in opposite directions. On 200 teams of the validation companies
# with one pair of opposites 88 % of the pairs so named were opposed (76 % with indirect answers) and 66 % (51 %) of the
# opposites were named; of teams without any 7 % (12 %) showed one. From 0.4 on it was 81, 69, 72, 64, 14 and 19 %.
OPPOSED_FROM = 0.5
# Under this mean belonging of its pairs a camp is said to hold together loosely.
LOOSE_UNDER = 2 / 3
HARD_TO_READ = _l(
    "Hard to read: the judge is unsure what this answer means, so it may stand in the wrong place."
)
NOT_TO_BE_SHOWN = _l(
    "The facilitator marked words of this answer as not to be shown; the answer counts as before."
)

WORDS_FOR_VERDICTS = {
    "same": _l("the same strategy"),
    "different": _l("different strategies"),
    "opposite": _l("opposite strategies"),
}


@dataclass(frozen=True)
class Voice:
    """One answer: who gave it (as the mode allows), what it says, how it was read."""

    label: str
    name: str | None
    text: str
    reading: str
    note: str | None
    # Its place among the statements of the document, from 0.
    number: int = 0
    # Words of it, or all, are not to be shown: `text` is without them.
    is_hidden: bool = False

    @property
    def anchor(self) -> str:
        """Where the whole answer stands on the page."""
        return f"answer-{self.number + 1}"

    @property
    def source(self) -> str:
        return f"{self.name}, {self.label}" if self.name and self.name != self.label else self.label

    @property
    def is_hard_to_read(self) -> bool:
        return self.reading == "hard to read"

    @property
    def remarks(self) -> tuple[str, ...]:
        """What is to be said about how this answer was read."""
        hard = (str(HARD_TO_READ),) if self.is_hard_to_read else ()
        hidden = (str(NOT_TO_BE_SHOWN),) if self.is_hidden else ()
        return (*hard, self.note, *hidden) if self.note else (*hard, *hidden)


@dataclass(frozen=True)
class CorrectionView:
    voices: tuple[Voice, Voice]
    words: str
    reason: str
    made_by: str
    made_at: datetime
    has_effect: bool


@dataclass(frozen=True)
class CampView:
    """label: words of one of its answers that name it, or the facilitator's name for it (`is_named`); None in a report
    of before there were labels. changes: how the camp differs from the measured one of its number, in sentences."""

    number: int
    representative: Voice
    others: tuple[Voice, ...]
    cohesion: float | None = None
    label: str | None = None
    measured_label: str | None = None
    is_named: bool = False
    changes: tuple[str, ...] = ()

    @property
    def is_loose(self) -> bool:
        """Do its answers hold together loosely?"""
        return self.cohesion is not None and self.cohesion < LOOSE_UNDER

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
    two_readings: TwoReadings | None
    corrections: tuple[CorrectionView, ...]
    forks: tuple[ForkView, ...] = ()
    themes: ThemesView | None = None
    # Everything that the facilitator changed about how the report reads, the undone included; the earliest first.
    edits: tuple[ReportEdit, ...] = ()
    log: tuple[LoggedEdit, ...] = ()
    # As the analysis found them; `camps` are these, or what the edits made of them.
    measured_camps: tuple[CampView, ...] = ()
    has_edited_camps: bool = False
    comments: Mapping[ReportSection, tuple[Comment, ...]] = field(default_factory=dict)
    # What the meetings about it said, the earliest first.
    meetings: tuple[MeetingView, ...] = ()

    @property
    def response_rate(self) -> float | None:
        """The share of the invited who answered; agreement is never said without it."""
        facts = self.round
        return facts["n_answered"] / facts["n_invited"] if facts["n_invited"] else None

    @property
    def map_follows(self) -> str | None:
        """The label of the round whose map this one was turned to; None where it stands for itself."""
        follows = self.document.get("map_follows")
        return str(follows) if follows else None

    @property
    def shows_people(self) -> bool:
        """May this report say who said what? Then pictures show people, else numbers of them."""
        return bool(self.round["confidentiality"] == Confidentiality.NAMED)

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
    def votes(self) -> dict[str, Any] | None:
        """The echo check in numbers; None where there was none."""
        evidence = self.document.get("evidence")
        return evidence["votes"] if evidence and evidence["votes"]["echo_check"] else None

    @property
    def opinion_constants(self) -> dict[str, Any]:
        constants = self.document["evidence"]["constants"]
        assert isinstance(constants, dict)
        return constants

    @property
    def questions(self) -> tuple[QuestionView, ...]:
        """What was asked beside the strategy, in reading order; none in documents from before there was any."""
        return present_questions(self.document)

    @property
    def labels(self) -> list[str]:
        return [voice.label for voice in self.voices]

    @property
    def headline(self) -> str:
        """The report in one sentence."""
        return say_headline(self.document)

    @property
    def range_words(self) -> str | None:
        """The plausible numbers of strategies: "five to seven"."""
        return range_words(self.analysis)


def present(
    report: Report, edits: Sequence[ReportEdit] = (), meetings: tuple[MeetingView, ...] = ()
) -> ReportView:
    """edits: the log of the round (queries.list_edits); what stands of it is applied. meetings: find_meetings."""
    edited = apply_edits(report.document, standing(edits))
    document = edited.document
    facts = document["round"]
    analysis = document["analysis"] or {"answers": [], "camps": [], "opposition": []}
    voices = tuple(
        Voice(
            label=statement["label"],
            name=statement["name"],
            text=statement["text"],
            reading=answer["reading"],
            note=answer["note"],
            number=number,
            is_hidden=number in edited.hidden_answers,
        )
        for number, (statement, answer) in enumerate(
            zip(document["statements"], analysis["answers"], strict=True)
        )
    )
    labels = document.get("camp_labels") or [None] * len(analysis["camps"])
    measured = tuple(
        CampView(
            number=number,
            representative=voices[camp["representative"]],
            others=tuple(voices[i] for i in camp["members"] if i != camp["representative"]),
            cohesion=camp["cohesion"],
            label=label["text"] if label else None,
            measured_label=label["text"] if label else None,
        )
        for number, (camp, label) in enumerate(zip(analysis["camps"], labels, strict=True), start=1)
    )
    camps = _edited_camps(edited, document, measured, voices)
    opposed = _opposed(analysis["opposition"], camps, voices)
    in_camps = {voice.number for camp in camps for voice in (camp.representative, *camp.others)}
    zone = ZoneInfo(facts["time_zone"])
    by_id = {edit.id: edit for edit in edits}
    log = write_log(edits, report.document, edited.skipped, TITLES, zone)
    comments = {
        section: tuple(Comment(by_id[k].payload["text"], by_id[k].made_by.name) for k in found)
        for section, found in edited.comments.items()
    }
    if log:
        document = {**document, "edited": edited_document(log, edited.camps, comments)}
    return ReportView(
        document=without_quotes(document),
        built_at=report.built_at.astimezone(zone),
        closed_at=datetime.fromisoformat(facts["closed_at"]).astimezone(zone),
        voices=voices,
        camps=camps,
        opposed=opposed,
        campless=tuple(
            voice for i, voice in enumerate(voices) if i not in in_camps and voice.reading != "not read"
        ),
        left_out=tuple(voice for voice in voices if voice.reading == "not read"),
        two_readings=compare_readings(document, voices) if document.get("machine") else None,
        corrections=_corrections(document, voices, zone),
        forks=find_forks(camps, opposed),
        themes=present_themes(document, voices, {k: by_id[edit] for k, edit in edited.theme_edits.items()}),
        edits=tuple(edits),
        log=log,
        measured_camps=measured,
        # A name alone moves nobody.
        has_edited_camps=any(camp.changes for camp in camps),
        comments=comments,
        meetings=meetings,
    )


def _edited_camps(
    edited: Reading, document: dict[str, Any], measured: tuple[CampView, ...], voices: tuple[Voice, ...]
) -> tuple[CampView, ...]:
    """The camps as edited. What is measured of a camp (how closely it holds) is said of one that is as measured."""
    if edited.camps is None:
        return measured
    labels = dict(enumerate(document.get("camp_labels") or (), start=1))
    changes = changes_of(edited.camps, document)
    found = []
    for camp in edited.camps:
        label = labels.get(camp.number)
        fits = label["text"] if label and label["answer"] in camp.members else None
        found.append(
            CampView(
                number=camp.number,
                representative=voices[camp.representative],
                others=tuple(voices[i] for i in camp.members if i != camp.representative),
                cohesion=None if changes[camp.number] else measured[camp.number - 1].cohesion,
                label=camp.name or fits,
                measured_label=fits,
                is_named=camp.name is not None,
                changes=changes[camp.number],
            )
        )
    return tuple(found)


def _opposed(
    found: list[dict[str, Any]], camps: tuple[CampView, ...], voices: tuple[Voice, ...]
) -> tuple[OpposedCamps, ...]:
    """Camps that exclude each other, the surest first: as measured, between the camps where their answers stand now."""
    place = {v.number: camp.number for camp in camps for v in (camp.representative, *camp.others)}
    seen: set[frozenset[int]] = set()
    opposed = []
    for pair in found:
        first, second = (place.get(answer) for answer in pair["pair"])
        if pair["probability"] < OPPOSED_FROM or first is None or second is None or first == second:
            continue
        if frozenset((first, second)) not in seen:
            seen.add(frozenset((first, second)))
            opposed.append(
                OpposedCamps(
                    camps=(first, second),
                    probability=pair["probability"],
                    voices=(voices[pair["pair"][0]], voices[pair["pair"][1]]),
                )
            )
    return tuple(opposed)


def _corrections(
    document: dict[str, Any], voices: tuple[Voice, ...], zone: ZoneInfo
) -> tuple[CorrectionView, ...]:
    return tuple(
        CorrectionView(
            voices=(voices[correction["pair"][0]], voices[correction["pair"][1]]),
            words=str(WORDS_FOR_VERDICTS[correction["verdict"]]),
            reason=correction["reason"],
            made_by=correction["made_by"],
            made_at=datetime.fromisoformat(correction["made_at"]).astimezone(zone),
            has_effect=correction["has_effect"],
        )
        for correction in (document.get("evidence") or {"corrections": []})["corrections"]
    )
