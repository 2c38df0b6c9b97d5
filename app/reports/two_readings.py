"""The judge's reading beside the one with the votes and corrections of people."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

from app.analysis import wording
from app.reports.numbers import NO_NUMBER, interval, percent

if TYPE_CHECKING:
    from app.reports.presenting import Voice

# Of the pairs that people moved, the first so many are named.
MOVED_SHOWN = 8


@dataclass(frozen=True)
class MovedPair:
    """Two answers that stand together in one of the two readings alone."""

    voices: tuple[Voice, Voice]
    is_together_now: bool


@dataclass(frozen=True)
class TwoReadings:
    """The judge's reading beside the one with the votes and corrections of people."""

    sentence: str
    # (measure, by the judge alone, with what people say)
    rows: tuple[tuple[str, str, str], ...]
    moved: tuple[MovedPair, ...]
    n_moved: int


def compare_readings(document: dict[str, Any], voices: tuple[Voice, ...]) -> TwoReadings:
    alone, together = document["machine"], document["analysis"]
    moved = _moved_pairs(alone["camps"], together["camps"], voices)
    return TwoReadings(
        sentence=_sentence(document, has_moved=bool(moved)),
        rows=(
            ("Strategies", _strategies(alone), _strategies(together)),
            ("Agreement", _agreement(alone), _agreement(together)),
            ("Effective number of strategies", _effective(alone), _effective(together)),
        ),
        moved=moved[:MOVED_SHOWN],
        n_moved=len(moved),
    )


def _sentence(document: dict[str, Any], *, has_moved: bool) -> str:
    """The two readings in one sentence: "The judge reads six strategies; you, reading each other, find four." """
    alone, together = document["machine"], document["analysis"]
    n_corrections = len(document["evidence"]["corrections"])
    has_votes = document["evidence"]["votes"]["counted"]
    corrections = f"{wording.counted(n_corrections, 'correction', 'corrections')} by the facilitator"
    before, after = alone["strategies"]["estimate"], together["strategies"]["estimate"]
    with_people = (
        f"your reading of each other and {corrections}"
        if has_votes and n_corrections
        else ("your reading of each other" if has_votes else corrections)
    )
    if before is None or after is None:
        return f"There are too few answers to count strategies, with {with_people} as without."
    judge = f"The judge reads {wording.counted(before, 'strategy', 'strategies')}"
    if before != after:
        if has_votes and not n_corrections:
            return f"{judge}; you, reading each other, find {wording.number(after)}."
        verb = "is" if after == 1 else "are"
        return f"{judge}; with {with_people} there {verb} {wording.number(after)}."
    same = (
        f"{judge}, and so do you, reading each other"
        if has_votes and not n_corrections
        else f"{judge}, with {with_people} as without"
    )
    shares = percent(alone["agreement"]["estimate"]), percent(together["agreement"]["estimate"])
    if shares[0] != shares[1]:
        return f"{same}; the agreement moves from {shares[0]} to {shares[1]}."
    return f"{same}; who stands with whom changes." if has_moved else f"{same}; nothing else moves either."


def _moved_pairs(
    alone: list[dict[str, Any]], together: list[dict[str, Any]], voices: tuple[Voice, ...]
) -> tuple[MovedPair, ...]:
    before, after = _pairs_in_one_camp(alone), _pairs_in_one_camp(together)
    return tuple(
        MovedPair(voices=(voices[i], voices[j]), is_together_now=(i, j) in after)
        for i, j in sorted(before ^ after)
    )


def _pairs_in_one_camp(camps: list[dict[str, Any]]) -> set[tuple[int, int]]:
    return {pair for camp in camps for pair in combinations(sorted(camp["members"]), 2)}


def _strategies(analysis: dict[str, Any]) -> str:
    found = analysis["strategies"]
    if found["estimate"] is None:
        return NO_NUMBER
    span = "" if found["low"] == found["high"] else f" ({found['low']} to {found['high']})"
    return f"{found['estimate']}{span}"


def _agreement(analysis: dict[str, Any]) -> str:
    found = analysis["agreement"]
    return NO_NUMBER if found["estimate"] is None else f"{percent(found['estimate'])} ({interval(found)})"


def _effective(analysis: dict[str, Any]) -> str:
    found = analysis["strategies"]["effective"]
    return NO_NUMBER if found is None else f"{found:.1f}"
