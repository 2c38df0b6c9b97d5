from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from app.evidence.answers import LabelledAnswer
from app.evidence.models import Verdict
from app.fields import LongTextField
from app.languages import gettext as _
from app.languages import lazy_gettext as _l
from app.languages import ngettext
from app.surveys.closing_times import moment_of
from app.surveys.wording import lazy_number, moment_words

# Days from today at the end of a working day; the second is the usual one.
END_DAYS = (1, 2, 4, 7)
USUAL_DAYS = 2
END_TIME = time(17, 0)
MAX_REASON = 1_000
SHOWN_OF_TEXT = 70


class StartForm(FlaskForm):
    """When the echo check ends. Each choice is a day, so that what was read is what is kept, even past midnight."""

    ends_on = RadioField(
        _l("Until when?"),
        validators=[InputRequired(_l("Choose when the echo check ends."))],
        validate_choice=False,
    )

    def offer_days(self, *, zone: str, now: datetime, is_possible: Callable[[datetime], bool]) -> None:
        self._zone, self._now = zone, now
        today = now.astimezone(ZoneInfo(zone)).date()
        ends = [(days, today + timedelta(days=days)) for days in END_DAYS]
        # The first is offered always: who starts it on the links' last day is told why that is too late.
        ends = [pair for pair in ends if pair[0] == END_DAYS[0] or is_possible(_end(pair[1], zone))]
        self.ends_on.choices = [
            SelectChoice(
                end.isoformat(), f"{_in_days(days)}: {moment_words(_end(end, zone), zone=zone, now=now)}"
            )
            for days, end in ends
        ]
        if self.ends_on.data is None:
            usual = today + timedelta(days=min(USUAL_DAYS, ends[-1][0]))
            self.ends_on.data = usual.isoformat()

    def validate_ends_on(self, field: RadioField) -> None:
        if field.data not in [choice.value for choice in field.choices]:
            raise ValidationError(_("Choose one of these times."))
        if self.closes_at <= self._now:
            raise ValidationError(_("This time is over already. Choose a later one."))

    @property
    def closes_at(self) -> datetime:
        return _end(date.fromisoformat(self.ends_on.data), self._zone)


def _end(day: date, zone: str) -> datetime:
    return moment_of(day, END_TIME, zone=zone)


def _in_days(days: int) -> str:
    return (
        _("Tomorrow")
        if days == 1
        else (_("In a week") if days == 7 else ngettext("In %(n)s day", "In %(n)s days", days))
    )


class CorrectionForm(FlaskForm):
    first = SelectField(_l("One answer"), validators=[InputRequired(_l("Choose the first answer."))])
    second = SelectField(_l("The other answer"), validators=[InputRequired(_l("Choose the second answer."))])
    verdict = RadioField(
        _l("What are they to each other?"),
        choices=[
            SelectChoice(Verdict.SAME.value, _l("The same strategy")),
            SelectChoice(Verdict.DIFFERENT.value, _l("Different strategies")),
            SelectChoice(Verdict.OPPOSITE.value, _l("Opposite strategies")),
        ],
        validators=[InputRequired(_l("Say what the two answers are to each other."))],
    )
    reason = LongTextField(
        _l("Why?"),
        description=_l("Everyone who reads the report reads this reason in its method card."),
        validators=[
            DataRequired(_l("Write why: whoever reads the report should be able to follow.")),
            Length(
                max=MAX_REASON,
                message=_l("Keep the reason under %(n)s characters.", n=lazy_number(MAX_REASON)),
            ),
        ],
        render_kw={"rows": 3},
    )

    def offer_answers(self, answers: Sequence[LabelledAnswer], *, numbers: Sequence[int]) -> None:
        """The answers by their number in the report, each with how it begins."""
        choices = [SelectChoice("", _("Choose an answer"))] + [
            SelectChoice(str(number), _line(answer)) for number, answer in zip(numbers, answers, strict=True)
        ]
        self.first.choices = self.second.choices = choices

    def validate_second(self, field: SelectField) -> None:
        if field.data and field.data == self.first.data:
            raise ValidationError(_("Choose two different answers."))


def _line(answer: LabelledAnswer) -> str:
    who = f"{answer.name}, {answer.label}" if answer.name and answer.name != answer.label else answer.label
    words = " ".join(answer.text.split())
    return f"{who}: {words if len(words) <= SHOWN_OF_TEXT else words[: SHOWN_OF_TEXT - 1].rstrip() + '…'}"
