from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import IntegerField, TextAreaField
from wtforms.validators import DataRequired, Length
from wtforms.widgets import HiddenInput

from app.languages import lazy_gettext as _l
from app.surveys.wording import lazy_number

MAX_LENGTH = 5_000


class ThesisForm(FlaskForm):
    text = TextAreaField(
        _l("The thesis"),
        validators=[
            DataRequired(_l("Write the thesis: one to three sentences are enough.")),
            Length(
                max=MAX_LENGTH,
                message=_l("Keep the thesis under %(n)s characters.", n=lazy_number(MAX_LENGTH)),
            ),
        ],
    )
    based_on = IntegerField(widget=HiddenInput(), default=0)
