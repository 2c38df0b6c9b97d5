"""What the sections of a report are called, on every page and in every file."""

from __future__ import annotations

from app.reports.models import ReportSection

TITLES: dict[ReportSection, str] = {
    ReportSection.ASKED: "What was asked, and who answered",
    ReportSection.FORKS: "Where you part",
    ReportSection.CAMPS: "In your own words",
    ReportSection.COMMON_GROUND: "What you share",
    ReportSection.THEMES: "Who says what",
    ReportSection.ELEMENTS: "What else was asked",
    ReportSection.PERCEPTION: "What you expected",
    ReportSection.NUMBER: "In numbers",
    ReportSection.NEXT_STEPS: "What to do next",
}
