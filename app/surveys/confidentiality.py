"""Who sees what: the one place for the sentences that facilitators choose by and executives answer under.

Both read the same words, so nobody can be told less than was chosen. The word that promises that no one could
ever find out is not among them: nine colleagues may know each other's way of writing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from app.languages import gettext as _
from app.languages import lazy_gettext as _l
from app.surveys.models import MIN_ANSWERS, Confidentiality, Round, RoundState

# The least that a round may set; what holds for one is its own `min_answers`.
MIN_ANSWERS_WITHOUT_NAMES = MIN_ANSWERS

UNTIL_THE_CLOSE: str = _l(
    "Until the round closes, the facilitator sees who has answered. Nobody is shown what."
)


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
        name=_l("Named"),
        summary=_l("Everyone who reads the report sees who said what."),
        who_sees=(
            _l("The report shows each answer with the name and role of the person who wrote it."),
            _l("The facilitator and everyone who is shown the report read it that way."),
        ),
        limits=(_l("People may write more carefully when their name stands beside the answer."),),
    ),
    Confidentiality.CONFIDENTIAL: Promise(
        mode=Confidentiality.CONFIDENTIAL,
        name=_l("Confidential"),
        summary=_l("The facilitator can see names; everyone else reads the answers without them."),
        who_sees=(
            _l("The report shows the answers without names, and never sorts them by role or function."),
            _l("The facilitator can look up who wrote which answer; nobody else can."),
        ),
        limits=(
            _l("Colleagues may recognise the way somebody writes."),
            _l("Whoever runs the server that Ninefold stands on can read its database, names included."),
        ),
    ),
    Confidentiality.UNATTRIBUTED: Promise(
        mode=Confidentiality.UNATTRIBUTED,
        name=_l("Unattributed"),
        summary=_l("Nobody can look up who wrote which answer, the facilitator included."),
        who_sees=(
            _l("Ninefold keeps a list of who has answered, and the answers, and nothing that joins the two."),
            _l("The report shows the answers without names, and never sorts them by role or function."),
            _l(
                "An answer can be changed only in the browser in which it was written, because only that browser knows which one it is."
            ),
        ),
        limits=(
            _l("Colleagues may recognise the way somebody writes; in a team of nine that is not hard."),
            _l("When only one or two people answer, it is easy to guess who they were."),
            _l("Whoever runs the server could watch answers arrive, one after the other."),
        ),
    ),
}


def promise(mode: str) -> Promise:
    """What this mode means, said in the language that is spoken now."""
    known = PROMISES[Confidentiality(mode)]
    return replace(
        known,
        name=str(known.name),
        summary=str(known.summary),
        who_sees=tuple(str(sentence) for sentence in known.who_sees),
        limits=tuple(str(sentence) for sentence in known.limits),
    )


def promise_of(round_: Round) -> Promise:
    """What the mode of this round means, with the minimum counts that the round has set."""
    made = promise(round_.confidentiality)
    if round_.confidentiality == Confidentiality.NAMED:
        return made
    counts = _(
        "Below %(answers)s answers nothing of what was said is shown, and below %(themes)s no sentence is quoted under a "
        "theme.",
        answers=round_.min_answers,
        themes=round_.min_theme_answers,
    )
    return replace(made, who_sees=(*made.who_sees, counts))


def is_withheld(mode: str, n_answers: int, *, minimum: int) -> bool:
    """Are the answers fewer than the `minimum` of their round, so that nobody is shown them without their names?"""
    return mode != Confidentiality.NAMED and n_answers < minimum


def shows_who_answered(round_: Round) -> bool:
    """May a page set somebody's name beside whether they have answered?

    In Unattributed mode the pages show the count alone: whoever watches names change, one after the other, knows
    when each answer came, and that is one step nearer to whose it is.
    """
    return round_.state != RoundState.DRAFT and round_.confidentiality != Confidentiality.UNATTRIBUTED


def may_compare_groups(mode: str) -> bool:
    """May answers be read by function or level? Not where people were promised that they never would be."""
    return mode == Confidentiality.NAMED


def may_publish(groups: Iterable[Collection[int]], n: int, minimum: int) -> bool:
    """May figures about all of these groups of people be published, beside those about everybody?

    groups: people as numbers from 0 to n - 1, the groups of one cut or of several. Whoever reads them can add and
    subtract: everybody less the one group, what two cuts have in common, and so on. Everything that can come of that is
    put together of the cells into which the groups divide the people (two people are in one cell where no group tells
    them apart), so it is enough that no cell has fewer people than `minimum`. The rest, the people in no group, is such
    a cell too. Raises ValueError for somebody who is not among the n.
    """
    told: list[set[int]] = [set() for _ in range(n)]
    for number, group in enumerate(groups):
        for person in group:
            if not 0 <= person < n:
                raise ValueError("A group holds somebody who is not among the people.")
            told[person].add(number)
    cells = Counter(frozenset(groups_of) for groups_of in told)
    return all(size >= minimum for size in cells.values())
