from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, IntegerField, SelectField, TimeField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, NumberRange, ValidationError

from app.db import utc_now
from app.languages import gettext as _
from app.languages import lazy_gettext as _l
from app.running.calendar import moment_for
from app.running.models import QuarterlySchedule
from app.running.services import SchedulePlan
from app.surveys.closing_times import ClosingTimeRefused, moment_of
from app.surveys.forms import FURTHEST, USUAL_TIME, ClosingTime
from app.zones import zone_names, zones_by_region

MOST_DAYS = 60


class OpeningForm(FlaskForm):
    """A day and a time in the zone of the round; `opens_at` holds the moment once validated."""

    opens_on = DateField(
        _l("Opens on"),
        validators=[DataRequired(_l("Choose the day on which the round opens, such as 2026-12-01."))],
    )
    opens_at_time = TimeField(
        _l("At"), validators=[DataRequired(_l("Choose the time at which the round opens, such as 09:00."))]
    )
    is_mailing = BooleanField(
        _l("Send the invitations at the opening"),
        description=_l(
            "To everybody on the list who has a mail address. Otherwise you hand out the links yourself."
        ),
    )
    opens_at: datetime | None = None

    def __init__(self, *, zone: str) -> None:
        super().__init__()
        self._zone = zone

    def validate_opens_at_time(self, field: TimeField) -> None:
        if self.opens_on.data is None or field.data is None:
            return
        try:
            opens_at = moment_of(self.opens_on.data, field.data, zone=self._zone)
        except ClosingTimeRefused as refusal:
            raise ValidationError(str(refusal)) from refusal
        if opens_at <= utc_now():
            raise ValidationError(_("This time is over already. Choose one that is still to come."))
        if opens_at > utc_now() + FURTHEST:
            raise ValidationError(_("This is more than a year away. Choose a closer day."))
        self.opens_at = opens_at

    def show_opening(self, opens_at: datetime) -> None:
        local = opens_at.astimezone(ZoneInfo(self._zone))
        self.opens_on.data, self.opens_at_time.data = (
            local.date(),
            local.time().replace(second=0, microsecond=0),
        )


class ScheduleForm(FlaskForm):
    begins_on = DateField(
        _l("First on"),
        description=_l("Every three months from this day, on the same day of the month."),
        validators=[DataRequired(_l("Choose the first day, such as 2027-01-11."))],
    )
    opens_at_time = TimeField(_l("At"), validators=[DataRequired(_l("Choose the time, such as 09:00."))])
    time_zone = SelectField(
        _l("Time zone"),
        choices=lambda: [
            SelectChoice(name, words, optgroup=_(region))
            for region, zones in zones_by_region().items()
            for name, words in zones
        ],
        description=_l("The time stays the same on the clocks there, in summer and in winter."),
        validate_choice=False,
    )
    days_open = IntegerField(
        _l("Days open"),
        description=_l("Each round closes so many days after it opens."),
        validators=[
            InputRequired(_l("Write how many days a round stays open, such as 10.")),
            NumberRange(min=1, max=MOST_DAYS, message=_l("Choose 1 to %(n)s days.", n=MOST_DAYS)),
        ],
    )
    closes_at_time = TimeField(
        _l("Closes at"),
        validators=[DataRequired(_l("Choose the time at which a round closes, such as 17:00."))],
    )
    is_mailing = BooleanField(_l("Send the invitations at the opening"))
    is_reminding = BooleanField(_l("Send the two automatic reminders"))

    def validate_time_zone(self, field: SelectField) -> None:
        if field.data not in zone_names():
            raise ValidationError(_("Choose a time zone from the list."))

    def validate_opens_at_time(self, field: TimeField) -> None:
        if self.begins_on.data is None or field.data is None or self.time_zone.data not in zone_names():
            return
        first = moment_for(self.begins_on.data, field.data, zone=self.time_zone.data)
        if first <= utc_now():
            raise ValidationError(_("This time is over already. Choose a first day that is still to come."))
        if first > utc_now() + FURTHEST:
            raise ValidationError(_("This is more than a year away. Choose a closer day."))

    def show_schedule(self, schedule: QuarterlySchedule, next_opening: datetime) -> None:
        self.begins_on.data = next_opening.astimezone(ZoneInfo(schedule.time_zone)).date()
        self.opens_at_time.data, self.closes_at_time.data = schedule.opens_at_time, schedule.closes_at_time
        self.time_zone.data, self.days_open.data = schedule.time_zone, schedule.days_open
        self.is_mailing.data, self.is_reminding.data = schedule.is_mailing, schedule.is_reminding

    @property
    def plan(self) -> SchedulePlan:
        assert self.begins_on.data is not None, "only a valid form has a plan"
        assert self.opens_at_time.data is not None, "only a valid form has a plan"
        assert self.days_open.data is not None, "only a valid form has a plan"
        return SchedulePlan(
            begins_on=self.begins_on.data,
            opens_at_time=self.opens_at_time.data,
            days_open=self.days_open.data,
            closes_at_time=self.closes_at_time.data or USUAL_TIME,
            time_zone=self.time_zone.data or "UTC",
            is_mailing=bool(self.is_mailing.data),
            is_reminding=bool(self.is_reminding.data),
        )


class ReopenForm(ClosingTime, FlaskForm):
    """A new closing time, still to come."""
