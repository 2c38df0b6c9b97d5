"""PowerPoint by python-pptx: the deck drawn on our template or the organisation's own."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from app.exports.archives import with_fixed_times
from app.exports.blank_deck import blank_deck
from app.exports.content import Fork, Numbers, Quoted, Table
from app.exports.deck import Opening, Picture, Quotes, Slide, Words
from app.exports.layouts import Layouts, find_layouts
from app.exports.native_charts import colour, draw_chart
from app.exports.places import Place

_GAP = 320_000
# (longest text, size in points): as large as it fits, to be read from the back of a room.
_SIZES = ((150, 36), (300, 30), (480, 24), (760, 20), (1_200, 16))
_SMALLEST = 12
_LONG_TITLE = 60


def as_pptx(
    deck: Sequence[Slide], *, title: str, written_at: datetime, template: bytes | None = None
) -> bytes:
    """The file. template: the organisation's own, checked before (house_templates.check); None is ours."""
    made = draw(deck, template=template)
    properties = made.core_properties
    properties.title, properties.subject = title, "Ninefold report"
    properties.author = properties.last_modified_by = "Ninefold"
    properties.language = "en"
    properties.created = properties.modified = written_at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    made.save(file := io.BytesIO())
    return with_fixed_times(file.getvalue(), written_at=written_at)


def draw(deck: Sequence[Slide], *, template: bytes | None) -> Any:
    """The presentation, open. Raises NoLayout where the template has no layout with a title."""
    from pptx import Presentation

    made = Presentation(io.BytesIO(template or blank_deck()))
    _empty(made)
    layouts = find_layouts(made)
    for slide in deck:
        _draw(made, layouts, slide)
    return made


def _empty(deck: Any) -> None:
    """Without the slides that a template brings along; its layouts stay."""
    listed = deck.slides._sldIdLst
    for each in list(listed):
        deck.part.drop_rel(each.rId)
        listed.remove(each)


def _draw(deck: Any, layouts: Layouts, slide: Slide) -> None:
    from pptx.util import Pt

    is_opening = isinstance(slide.body, Opening)
    drawn = deck.slides.add_slide(layouts.opening if is_opening else layouts.content)
    if drawn.shapes.title is not None:
        drawn.shapes.title.text_frame.text = slide.title
        if len(slide.title) > _LONG_TITLE:
            for run in drawn.shapes.title.text_frame.paragraphs[0].runs:
                run.font.size = Pt(24 if len(slide.title) <= 2 * _LONG_TITLE else 18)
    if isinstance(slide.body, Opening):
        layouts.fill_subtitle(drawn, slide.body.subtitle)
    else:
        layouts.drop_unused(drawn)
        _draw_body(drawn, slide, layouts.field)
    drawn.notes_slide.notes_text_frame.text = slide.notes


def _draw_body(drawn: Any, slide: Slide, field: Place) -> None:
    if slide.kicker:
        _write(
            drawn,
            Place(field.left, field.top, field.width, 330_000),
            [(slide.kicker, 14, "--ink-soft", False)],
        )
        field = field.below(400_000)
    if slide.message:
        size = 22 if len(slide.message) <= 150 else 18
        _write(drawn, field.tall(760_000), [(slide.message, size, "--ink", False)])
        field = field.below(860_000)
    match slide.body:
        case Words(paragraphs):
            size = size_for(sum(len(each.words) for each in paragraphs))
            _write(
                drawn,
                field,
                [
                    (
                        p.words,
                        size if p.tone != "soft" else max(size - 6, _SMALLEST),
                        "--ink-soft" if p.tone == "soft" else "--ink",
                        False,
                    )
                    for p in paragraphs
                ],
            )
        case Picture(chart, alt):
            draw_chart(drawn, chart, field, alt)
        case Quotes(aside, quotes, _camp):
            if aside:
                _write(drawn, field.tall(360_000), [(aside, 14, "--ink-soft", False)])
                field = field.below(480_000)
            _quotes(drawn, field, quotes)
        case Fork():
            _fork(drawn, field, slide.body)
        case Numbers(items):
            for item, place in zip(items, field.columns(len(items), _GAP), strict=True):
                _write(
                    drawn, place, [(item.value, 72, "--accent", False), (item.words, 16, "--ink-soft", False)]
                )
        case Table():
            _table(drawn, field, slide.body)


def size_for(length: int, *, narrower: int = 1) -> int:
    return next((size for longest, size in _SIZES if length * narrower <= longest), _SMALLEST)


def _quotes(drawn: Any, place: Place, quotes: Sequence[Quoted]) -> None:
    size = size_for(sum(len(quote.text) for quote in quotes))
    words: list[tuple[str, int, str, bool]] = []
    for quote in quotes:
        words += [(quote.text, size, "--ink", True)]
        if quote.source:
            words.append((quote.source, max(size - 8, _SMALLEST), "--ink-soft", False))
        words += [(remark, _SMALLEST, "--ink-soft", False) for remark in quote.remarks]
    _write_beside_a_bar(drawn, place, words)


def _write_beside_a_bar(drawn: Any, place: Place, words: Sequence[tuple[str, int, str, bool]]) -> None:
    inner = Place(place.left + 180_000, place.top, place.width - 180_000, place.height)
    _bar(drawn, place.left, place.top, min(_height_of(words, inner.width), place.height))
    _write(drawn, inner, words)


def _height_of(paragraphs: Sequence[tuple[str, int, str, bool]], width: int) -> int:
    """About how tall these words stand: half a point of width to a point of size."""
    tall = 0.0
    for words, points, _token, _is_display in paragraphs:
        per_line = max(width / 12_700 / (points * 0.52), 1)
        lines = sum(max(-(-len(line) // per_line), 1) for line in words.split("\n"))
        tall += lines * points * 1.22 + points * 0.4
    return int(tall * 12_700)


def _fork(drawn: Any, field: Place, fork: Fork) -> None:
    longest = max(sum(len(q.text) for q in side.quotes) for side in fork.sides)
    for side, place in zip(fork.sides, field.columns(2, _GAP * 2), strict=True):
        heading = side.title + (f" · {side.aside}" if side.aside else "")
        _write(drawn, place.tall(420_000), [(heading, 18, "--accent", False)])
        size = size_for(longest, narrower=2)
        words: list[tuple[str, int, str, bool]] = []
        for quote in side.quotes:
            words += [(quote.text, size, "--ink", True)]
            if quote.source:
                words.append((quote.source, max(size - 8, _SMALLEST), "--ink-soft", False))
        _write_beside_a_bar(drawn, place.below(520_000), words)


def _bar(drawn: Any, left: int, top: int, height: int) -> None:
    from pptx.enum.shapes import MSO_SHAPE

    bar = drawn.shapes.add_shape(MSO_SHAPE.RECTANGLE, left, top, 36_000, height)
    bar.fill.solid()
    bar.fill.fore_color.rgb = colour("--line-strong")
    bar.line.fill.background()
    bar.shadow.inherit = False
    # Decoration: nothing to read out.
    bar._element.nvSpPr.cNvPr.set("descr", "")


def _write(drawn: Any, place: Place, paragraphs: Sequence[tuple[str, int, str, bool]]) -> None:
    """paragraphs: (words, points, colour, in the typeface of headings)."""
    from pptx.enum.text import MSO_AUTO_SIZE
    from pptx.util import Pt

    box = drawn.shapes.add_textbox(*place)
    frame = box.text_frame
    frame.word_wrap = True
    frame.auto_size = MSO_AUTO_SIZE.NONE
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    for number, (words, points, token, is_display) in enumerate(paragraphs):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        for line_number, line in enumerate(words.split("\n")):
            if line_number:
                paragraph.add_line_break()
            run = paragraph.add_run()
            run.text = line
            run.font.size = Pt(points)
            run.font.color.rgb = colour(token)
            if is_display:
                run.font.name = "+mj-lt"
        paragraph.space_after = Pt(points * 0.4)


def _table(drawn: Any, field: Place, table: Table) -> None:
    from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
    from pptx.util import Emu, Pt

    rows = [[column.label for column in table.columns], *table.said()]
    height = min(field.height // len(rows), 400_000)
    frame = drawn.shapes.add_table(
        len(rows), len(table.columns), field.left, field.top, field.width, height * len(rows)
    )
    frame._element.nvGraphicFramePr.cNvPr.set("descr", table.title)
    made = frame.table
    made.horz_banding = False
    if len(table.columns) == 2:
        made.columns[0].width = Emu(field.width * 3 // 10)
        made.columns[1].width = Emu(field.width - field.width * 3 // 10)
    for r, row in enumerate(rows):
        made.rows[r].height = Emu(height)
        for c, words in enumerate(row):
            cell = made.cell(r, c)
            cell.vertical_anchor = MSO_ANCHOR.MIDDLE
            cell.margin_top = cell.margin_bottom = Emu(20_000)
            paragraph = cell.text_frame.paragraphs[0]
            paragraph.alignment = PP_ALIGN.RIGHT if table.columns[c].is_numeric else PP_ALIGN.LEFT
            run = paragraph.add_run()
            run.text = words
            run.font.size = Pt(14)
            run.font.bold = r == 0
            run.font.color.rgb = colour("--ink")
            cell.fill.solid()
            cell.fill.fore_color.rgb = colour("--sunken" if r == 0 else "--surface")
