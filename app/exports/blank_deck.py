"""Our own PowerPoint template, made from python-pptx's empty one: wide, quiet, in the colours of the report.

Two layouts are enough: an opening, and a title over an empty field. Fonts are those that every office program has;
ours are not on other people's machines.
"""

from __future__ import annotations

import io
import re
from functools import cache
from typing import Any

from app.exports.drawing import tokens

WIDTH, HEIGHT = 12_192_000, 6_858_000  # 16:9, in English Metric Units
MARGIN = 609_600
HEADINGS, TEXT = "Georgia", "Calibri"


@cache
def blank_deck() -> bytes:
    from pptx import Presentation
    from pptx.enum.text import MSO_ANCHOR

    deck = Presentation()
    deck.slide_width, deck.slide_height = WIDTH, HEIGHT
    keep = {"Title Slide", "Title Only"}
    for layout in list(deck.slide_layouts):
        if layout.name not in keep:
            deck.slide_layouts.remove(layout)
    opening, content = (
        deck.slide_layouts.get_by_name("Title Slide"),
        deck.slide_layouts.get_by_name("Title Only"),
    )
    for page in (deck.slide_master, opening, content):
        for shape in list(page.placeholders):
            if shape.placeholder_format.idx in {10, 11, 12}:  # date, footer, slide number of the old shape
                shape._element.getparent().remove(shape._element)
    wide = WIDTH - 2 * MARGIN
    _place(deck.slide_master.placeholders[0], MARGIN, 560_000, wide, 820_000)
    _place(deck.slide_master.placeholders[1], MARGIN, 1_600_000, wide, 4_500_000)
    _place(opening.placeholders[0], MARGIN, 2_000_000, wide, 1_500_000)
    _place(opening.placeholders[1], MARGIN, 3_650_000, wide, 900_000)
    _place(content.placeholders[0], MARGIN, 560_000, wide, 820_000)
    opening.placeholders[0].text_frame.vertical_anchor = MSO_ANCHOR.BOTTOM
    for page in (deck.slide_master, opening, content):
        for shape in page.placeholders:
            _align_left(shape)
    _restyle(deck.slide_master)
    deck.core_properties.author = deck.core_properties.last_modified_by = "Ninefold"
    deck.core_properties.title = "Ninefold"
    deck.save(file := io.BytesIO())
    return _with_our_theme(file.getvalue())


def _place(shape: Any, left: int, top: int, width: int, height: int) -> None:
    shape.left, shape.top, shape.width, shape.height = left, top, width, height


def _align_left(shape: Any) -> None:
    shape.text_frame.margin_left = shape.text_frame.margin_right = 0
    for properties in shape._element.iter("{http://schemas.openxmlformats.org/drawingml/2006/main}lvl1pPr"):
        properties.set("algn", "l")


def _restyle(master: Any) -> None:
    """Titles of 30 points, left, in the colour of the text; bodies without bullets."""
    drawing = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
    styles = master._element.find("{http://schemas.openxmlformats.org/presentationml/2006/main}txStyles")
    title = styles[0].find(f"{drawing}lvl1pPr")
    title.set("algn", "l")
    title.find(f"{drawing}defRPr").set("sz", "3000")


def _with_our_theme(archive: bytes) -> bytes:
    """The theme's colours and fonts; python-pptx has no way to say them."""
    import zipfile

    found = tokens()
    colours = {
        "dk1": found["--ink"],
        "lt1": "#ffffff",
        "dk2": found["--accent-strong"],
        "lt2": found["--sunken"],
        **{f"accent{n}": found[f"--camp-{n}"] for n in range(1, 7)},
        "hlink": found["--accent"],
        "folHlink": found["--accent-strong"],
    }
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(archive)) as before,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            content = before.read(name)
            if re.fullmatch(r"ppt/theme/theme\d+\.xml", name):
                text = content.decode("utf-8")
                for slot, colour in colours.items():
                    text = re.sub(
                        rf"<a:{slot}>.*?</a:{slot}>",
                        f'<a:{slot}><a:srgbClr val="{colour.lstrip("#").upper()}"/></a:{slot}>',
                        text,
                        flags=re.DOTALL,
                    )
                for role, font in (("majorFont", HEADINGS), ("minorFont", TEXT)):
                    text = re.sub(
                        rf'(<a:{role}>\s*<a:latin typeface=")[^"]*', rf"\g<1>{font}", text, flags=re.DOTALL
                    )
                content = text.encode("utf-8")
            elif name.startswith("ppt/slideLayouts/") and name.endswith(".xml"):
                # The old subtitle's grey is too pale to read.
                content = re.sub(rb'(<a:schemeClr val="tx1">)<a:tint val="\d+"/>', rb"\1", content)
            after.writestr(name, content)
    return made.getvalue()
