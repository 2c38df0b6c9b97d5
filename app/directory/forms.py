from __future__ import annotations

import hashlib

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from app.directory.models import DirectoryPerson
from app.directory.pasting import MAX_NAME, MAX_ROLE, decode_file
from app.directory.services import PersonDetails
from app.fields import LineField
from app.languages import gettext as _
from app.languages import lazy_gettext as _l
from app.people.addresses import AddressRefused, checked_address
from app.zones import zone_names, zones_by_region


class PersonForm(FlaskForm):
    name = LineField(
        _l("Name"),
        validators=[
            DataRequired(_l("Write the name.")),
            Length(max=MAX_NAME, message=_l("Keep the name under %(n)s characters.", n=MAX_NAME)),
        ],
    )
    email = StringField(_l("Mail address"), validators=[Optional()])
    role = LineField(
        _l("Role"),
        description=_l("Such as Chief Financial Officer."),
        validators=[
            Optional(),
            Length(max=MAX_ROLE, message=_l("Keep the role under %(n)s characters.", n=MAX_ROLE)),
        ],
    )
    function = LineField(
        _l("Function"),
        description=_l("The part of the business, such as Finance or Sales."),
        validators=[
            Optional(),
            Length(max=MAX_ROLE, message=_l("Keep the function under %(n)s characters.", n=MAX_ROLE)),
        ],
    )
    level = LineField(
        _l("Level"),
        description=_l("Such as Executive team or Head of department."),
        validators=[
            Optional(),
            Length(max=MAX_ROLE, message=_l("Keep the level under %(n)s characters.", n=MAX_ROLE)),
        ],
    )

    time_zone = SelectField(
        _l("Time zone"),
        choices=lambda: [
            SelectChoice("", _("The round's")),
            *(
                SelectChoice(name, words, optgroup=_(region))
                for region, zones in zones_by_region().items()
                for name, words in zones
            ),
        ],
        description=_l("Automatic reminders reach this person in working hours there."),
        validate_choice=False,
    )

    def validate_time_zone(self, field: SelectField) -> None:
        if field.data and field.data not in zone_names():
            raise ValidationError(_("Choose a time zone from the list."))

    def validate_email(self, field: StringField) -> None:
        try:
            field.data = checked_address(field.data or "")
        except AddressRefused as refusal:
            raise ValidationError(str(refusal)) from refusal

    def show_person(self, person: DirectoryPerson) -> None:
        self.name.data, self.email.data, self.role.data = person.name, person.email, person.role
        self.function.data, self.level.data = person.function, person.level
        self.time_zone.data = person.time_zone

    @property
    def details(self) -> PersonDetails:
        return PersonDetails(
            name=self.name.data or "",
            email=self.email.data or "",
            role=self.role.data or "",
            function=self.function.data or "",
            level=self.level.data or "",
            time_zone=self.time_zone.data or "",
        )


class PeopleForm(FlaskForm):
    """People as lines or as a file. `checked` is the hash of the text that the preview showed: only that is added."""

    lines = TextAreaField(
        _l("One person on a line"),
        description=_l(
            "Name <mail>, role. The mail address or the role may be missing; cells copied from a "
            "spreadsheet work too."
        ),
        render_kw={"rows": 8, "spellcheck": "false", "autocomplete": "off"},
    )
    file = FileField(
        _l("Or a CSV file"),
        description=_l("With the columns name, email, role, function and level, in any order."),
        validators=[Optional()],
        render_kw={"accept": ".csv,.txt,.tsv,text/csv,text/plain"},
    )
    checked = HiddenField()
    key = HiddenField()

    @property
    def text(self) -> str:
        """The lines of the box, and after them those of the file. Line ends are as the box sends them back."""
        text = self.lines.data or ""
        upload = self.file.data
        if upload is not None and hasattr(upload, "read"):
            of_file = decode_file(upload.read())
            text = f"{text.rstrip()}\n{of_file}" if text.strip() else of_file
        return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").strip("\n")

    def is_checked(self, text: str) -> bool:
        """Is this the text that the preview showed?"""
        return bool(self.checked.data == _hash(text))

    def show_checked(self, text: str) -> None:
        self.lines.data, self.lines.raw_data = text, None
        self.checked.data, self.checked.raw_data = _hash(text), None


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()
