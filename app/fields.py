"""Form fields that every form uses for what people type: cleaned the same way, stored as it is shown.

Texts are put into one Unicode form (NFC), so that the same words are the same bytes; NUL, which no database
keeps, and other invisible control characters are refused or dropped; line ends become one kind.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from wtforms import StringField, TextAreaField

# Everything invisible that can garble a page or an export; tab and line feed stay.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_SPACES = re.compile(r"\s+")


def clean_text(text: str) -> str:
    """The text in NFC with line feeds and without control characters; its ends are stripped."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _CONTROL.sub("", text)).strip()


def clean_line(text: str) -> str:
    """The same on one line: every run of white space is one space."""
    return _SPACES.sub(" ", clean_text(text))


class LineField(StringField):
    """A short text on one line: a name, a label."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        if valuelist:
            self.data = clean_line(valuelist[0])


class LongTextField(TextAreaField):
    """A text of several lines."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        if valuelist:
            self.data = clean_text(valuelist[0])
