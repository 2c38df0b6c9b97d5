"""Which layouts of a template serve, ours or a stranger's, and where on them there is room."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.exports.places import Place

# Placeholders that the layout fills by itself: date, footer, number.
_OWN = frozenset({10, 11, 12})


class NoLayout(Exception):
    """The template has no layout with a title."""


@dataclass(frozen=True)
class Layouts:
    opening: Any
    content: Any
    # The room for what a slide shows.
    field: Place

    def fill_subtitle(self, slide: Any, words: str) -> None:
        rest = [p for p in slide.placeholders if p.placeholder_format.idx != 0 and p.has_text_frame]
        if rest:
            rest[0].text_frame.text = words
        for unused in rest[1:]:
            _remove(unused)

    def drop_unused(self, slide: Any) -> None:
        for shape in list(slide.placeholders):
            if shape.placeholder_format.idx != 0:
                _remove(shape)


def find_layouts(deck: Any) -> Layouts:
    """An opening layout (a centred title, else the first with a title) and one whose body can be drawn on.

    Raises NoLayout where no layout has a title.
    """
    from pptx.enum.shapes import PP_PLACEHOLDER as KINDS

    titled = [layout for layout in deck.slide_layouts if _title(layout) is not None]
    if not titled:
        raise NoLayout
    opening = next((layout for layout in titled if _kind(_title(layout)) == KINDS.CENTER_TITLE), titled[0])
    flat = [layout for layout in titled if _kind(_title(layout)) == KINDS.TITLE] or titled
    # The plainest: a title over nothing, else a title over one field.
    content = min(flat, key=lambda layout: (len(_bodies(layout)), list(deck.slide_layouts).index(layout)))
    return Layouts(opening, content, _field(deck, flat, content))


def _field(deck: Any, layouts: list[Any], content: Any) -> Place:
    wide, high = deck.slide_width, deck.slide_height
    fields = [
        _place(body)
        for layout in (content, *layouts)
        if len(_bodies(layout)) == 1
        for body in _bodies(layout)
    ]
    large = [f for f in fields if f is not None and f.width >= wide * 0.6 and f.height >= high * 0.45]
    title = _place(_title(content))
    if large:
        found = large[0]
    else:
        margin = wide // 20
        top = title.top + title.height + high // 40 if title is not None else high // 5
        if top > high * 0.4:  # a title at the side or at the foot
            top = high // 5
        found = Place(margin, top, wide - 2 * margin, high - top - high // 11)
    if title is not None and title.top < high * 0.4 and found.top < title.top + title.height:
        shift = title.top + title.height - found.top
        found = Place(found.left, found.top + shift, found.width, max(found.height - shift, high // 3))
    return found


def _title(layout: Any) -> Any:
    return next((shape for shape in layout.placeholders if shape.placeholder_format.idx == 0), None)


def _bodies(layout: Any) -> list[Any]:
    return [shape for shape in layout.placeholders if shape.placeholder_format.idx not in {0, *_OWN}]


def _kind(shape: Any) -> Any:
    return shape.placeholder_format.type


def _place(shape: Any) -> Place | None:
    if shape is None or None in (shape.left, shape.top, shape.width, shape.height):
        return None
    return Place(int(shape.left), int(shape.top), int(shape.width), int(shape.height))


def _remove(shape: Any) -> None:
    shape._element.getparent().remove(shape._element)
