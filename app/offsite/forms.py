from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import DateField, IntegerField, RadioField
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import HiddenInput

from app.fields import LongTextField
from app.languages import lazy_gettext as _l
from app.offsite.models import Meeting, MeetingFork, Showing

MOST_HANDS = 9_999
LONGEST_WORDS = 1_000

SHOWING_LABELS = {
    Showing.AT_ONCE: _l("Begin, and show the team the whole report now"),
    Showing.AS_IT_GOES: _l("Begin, and show each section when the meeting reaches it"),
    Showing.REHEARSAL: _l("Rehearse alone"),
}
SHOWING_WORDS = {
    Showing.AT_ONCE: _l("Everybody who may read the report can open all of it. What was seen stays seen."),
    Showing.AS_IT_GOES: _l(
        "A section opens for the team when you come to its slide. What was seen stays seen."
    ),
    Showing.REHEARSAL: _l("The team is shown nothing, and hands that you count stay out of the report."),
}


class BeginForm(FlaskForm):
    showing = RadioField(
        _l("How do you begin?"),
        validators=[InputRequired(_l("Choose how you begin."))],
    )

    def offer(self, *, is_all_shown: bool) -> None:
        labels = dict(SHOWING_LABELS)
        if is_all_shown:
            labels[Showing.AT_ONCE] = _l("Begin the meeting")
            del labels[Showing.AS_IT_GOES]
        self.showing.choices = [(showing.value, label) for showing, label in labels.items()]


def _count(label: Any) -> IntegerField:
    return IntegerField(
        label,
        validators=[
            InputRequired(_l("Write a number in each field; 0 is one too.")),
            NumberRange(0, MOST_HANDS, _l("Write a whole number from 0 on.")),
        ],
        render_kw={"inputmode": "numeric", "min": 0, "max": MOST_HANDS, "autocomplete": "off"},
    )


class HandsForm(FlaskForm):
    left = _count(_l("Left"))
    right = _count(_l("Right"))
    undecided = _count(_l("Undecided"))
    based_on = IntegerField(widget=HiddenInput(), default=0, validators=[Optional()])

    @classmethod
    def of(cls, fork: MeetingFork, **given: Any) -> HandsForm:
        """Under names of its own, for several stand in one page. With what is kept already, unless it was sent."""
        return cls(
            prefix=f"fork{fork.number}",
            data={
                "left": fork.n_left,
                "right": fork.n_right,
                "undecided": fork.n_undecided,
                "based_on": fork.counts,
            },
            **given,
        )


def _words(label: Any, rows: int, description: Any = "") -> LongTextField:
    return LongTextField(
        label,
        description=description,
        validators=[Length(max=LONGEST_WORDS, message=_l("Keep this under 1,000 characters."))],
        render_kw={"rows": rows},
    )


class WordsForm(FlaskForm):
    """The blank thesis."""

    only = _words(_l("The only …"), 1)
    whose = _words(_l("whose …"), 1)
    for_whom = _words(_l("For whom"), 1)
    not_doing = _words(_l("What we choose not to do"), 1)

    @classmethod
    def of(cls, meeting: Meeting, **given: Any) -> WordsForm:
        return cls(obj=meeting, **given)


class NextDateForm(FlaskForm):
    next_on = DateField(_l("When we ask again"), validators=[Optional()])
