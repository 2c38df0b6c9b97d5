"""Who sees what: the one place for the sentences that facilitators choose by and executives answer under.

Both read the same words, so nobody can be told less than was chosen. The word that promises that no one could
ever find out is not among them: nine colleagues may know each other's way of writing.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.surveys.models import Confidentiality, Round, RoundState

# Below this many answers, a report without names would still tell who said what.
MIN_ANSWERS_WITHOUT_NAMES = 5

UNTIL_THE_CLOSE = "Until the round closes, the facilitator sees who has answered. Nobody is shown what."


@dataclass(frozen=True)
class Promise:
    """What one mode means: a line for a list, sentences on who sees what, and what it does not cover."""

    mode: Confidentiality
    name: str
    summary: str
    who_sees: tuple[str, ...]
    limits: tuple[str, ...]


PROMISES: dict[Confidentiality, Promise] = {
    Confidentiality.NAMED: Promise(
        mode=Confidentiality.NAMED,
        name="Named",
        summary="Everyone who reads the report sees who said what.",
        who_sees=(
            "The report shows each answer with the name and role of the person who wrote it.",
            "The facilitator and everyone who is shown the report read it that way.",
        ),
        limits=("People may write more carefully when their name stands beside the answer.",),
    ),
    Confidentiality.CONFIDENTIAL: Promise(
        mode=Confidentiality.CONFIDENTIAL,
        name="Confidential",
        summary="The facilitator can see names; everyone else reads the answers without them.",
        who_sees=(
            "The report shows the answers without names, and never sorts them by role or function.",
            "The facilitator can look up who wrote which answer; nobody else can.",
        ),
        limits=(
            "Colleagues may recognise the way somebody writes.",
            "Whoever runs the server that Ninefold stands on can read its database, names included.",
        ),
    ),
    Confidentiality.UNATTRIBUTED: Promise(
        mode=Confidentiality.UNATTRIBUTED,
        name="Unattributed",
        summary="Nobody can look up who wrote which answer, the facilitator included.",
        who_sees=(
            "Ninefold keeps a list of who has answered, and the answers, and nothing that joins the two.",
            "The report shows the answers without names, and never sorts them by role or function.",
            "An answer can be changed only in the browser in which it was written, because only that browser "
            "knows which one it is.",
        ),
        limits=(
            "Colleagues may recognise the way somebody writes; in a team of nine that is not hard.",
            "When only one or two people answer, it is easy to guess who they were.",
            "Whoever runs the server could watch answers arrive, one after the other.",
        ),
    ),
}


def promise(mode: str) -> Promise:
    return PROMISES[Confidentiality(mode)]


def is_withheld(mode: str, n_answers: int) -> bool:
    """Are the answers too few to show them to anybody without their names?"""
    return mode != Confidentiality.NAMED and n_answers < MIN_ANSWERS_WITHOUT_NAMES


def shows_who_answered(round_: Round) -> bool:
    """May a page set somebody's name beside whether they have answered?

    In Unattributed mode the pages show the count alone: whoever watches names change, one after the other, knows
    when each answer came, and that is one step nearer to whose it is.
    """
    return round_.state != RoundState.DRAFT and round_.confidentiality != Confidentiality.UNATTRIBUTED
