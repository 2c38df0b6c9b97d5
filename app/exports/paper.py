"""PDF by WeasyPrint: tagged (PDF/UA), with bookmarks, our fonts in it, and nothing fetched from anywhere.

WeasyPrint takes most of a second to import and needs Pango from the system; it is imported at the first PDF and not
before. Where it cannot be, `why_no_paper` says so in one sentence.
"""

from __future__ import annotations

import io
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, Literal, TypeAlias

from flask import render_template

from app.exports.drawing import STATIC, tokens, with_plain_drawings
from app.languages import lazy_gettext as _l

PaperSize: TypeAlias = Literal["A4", "Letter"]
PAPER_SIZES: tuple[PaperSize, ...] = ("A4", "Letter")
HOW_TO_PRINT = _l(
    "This server cannot make PDF files, because a library that it needs (Pango) is not installed. Open the report, "
    "choose Print in your browser and then “Save as PDF”: the page prints cleanly on A4 and Letter."
)
# Our fonts under names of their own: two files under one name, told apart by their range of characters as on the
# page, end in WeasyPrint as each other's glyphs (seen with version 70: “Łódź” came out as “a ód+”).
FONTS = {
    "text": '"Paper Sans", "Paper Sans Extended", "Noto Sans", "DejaVu Sans", sans-serif',
    "display": '"Paper Serif", "Paper Serif Extended", "Noto Serif", "DejaVu Serif", serif',
}
_FIXED_TIME = "1767225600"  # 1 January 2026: the fonts' own "modified" field, not the document's
_FILES = "ninefold-file:"
_FONTS = STATIC / "vendor" / "fonts"


class NoPaper(Exception):
    """PDF files cannot be made here; the text says what to do instead."""


@dataclass(frozen=True)
class Sheet:
    """What a PDF says about itself. written_at: of the report, so that the same report is the same bytes."""

    identifier: str
    size: PaperSize
    written_at: datetime


@cache
def why_no_paper() -> str | None:
    """None where PDF files can be made, else one sentence to show instead of the button. Costs nothing much: it
    looks for the library and does not import WeasyPrint."""
    import ctypes.util
    import importlib.util

    if importlib.util.find_spec("weasyprint") is None:
        return str(HOW_TO_PRINT)
    folders = os.environ.get("WEASYPRINT_DLL_DIRECTORIES")
    names = ("pango-1.0-0", "pango-1.0", "libpango-1.0-0")
    has_pango = bool(folders) or any(ctypes.util.find_library(name) for name in names)
    return None if has_pango else str(HOW_TO_PRINT)


def as_pdf(template: str, sheet: Sheet, **context: Any) -> bytes:
    """Render the template to paper; raises NoPaper where it cannot be done."""
    # Set here and not at the start: fontTools writes this time into the fonts that it cuts to size.
    os.environ.setdefault("SOURCE_DATE_EPOCH", _FIXED_TIME)
    try:
        import weasyprint
        from weasyprint.text.fonts import FontConfiguration
    except (ImportError, OSError) as missing:
        raise NoPaper(HOW_TO_PRINT) from missing
    markup = with_plain_drawings(
        render_template(
            template,
            paper=sheet.size,
            written_at=sheet.written_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            **context,
        ),
        **FONTS,
    )
    fonts = FontConfiguration()
    fetcher = _own_files()
    style = weasyprint.CSS(string=style_sheet(), font_config=fonts, url_fetcher=fetcher, base_url=_FILES)
    made = weasyprint.HTML(string=markup, url_fetcher=fetcher, base_url=_FILES).write_pdf(
        stylesheets=[style],
        font_config=fonts,
        pdf_variant="pdf/ua-1",
        pdf_identifier=sheet.identifier.encode(),
    )
    assert isinstance(made, bytes)
    return made


@cache
def style_sheet() -> str:
    """The tokens as variables, then the rules for paper: the same colours as on the page, sizes in points."""
    variables = tokens() | {f"--{name}": value for name, value in FONTS.items()}
    root = "".join(f"{name}:{value};" for name, value in variables.items() if "clamp(" not in value)
    return f":root{{{root}}}\n" + (STATIC / "paper.css").read_text(encoding="utf-8")


@cache
def _own_files() -> Any:
    """A fetcher that knows the vendored fonts and refuses every other address."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OwnFiles(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: Any = None) -> Any:
            name = url.removeprefix(_FILES)
            if url == name or name not in {path.name for path in _FONTS.glob("*.woff2")}:
                raise ValueError("a document fetches nothing but the fonts of this program")
            return URLFetcherResponse(url, _unpacked(name), {"Content-Type": "font/ttf"})

    return OwnFiles()


@cache
def _unpacked(name: str) -> bytes:
    """A font as WeasyPrint would unpack it for every document anew: a third of a second in all, spent once."""
    from fontTools.ttLib import TTFont

    font = TTFont(_FONTS / name, recalcTimestamp=False)
    font.flavor = None
    font.save(file := io.BytesIO())
    return file.getvalue()
