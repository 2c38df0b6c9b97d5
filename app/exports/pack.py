"""The printed pack for a two-hour meeting: cover, silent read, fork cards, time plan, thesis sheet.

Everything comes from the report by itself; nobody has to lay anything out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.exports.content import Fork, Group
from app.exports.sections import build_sections, fork_block
from app.reports.agenda import MOST_FORKS, Step, plan_of
from app.reports.models import ReportSection
from app.reports.presenting import ReportView

MOST_SILENT_QUOTES = 4


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
        steps=plan_of(report),
        fields=THESIS_FIELDS,
    )


# (heading, what belongs there, lines to write on)
THESIS_FIELDS = (
    ("The only … whose …", "The thesis in one sentence that everybody can repeat.", 3),
    ("For whom", "The market, so narrow that somebody is left out.", 2),
    ("The value that only we provide", "Why they choose us, in their words and not in ours.", 3),
    ("What we choose not to do", "At least one thing that some of us would like to do.", 3),
    ("What must be true", "The assumptions, each with the name of the person who confirms it.", 4),
    ("What stops because of it", "With a name and a date.", 2),
)
