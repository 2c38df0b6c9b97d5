from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import IntegerField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from app.directory.pasting import MAX_NAME, MAX_ROLE
from app.fields import LineField
from app.people.addresses import AddressRefused, checked_address


class ObserverForm(FlaskForm):
    name = LineField(
        "Name",
        validators=[
            DataRequired("Write the name."),
            Length(max=MAX_NAME, message=f"Keep the name under {MAX_NAME} characters."),
        ],
    )
    email = StringField(
        "Mail address", description="Without one you hand them their link yourself.", validators=[Optional()]
    )
    role = LineField(
        "Role",
        description="Such as Chair of the board.",
        validators=[Optional(), Length(max=MAX_ROLE, message=f"Keep the role under {MAX_ROLE} characters.")],
    )

    def validate_email(self, field: StringField) -> None:
        try:
            field.data = checked_address(field.data or "")
        except AddressRefused as refusal:
            raise ValidationError(str(refusal)) from refusal


class TellForm(FlaskForm):
    """ "Tell 2 observers": the number that was on the page, so that exactly those get a mail, or nobody."""

    count = IntegerField(validators=[InputRequired()])
