"""The PDF: what is in it, that it is tagged, that it fetches nothing, that the same report is the same bytes."""

from __future__ import annotations

import io

import pypdf
import pytest
from flask import Flask

from app.exports import paper
from app.exports.drawing import plain_drawing, resolve, tokens
from app.exports.paper import NoPaper
from tests.exports.conftest import TEXTS, Built, sqlite
from tests.pages import Browser


def read(content: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(content))


def words(reader: pypdf.PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


@sqlite
def test_the_pdf_says_what_people_wrote_and_what_was_measured(
    facilitator_browser: Browser, built: Built
) -> None:
    text = words(read(facilitator_browser.client.get(built.path("/report.pdf")).data))
    for written in TEXTS:
        assert written in text
    assert built.view.analysis["headline"]["sentence"] in text
    assert "Method card" in text


@sqlite
def test_the_pdf_is_tagged_named_and_has_bookmarks(facilitator_browser: Browser, built: Built) -> None:
    reader = read(facilitator_browser.client.get(built.path("/report.pdf")).data)
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "en"
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert reader.metadata is not None
    assert reader.metadata.title == "What is our strategy? · Q1 2027"
    assert b"pdfuaid:part" in root["/Metadata"].get_object().get_data()
    titles = [each["/Title"] for each in reader.outline if not isinstance(each, list)]
    assert titles == ["What is our strategy?"]


@sqlite
def test_every_picture_in_the_pdf_has_words(facilitator_browser: Browser, built: Built) -> None:
    reader = read(facilitator_browser.client.get(built.path("/report.pdf")).data)
    found: list[str] = []

    def walk(node: object) -> None:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            for each in node:
                walk(each)
        elif isinstance(node, dict):
            if node.get("/S") == "/Figure":
                found.append(str(node.get("/Alt", "")))
            if "/K" in node:
                walk(node["/K"])

    walk(reader.trailer["/Root"]["/StructTreeRoot"])
    assert any(alt.startswith("Map of the answers. 6 answers") for alt in found)


@pytest.mark.parametrize(("size", "width"), [("A4", 595), ("Letter", 612)])
@sqlite
def test_the_paper_is_what_was_asked_for(
    facilitator_browser: Browser, built: Built, size: str, width: int
) -> None:
    reader = read(facilitator_browser.client.get(built.path(f"/report.pdf?paper={size}")).data)
    assert {round(float(page.mediabox.width)) for page in reader.pages} == {width}


@sqlite
def test_our_fonts_are_in_the_pdf_and_every_letter_is_found(
    facilitator_browser: Browser, built: Built
) -> None:
    reader = read(facilitator_browser.client.get(built.path("/report.pdf")).data)
    fonts = {
        font.get_object()["/BaseFont"].split("+")[1]
        for page in reader.pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert any("Paper-Serif" in font for font in fonts)
    assert any("Paper-Serif-Extended" in font for font in fonts)
    assert not any("DejaVu" in font for font in fonts)
    assert "from Łódź to Kraków" in words(reader)


@sqlite
def test_the_same_report_is_the_same_pdf(facilitator_browser: Browser, built: Built) -> None:
    first = facilitator_browser.client.get(built.path("/report.pdf")).data
    assert facilitator_browser.client.get(built.path("/report.pdf")).data == first


@sqlite
def test_a_document_fetches_nothing_but_our_fonts(app: Flask) -> None:
    fetcher = paper._own_files()
    for address in ("https://example.com/a.woff2", "file:///etc/passwd", "ninefold-file:../../tokens.css"):
        with pytest.raises(ValueError, match="fetches nothing"):
            fetcher.fetch(address)


@sqlite
def test_without_pango_the_page_says_how_to_print(
    facilitator_browser: Browser, built: Built, monkeypatch: pytest.MonkeyPatch
) -> None:
    import ctypes.util

    monkeypatch.setattr(ctypes.util, "find_library", lambda _name: None)
    paper.why_no_paper.cache_clear()
    try:
        page = facilitator_browser.get(built.path())
    finally:
        monkeypatch.undo()
        paper.why_no_paper.cache_clear()
    assert str(paper.HOW_TO_PRINT) in page.main
    assert not [link for link in page.links if ".pdf" in link or ".png" in link]


@sqlite
def test_where_the_library_fails_after_all_nothing_breaks(
    facilitator_browser: Browser, built: Built, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.exports import views

    def refuse(*_arguments: object, **_more: object) -> bytes:
        raise NoPaper(paper.HOW_TO_PRINT)

    monkeypatch.setattr(views, "as_pdf", refuse)
    answer = facilitator_browser.get(built.path("/report.pdf"), status=303)
    assert str(paper.HOW_TO_PRINT) in facilitator_browser.follow(answer).main


# --- Drawings that stand alone ----------------------------------------------------------------------------------------


@sqlite
def test_a_drawing_carries_its_colours_itself(app: Flask) -> None:
    drawn = plain_drawing(
        '<svg class="chart"><title>T</title><desc>D  d</desc><g class="camp-shape camp-2"><circle r="1"/></g></svg>',
        tokens(),
    )
    assert f'fill="{tokens()["--camp-2"]}"' in drawn
    assert "var(" not in drawn
    assert "<title>T. D d</title>" in drawn


@sqlite
def test_variables_resolve_through_each_other(app: Flask) -> None:
    assert resolve("var(--a)", {"--a": "var(--b)", "--b": "red"}) == "red"
    assert resolve("var(--missing, blue)", {}) == "blue"
