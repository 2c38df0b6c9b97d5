from __future__ import annotations

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, IntegerField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from app.exports.services import MOST_DAYS, USUAL_DAYS
from app.fields import LineField


class ReaderForm(FlaskForm):
    """Who may read, and for how long. The key makes the link: see services.reader_token."""

    name = LineField(
        "Name of the reader",
        validators=[
            DataRequired("Write who the link is for."),
            Length(max=200, message="At most 200 characters."),
        ],
    )
    days = IntegerField(
        "Days until the link ends",
        default=USUAL_DAYS,
        validators=[
            InputRequired("Write a number of days."),
            NumberRange(1, MOST_DAYS, f"Between 1 and {MOST_DAYS} days."),
        ],
    )
    key = HiddenField(validators=[DataRequired()])


class HouseTemplateForm(FlaskForm):
    file = FileField("PowerPoint file (.pptx)", validators=[FileRequired("Choose a file first.")])
