from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from app.fields import LineField
from app.languages import gettext as _
from app.languages import lazy_gettext as _l
from app.people.addresses import AddressRefused, checked_address
from app.people.passwords import MIN_LENGTH, why_refused

NEW_PASSWORD_HINT = _l(
    "At least %(n)s characters. Any characters do: four or five words that do not belong together are long, strong "
    "and easy to remember.",
    n=MIN_LENGTH,
)


class StartForm(FlaskForm):
    organisation = LineField(
        _l("Organisation"),
        validators=[
            DataRequired(_l("Write the name of your organisation.")),
            Length(max=200, message=_l("Keep the name of the organisation under 200 characters.")),
        ],
    )
    name = LineField(
        _l("Your name"),
        validators=[
            DataRequired(_l("Write your name.")),
            Length(max=200, message=_l("Keep your name under 200 characters.")),
        ],
    )
    email = StringField(_l("Mail address"), validators=[DataRequired(_l("Write your mail address."))])
    password = PasswordField(
        _l("Password"), description=NEW_PASSWORD_HINT, validators=[InputRequired(_l("Choose a password."))]
    )

    def validate_email(self, field: StringField) -> None:
        try:
            field.data = checked_address(field.data or "")
        except AddressRefused as refusal:
            raise ValidationError(str(refusal)) from refusal

    def validate_password(self, field: PasswordField) -> None:
        names = (self.organisation.data or "", self.name.data or "", self.email.data or "")
        refusal = why_refused(field.data or "", names=names)
        if refusal:
            raise ValidationError(refusal)


class SignInForm(FlaskForm):
    email = StringField(_l("Mail address"), validators=[DataRequired(_l("Write your mail address."))])
    password = PasswordField(_l("Password"), validators=[InputRequired(_l("Write your password."))])
    next = HiddenField()


class PasswordForm(FlaskForm):
    current_password = PasswordField(
        _l("Current password"), validators=[InputRequired(_l("Write your current password."))]
    )
    new_password = PasswordField(
        _l("New password"),
        description=NEW_PASSWORD_HINT,
        validators=[InputRequired(_l("Choose a new password."))],
    )

    def __init__(self, *, names: tuple[str, ...] = ()) -> None:
        super().__init__()
        self._names = names

    def validate_new_password(self, field: PasswordField) -> None:
        refusal = why_refused(field.data or "", names=self._names)
        if refusal:
            raise ValidationError(refusal)
        if field.data == self.current_password.data:
            raise ValidationError(_("This is the password you have. Choose another one."))
