from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TimeField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app.db import utc_now
from app.directory.forms import PeopleForm
from app.directory.pasting import MAX_NAME, MAX_ROLE
from app.fields import LineField, LongTextField
from app.languages import LANGUAGES, SOURCE
from app.languages import gettext as _
from app.languages import lazy_gettext as _l
from app.people.addresses import AddressRefused, checked_address
from app.surveys.closing_times import ClosingTimeRefused, moment_of, zone_names, zones_by_region
from app.surveys.confidentiality import PROMISES
from app.surveys.models import Confidentiality, Round, RoundLayout
from app.surveys.services import RoundSettings
from app.surveys.translations import languages_of

MAX_INTRODUCTION = 2_000
FURTHEST = timedelta(days=366)
USUAL_DAYS = 7
USUAL_TIME = time(17, 0)


class RoundWording:
    """The fields of a round above its closing time; here because a form keeps the order of the file."""

    label = LineField(
        "Name of the round",
        description="Usually the quarter: the pages compare one with the next.",
        validators=[
            DataRequired("Name the round, such as Q4 2026."),
            Length(max=60, message="Keep the name under 60 characters."),
        ],
    )
    asked_by = LineField(
        "Who asks",
        description="People read this first: a name and a role they know, such as Mara Lind, CMO.",
        validators=[
            DataRequired("Write who asks: a name that everybody knows."),
            Length(max=200, message="Keep this under 200 characters."),
        ],
    )
    introduction = LongTextField(
        "Why you ask",
        description="One or two sentences on the first page, above the promise of who sees what.",
        validators=[
            Optional(),
            Length(max=MAX_INTRODUCTION, message=f"Keep this under {MAX_INTRODUCTION:,} characters."),
        ],
        render_kw={"rows": 3},
    )
    confidentiality = RadioField(
        "Who sees what",
        description="Each person reads this before writing. It cannot be changed after the launch.",
        choices=[SelectChoice(mode.value, promise.name) for mode, promise in PROMISES.items()],
        validate_choice=False,
    )
    layout = RadioField(
        "How the questions are shown",
        choices=[
            SelectChoice(RoundLayout.ONE_QUESTION.value, "One question a screen"),
            SelectChoice(RoundLayout.ONE_PAGE.value, "All on one page"),
        ],
        default=RoundLayout.ONE_QUESTION.value,
        validate_choice=False,
    )
    main_language = RadioField(
        _l("Main language"),
        description=_l("The questions are written in it, and mails go out in it."),
        choices=[SelectChoice(code, name) for code, name in LANGUAGES.items()],
        default=SOURCE,
        validate_choice=False,
    )
    further_languages = SelectMultipleField(
        _l("Also in"),
        description=_l(
            "Whoever answers reads the pages in one of the round's languages, and the questions where you give their "
            "words. The title and why you ask stand as you write them. The judge reads English only: answers in "
            "another language are left out of the reading, and the report lists them."
        ),
        choices=[SelectChoice(code, name) for code, name in LANGUAGES.items()],
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
        validate_choice=False,
    )


class ClosingTime:
    """A day, a time and a zone that together are one moment to come; `closes_at` holds it once validated."""

    closes_on = DateField(
        "Closes on",
        validators=[DataRequired("Choose the day on which the round closes, such as 2026-12-11.")],
    )
    closes_at_time = TimeField(
        "At", validators=[DataRequired("Choose the time at which the round closes, such as 17:00.")]
    )
    time_zone = SelectField(
        "Time zone",
        choices=lambda: [
            SelectChoice(name, words, optgroup=region)
            for region, zones in zones_by_region().items()
            for name, words in zones
        ],
        description="Closing times are shown in this zone, and beside it in the reader's own.",
        validate_choice=False,
    )
    closes_at: datetime | None = None

    def validate_time_zone(self, field: SelectField) -> None:
        if field.data not in zone_names():
            raise ValidationError("Choose a time zone from the list.")

    def validate_closes_at_time(self, field: TimeField) -> None:
        if self.closes_on.data is None or field.data is None or self.time_zone.data not in zone_names():
            return
        try:
            closes_at = moment_of(self.closes_on.data, field.data, zone=self.time_zone.data)
        except ClosingTimeRefused as refusal:
            raise ValidationError(str(refusal)) from refusal
        now = utc_now()
        if closes_at <= now:
            raise ValidationError("This time is over already. Choose one that is still to come.")
        if closes_at > now + FURTHEST:
            raise ValidationError("This is more than a year away. Choose a closer day.")
        self.closes_at = closes_at

    def show_closing_time(self, closes_at: datetime | None, *, zone: str) -> None:
        """Fill the fields: with this moment, or with a week from now at the end of a working day."""
        there = ZoneInfo(zone)
        local = (closes_at or utc_now() + timedelta(days=USUAL_DAYS)).astimezone(there)
        self.closes_on.data = local.date()
        self.closes_at_time.data = local.time().replace(second=0, microsecond=0) if closes_at else USUAL_TIME
        self.time_zone.data = zone


class RoundForm(RoundWording, ClosingTime, FlaskForm):
    def validate_confidentiality(self, field: RadioField) -> None:
        if field.data not in set(Confidentiality):
            raise ValidationError("Choose who sees what.")

    def validate_layout(self, field: RadioField) -> None:
        if field.data not in set(RoundLayout):
            raise ValidationError("Choose how the questions are shown.")

    def validate_main_language(self, field: RadioField) -> None:
        if field.data not in LANGUAGES:
            raise ValidationError(_("Choose the main language from the list."))

    def validate_further_languages(self, field: SelectMultipleField) -> None:
        if not set(field.data or []) <= set(LANGUAGES):
            raise ValidationError(_("Choose further languages from the list."))

    def show_round(self, round_: Round) -> None:
        self.label.data, self.asked_by.data = round_.label, round_.asked_by
        self.introduction.data = round_.introduction
        self.confidentiality.data = round_.confidentiality
        self.layout.data = round_.layout
        self.main_language.data, *self.further_languages.data = languages_of(round_)
        self.show_closing_time(round_.closes_at, zone=round_.time_zone)

    @property
    def settings(self) -> RoundSettings:
        assert self.closes_at is not None, "only a valid form has settings"
        return RoundSettings(
            label=self.label.data or "",
            asked_by=self.asked_by.data or "",
            introduction=self.introduction.data or "",
            confidentiality=Confidentiality(self.confidentiality.data),
            time_zone=self.time_zone.data or "UTC",
            closes_at=self.closes_at,
            layout=RoundLayout(self.layout.data),
            languages=tuple(
                dict.fromkeys([self.main_language.data or SOURCE, *(self.further_languages.data or [])])
            ),
        )


class NewRoundForm(RoundForm):
    """The same, and what to begin with; the view gives the choices."""

    starting_point = RadioField(
        "What to ask",
        description="Everything in it can be changed before the launch.",
        default="strategy",
        validate_choice=False,
    )

    def validate_starting_point(self, field: RadioField) -> None:
        if field.data not in [choice.value for choice in field.choices]:
            raise ValidationError("Choose what to ask. The template may have been deleted in the meantime.")


class ExtendForm(ClosingTime, FlaskForm):
    """A new closing time, later than the one that everybody has been told."""

    def __init__(self, *, later_than: datetime) -> None:
        super().__init__()
        self._later_than = later_than

    def validate_closes_at_time(self, field: TimeField) -> None:
        super().validate_closes_at_time(field)
        if self.closes_at is not None and self.closes_at <= self._later_than:
            raise ValidationError(
                "This is not later than the closing time that people were told. Choose a later one; to end the "
                "round sooner, close it by hand."
            )


class ParticipantForm(FlaskForm):
    name = LineField(
        "Name",
        validators=[
            DataRequired("Write the name."),
            Length(max=MAX_NAME, message=f"Keep the name under {MAX_NAME} characters."),
        ],
    )
    email = StringField("Mail address", validators=[Optional()])
    role = LineField(
        "Role",
        validators=[Optional(), Length(max=MAX_ROLE, message=f"Keep the role under {MAX_ROLE} characters.")],
    )

    def validate_email(self, field: StringField) -> None:
        try:
            field.data = checked_address(field.data or "")
        except AddressRefused as refusal:
            raise ValidationError(str(refusal)) from refusal


class ParticipantsForm(PeopleForm):
    """The same lines for a round, and whether whoever is new in them is kept for the next one."""

    is_kept = BooleanField(
        "Keep whoever is new in the directory",
        description="The next round can then pick them; see “People” above.",
    )


class KeyForm(FlaskForm):
    """A button that makes or shows links: the key that they are derived from (app/surveys/links.py)."""

    key = HiddenField(validators=[InputRequired()])
