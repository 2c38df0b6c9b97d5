from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import IntegerField, TextAreaField
from wtforms.validators import DataRequired, Length
from wtforms.widgets import HiddenInput

MAX_LENGTH = 5_000


class ThesisForm(FlaskForm):
    text = TextAreaField(
        "The thesis",
        validators=[
            DataRequired("Write the thesis: one to three sentences are enough."),
            Length(max=MAX_LENGTH, message=f"Keep the thesis under {MAX_LENGTH:,} characters."),
        ],
    )
    based_on = IntegerField(widget=HiddenInput(), default=0)
