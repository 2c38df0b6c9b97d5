"""What people type, made safe to keep: the same words, without what could break a page, a file or a database.

The one cleaner of the product; form fields (app/fields.py), answers and mail headers all use it.
"""

from __future__ import annotations

import re
import unicodedata

MAX_CHARACTERS = 20_000
# No language stacks more marks on one letter; a tower of them runs over the lines above and below.
MAX_MARKS_ON_A_LETTER = 8

_LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_SPACES = re.compile(r"\s+")
_BIDI_CONTROLS = {*range(0x202A, 0x202F), *range(0x2066, 0x206A)}
_BYTE_ORDER_MARK = 0xFEFF
_NONCHARACTERS = {
    *range(0xFDD0, 0xFDF0),
    *(plane * 0x10000 + end for plane in range(17) for end in (0xFFFE, 0xFFFF)),
}
_CONTROLS = {*range(0x20), *range(0x7F, 0xA0)} - {ord("\n"), ord("\t")}
_DROPPED = dict.fromkeys(_CONTROLS | _BIDI_CONTROLS | _NONCHARACTERS | {_BYTE_ORDER_MARK})
# Zero-width space, marks of direction, word joiner and what follows it: two names that look the same must be the same.
# The joiners stay: families of emoji and several scripts need them.
_INVISIBLE_ON_A_LINE = dict.fromkeys({0x200B, 0x200E, 0x200F, *range(0x2060, 0x2066)})


def clean_text(typed: str) -> str:
    """The text as it is kept: NFC, lines end in a newline, no outer white space.

    Dropped: control characters (NUL among them), overrides of the writing direction (right-to-left text needs none:
    pages isolate it), noncharacters, marks beyond the eighth on one letter. Half of a surrogate pair becomes the
    replacement character. Cleaning twice changes nothing.
    """
    whole = typed.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    kept = _LINE_ENDS.sub("\n", whole).translate(_DROPPED)
    return _cap_marks(unicodedata.normalize("NFC", kept)).strip()


def clean_line(typed: str) -> str:
    """The same on one line, for a name or a label: every run of white space is one space, nothing is invisible."""
    return clean_text(_SPACES.sub(" ", clean_text(typed).translate(_INVISIBLE_ON_A_LINE)))


def is_blank(text: str) -> bool:
    """Is there nothing to see? A text of spaces and invisible characters is blank."""
    return all(unicodedata.category(character)[0] in "ZCM" for character in text)


def _cap_marks(text: str) -> str:
    if text.isascii():
        return text
    kept: list[str] = []
    run = 0
    for character in text:
        run = run + 1 if unicodedata.category(character) in {"Mn", "Me"} else 0
        if run <= MAX_MARKS_ON_A_LETTER:
            kept.append(character)
    return "".join(kept)
