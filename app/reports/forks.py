"""The forks of a report: where the team parts, as either/or questions with quotes on both sides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.languages import gettext as _
from app.reports.redaction import NOT_SHOWN

if TYPE_CHECKING:
    from app.reports.presenting import CampView, OpposedCamps, Voice

QUOTES_A_SIDE = 2
# So many forks stand open on the page; a meeting has no time for more.
SHARPEST = 3


@dataclass(frozen=True)
class ForkSide:
    camp: CampView
    # The answer that speaks most plainly against the other side, then the one that stands for the camp.
    voices: tuple[Voice, ...]

    @property
    def label(self) -> str:
        return self.camp.label or _("Strategy %(number)s", number=self.camp.number)


@dataclass(frozen=True)
class ForkView:
    """probability: that the two exclude each other; None for a fork between the largest camps, which need not."""

    number: int
    sides: tuple[ForkSide, ForkSide]
    probability: float | None

    @property
    def is_opposed(self) -> bool:
        return self.probability is not None

    @property
    def question(self) -> str:
        return _("“%(left)s” or “%(right)s”?", left=self.sides[0].label, right=self.sides[1].label)


def find_forks(camps: Sequence[CampView], opposed: Sequence[OpposedCamps]) -> tuple[ForkView, ...]:
    """Camps that exclude each other, the surest first; where there are none, the two largest camps."""
    by_number = {camp.number: camp for camp in camps}
    if opposed:
        return tuple(
            ForkView(
                number,
                (
                    _side(by_number[pair.camps[0]], pair.voices[0]),
                    _side(by_number[pair.camps[1]], pair.voices[1]),
                ),
                pair.probability,
            )
            for number, pair in enumerate(opposed, start=1)
        )
    if len(camps) < 2:
        return ()
    first, second = camps[:2]
    return (ForkView(1, (_side(first, first.representative), _side(second, second.representative)), None),)


def _side(camp: CampView, speaks: Voice) -> ForkSide:
    everybody = {voice.number: voice for voice in (speaks, camp.representative, *camp.others)}.values()
    # Whose words are not to be shown speaks only where nobody else can.
    quoted = [voice for voice in everybody if voice.text != _(NOT_SHOWN)] or list(everybody)
    return ForkSide(camp, tuple(quoted[:QUOTES_A_SIDE]))
