"""Inline SVG as it stands on a page, made to stand alone: classes and variables become plain attributes.

The charts' colours come from app/static/charts.css through the tokens (decisions/0004). Nothing outside a browser
reads those: WeasyPrint applies no style sheet of the page to a drawing and resolves no var() in it, and a downloaded
drawing has no page around it. So the same two files are applied here, once, and what is drawn is the same picture.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

STATIC = Path(__file__).parent.parent / "static"
SVG = "http://www.w3.org/2000/svg"
# What SVG knows as attributes; sizes and borders of the box on the page stay on the page.
_ATTRIBUTES = frozenset(
    [
        "fill",
        "stroke",
        "stroke-width",
        "stroke-dasharray",
        "stroke-linecap",
        "opacity",
        "font-family",
        "font-size",
        "font-weight",
    ]
)
_VARIABLE = re.compile(r"var\((--[\w-]+)(?:\s*,\s*([^()]*))?\)")
_DRAWING = re.compile(r"<svg\b.*?</svg>", re.DOTALL)


def tokens() -> dict[str, str]:
    """Every token of the light look by its name: {"--ink": "#14211f", ...}."""
    css = (STATIC / "tokens.css").read_text(encoding="utf-8")
    (root,) = re.findall(r"^:root \{(.*?)^\}", css, re.DOTALL | re.MULTILINE)
    found = re.findall(r"(--[\w-]+):\s*([^;]+);", re.sub(r"/\*.*?\*/", "", root, flags=re.DOTALL))
    return dict(found)


def resolve(value: str, variables: Mapping[str, str]) -> str:
    """The value with every var() replaced; a variable that nobody set becomes its fallback, or nothing."""
    for _ in range(10):
        replaced = _VARIABLE.sub(lambda m: variables.get(m[1], m[2] or ""), value)
        if replaced == value:
            break
        value = replaced
    return " ".join(value.split())


def with_plain_drawings(markup: str, **overrides: str) -> str:
    """The markup with each <svg> in it made to stand alone. overrides: tokens by name without dashes."""
    variables = tokens() | {f"--{name.replace('_', '-')}": value for name, value in overrides.items()}
    return _DRAWING.sub(lambda found: plain_drawing(found[0], variables), markup)


def drawings_in(markup: str) -> list[str]:
    return _DRAWING.findall(markup)


def plain_drawing(drawing: str, variables: Mapping[str, str]) -> str:
    # The text comes from our own templates, escaped by Jinja; there is no document type and no entity in it.
    root = ElementTree.fromstring(drawing)  # noqa: S314
    _say_all_in_the_title(root)
    import cssselect2

    _paint(root, cssselect2.ElementWrapper.from_html_root(root), _chart_rules(), dict(variables))
    root.set("xmlns", SVG)
    return ElementTree.tostring(root, encoding="unicode")


def _say_all_in_the_title(root: ElementTree.Element) -> None:
    """PDF knows one alternative text for a picture: the title with the description."""
    title, description = root.find("title"), root.find("desc")
    if title is not None and description is not None:
        title.text = f"{title.text}. {' '.join((description.text or '').split())}"


@cache
def _chart_rules() -> Any:
    import cssselect2
    import tinycss2

    matcher = cssselect2.Matcher()
    sheet = (STATIC / "charts.css").read_text(encoding="utf-8")
    for rule in tinycss2.parse_stylesheet(sheet, skip_comments=True, skip_whitespace=True):
        if rule.type != "qualified-rule":
            continue  # what hangs on the width of a window or on paper does not concern a drawing
        declared = {
            each.lower_name if not each.name.startswith("--") else each.name: tinycss2.serialize(
                each.value
            ).strip()
            for each in tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True)
            if each.type == "declaration"
        }
        for selector in cssselect2.compile_selector_list(rule.prelude):
            matcher.add_selector(selector, declared)
    return matcher


def _paint(element: ElementTree.Element, wrapped: Any, matcher: Any, variables: dict[str, str]) -> None:
    declared: dict[str, str] = {}
    # Least specific first, so that what comes later wins.
    for _specificity, _order, _pseudo, declarations in sorted(matcher.match(wrapped), key=lambda m: m[:2]):
        declared |= declarations
    variables = variables | {name: value for name, value in declared.items() if name.startswith("--")}
    is_haloed = "paint-order" in declared
    for name in sorted(_ATTRIBUTES & declared.keys()):
        # A halo that is painted over its letters, as WeasyPrint would, is worse than none.
        if is_haloed and name.startswith("stroke"):
            continue
        value = resolve(declared[name], variables)
        if value:
            element.set(name, value)
    for name, value in element.attrib.items():
        if "var(" in value:
            element.set(name, resolve(value, variables))
    for child, wrapped_child in zip(element, wrapped.iter_children(), strict=True):
        _paint(child, wrapped_child, matcher, variables)
