from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TimeField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app.db import utc_now
from app.directory.forms import PeopleForm
from app.directory.pasting import MAX_NAME, MAX_ROLE
from app.fields import LineField, LongTextField
from app.languages import LANGUAGES, SOURCE
from app.languages import gettext as _
from app.languages import lazy_gettext as _l
from app.people.addresses import AddressRefused, checked_address
from app.surveys.closing_times import ClosingTimeRefused, moment_of
from app.surveys.confidentiality import PROMISES
from app.surveys.models import MIN_ANSWERS, MIN_THEME_ANSWERS, Confidentiality, Round, RoundLayout
from app.surveys.services import RoundSettings
from app.surveys.translations import languages_of
from app.surveys.wording import lazy_number
from app.zones import zone_names, zones_by_region

MAX_INTRODUCTION = 2_000
FURTHEST = timedelta(days=366)
USUAL_DAYS = 7
MOST_NEEDED = 1_000
USUAL_TIME = time(17, 0)


class RoundWording:
    """The fields of a round above its closing time; here because a form keeps the order of the file."""

    label = LineField(
        _l("Name of the round"),
        description=_l("Usually the quarter: the pages compare one with the next."),
        validators=[
            DataRequired(_l("Name the round, such as Q4 2026.")),
            Length(max=60, message=_l("Keep the name under %(n)s characters.", n=60)),
        ],
    )
    asked_by = LineField(
        _l("Who asks"),
        description=_l("People read this first: a name and a role they know, such as Mara Lind, CMO."),
        validators=[
            DataRequired(_l("Write who asks: a name that everybody knows.")),
            Length(max=200, message=_l("Keep this under %(n)s characters.", n=200)),
        ],
    )
    introduction = LongTextField(
        _l("Why you ask"),
        description=_l("One or two sentences on the first page, above the promise of who sees what."),
        validators=[
            Optional(),
            Length(
                max=MAX_INTRODUCTION,
                message=_l("Keep this under %(n)s characters.", n=lazy_number(MAX_INTRODUCTION)),
            ),
        ],
        render_kw={"rows": 3},
    )
    confidentiality = RadioField(
        _l("Who sees what"),
        description=_l("Each person reads this before writing. It cannot be changed after the launch."),
        choices=[SelectChoice(mode.value, promise.name) for mode, promise in PROMISES.items()],
        validate_choice=False,
    )
    min_answers = IntegerField(
        _l("Answers it takes to show them without names"),
        description=_l(
            "Below this number the report of a round without names shows nothing of what was said. Each person reads it "
            "before writing; it can be raised until the launch, and never be under five."
        ),
        default=MIN_ANSWERS,
        validators=[
            Optional(),
            NumberRange(
                MIN_ANSWERS, MOST_NEEDED, _l("Write a number from 5 to 1,000: it only goes up from five.")
            ),
        ],
    )
    min_theme_answers = IntegerField(
        _l("Answers it takes to quote under themes"),
        description=_l(
            "Below this number themes have a label and a count, and no sentence stands under them."
        ),
        default=MIN_THEME_ANSWERS,
        validators=[
            Optional(),
            NumberRange(
                MIN_THEME_ANSWERS,
                MOST_NEEDED,
                _l("Write a number from 8 to 1,000: it only goes up from eight."),
            ),
        ],
    )
    layout = RadioField(
        _l("How the questions are shown"),
        choices=[
            SelectChoice(RoundLayout.ONE_QUESTION.value, _l("One question a screen")),
            SelectChoice(RoundLayout.ONE_PAGE.value, _l("All on one page")),
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
        _l("Closes on"),
        validators=[DataRequired(_l("Choose the day on which the round closes, such as 2026-12-11."))],
    )
    closes_at_time = TimeField(
        _l("At"), validators=[DataRequired(_l("Choose the time at which the round closes, such as 17:00."))]
    )
    time_zone = SelectField(
        _l("Time zone"),
        choices=lambda: [
            SelectChoice(name, words, optgroup=_(region))
            for region, zones in zones_by_region().items()
            for name, words in zones
        ],
        description=_l("Closing times are shown in this zone, and beside it in the reader's own."),
        validate_choice=False,
    )
    closes_at: datetime | None = None

    def validate_time_zone(self, field: SelectField) -> None:
        if field.data not in zone_names():
            raise ValidationError(_("Choose a time zone from the list."))

    def validate_closes_at_time(self, field: TimeField) -> None:
        if self.closes_on.data is None or field.data is None or self.time_zone.data not in zone_names():
            return
        try:
            closes_at = moment_of(self.closes_on.data, field.data, zone=self.time_zone.data)
        except ClosingTimeRefused as refusal:
            raise ValidationError(str(refusal)) from refusal
        now = utc_now()
        if closes_at <= now:
            raise ValidationError(_("This time is over already. Choose one that is still to come."))
        if closes_at > now + FURTHEST:
            raise ValidationError(_("This is more than a year away. Choose a closer day."))
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
            raise ValidationError(_("Choose who sees what."))

    def validate_layout(self, field: RadioField) -> None:
        if field.data not in set(RoundLayout):
            raise ValidationError(_("Choose how the questions are shown."))

    def validate_min_theme_answers(self, field: IntegerField) -> None:
        if field.data is not None and field.data < (self.min_answers.data or MIN_ANSWERS):
            raise ValidationError(
                _("This cannot be less than the number above: what is not shown cannot be quoted.")
            )

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
        self.min_answers.data, self.min_theme_answers.data = round_.min_answers, round_.min_theme_answers
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
            min_answers=self.min_answers.data or MIN_ANSWERS,
            min_theme_answers=self.min_theme_answers.data or MIN_THEME_ANSWERS,
            languages=tuple(
                dict.fromkeys([self.main_language.data or SOURCE, *(self.further_languages.data or [])])
            ),
        )


class NewRoundForm(RoundForm):
    """The same, and what to begin with; the view gives the choices."""

    starting_point = RadioField(
        _l("What to ask"),
        description=_l("Everything in it can be changed before the launch."),
        default="strategy",
        validate_choice=False,
    )

    def validate_starting_point(self, field: RadioField) -> None:
        if field.data not in [choice.value for choice in field.choices]:
            raise ValidationError(
                _("Choose what to ask. The template may have been deleted in the meantime.")
            )


class ExtendForm(ClosingTime, FlaskForm):
    """A new closing time, later than the one that everybody has been told."""

    def __init__(self, *, later_than: datetime) -> None:
        super().__init__()
        self._later_than = later_than

    def validate_closes_at_time(self, field: TimeField) -> None:
        super().validate_closes_at_time(field)
        if self.closes_at is not None and self.closes_at <= self._later_than:
            raise ValidationError(
                _(
                    "This is not later than the closing time that people were told. Choose a later one; to end the "
                    "round sooner, close it by hand."
                )
            )


class ParticipantForm(FlaskForm):
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


class ParticipantsForm(PeopleForm):
    """The same lines for a round, and whether whoever is new in them is kept for the next one."""

    is_kept = BooleanField(
        _l("Keep whoever is new in the directory"),
        description=_l("The next round can then pick them; see “People” above."),
    )


class KeyForm(FlaskForm):
    """A button that makes or shows links: the key that they are derived from (app/surveys/links.py)."""

    key = HiddenField(validators=[InputRequired()])
