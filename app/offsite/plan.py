"""The slides of a meeting, in order, from the frozen report. Nothing is computed; long texts are set on several pages."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.languages import gettext as _
from app.offsite.models import Meeting, MeetingFork
from app.reports.agenda import MOST_FORKS, Step, plan_of
from app.reports.forks import QUOTES_A_SIDE, ForkSide, ForkView
from app.reports.models import ReportSection
from app.reports.presenting import CampView, ReportView, Voice
from app.reports.themes import ThemeView

# What fits on a page in type that is read from the back of a room: lines, and characters in a line.
LINES = 14
LINE = 78
# A whole team reads in ten minutes; of a crowd, as many answers as that, those that stand for a camp first.
MOST_ANSWERS = 36
MOST_CAMPS = 12
MOST_COMMON = 3
# Characters of a quote beside another one: the silent read has shown the whole.
SHORT = 220
SHORTER = 130


@dataclass(frozen=True)
class Passage:
    """An answer, or a part of one that is too long for one page."""

    text: str
    source: str
    is_continued: bool = False


@dataclass(frozen=True)
class CampLine:
    camp: CampView
    text: str


@dataclass(frozen=True)
class ForkSlide:
    """counted: the row that keeps its hands. sides: with the quotes that fit."""

    counted: MeetingFork
    fork: ForkView
    quotes: tuple[tuple[Passage, ...], tuple[Passage, ...]]


@dataclass(frozen=True)
class Slide:
    """kind: its template, and its notes. section: what of the report it shows, None where it shows none of it.
    step: the part of the time plan that it belongs to; the clock is that step's, not the slide's."""

    key: str
    kind: str
    title: str
    section: ReportSection | None = None
    step: Step | None = None
    page: int = 1
    n_pages: int = 1
    passages: tuple[Passage, ...] = ()
    camps: tuple[CampLine, ...] = ()
    themes: tuple[ThemeView, ...] = ()
    fork: ForkSlide | None = None


@dataclass(frozen=True)
class Plan:
    slides: tuple[Slide, ...]
    steps: tuple[Step, ...]
    # Answers that the silent read shows, of those that there are.
    n_read: int
    n_answers: int

    def find(self, key: str) -> Slide | None:
        return next((slide for slide in self.slides if slide.key == key), None)

    def place(self, slide: Slide) -> int:
        return self.slides.index(slide)

    def before(self, slide: Slide) -> Slide | None:
        place = self.place(slide)
        return self.slides[place - 1] if place else None

    def after(self, slide: Slide) -> Slide | None:
        return next(iter(self.slides[self.place(slide) + 1 :]), None)


def sharpest_forks(report: ReportView) -> tuple[tuple[int, int], ...]:
    """The forks that a meeting of this report talks through, by the two answers that speak for their sides."""
    return tuple(
        (fork.sides[0].voices[0].number, fork.sides[1].voices[0].number) for fork in report.forks[:MOST_FORKS]
    )


def fork_between(report: ReportView, counted: MeetingFork) -> ForkView | None:
    """The fork that was asked, as the report reads now: None once the facilitator put both sides into one camp."""
    camps = {voice.number: camp for camp in report.camps for voice in (camp.representative, *camp.others)}
    left, right = camps.get(counted.left_answer), camps.get(counted.right_answer)
    if left is None or right is None or left.number == right.number:
        return None
    for fork in report.forks:
        if [side.camp.number for side in fork.sides] == [left.number, right.number]:
            return fork
    sides = (_side(report, left, counted.left_answer), _side(report, right, counted.right_answer))
    return ForkView(counted.number, sides, None)


def _side(report: ReportView, camp: CampView, speaks: int) -> ForkSide:
    rest = (voice for voice in (camp.representative, *camp.others) if voice.number != speaks)
    return ForkSide(camp, (report.voices[speaks], *rest)[:QUOTES_A_SIDE])


def build_plan(report: ReportView, meeting: Meeting) -> Plan:
    forks = [
        (counted, fork) for counted in meeting.forks if (fork := fork_between(report, counted)) is not None
    ]
    has_number = report.analysis["agreement"]["estimate"] is not None
    common = report.themes.common_ground if report.themes else ()
    planned = plan_of(report, [fork for _counted, fork in forks])
    # A fork that was merged away leaves a gap: the plan counts from one, the rows keep their numbers.
    steps = {step.key: step for step in planned}
    voices = _to_be_read(report)
    slides = [Slide("cover", "cover", report.round["label"], ReportSection.ASKED)]
    slides += _pages(
        "silent",
        _("Read in silence"),
        _paginate(_passages(voices), _lines_of_passage),
        step=steps["silent"],
        field="passages",
    )
    slides += [
        Slide(
            key=f"fork-{counted.number}",
            kind="fork",
            title=fork.question,
            section=ReportSection.FORKS,
            step=steps.get(f"fork-{place}"),
            fork=ForkSlide(counted, fork, (_quotes(fork.sides[0]), _quotes(fork.sides[1]))),
        )
        for place, (counted, fork) in enumerate(forks, start=1)
    ]
    slides += _pages(
        "camps",
        _("In your own words"),
        _paginate([CampLine(c, _camp_words(c)) for c in report.camps[:MOST_CAMPS]], _lines_of_camp),
        section=ReportSection.CAMPS,
        step=steps.get("common"),
        field="camps",
    )
    if report.themes is not None and report.themes.n_read >= 3:
        slides.append(
            Slide(
                "common",
                "common",
                _("What you share"),
                ReportSection.COMMON_GROUND,
                steps.get("common"),
                themes=common[:MOST_COMMON],
            )
        )
    if has_number and (report.analysis["perception"] or {}).get("gap"):
        slides.append(
            Slide(
                "expected",
                "expected",
                _("What you expected"),
                ReportSection.PERCEPTION,
                steps.get("number"),
            )
        )
    if has_number:
        slides.append(
            Slide("number", "number", _("The number, last"), ReportSection.NUMBER, steps.get("number"))
        )
    slides.append(Slide("thesis", "thesis", _("One thesis"), None, steps["thesis"]))
    slides.append(Slide("next", "next", _("What happens next"), ReportSection.NEXT_STEPS, steps["next"]))
    return Plan(tuple(slides), planned, len(voices), len([v for v in report.voices if v.text]))


def _to_be_read(report: ReportView) -> tuple[Voice, ...]:
    """All answers in the order of the report; of a crowd, one for each camp first, then the others."""
    everybody = [voice for voice in report.voices if voice.text]
    if len(everybody) <= MOST_ANSWERS:
        return tuple(everybody)
    first = {camp.representative.number: camp.representative for camp in report.camps}
    rest = {voice.number: voice for voice in everybody if voice.number not in first}
    return tuple((first | rest).values())[:MOST_ANSWERS]


def _pages(
    kind: str,
    title: str,
    pages: Sequence[tuple[object, ...]],
    *,
    field: str,
    section: ReportSection | None = None,
    step: Step | None = None,
) -> list[Slide]:
    return [
        Slide(
            key=f"{kind}-{page}",
            kind=kind,
            title=title,
            section=section,
            step=step,
            page=page,
            n_pages=len(pages),
            **{field: items},  # type: ignore[arg-type]
        )
        for page, items in enumerate(pages, start=1)
    ]


def _paginate(items: Iterable[object], lines_of: object) -> list[tuple[object, ...]]:
    """Fill pages in order; as even as they come, so that no page holds one short line alone."""
    weighed = [(item, lines_of(item)) for item in items]  # type: ignore[operator]
    total = sum(lines for _item, lines in weighed)
    aim = total / math.ceil(total / LINES) if total else LINES
    pages: list[tuple[object, ...]] = []
    page: list[object] = []
    filled = 0.0
    for item, lines in weighed:
        is_over = filled + lines > LINES
        if page and (is_over or filled + lines / 2 > aim):
            pages.append(tuple(page))
            page, filled = [], 0.0
        page.append(item)
        filled += lines
    return [*pages, tuple(page)] if page else pages


def _passages(voices: Iterable[Voice]) -> list[Passage]:
    return [
        Passage(part, voice.source, is_continued=number > 0)
        for voice in voices
        for number, part in enumerate(split_text(voice.text))
    ]


def split_text(text: str) -> list[str]:
    """A text in parts that fit on a page each: whole sentences where they are short enough, else whole words."""
    most = (LINES - 2) * LINE
    parts: list[str] = []
    for piece in re.findall(r"\S.*?(?:[.!?…。]+(?=\s|$)|\n+|$)\s*", text.strip(), flags=re.DOTALL):
        for chunk in _chunks(piece, most):
            if parts and _lines(parts[-1] + chunk) <= LINES - 2:
                parts[-1] += chunk
            else:
                parts.append(chunk)
    return [part.strip() for part in parts if part.strip()]


def _chunks(piece: str, most: int) -> list[str]:
    """By words; a word that is longer than a page is cut."""
    if _lines(piece) <= LINES - 2 and len(piece) <= most:
        return [piece]
    found = [""]
    for word in re.findall(r"\S+\s*|\s+", piece):
        for start in range(0, len(word), most):
            part = word[start : start + most]
            if found[-1] and _lines(found[-1] + part) > LINES - 2:
                found.append("")
            found[-1] += part
    return found


def _lines(text: str) -> int:
    return sum(max(1, math.ceil(len(line) / LINE)) for line in text.strip().split("\n"))


def _lines_of_passage(passage: Passage) -> float:
    return _lines(passage.text) + 1.7


def _lines_of_camp(line: CampLine) -> float:
    return 0.85 + 1.45 * math.ceil(len(line.camp.label or "-") / (LINE - 12)) + _lines(line.text)


def _camp_words(camp: CampView) -> str:
    return shortened(camp.representative.text, SHORT)


def _quotes(side: ForkSide) -> tuple[Passage, ...]:
    voices = [voice for voice in side.voices if voice.text]
    most = SHORT if len(voices) == 1 else SHORTER
    return tuple(Passage(shortened(voice.text, most), voice.source) for voice in voices)


def shortened(text: str, most: int) -> str:
    """The beginning of a text; the dots say that it goes on."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    head = line[:most].rsplit(" ", 1)[0] if " " in line[:most] else line[:most]
    return head.rstrip(",;:–- ") + " …"
