"""What Quarter 4 of the demo company asks beside the strategy, with what each person answered. As invented as the rest.

The story goes on in it: with price against service nearly all stand where the thesis stands; with direct against
partners the team parts, which the one sentence about the strategy had hidden; two people doubt that it will work.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from app.surveys.design.library import FORKS
from app.surveys.matrix import MATURITY
from app.surveys.models import QuestionKind


@dataclass(frozen=True, slots=True)
class Further:
    """One more question. answers: by person, in the form that app/surveys/kinds.py has for the kind."""

    key: str
    kind: QuestionKind
    prompt: str
    hint: str
    settings: dict[str, Any]
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)


def _fork(key: str, steps: dict[str, int]) -> Further:
    ready = next(fork for fork in FORKS if fork.key == key)
    return Further(
        ready.key,
        ready.kind,
        ready.prompt,
        ready.hint,
        ready.settings,
        {person: {"step": step} for person, step in steps.items()},
    )


_PRICE_OR_SERVICE = _fork(
    "price_or_service",
    {
        "margit": 7,
        "tobias": 1,
        "carla": 6,
        "anjali": 6,
        "sofia": 5,
        "jonas": 7,
        "maeve": 6,
        "yusuf": 6,
        "weilin": 4,
    },
)

_DIRECT_OR_PARTNERS = _fork(
    "direct_or_partners",
    {
        "margit": 2,
        "tobias": 6,
        "carla": 1,
        "anjali": 2,
        "sofia": 3,
        "jonas": 2,
        "maeve": 5,
        "yusuf": 6,
        "weilin": 7,
    },
)

_LISTS: dict[str, tuple[str, ...]] = {
    "margit": (
        "Train forty more inspectors",
        "Replace every rope before its end date",
        "A contract for each ship instead of single orders",
    ),
    "tobias": (
        "Fill the mill to 85 per cent",
        "Bring the stock down by a fifth",
        "Cheaper fibre from a second supplier",
    ),
    "carla": (
        "Sign one contract per ship",
        "Hire and train inspectors",
        "Say no to customers who only ask for the price",
    ),
    "anjali": (
        "More inspectors on deck",
        "Tell the story of the ropes that did not break",
        "Customer contracts ship by ship",
    ),
    "sofia": (
        "Recruit and train inspectors",
        "Plan the factories around replacement dates",
        "No accident in either factory",
    ),
    "jonas": (
        "A wear model that predicts remaining life",
        "Electronic tag on every rope",
        "Stop developing standard rope",
    ),
    "maeve": (
        "Train new inspectors, forty of them",
        "Safe work in both factories, no injuries",
        "A successor for every head of department",
    ),
    "yusuf": (
        "tag on every rope",
        "a model that predicts the remaining life of a rope",
        "end the development of standard rope",
        "more inspectors",
    ),
    "weilin": (
        "Dealers in sixty ports",
        "A fair margin for dealers",
        "Inspectors who are trained in Asia",
    ),
}

_PRIORITIES = Further(
    "priorities",
    QuestionKind.PRIORITIES,
    "What are our priorities for the next quarter?",
    "Three to five, the most important first. A few words each.",
    {"least": 3, "most": 5},
    {person: {"items": list(items)} for person, items in _LISTS.items()},
)

# Strategy clarity, execution, measurement, prioritization, working across functions.
_STAGES: dict[str, tuple[int, int, int, int, int]] = {
    "margit": (3, 2, 2, 2, 2),
    "tobias": (2, 1, 1, 2, 1),
    "carla": (2, 2, 1, 2, 1),
    "anjali": (2, 2, 1, 2, 1),
    "sofia": (2, 2, 2, 1, 1),
    "jonas": (3, 2, 3, 2, 1),
    "maeve": (2, 2, 1, 2, 2),
    "yusuf": (2, 1, 2, 3, 1),
    "weilin": (1, 2, 1, 1, 1),
}

_MATURITY = Further(
    "maturity",
    QuestionKind.STAGE_CHOICE,
    "Where do we stand today?",
    "Choose the description that comes closest to an ordinary week, not to our best one.",
    {"dimensions": list(MATURITY)},
    {
        person: {
            "stages": {dimension["key"]: stage for dimension, stage in zip(MATURITY, stages, strict=True)}
        }
        for person, stages in _STAGES.items()
    },
)

_LEVELS = {
    "margit": 4,
    "tobias": 2,
    "carla": 4,
    "anjali": 3,
    "sofia": 3,
    "jonas": 4,
    "maeve": 4,
    "yusuf": 4,
    "weilin": 2,
}

_CONFIDENCE = Further(
    "confidence",
    QuestionKind.CONFIDENCE,
    "How confident are you that our strategy will work?",
    "",
    {},
    {person: {"level": level} for person, level in _LEVELS.items()},
)

IN_QUARTER_FOUR = (_PRICE_OR_SERVICE, _DIRECT_OR_PARTNERS, _PRIORITIES, _MATURITY, _CONFIDENCE)
