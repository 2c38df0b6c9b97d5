from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import IntegerField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from app.directory.pasting import MAX_NAME, MAX_ROLE
from app.fields import LineField
from app.languages import lazy_gettext as _l
from app.people.addresses import AddressRefused, checked_address


class ObserverForm(FlaskForm):
    name = LineField(
        _l("Name"),
        validators=[
            DataRequired(_l("Write the name.")),
            Length(max=MAX_NAME, message=_l("Keep the name under %(n)s characters.", n=MAX_NAME)),
        ],
    )
    email = StringField(
        _l("Mail address"),
        description=_l("Without one you hand them their link yourself."),
        validators=[Optional()],
    )
    role = LineField(
        _l("Role"),
        description=_l("Such as Chair of the board."),
        validators=[
            Optional(),
            Length(max=MAX_ROLE, message=_l("Keep the role under %(n)s characters.", n=MAX_ROLE)),
        ],
    )

    def validate_email(self, field: StringField) -> None:
        try:
            field.data = checked_address(field.data or "")
        except AddressRefused as refusal:
            raise ValidationError(str(refusal)) from refusal


class TellForm(FlaskForm):
    """ "Tell 2 observers": the number that was on the page, so that exactly those get a mail, or nobody."""

    count = IntegerField(validators=[InputRequired()])
