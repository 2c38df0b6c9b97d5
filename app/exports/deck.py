"""The report as a row of slides: what stands on each, and what the speaker has underneath. Knows no file format."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from app.exports.content import (
    Bars,
    Block,
    Bullets,
    Chart,
    Figure,
    Fork,
    Grid,
    Group,
    Numbers,
    Quoted,
    Section,
    Table,
    Text,
)
from app.exports.method import method_line
from app.reports.presenting import ReportView

# Beyond these a slide cannot be read from the back of a room.
MOST_ROWS = 11
MOST_GRID = 16
MOST_QUOTE = 900
MOST_ASIDE = 160
MOST_MESSAGE = 260
MOST_IN_NOTES = 40
PARAGRAPHS = 4


@dataclass(frozen=True)
class Opening:
    subtitle: str


@dataclass(frozen=True)
class Words:
    paragraphs: tuple[Text, ...]


@dataclass(frozen=True)
class Picture:
    """chart: drawn natively. alt: what it shows, for people who do not see it."""

    chart: Chart
    alt: str


@dataclass(frozen=True)
class Quotes:
    aside: str
    quotes: tuple[Quoted, ...]
    camp: int | None = None


Body: TypeAlias = Opening | Words | Picture | Quotes | Fork | Numbers | Table


@dataclass(frozen=True)
class Slide:
    title: str
    body: Body
    kicker: str = ""
    # What the picture or the numbers say, in one sentence above them.
    message: str = ""
    notes: str = ""


def build_deck(report: ReportView, sections: Sequence[Section]) -> tuple[Slide, ...]:
    facts = report.round
    opening = Slide(
        title=facts["series_title"],
        body=Opening(f"{facts['label']} · {facts['n_answered']} of {facts['n_invited']} people answered"),
        notes=f"{method_line(report)}\n\nEvery number and every quote comes from the frozen report of this round.",
    )
    slides = [opening]
    for section in sections:
        made = list(_slides_of(section))
        if made and (said := "\n\n".join((section.lead, *section.notes)).strip()):
            made[0] = replace(made[0], notes=f"{said}\n\n{made[0].notes}".strip())
        slides += made
    return tuple(slides)


def _slides_of(section: Section) -> Iterator[Slide]:
    """A sentence beside a picture or numbers goes onto their slide; an aside goes under it."""
    waiting: list[Text] = []
    made: list[Slide] = []
    for block in section.blocks:
        if isinstance(block, Text) and made and made[-1].message == "" and _is_shown(made[-1], block):
            place = next(i for i, slide in enumerate(made) if slide.title == made[-1].title)
            made[place] = replace(made[place], message=block.words)
        elif isinstance(block, Text) and made and block.tone == "soft":
            made[-1] = replace(made[-1], notes=f"{made[-1].notes}\n\n{block.words}".strip())
        elif isinstance(block, Text):
            waiting.append(block)
        elif isinstance(block, Bullets):
            waiting += [Text(item) for item in block.items]
        else:
            message = ""
            under = ""
            if isinstance(block, Numbers) and len(waiting) == 1:
                message = waiting.pop().words
            if isinstance(block, Figure) and waiting and block.charts:
                # The question behind a picture is said, not shown.
                under, waiting = "\n".join(text.words for text in waiting), []
            made += _words(section, waiting)
            waiting = []
            fresh = list(_slides_for(section, block))
            if fresh and (message or under):
                notes = "\n\n".join(filter(None, (under, fresh[0].notes)))
                fresh[0] = replace(fresh[0], message=message, notes=notes)
            made += fresh
    made += _words(section, waiting)
    yield from made


def _is_shown(slide: Slide, text: Text) -> bool:
    return isinstance(slide.body, Picture) and text.tone != "soft" and len(text.words) <= MOST_MESSAGE


def _words(section: Section, texts: Sequence[Text]) -> Iterator[Slide]:
    for start in range(0, len(texts), PARAGRAPHS):
        yield Slide(section.title, Words(tuple(texts[start : start + PARAGRAPHS])))


def _slides_for(section: Section, block: Block) -> Iterator[Slide]:
    match block:
        case Figure():
            yield from _pictures(section, block)
        case Fork():
            yield _fork(section, block)
        case Group():
            yield from _group(section, block)
        case Quoted():
            shown, rest = shortened(block)
            yield Slide(section.title, Quotes("", (shown,)), notes=rest)
        case Numbers():
            yield Slide(section.title, block)
        case Table():
            for number, start in enumerate(range(0, max(len(block.rows), 1), MOST_ROWS)):
                part = replace(block, rows=block.rows[start : start + MOST_ROWS])
                yield Slide(section.title + (" (continued)" if number else ""), part, kicker=block.title)


def _pictures(section: Section, figure: Figure) -> Iterator[Slide]:
    for chart in figure.charts:
        if isinstance(chart, Grid) and max(len(chart.row_labels), len(chart.column_labels)) > MOST_GRID:
            continue
        yield Slide(
            (chart.title if isinstance(chart, Bars) else "") or figure.title,
            Picture(chart, f"{figure.title}. {figure.definition}"),
            kicker=section.title,
            notes=figure.definition,
        )


def _fork(section: Section, fork: Fork) -> Slide:
    """One quote a side when they are long; the others go under the slide."""
    sides, rests = [], []
    for side in fork.sides:
        fitting = side.quotes if sum(len(q.text) for q in side.quotes) <= MOST_QUOTE // 2 else side.quotes[:1]
        shown = [shortened(quote, MOST_QUOTE // 2) for quote in fitting]
        sides.append(replace(side, quotes=tuple(quote for quote, _ in shown)))
        rests += [rest for _, rest in shown if rest]
        rests += [in_notes(quote) for quote in side.quotes[len(fitting) :]]
    left, right = sides
    notes = "\n\n".join(filter(None, (fork.aside, *rests)))
    return Slide(fork.question, replace(fork, sides=(left, right)), kicker=section.title, notes=notes)


def _group(section: Section, group: Group) -> Iterator[Slide]:
    first = group.first or group.others[:1]
    others = group.others if group.first else group.others[1:]
    shown = [shortened(quote) for quote in first]
    under = [rest for _, rest in shown if rest]
    under += [in_notes(quote) for quote in others[:MOST_IN_NOTES]]
    if len(others) > MOST_IN_NOTES:
        under.append(f"And {len(others) - MOST_IN_NOTES} more: the workbook has every answer.")
    aside = group.aside
    if len(aside) > MOST_ASIDE:
        under.insert(0, aside)
        aside = aside[: aside.rindex(",", 0, MOST_ASIDE)] + ", …" if "," in aside[:MOST_ASIDE] else ""
    yield Slide(
        group.title,
        Quotes(aside, tuple(quote for quote, _ in shown), group.camp),
        kicker=section.title,
        notes="\n\n".join(under),
    )


def shortened(quote: Quoted, most: int = MOST_QUOTE) -> tuple[Quoted, str]:
    """The quote as it fits on a slide, and the whole of it for the notes where it does not."""
    if len(quote.text) <= most:
        return quote, "\n".join(quote.remarks)
    cut = quote.text.rfind(" ", 0, most)
    text = quote.text[: cut if cut > most // 2 else most].rstrip() + " […]"
    return replace(quote, text=text), in_notes(quote)


def in_notes(quote: Quoted) -> str:
    return "\n".join((f"“{quote.text}”", quote.source, *quote.remarks))
