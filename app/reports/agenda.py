"""The two hours that a report is talked through in: one plan, for the page, the printed pack and the meeting's clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from app.languages import gettext as _
from app.reports.presenting import ReportView

MINUTES = 120
MOST_FORKS = 3


class Asking(Protocol):
    """A fork, as whoever renders it has it."""

    @property
    def question(self) -> str: ...


@dataclass(frozen=True)
class Step:
    """key: which slides of a meeting belong to it (app/offsite)."""

    key: str
    starts: int
    minutes: int
    title: str
    what: str

    @property
    def clock(self) -> str:
        """Hours and minutes since the beginning: "1:35"."""
        return f"{self.starts // 60}:{self.starts % 60:02d}"


def plan_of(report: ReportView, forks: Sequence[Asking] | None = None) -> tuple[Step, ...]:
    """The plan of this report; forks: those that are talked through, where they are not its sharpest."""
    return time_plan(
        report.forks[:MOST_FORKS] if forks is None else forks,
        has_common_ground=report.themes is not None and bool(report.themes.common_ground),
        has_number=report.analysis["agreement"]["estimate"] is not None,
    )


def time_plan(
    forks: Sequence[Asking], *, has_common_ground: bool = True, has_number: bool = True
) -> tuple[Step, ...]:
    """Two hours, to the minute, whatever there is to talk about; what is spared goes to writing the thesis."""
    planned = [
        (
            "silent",
            10,
            _("Read in silence"),
            _(
                "Agree first how you will decide today. Then everybody reads the answers, with a pen, and says nothing."
            ),
        ),
        *(
            (
                f"fork-{number}",
                20,
                _("Fork %(number)s: %(question)s", number=number, question=fork.question),
                _(
                    "First each side says what the other one means, then what would have to be true for it. Show "
                    "hands at the end and write down the count."
                ),
            )
            for number, fork in enumerate(forks, start=1)
        ),
    ]
    if has_common_ground:
        planned.append(
            ("common", 10, _("Name what you share"), _("Start the thesis from the common ground."))
        )
    if has_number:
        planned.append(
            (
                "number",
                5,
                _("Look at the number"),
                _("It says how far the way is, and not where to go. One sentence each."),
            )
        )
    end = (
        "next",
        5,
        _("Fix the next date"),
        _("Who confirms which assumption, what stops tomorrow, and when you ask again."),
    )
    writing = MINUTES - end[1] - sum(minutes for _key, minutes, _title, _what in planned)
    planned += [
        (
            "thesis",
            writing,
            _("Write one thesis"),
            _(
                "In pairs, then together, on the thesis sheet: for whom, what only you offer, what you choose not to do."
            ),
        ),
        end,
    ]
    steps, clock = [], 0
    for key, minutes, title, what in planned:
        steps.append(Step(key, clock, minutes, title, what))
        clock += minutes
    return tuple(steps)
