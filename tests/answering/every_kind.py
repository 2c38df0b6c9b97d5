"""A round with every kind of question, as a facilitator would ask it, and what somebody might answer."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from app.surveys.kinds import default_settings
from app.surveys.models import Confidentiality, Question, QuestionKind, Round
from tests import factories

ELEMENTS = {
    "elements": [
        {"key": "who_for", "label": "Who it is for", "hint": "The customers we choose."},
        {"key": "why_us", "label": "Why only us", "hint": ""},
        {
            "key": "not_doing",
            "label": "What we will not do",
            "hint": "Sensible things that we leave to others.",
        },
    ]
}
FORK = {"left": "Win large hospital groups", "right": "Win single clinics"}
RANKING = {
    "items": [
        {"key": "service", "label": "Service within a day"},
        {"key": "price", "label": "The lowest price"},
        {"key": "range", "label": "The widest range"},
        {"key": "data", "label": "Data across all devices"},
    ]
}
STAGES = {"dimensions": default_settings(QuestionKind.STAGE_CHOICE)["dimensions"][:2]}
FIRST_STAGE, SECOND_STAGE = (dimension["key"] for dimension in STAGES["dimensions"])


def every_kind() -> list[Question]:
    """Eight questions; the last of them asks only those who lean to the right pole of the fork."""

    def question(position: int, kind: QuestionKind, prompt: str, **more: Any) -> Question:
        key = more.pop("key", kind.value)
        settings = more.pop("settings", {})
        more.setdefault("is_required", True)
        return Question(position=position, key=key, kind=kind, prompt=prompt, settings=settings, **more)

    return [
        question(
            1,
            QuestionKind.OPEN_TEXT,
            "In one to three sentences: what is our strategy?",
            key="strategy",
            hint="The unique value we provide to our market.",
            settings={
                "guidance": "Most people write forty words.",
                "least_characters": None,
                "most_characters": 600,
            },
        ),
        question(2, QuestionKind.ELEMENTS, "Now piece by piece.", settings=ELEMENTS),
        question(
            3,
            QuestionKind.PRIORITIES,
            "What are our priorities this quarter?",
            settings={"least": 3, "most": 5},
        ),
        question(4, QuestionKind.FORK, "Where should we stand?", settings=FORK),
        question(5, QuestionKind.RANKING, "What do customers choose us for?", settings=RANKING),
        question(6, QuestionKind.STAGE_CHOICE, "How do we work today?", settings=STAGES),
        question(
            7,
            QuestionKind.PERCEPTION_GUESS,
            "How likely is it that a colleague described the same strategy as you?",
        ),
        question(8, QuestionKind.CONFIDENCE, "How confident are you that we will get there?"),
        question(
            9,
            QuestionKind.OPEN_TEXT,
            "Which large customers would you let go?",
            key="let_go",
            is_required=False,
            condition={"question": "fork", "is": "at_least", "value": 5},
        ),
    ]


def open_round_of_every_kind(
    session: Session,
    *,
    organisation_id: int,
    confidentiality: Confidentiality = Confidentiality.CONFIDENTIAL,
    layout: str = "one_question",
) -> Round:
    made = factories.open_round(session, organisation_id=organisation_id, confidentiality=confidentiality)
    made.questions = []
    session.flush()
    made.questions = every_kind()
    made.layout = layout
    session.flush()
    return made


# By position, as the fields of a page with several questions are called.
ANSWERS: dict[int, dict[str, str]] = {
    1: {"": "We win clinics that cannot afford a day without their analyser."},
    2: {"who_for": "Small clinics.", "not_doing": "Research laboratories."},
    3: {"1": "Service hubs", "2": "A rental model", "3": "One analyser platform"},
    4: {"": "6"},
    5: {"": "service data price range"},
    6: {FIRST_STAGE: "2", SECOND_STAGE: "1"},
    7: {"": "40"},
    8: {"": "4"},
    9: {"": "The two university hospitals."},
}

VALUES: dict[int, dict[str, Any]] = {
    1: {"text": "We win clinics that cannot afford a day without their analyser."},
    2: {"elements": {"who_for": "Small clinics.", "not_doing": "Research laboratories."}},
    3: {"items": ["Service hubs", "A rental model", "One analyser platform"]},
    4: {"step": 6},
    5: {"order": ["service", "data", "price", "range"]},
    6: {"stages": {FIRST_STAGE: 2, SECOND_STAGE: 1}},
    7: {"percent": 40},
    8: {"level": 4},
    9: {"text": "The two university hospitals."},
}


def fields(name: str, typed: dict[str, str]) -> dict[str, Any]:
    """The fields of one question as a browser sends them; a ranking sends each item on its own."""
    if set(typed) == {""} and " " in typed[""] and typed[""].islower():
        return {name: typed[""].split()}
    return {f"{name}.{part}" if part else name: text for part, text in typed.items()}
