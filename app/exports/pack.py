"""The printed pack for a two-hour meeting: cover, silent read, fork cards, time plan, thesis sheet.

Everything comes from the report by itself; nobody has to lay anything out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.exports.content import Fork, Group
from app.exports.sections import build_sections, fork_block
from app.reports.models import ReportSection
from app.reports.presenting import ReportView

MINUTES = 120
MOST_FORKS = 3
MOST_SILENT_QUOTES = 4


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


@dataclass(frozen=True)
class Pack:
    forks: tuple[Fork, ...]
    groups: tuple[Group, ...]
    steps: tuple[Step, ...]
    fields: tuple[tuple[str, str, int], ...]
    # What at least two thirds say; empty where there is nothing.
    common: tuple[Group, ...] = ()


def build_pack(report: ReportView) -> Pack:
    """Fork cards for the sharpest forks; where no two camps exclude each other, for the largest two."""
    forks = tuple(fork_block(fork) for fork in report.forks[:MOST_FORKS])
    is_shared = report.themes is not None and bool(report.themes.common_ground)
    return Pack(
        forks=forks,
        groups=tuple(
            replace(
                block,
                first=(block.first + block.others)[:MOST_SILENT_QUOTES],
                others=(block.first + block.others)[MOST_SILENT_QUOTES:],
            )
            for section in build_sections(report, {ReportSection.CAMPS})
            for block in section.blocks
            if isinstance(block, Group)
        ),
        common=tuple(
            block
            for section in build_sections(report, {ReportSection.COMMON_GROUND})
            for block in section.blocks
            if isinstance(block, Group) and is_shared and block.anchor
        ),
        steps=time_plan(
            forks,
            has_common_ground=is_shared,
            has_number=report.analysis["agreement"]["estimate"] is not None,
        ),
        fields=THESIS_FIELDS,
    )


def time_plan(
    forks: Sequence[Fork], *, has_common_ground: bool = True, has_number: bool = True
) -> tuple[Step, ...]:
    """Two hours, to the minute, whatever there is to talk about; what is spared goes to writing the thesis."""
    planned = [
        (
            "silent",
            10,
            "Read in silence",
            "Agree first how you will decide today. Then everybody reads the answers, with a pen, and says nothing.",
        ),
        *(
            (
                f"fork-{number}",
                20,
                f"Fork {number}: {fork.question}",
                "First each side says what the other one means, then what would have to be true for it. Show hands at "
                "the end and write down the count.",
            )
            for number, fork in enumerate(forks, start=1)
        ),
    ]
    if has_common_ground:
        planned.append(("common", 10, "Name what you share", "Start the thesis from the common ground."))
    if has_number:
        planned.append(
            (
                "number",
                5,
                "Look at the number",
                "It says how far the way is, and not where to go. One sentence each.",
            )
        )
    end = (
        "next",
        5,
        "Fix the next date",
        "Who confirms which assumption, what stops tomorrow, and when you ask again.",
    )
    writing = MINUTES - end[1] - sum(minutes for _, minutes, _, _ in planned)
    planned += [
        (
            "thesis",
            writing,
            "Write one thesis",
            "In pairs, then together, on the thesis sheet: for whom, what only you offer, what you choose not to do.",
        ),
        end,
    ]
    steps, clock = [], 0
    for key, minutes, title, what in planned:
        steps.append(Step(key, clock, minutes, title, what))
        clock += minutes
    return tuple(steps)


# (heading, what belongs there, lines to write on)
THESIS_FIELDS = (
    ("The only … whose …", "The thesis in one sentence that everybody can repeat.", 3),
    ("For whom", "The market, so narrow that somebody is left out.", 2),
    ("The value that only we provide", "Why they choose us, in their words and not in ours.", 3),
    ("What we choose not to do", "At least one thing that some of us would like to do.", 3),
    ("What must be true", "The assumptions, each with the name of the person who confirms it.", 4),
    ("What stops because of it", "With a name and a date.", 2),
)
