from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, StringField, TextAreaField, ValidationError

from app.surveys.answering.values import ValueRefused, parse
from app.surveys.models import Question, QuestionKind


class AnswerForm(FlaskForm):
    """One question on a screen. The kind of question decides which field `answer` is, and what it accepts."""

    answer: Field
    question: Question
    shared = BooleanField("I am on a shared computer")

    def validate_answer(self, field: Any) -> None:
        try:
            parse(self.question, field.data or "")
        except ValueRefused as refused:
            raise ValidationError(str(refused)) from refused


class OpenTextForm(AnswerForm):
    answer = TextAreaField()


class PerceptionGuessForm(AnswerForm):
    # Not a number field: those drop "70 %" without a word, and change their value under a mouse wheel.
    answer = StringField()


FORMS: dict[QuestionKind, type[AnswerForm]] = {
    QuestionKind.OPEN_TEXT: OpenTextForm,
    QuestionKind.PERCEPTION_GUESS: PerceptionGuessForm,
}


def answer_form(question: Question, *, typed: str, is_shared: bool) -> AnswerForm:
    """The form of this question, filled with what was typed so far unless the request brings something newer."""
    form = FORMS[QuestionKind(question.kind)](data={"answer": typed, "shared": is_shared})
    form.question = question
    form.answer.label.text = question.prompt
    return form
