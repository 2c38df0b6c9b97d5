from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField
from wtforms.validators import InputRequired

from app.languages import lazy_gettext as _l


class SendForm(FlaskForm):
    """ "Send to 9 people": the number that was on the page, so that exactly those get a mail, or nobody."""

    count = IntegerField(validators=[InputRequired()])


class PlanForm(FlaskForm):
    is_wanted = BooleanField(
        _l("Send the two automatic reminders"),
        description=_l(
            "To those who have not finished, on working days from nine to five in the round's time zone, "
            "at least two days apart."
        ),
    )
