"""What the form of every kind of question has, and the kinds whose settings are a field or two."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, NumberRange, Optional, ValidationError

from app.fields import LineField, LongTextField
from app.languages import gettext as _
from app.languages import lazy_gettext as _l
from app.surveys.design.exchange import MAX_PROMPT
from app.surveys.design.services import Draft, key_of
from app.surveys.design.services import shown as shortened
from app.surveys.kinds import (
    CONDITION_KINDS,
    MAX_GUIDANCE,
    MAX_ITEMS,
    MAX_LABEL,
    MAX_PRIORITIES,
    checked_condition,
    checked_settings,
    settings_of,
)
from app.surveys.models import Question, QuestionKind
from app.surveys.strict import DataRefused
from app.surveys.wording import lazy_number
from app.texts import MAX_CHARACTERS

_COMPARISONS = [
    SelectChoice("at_most", _l("or lower")),
    SelectChoice("at_least", _l("or higher")),
    SelectChoice("equals", _l("and no other")),
]


class CountField(IntegerField):
    """A whole number, with our words where something else was typed."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = None
        if valuelist and valuelist[0].strip():
            try:
                self.data = int(valuelist[0])
            except ValueError:
                raise ValueError(_("Write a whole number, such as 200.")) from None


def up_to(most: int) -> Length:
    return Length(max=most, message=_l("Keep this under %(n)s characters.", n=lazy_number(most)))


class QuestionForm(FlaskForm):
    """What every kind has. Subclasses add the fields of their settings."""

    kind: QuestionKind
    earlier: Sequence[Question]
    # Keys and wordings of the parts as they stand now, so that what is reworded or moved keeps its key.
    known: Sequence[tuple[str, str]]

    prompt = LongTextField(
        _l("The question"),
        validators=[DataRequired(_l("Write the question.")), up_to(MAX_PROMPT)],
        render_kw={"rows": 2},
    )
    hint = LongTextField(
        _l("Hint under the question"),
        validators=[Optional(), up_to(MAX_PROMPT)],
        render_kw={"rows": 2},
    )
    is_required = BooleanField(_l("People must answer it"))
    is_trend = BooleanField(
        _l("Ask it alike in every round"),
        description=_l(
            "A trend question: from the second round on its words, settings and condition stay, so that the "
            "rounds compare."
        ),
    )
    # The three together are the condition.
    ask_about = SelectField(_l("By their answer to"), validate_choice=False)
    ask_value = SelectField(
        _l("Step, stage or level"),
        choices=[SelectChoice(str(n), str(n)) for n in range(1, 8)],
        validate_choice=False,
    )
    ask_is = SelectField(_l("That one"), choices=_COMPARISONS, validate_choice=False)

    def show_settings(self, settings: dict[str, Any]) -> None:
        """Fill the fields of this kind; most kinds have them by the names of the settings."""
        for name, value in settings.items():
            if name in self:
                self[name].data = value

    @property
    def settings(self) -> dict[str, Any]:
        return {}

    @property
    def has_conditions(self) -> bool:
        """Is there an earlier question that this one could hang on?"""
        return len(self.ask_about.choices) > 1

    @property
    def condition(self) -> dict[str, Any] | None:
        key, _dot, dimension = (self.ask_about.data or "").partition(".")
        if not key:
            return None
        value = self.ask_value.data or ""
        found: dict[str, Any] = {
            "question": key,
            "is": self.ask_is.data,
            "value": int(value) if value.isascii() and value.isdecimal() else None,
        }
        return {**found, "dimension": dimension} if dimension else found

    def show_condition(self, condition: dict[str, Any] | None) -> None:
        if condition is None:
            self.ask_about.data = ""
            return
        dimension = condition.get("dimension")
        self.ask_about.data = condition["question"] + (f".{dimension}" if dimension else "")
        self.ask_value.data, self.ask_is.data = str(condition["value"]), condition["is"]

    def validate_ask_about(self, field: SelectField) -> None:
        try:
            checked_condition(self.condition, earlier=self.earlier)
        except DataRefused as refused:
            if any(problem.place.endswith("value") for problem in refused.problems):
                raise ValidationError(
                    _(
                        "A fork has the steps 1 to 7, a stage is 1 to 3, and confidence is 1 to 5. Choose one of these."
                    )
                ) from refused
            raise ValidationError(_("Choose an earlier question from the list.")) from refused

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        try:
            checked_settings(self.kind, self.settings)
        except DataRefused as refused:
            self.form_errors.extend(problem.words for problem in refused.problems)
            return False
        return True

    @property
    def draft(self) -> Draft:
        return Draft(
            prompt=self.prompt.data or "",
            hint=self.hint.data or "",
            is_required=bool(self.is_required.data),
            is_trend=bool(self.is_trend.data),
            settings=self.settings,
            condition=checked_condition(self.condition, earlier=self.earlier),
        )


def condition_choices(earlier: Sequence[Question]) -> list[SelectChoice]:
    choices = []
    for question in earlier:
        if question.kind not in CONDITION_KINDS:
            continue
        words = _("Question %(n)s: %(prompt)s", n=question.position, prompt=shortened(question.prompt))
        if question.kind == QuestionKind.STAGE_CHOICE:
            choices += [
                SelectChoice(f"{question.key}.{dimension['key']}", f"{words} – {dimension['label']}")
                for dimension in settings_of(question)["dimensions"]
            ]
        else:
            choices.append(SelectChoice(question.key, words))
    return choices


class OpenTextForm(QuestionForm):
    guidance = LongTextField(
        _l("A word on the length"),
        description=_l("Stands under the box, such as: three sentences are plenty."),
        validators=[Optional(), up_to(MAX_GUIDANCE)],
        render_kw={"rows": 2},
    )
    least_characters = CountField(
        _l("At least"),
        validators=[
            Optional(),
            NumberRange(
                1,
                MAX_CHARACTERS,
                _l("Write a number from 1 to %(most)s, or nothing.", most=lazy_number(MAX_CHARACTERS)),
            ),
        ],
    )
    most_characters = CountField(
        _l("At most"),
        validators=[
            Optional(),
            NumberRange(
                1,
                MAX_CHARACTERS,
                _l("Write a number from 1 to %(most)s, or nothing.", most=lazy_number(MAX_CHARACTERS)),
            ),
        ],
    )

    def validate_most_characters(self, field: CountField) -> None:
        least = self.least_characters.data
        if field.data is not None and least is not None and field.data < least:
            raise ValidationError(_("The longest answer may not be shorter than the shortest."))

    @property
    def settings(self) -> dict[str, Any]:
        return {
            "guidance": self.guidance.data or "",
            "least_characters": self.least_characters.data,
            "most_characters": self.most_characters.data,
        }


class PrioritiesForm(QuestionForm):
    least = CountField(
        _l("At least"),
        validators=[
            NumberRange(1, MAX_PRIORITIES, _l("Write a number from 1 to %(most)s.", most=MAX_PRIORITIES))
        ],
    )
    most = CountField(
        _l("At most"),
        validators=[
            NumberRange(1, MAX_PRIORITIES, _l("Write a number from 1 to %(most)s.", most=MAX_PRIORITIES))
        ],
    )

    def validate_most(self, field: CountField) -> None:
        if field.data is not None and self.least.data is not None and field.data < self.least.data:
            raise ValidationError(_("The most may not be fewer than the least."))

    @property
    def settings(self) -> dict[str, Any]:
        return {"least": self.least.data, "most": self.most.data}


class ForkForm(QuestionForm):
    left = LineField(
        _l("Left pole"), validators=[DataRequired(_l("Write what stands at the left end.")), up_to(MAX_LABEL)]
    )
    right = LineField(
        _l("Right pole"),
        validators=[DataRequired(_l("Write what stands at the right end.")), up_to(MAX_LABEL)],
    )

    def validate_right(self, field: LineField) -> None:
        if field.data and field.data.casefold() == (self.left.data or "").casefold():
            raise ValidationError(_("The two poles are the same. Write what the other way would be."))

    @property
    def settings(self) -> dict[str, Any]:
        return {"left": self.left.data or "", "right": self.right.data or ""}


class RankingForm(QuestionForm):
    items = LongTextField(
        _l("What is put in order"),
        description=_l("One on a line; from two to %(most)s.", most=MAX_ITEMS),
        validators=[DataRequired(_l("Write at least two things, each on a line of its own."))],
        render_kw={"rows": 7},
    )

    def show_settings(self, settings: dict[str, Any]) -> None:
        self.items.data = "\n".join(item["label"] for item in settings["items"])

    @property
    def labels(self) -> list[str]:
        lines = ((self.items.data or "") if isinstance(self.items.data, str) else "").splitlines()
        return [" ".join(line.split()) for line in lines if line.strip()]

    def validate_items(self, field: LongTextField) -> None:
        labels = self.labels
        if len(labels) < 2:
            raise ValidationError(_("Write at least two things, each on a line of its own."))
        if len(labels) > MAX_ITEMS:
            raise ValidationError(
                _(
                    "These are %(n)s things; up to %(most)s can be put in order.",
                    n=len(labels),
                    most=MAX_ITEMS,
                )
            )
        folded = [label.casefold() for label in labels]
        for label in labels:
            if len(label) > MAX_LABEL:
                raise ValidationError(
                    _(
                        "Keep each line under %(n)s characters: “%(line)s”.",
                        n=MAX_LABEL,
                        line=shortened(label),
                    )
                )
            if folded.count(label.casefold()) > 1:
                raise ValidationError(_("“%(words)s” is there twice.", words=shortened(label)))

    @property
    def settings(self) -> dict[str, Any]:
        return {"items": with_keys([{"label": label} for label in self.labels], self.known)}


class PlainForm(QuestionForm):
    """A kind without settings."""


def parts_of(settings: dict[str, Any]) -> list[dict[str, Any]]:
    """The elements, items or dimensions among these settings."""
    return next((value for value in settings.values() if isinstance(value, list)), [])


def with_keys(
    rows: list[dict[str, Any]], known: Sequence[tuple[str, str]], *, places: Sequence[int] = ()
) -> list[dict[str, Any]]:
    """Each row with its key: that of the same wording, else that of the same place on the form, else a new one."""
    by_label = {label.casefold(): key for key, label in known}
    keys = [by_label.pop(row["label"].casefold(), None) for row in rows]
    for index, place in enumerate(places):
        if keys[index] is None and place < len(known) and known[place][0] not in keys:
            keys[index] = known[place][0]
    taken = {key for key, _label in known}
    for index, row in enumerate(rows):
        keys[index] = keys[index] or key_of(row["label"], taken=taken)
        taken.add(keys[index] or "")
    return [{"key": key, **row} for key, row in zip(keys, rows, strict=True)]
