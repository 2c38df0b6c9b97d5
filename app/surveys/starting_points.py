"""The questions that a new round begins with. The facilitator may reword them before the launch."""

from __future__ import annotations

from app.surveys.models import Question, QuestionKind

SERIES_TITLE = "What is our strategy?"


def default_questions() -> list[Question]:
    """The one open question, and the guess that is compared with what was measured."""
    return [
        Question(
            position=1,
            key="strategy",
            kind=QuestionKind.OPEN_TEXT,
            prompt="In one to three sentences: what is our strategy?",
            hint="The unique value we provide to our market; who it is for; what we choose not to do.",
            is_required=True,
        ),
        Question(
            position=2,
            key="perception",
            kind=QuestionKind.PERCEPTION_GUESS,
            prompt=(
                "Pick a colleague of this group at random. How likely is it that they described the same "
                "strategy as you?"
            ),
            hint="0 % means never, 100 % means always. A quick guess is what we want.",
            is_required=True,
        ),
    ]


def copied_questions(questions: list[Question]) -> list[Question]:
    """The same questions under the same keys, for another round."""
    return [
        Question(
            position=question.position,
            key=question.key,
            kind=question.kind,
            prompt=question.prompt,
            hint=question.hint,
            is_required=question.is_required,
            settings=question.settings,
            condition=question.condition,
            is_trend=question.is_trend,
        )
        for question in questions
    ]
