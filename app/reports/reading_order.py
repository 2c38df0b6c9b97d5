"""The sections of a report that have something to say, in the order in which they are read, with their numbers.

Reasons and forks come before the number: a low agreement that is read first pushes people apart.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from app.reports.logbook import Comment
from app.reports.models import ReportSection
from app.reports.presenting import ReportView
from app.reports.titles import TITLES

__all__ = ["TITLES", "Part", "reading_order"]


@dataclass(frozen=True)
class Part:
    """One section: its number from 1 and its anchor on the page. is_shown: may the team see it?"""

    section: ReportSection
    number: int
    is_shown: bool
    comments: tuple[Comment, ...] = ()

    @property
    def title(self) -> str:
        return TITLES[self.section]

    @property
    def anchor(self) -> str:
        return self.section.value.replace("_", "-")

    @property
    def template(self) -> str:
        return f"reports/sections/_{self.section.value}.html"


def reading_order(report: ReportView, shown: Collection[ReportSection] = ()) -> tuple[Part, ...]:
    """Without the sections that this report has nothing to put into. `shown`: what the team may see."""
    if report.is_withheld:
        return ()
    has = {
        ReportSection.ASKED: True,
        ReportSection.FORKS: bool(report.forks),
        ReportSection.CAMPS: bool(report.camps or report.campless),
        ReportSection.COMMON_GROUND: report.themes is not None and report.themes.n_read >= 3,
        ReportSection.THEMES: report.themes is not None and bool(report.themes.themes),
        ReportSection.ELEMENTS: bool(report.questions),
        ReportSection.PERCEPTION: report.analysis["perception"] is not None,
        ReportSection.NUMBER: report.analysis["agreement"]["estimate"] is not None,
        ReportSection.NEXT_STEPS: True,
    }
    present = [section for section in ReportSection if has[section]]
    return tuple(
        Part(
            section=section,
            number=number,
            is_shown=section in shown,
            comments=report.comments.get(section, ()),
        )
        for number, section in enumerate(present, start=1)
    )
