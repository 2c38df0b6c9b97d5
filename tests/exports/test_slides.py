"""The presentation: native charts, notes under every slide, whole quotes, house templates, the same bytes."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime

import pytest
from pptx import Presentation
from pptx.util import Emu

from app.exports import house_templates
from app.exports.archives import with_fixed_times
from app.exports.blank_deck import blank_deck
from app.exports.content import Bars, Quoted, Series
from app.exports.deck import Picture, Slide, build_deck, shortened
from app.exports.sections import build_sections
from app.exports.slides import as_pptx
from tests.exports.conftest import TEXTS, Built, sqlite
from tests.pages import Browser


def deck_of(built: Built, template: bytes | None = None) -> bytes:
    view = built.view
    return as_pptx(
        build_deck(view, build_sections(view)), title="T", written_at=view.closed_at, template=template
    )


def all_words(content: bytes) -> str:
    words = []
    for slide in Presentation(io.BytesIO(content)).slides:
        words.append(slide.notes_slide.notes_text_frame.text)
        for shape in slide.shapes:
            if shape.has_text_frame:
                words.append(shape.text_frame.text)
            if getattr(shape, "has_table", False) and shape.has_table:
                words += [cell.text for row in shape.table.rows for cell in row.cells]
    return "\n".join(words).replace("\v", "\n")


@sqlite
def test_every_quote_stands_on_a_slide_or_under_one(built: Built) -> None:
    said = all_words(deck_of(built))
    for text in TEXTS:
        assert text in said


@sqlite
def test_charts_are_native_and_hold_the_numbers_of_the_report(built: Built) -> None:
    charts = {
        slide.shapes.title.text_frame.text: shape.chart
        for slide in Presentation(io.BytesIO(deck_of(built))).slides
        for shape in slide.shapes
        if getattr(shape, "has_chart", False) and shape.has_chart
    }
    sizes = charts["How many stand where"].plots[0]
    assert list(sizes.series[0].values)[::-1] == [camp.n for camp in built.view.camps]
    measured = charts["Expected and measured agreement"].plots[0].series[0].values
    assert round(measured[0] / 100, 4) == round(built.view.analysis["agreement"]["estimate"], 4)
    assert len(charts["Map of the answers"].plots[0].series) == len(built.view.camps)


@sqlite
def test_every_slide_but_the_plainest_has_notes(built: Built) -> None:
    slides = list(Presentation(io.BytesIO(deck_of(built))).slides)
    assert slides[0].notes_slide.notes_text_frame.text.startswith("6 of 6 answered")
    assert sum(bool(slide.notes_slide.notes_text_frame.text) for slide in slides) > len(slides) / 2


@sqlite
def test_the_same_report_is_the_same_presentation(built: Built) -> None:
    first = deck_of(built)
    assert deck_of(built) == first
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@sqlite
def test_a_workbook_inside_a_presentation_loses_its_time_too(built: Built) -> None:
    with zipfile.ZipFile(io.BytesIO(deck_of(built))) as archive:
        inner = next(name for name in archive.namelist() if name.endswith(".xlsx"))
        with zipfile.ZipFile(io.BytesIO(archive.read(inner))) as book:
            written = book.read("docProps/core.xml").decode()
    assert built.view.closed_at.strftime("%Y-%m-%d") in written
    assert with_fixed_times(deck_of(built), written_at=built.view.closed_at) == deck_of(built)


def test_a_quote_that_is_too_long_for_a_slide_is_whole_in_the_notes() -> None:
    quote = Quoted("word " * 600, "CEO")
    shown, under = shortened(quote)
    assert len(shown.text) < 1_000
    assert shown.text.endswith(" […]")
    assert quote.text in under


# --- A template of the organisation's own -----------------------------------------------------------------------------


def house(width: int = 9_144_000, height: int = 6_858_000) -> bytes:
    """Somebody's own template: four to three, with a slide in it."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Emu(width), Emu(height)
    deck.slides.add_slide(deck.slide_layouts[1]).shapes.title.text = "Left over"
    deck.save(file := io.BytesIO())
    return file.getvalue()


def upload(browser: Browser, content: bytes, name: str = "House.pptx", status: int = 303) -> str:
    browser.get("/house-template")
    page = browser.post(
        "/house-template",
        {"file": (io.BytesIO(content), name)},
        status=status,
        content_type="multipart/form-data",
    )
    return page.main if status != 303 else ""


@sqlite
def test_slides_are_made_on_the_house_template_until_it_is_removed(
    facilitator_browser: Browser, built: Built
) -> None:
    upload(facilitator_browser, house())
    deck = Presentation(io.BytesIO(facilitator_browser.client.get(built.path("/report.pptx")).data))
    assert deck.slide_width == 9_144_000
    assert "Left over" not in [
        slide.shapes.title.text_frame.text for slide in deck.slides if slide.shapes.title
    ]
    for slide in deck.slides:
        for shape in slide.shapes:
            assert shape.left + shape.width <= deck.slide_width
            assert shape.top + shape.height <= deck.slide_height + 10_000
    facilitator_browser.get("/house-template")
    facilitator_browser.post("/house-template/remove", status=303)
    deck = Presentation(io.BytesIO(facilitator_browser.client.get(built.path("/report.pptx")).data))
    assert deck.slide_width == 12_192_000


def with_entry(name: str, content: bytes) -> bytes:
    made = io.BytesIO(blank_deck())
    with zipfile.ZipFile(made, "a") as archive:
        archive.writestr(name, content)
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Choose a file first"),
        (b"%PDF-1.7", "not a PowerPoint presentation"),
        (b"PK\x03\x04 half a file", "not a PowerPoint presentation"),
        (b"0" * 100_001, "larger than 8 MB"),
    ],
    ids=["empty", "pdf", "broken", "large"],
)
@sqlite
def test_a_file_that_cannot_serve_is_refused_with_a_reason(
    facilitator_browser: Browser, monkeypatch: pytest.MonkeyPatch, content: bytes, said: str
) -> None:
    monkeypatch.setattr(house_templates, "MOST_BYTES", 100_000)
    assert said in upload(facilitator_browser, content, status=422)
    assert "In use" not in facilitator_browser.get("/house-template").main


def test_macros_bombs_and_files_without_titles_are_refused() -> None:
    with pytest.raises(house_templates.TemplateRefused, match="macros"):
        house_templates.check(with_entry("ppt/vbaProject.bin", b"x"))
    made = io.BytesIO(blank_deck())
    with zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ppt/media/huge.bin", b"\0" * (house_templates.MOST_UNPACKED + 1))
    with pytest.raises(house_templates.TemplateRefused, match="unpacks"):
        house_templates.check(made.getvalue())
    untitled = Presentation(io.BytesIO(blank_deck()))
    for layout in untitled.slide_layouts:
        for shape in list(layout.placeholders):
            shape._element.getparent().remove(shape._element)
    untitled.save(file := io.BytesIO())
    with pytest.raises(house_templates.TemplateRefused, match="title"):
        house_templates.check(file.getvalue())


@sqlite
def test_another_organisation_has_a_template_of_its_own(
    facilitator_browser: Browser, outsider_browser: Browser
) -> None:
    upload(facilitator_browser, house())
    assert "In use" not in outsider_browser.get("/house-template").main


def test_a_workbook_inside_a_presentation_holds_no_formula_and_no_link() -> None:
    bars = Bars(
        ('=HYPERLINK("http://evil.example")', "http://evil.example", "+1"),
        (Series("=1+1", (0.1, 0.2, 0.3)),),
        kind="share",
    )
    content = as_pptx(
        [Slide("Title", Picture(bars, "What it shows"))],
        title="T",
        written_at=datetime(2026, 1, 1, tzinfo=UTC),
    )

    with zipfile.ZipFile(io.BytesIO(content)) as deck:
        (inner,) = (deck.read(name) for name in deck.namelist() if name.endswith(".xlsx"))
    with zipfile.ZipFile(io.BytesIO(inner)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml")
        assert b"<f>" not in sheet
        assert b"<hyperlink" not in sheet
        assert b"=HYPERLINK" in book.read("xl/sharedStrings.xml")


def test_a_template_that_fetches_something_is_refused() -> None:
    """A picture that is only linked would tell its server of everybody who opens the presentation."""

    def with_link(kind: str, target: str) -> bytes:
        made = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(blank_deck())) as before, zipfile.ZipFile(made, "w") as after:
            for name in before.namelist():
                content = before.read(name)
                if name == "ppt/slideMasters/_rels/slideMaster1.xml.rels":
                    space = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
                    link = f'<Relationship Id="rId99" Type="{space}/{kind}" Target="{target}" TargetMode="External"/>'
                    content = content.replace(b"</Relationships>", f"{link}</Relationships>".encode())
                after.writestr(name, content)
        return made.getvalue()

    house_templates.check(with_link("hyperlink", "https://halden.example/"))
    with pytest.raises(house_templates.TemplateRefused, match="fetch"):
        house_templates.check(with_link("image", "https://evil.example/seen.png"))
