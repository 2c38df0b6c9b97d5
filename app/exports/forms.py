from __future__ import annotations

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, IntegerField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from app.exports.services import MOST_DAYS, USUAL_DAYS
from app.fields import LineField
from app.languages import lazy_gettext as _l


class ReaderForm(FlaskForm):
    """Who may read, and for how long. The key makes the link: see services.reader_token."""

    name = LineField(
        _l("Name of the reader"),
        validators=[
            DataRequired(_l("Write who the link is for.")),
            Length(max=200, message=_l("At most 200 characters.")),
        ],
    )
    days = IntegerField(
        _l("Days until the link ends"),
        default=USUAL_DAYS,
        validators=[
            InputRequired(_l("Write a number of days.")),
            NumberRange(1, MOST_DAYS, _l("Between 1 and %(n)s days.", n=MOST_DAYS)),
        ],
    )
    key = HiddenField(validators=[DataRequired()])


class HouseTemplateForm(FlaskForm):
    file = FileField(_l("PowerPoint file (.pptx)"), validators=[FileRequired(_l("Choose a file first."))])
