"""Form fields that every form uses for what people type: cleaned the same way, stored as it is shown."""

from __future__ import annotations

from typing import Any

from wtforms import StringField, TextAreaField

from app.texts import clean_line, clean_text


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
