"""One figure as a file: SVG where it is a drawing, PNG of any figure.

PNG goes by way of paper: WeasyPrint lays the figure out with our fonts, pdfium paints the page. So a table of shaded
cells becomes a picture as a drawing does, and both look as they do in the PDF.
"""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

from flask import current_app, render_template

from app.exports.content import Figure, Grid
from app.exports.drawing import drawings_in, with_plain_drawings
from app.exports.paper import Sheet, as_pdf
from app.reports.presenting import ReportView

# 2,000 pixels across: sharp on a slide and on paper.
PIXELS = 2_000


def as_svg(figure: Figure, report: ReportView) -> bytes | None:
    """The drawing alone; a table of shaded cells becomes one. None where the figure is more than one drawing."""
    markup = render_template("exports/figure.html", figure=figure, report=report, paper=None)
    wide = [
        drawing
        for drawing in drawings_in(markup)
        if "only-narrow" not in drawing and "camp-mark" not in drawing
    ]
    if len(wide) != 1 or "chart" not in wide[0]:
        squares = next((chart for chart in figure.charts if isinstance(chart, Grid)), None)
        if squares is None:
            return None
        pictures = current_app.jinja_env.get_template("exports/_pictures.html").make_module()
        wide = drawings_in(str(pictures.grid(squares, figure.title)))  # type: ignore[attr-defined]
    return with_plain_drawings(wide[0]).encode("utf-8")


def as_png(figure: Figure, report: ReportView, *, written_at: datetime) -> bytes:
    """The figure with its title; raises NoPaper where this machine cannot lay it out."""
    import pypdfium2

    page = as_pdf(
        "exports/figure.html",
        Sheet(identifier=figure.key, size="A4", written_at=written_at),
        figure=figure,
        report=report,
    )
    document = pypdfium2.PdfDocument(page)
    try:
        width = document[0].get_width()
        image = document[0].render(scale=PIXELS / width).to_pil()
    finally:
        document.close()
    image.crop((0, 0, image.width, _foot(image))).save(file := io.BytesIO(), format="PNG")
    return file.getvalue()


def _foot(image: Any) -> int:
    """Where the white below the figure begins, with a margin as wide as the one above."""
    from PIL import ImageOps

    box = ImageOps.invert(image.convert("L")).getbbox()
    return min(image.height, box[3] + box[1]) if box else int(image.height)
