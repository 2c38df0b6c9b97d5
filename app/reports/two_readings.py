"""The judge's reading beside the one with the votes and corrections of people."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

from app.languages import gettext as _
from app.languages import ngettext
from app.reports import numbers as wording
from app.reports.numbers import interval, percent

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
            (_("Strategies"), _strategies(alone), _strategies(together)),
            (_("Agreement"), _agreement(alone), _agreement(together)),
            (_("Effective number of strategies"), _effective(alone), _effective(together)),
        ),
        moved=moved[:MOVED_SHOWN],
        n_moved=len(moved),
    )


def _sentence(document: dict[str, Any], *, has_moved: bool) -> str:
    """The two readings in one sentence: "The judge reads six strategies; you, reading each other, find four." """
    alone, together = document["machine"], document["analysis"]
    n_corrections = len(document["evidence"]["corrections"])
    has_votes = document["evidence"]["votes"]["counted"]
    before, after = alone["strategies"]["estimate"], together["strategies"]["estimate"]
    votes_alone = bool(has_votes and not n_corrections)
    words = {"people": _what_people_said(has_votes=has_votes, n_corrections=n_corrections)}
    if before is None or after is None:
        return _("There are too few answers to count strategies, with %(people)s as without.", **words)
    words["judge"] = ngettext(
        "The judge reads one strategy",
        "The judge reads %(number)s strategies",
        before,
        number=wording.number(before),
    )
    if before != after:
        words["number"] = wording.number(after)
        if votes_alone:
            return _("%(judge)s; you, reading each other, find %(number)s.", **words)
        return ngettext(
            "%(judge)s; with %(people)s there is %(number)s.",
            "%(judge)s; with %(people)s there are %(number)s.",
            after,
            **words,
        )
    words["before"], words["after"] = (
        percent(alone["agreement"]["estimate"]),
        percent(together["agreement"]["estimate"]),
    )
    if words["before"] != words["after"]:
        if votes_alone:
            return _(
                "%(judge)s, and so do you, reading each other; the agreement moves from %(before)s to %(after)s.",
                **words,
            )
        return _(
            "%(judge)s, with %(people)s as without; the agreement moves from %(before)s to %(after)s.",
            **words,
        )
    if votes_alone:
        return (
            _("%(judge)s, and so do you, reading each other; who stands with whom changes.", **words)
            if has_moved
            else _("%(judge)s, and so do you, reading each other; nothing else moves either.", **words)
        )
    return (
        _("%(judge)s, with %(people)s as without; who stands with whom changes.", **words)
        if has_moved
        else _("%(judge)s, with %(people)s as without; nothing else moves either.", **words)
    )


def _what_people_said(*, has_votes: bool, n_corrections: int) -> str:
    number = wording.number(n_corrections)
    if has_votes and n_corrections:
        return ngettext(
            "your reading of each other and one correction by the facilitator",
            "your reading of each other and %(number)s corrections by the facilitator",
            n_corrections,
            number=number,
        )
    if has_votes:
        return _("your reading of each other")
    return ngettext(
        "one correction by the facilitator",
        "%(number)s corrections by the facilitator",
        n_corrections,
        number=number,
    )


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
        return _("not known")
    if found["low"] == found["high"]:
        return str(found["estimate"])
    return _("%(estimate)s (%(low)s to %(high)s)", **{k: found[k] for k in ("estimate", "low", "high")})


def _agreement(analysis: dict[str, Any]) -> str:
    found = analysis["agreement"]
    return (
        _("not known") if found["estimate"] is None else f"{percent(found['estimate'])} ({interval(found)})"
    )


def _effective(analysis: dict[str, Any]) -> str:
    found = analysis["strategies"]["effective"]
    return _("not known") if found is None else wording.decimals(f"{found:.1f}")
