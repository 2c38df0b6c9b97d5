"""What the sections of a report are called, on every page and in every file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from app.languages import lazy_gettext as _l
from app.reports.models import ReportSection

_TITLES = {
    ReportSection.ASKED: _l("What was asked, and who answered"),
    ReportSection.FORKS: _l("Where you part"),
    ReportSection.CAMPS: _l("In your own words"),
    ReportSection.COMMON_GROUND: _l("What you share"),
    ReportSection.THEMES: _l("Who says what"),
    ReportSection.ELEMENTS: _l("What else was asked"),
    ReportSection.PERCEPTION: _l("What you expected"),
    ReportSection.NUMBER: _l("In numbers"),
    ReportSection.NEXT_STEPS: _l("What to do next"),
}


class _Titles(Mapping[ReportSection, str]):
    """Plain strings, in the language that is spoken when one is looked up: files take nothing else."""

    def __getitem__(self, section: ReportSection) -> str:
        return str(_TITLES[section])

    def __iter__(self) -> Iterator[ReportSection]:
        return iter(_TITLES)

    def __len__(self) -> int:
        return len(_TITLES)


TITLES: Mapping[ReportSection, str] = _Titles()
