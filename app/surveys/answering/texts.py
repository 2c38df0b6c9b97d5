"""What a person typed, made safe to keep: the same words, without what could break a page, a file or a database."""

from __future__ import annotations

import re
import unicodedata

MAX_CHARACTERS = 20_000
# No language stacks more marks on one letter; a tower of them runs over the lines above and below.
MAX_MARKS_ON_A_LETTER = 8

_LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_BIDI_CONTROLS = {*range(0x202A, 0x202F), *range(0x2066, 0x206A)}
_BYTE_ORDER_MARK = 0xFEFF
_NONCHARACTERS = {
    *range(0xFDD0, 0xFDF0),
    *(plane * 0x10000 + end for plane in range(17) for end in (0xFFFE, 0xFFFF)),
}
_CONTROLS = {*range(0x20), *range(0x7F, 0xA0)} - {ord("\n"), ord("\t")}
_DROPPED = dict.fromkeys(_CONTROLS | _BIDI_CONTROLS | _NONCHARACTERS | {_BYTE_ORDER_MARK})


def clean(typed: str) -> str:
    """The text as it is kept: NFC, lines end in a newline, no outer white space.

    Dropped: control characters (NUL among them), overrides of the writing direction (right-to-left text needs none:
    pages isolate it), noncharacters, marks beyond the eighth on one letter. Half of a surrogate pair becomes the
    replacement character. Cleaning twice changes nothing.
    """
    whole = typed.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    kept = _LINE_ENDS.sub("\n", whole).translate(_DROPPED)
    return _cap_marks(unicodedata.normalize("NFC", kept)).strip()


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
