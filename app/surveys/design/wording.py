"""How a question of a round is spoken of on the facilitator's pages."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from app.surveys.kinds import settings_of
from app.surveys.models import Question, QuestionKind
from app.surveys.wording import counted

# What each kind is for, beside its name.
PURPOSES: dict[QuestionKind, str] = {
    QuestionKind.OPEN_TEXT: "An answer in their own words. The report reads the first one as their strategy.",
    QuestionKind.ELEMENTS: "A short text for each part, such as who it is for, or what we will not do.",
    QuestionKind.PRIORITIES: "A list of three to five, in their own words.",
    QuestionKind.FORK: "A trade-off: seven steps between two things that are both worth having.",
    QuestionKind.RANKING: "Things that you name, put in order.",
    QuestionKind.STAGE_CHOICE: "Sides of how you work, each in three stages: the maturity matrix.",
    QuestionKind.PERCEPTION_GUESS: "How likely is it that a colleague says the same? From 0 to 100 %.",
    QuestionKind.CONFIDENCE: "Five steps, from not at all to completely confident.",
}


def summary_of(question: Question) -> str:
    """What the settings of this question come to, on one line; empty where there is nothing to say."""
    settings = settings_of(question)
    match QuestionKind(question.kind):
        case QuestionKind.OPEN_TEXT:
            least, most = settings["least_characters"], settings["most_characters"]
            at_least = [f"at least {least:,}"] if least else []
            at_most = [f"at most {most:,}"] if most else []
            limits = " and ".join(at_least + at_most)
            return f"{limits[0].upper()}{limits[1:]} characters." if limits else ""
        case QuestionKind.ELEMENTS:
            return " · ".join(element["label"] for element in settings["elements"])
        case QuestionKind.PRIORITIES:
            least, most = settings["least"], settings["most"]
            span = f"{least} to {counted(most, 'priority', 'priorities')}"
            return counted(most, "priority", "priorities") if least == most else span
        case QuestionKind.FORK:
            return f"{settings['left']} ↔ {settings['right']}"
        case QuestionKind.RANKING:
            return " · ".join(item["label"] for item in settings["items"])
        case QuestionKind.STAGE_CHOICE:
            return " · ".join(dimension["label"] for dimension in settings["dimensions"])
        case _:
            return ""


def condition_words(question: Question, questions: Sequence[Question]) -> str:
    """Of whom this question is asked; empty where it is asked of everybody."""
    condition = question.condition
    if condition is None:
        return ""
    about = next((other for other in questions if other.key == condition["question"]), None)
    if about is None:
        return ""
    what = f"question {about.position}"
    dimension = next(
        (
            dimension["label"]
            for dimension in settings_of(about).get("dimensions", [])
            if dimension["key"] == condition.get("dimension")
        ),
        None,
    )
    if dimension:
        what += f" ({dimension})"
    steps = {"at_most": "or lower", "at_least": "or higher"}.get(condition["is"], "exactly")
    unit = {QuestionKind.FORK: "step", QuestionKind.STAGE_CHOICE: "stage"}.get(
        QuestionKind(about.kind), "level"
    )
    if condition["is"] == "equals":
        return f"Asked only of those who choose {unit} {condition['value']} in {what}."
    return f"Asked only of those who choose {unit} {condition['value']} {steps} in {what}."


def digest_of(questions: Sequence[Question]) -> str:
    """Changes with anything that people would read or be asked."""
    seen = [
        [
            q.position,
            q.key,
            q.kind,
            q.prompt,
            q.hint,
            q.is_required,
            settings_of(q),
            q.condition,
            q.translations,
        ]
        for q in questions
    ]
    return hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()[:24]
