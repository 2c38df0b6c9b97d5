"""What a new round may begin with: the templates of the product. The facilitator may change all of it before the launch."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import dataclass

from app.surveys.kinds import default_settings
from app.surveys.matrix import ELEMENTS
from app.surveys.models import Question, QuestionKind

SERIES_TITLE = "What is our strategy?"


@dataclass(frozen=True)
class StartingPoint:
    """A title, which executives read first, and the questions under it."""

    key: str
    name: str
    summary: str
    title: str
    questions: Callable[[], list[Question]]
    introduction: str = ""
    language: str = "en"


def default_questions() -> list[Question]:
    """The one open question, and the guess that is compared with what was measured."""
    return _in_order(_strategy(), _guess())


def growth_thesis_questions() -> list[Question]:
    thesis = _question(
        QuestionKind.ELEMENTS,
        "thesis",
        "Our growth thesis on one page: what stands in each part of it?",
        "A few words for each part. Leave a part empty where you think that we have not decided.",
    )
    thesis.settings = {"elements": [dict(element) for element in ELEMENTS]}
    return _in_order(_strategy(), thesis, _guess())


def priorities_questions() -> list[Question]:
    stop = _question(
        QuestionKind.PRIORITIES,
        "put_off",
        "What should we stop or put off, so that these get done?",
        "One to three things that somebody would miss.",
    )
    stop.settings = {"least": 1, "most": 3}
    return _in_order(
        _question(
            QuestionKind.OPEN_TEXT,
            "strategy",
            "In one sentence: which strategy do our priorities follow from?",
            "The unique value we provide, and who it is for.",
        ),
        _question(
            QuestionKind.PRIORITIES,
            "priorities",
            "What are our priorities for this quarter?",
            "Three to five, the most important first. A few words each.",
        ),
        stop,
        _confidence("confidence", "How confident are you that we will get these priorities done?"),
    )


def maturity_questions() -> list[Question]:
    return _in_order(
        _question(
            QuestionKind.STAGE_CHOICE,
            "maturity",
            "Where do we stand today?",
            "Choose the description that comes closest to an ordinary week, not to our best one.",
        ),
        _question(
            QuestionKind.OPEN_TEXT,
            "next_step",
            "In one to three sentences: what should we change first to move up a stage?",
            "One change that we could begin this quarter.",
        ),
    )


def pulse_questions() -> list[Question]:
    """Asked alike every quarter: all of them are trend questions."""
    questions = _in_order(
        _strategy(),
        _question(
            QuestionKind.OPEN_TEXT,
            "because_of_it",
            "Name one thing that we stopped, or chose not to do, because of our strategy.",
            "From the last three months. Write “nothing” if nothing comes to mind: that tells us something too.",
        ),
        _confidence("confidence", "How confident are you that our strategy will work?"),
        _guess(),
    )
    for question in questions:
        question.is_trend = True
    return questions


STARTING_POINTS: dict[str, StartingPoint] = {
    point.key: point
    for point in (
        StartingPoint(
            "strategy",
            "What is our strategy?",
            "One open question, and a guess how many colleagues would say the same.",
            SERIES_TITLE,
            default_questions,
        ),
        StartingPoint(
            "growth_thesis",
            "Growth thesis",
            "The open question, then each part of a one-page thesis: who it is for, the value, why only us, offers, "
            "channels, outcomes, what to leave.",
            "Our growth thesis",
            growth_thesis_questions,
        ),
        StartingPoint(
            "priorities",
            "Priorities",
            "Three to five priorities from everybody, what to put off for them, and how confident people are.",
            "What are our priorities?",
            priorities_questions,
        ),
        StartingPoint(
            "maturity",
            "Maturity matrix",
            "Five sides of how the team works on its strategy, each in three stages, and what to change first.",
            "How we work on our strategy",
            maturity_questions,
        ),
        StartingPoint(
            "pulse",
            "Pulse",
            "Short, for every quarter: its questions stay as they are from round to round, so that the quarters "
            "compare.",
            "Our strategy, this quarter",
            pulse_questions,
        ),
    )
}


def copied_questions(questions: Iterable[Question]) -> list[Question]:
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
            translations=deepcopy(question.translations or {}),
        )
        for question in questions
    ]


def _question(kind: QuestionKind, key: str, prompt: str, hint: str) -> Question:
    return Question(
        key=key, kind=kind, prompt=prompt, hint=hint, is_required=True, settings=default_settings(kind)
    )


def _strategy() -> Question:
    return _question(
        QuestionKind.OPEN_TEXT,
        "strategy",
        "In one to three sentences: what is our strategy?",
        "The unique value we provide to our market; who it is for; what we choose not to do.",
    )


def _guess() -> Question:
    return _question(
        QuestionKind.PERCEPTION_GUESS,
        "perception",
        "Pick a colleague of this group at random. How likely is it that they described the same strategy as you?",
        "0 % means never, 100 % means always. A quick guess is what we want.",
    )


def _confidence(key: str, prompt: str) -> Question:
    return _question(QuestionKind.CONFIDENCE, key, prompt, "")


def _in_order(*questions: Question) -> list[Question]:
    for position, question in enumerate(questions, start=1):
        question.position = position
        question.is_trend = False
    return list(questions)
