from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField
from wtforms.validators import DataRequired, InputRequired, Length

from app.fields import LineField
from app.languages import lazy_gettext as _l


class SendForm(FlaskForm):
    """ "Send to 9 people": the number that was on the page, so that exactly those get a mail, or nobody."""

    count = IntegerField(validators=[InputRequired()])


class BounceForm(FlaskForm):
    reason = LineField(
        _l("Why did it come back?"),
        description=_l("A few words, such as: no such mailbox."),
        validators=[
            DataRequired(_l("Write why it came back: a few words are enough.")),
            Length(max=200, message=_l("Keep this under 200 characters.")),
        ],
    )


class PlanForm(FlaskForm):
    is_wanted = BooleanField(
        _l("Send the two automatic reminders"),
        description=_l(
            "To those who have not finished, on working days from nine to five in their time zone (the round's, "
            "where the directory names none), at least two days apart."
        ),
    )
