"""The forms of designing a round. app/surveys/kinds.py checks the settings that they give back."""

from __future__ import annotations

from collections.abc import Sequence

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from app.fields import LineField
from app.languages import gettext as _
from app.languages import lazy_gettext as _l
from app.surveys.design.exchange import MAX_TITLE
from app.surveys.design.question_forms import (
    ForkForm,
    OpenTextForm,
    PlainForm,
    PrioritiesForm,
    QuestionForm,
    RankingForm,
    condition_choices,
    parts_of,
)
from app.surveys.design.row_forms import ElementsForm, StageChoiceForm
from app.surveys.kinds import settings_of
from app.surveys.models import Question, QuestionKind

FORMS: dict[QuestionKind, type[QuestionForm]] = {
    QuestionKind.OPEN_TEXT: OpenTextForm,
    QuestionKind.ELEMENTS: ElementsForm,
    QuestionKind.PRIORITIES: PrioritiesForm,
    QuestionKind.FORK: ForkForm,
    QuestionKind.RANKING: RankingForm,
    QuestionKind.STAGE_CHOICE: StageChoiceForm,
    QuestionKind.PERCEPTION_GUESS: PlainForm,
    QuestionKind.CONFIDENCE: PlainForm,
}


def question_form(question: Question, *, earlier: Sequence[Question]) -> QuestionForm:
    """The form of this question, filled with how it stands unless the request brings something newer."""
    form = FORMS[QuestionKind(question.kind)]()
    settings = settings_of(question)
    form.kind, form.earlier = QuestionKind(question.kind), earlier
    form.known = [(part["key"], part["label"]) for part in parts_of(settings)]
    form.ask_about.choices = [SelectChoice("", _("None: everybody is asked")), *condition_choices(earlier)]
    if not form.is_submitted():
        form.prompt.data, form.hint.data = question.prompt, question.hint
        form.is_required.data, form.is_trend.data = question.is_required, question.is_trend
        form.show_settings(settings)
        form.show_condition(question.condition)
    return form


class TitleForm(FlaskForm):
    title = LineField(
        _l("Title"),
        description=_l("People read it first, above who asks and why."),
        validators=[
            DataRequired(_l("Write a title, such as What is our strategy?")),
            Length(max=MAX_TITLE, message=_l("Keep the title under %(n)s characters.", n=MAX_TITLE)),
        ],
    )


class TemplateForm(FlaskForm):
    name = LineField(
        _l("Name of the template"),
        description=_l("Everybody who prepares rounds in your organisation can begin with it."),
        validators=[
            DataRequired(_l("Name the template, such as Offsite 2027.")),
            Length(max=80, message=_l("Keep the name under %(n)s characters.", n=80)),
        ],
    )


class ImportForm(FlaskForm):
    """A file, or its text; the text comes back to the page when it cannot be read."""

    file = FileField(
        _l("A file that Ninefold exported"),
        validators=[Optional()],
        render_kw={"accept": ".json,application/json"},
    )
    text = TextAreaField(
        _l("Or its text"), render_kw={"rows": 12, "spellcheck": "false", "autocomplete": "off", "dir": "ltr"}
    )
    place = RadioField(
        _l("Where the questions go"),
        choices=[
            SelectChoice("behind", _l("Behind the questions that are there")),
            SelectChoice("instead", _l("Instead of the questions that are there")),
        ],
        default="behind",
        validate_choice=False,
    )

    def validate_place(self, field: RadioField) -> None:
        if field.data not in ("behind", "instead"):
            raise ValidationError(_("Choose where the questions go."))


class OrderForm(FlaskForm):
    """The ids of the questions in their new order, as the script that lets people drag them sends it."""

    ids = HiddenField()

    @property
    def chosen(self) -> list[int]:
        return [int(id_) for id_ in (self.ids.data or "").split(",") if id_.isascii() and id_.isdecimal()]
