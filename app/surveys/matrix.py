"""The parts of a growth thesis and the maturity matrix, ready to be asked. The wording is ours."""

from __future__ import annotations

from typing import Any

ELEMENTS: tuple[dict[str, str], ...] = (
    {
        "key": "who_for",
        "label": "Who it is for",
        "hint": "The customers we choose, as narrowly as you would.",
    },
    {"key": "unique_value", "label": "The unique value", "hint": "What they get from us and nowhere else."},
    {"key": "why_us", "label": "Why only us", "hint": "What others would find hard to copy."},
    {"key": "offers", "label": "Offers", "hint": "What they buy from us."},
    {"key": "channels", "label": "Channel bets", "hint": "The few ways to reach them that we count on."},
    {
        "key": "outcomes",
        "label": "Outcomes",
        "hint": "What will have changed if it works, in numbers if you can.",
    },
    {"key": "not_doing", "label": "What we will not do", "hint": "Sensible things that we leave to others."},
)

_STAGES = ("Reactive", "Cadenced", "Compounding")


def _dimension(key: str, label: str, *descriptions: str) -> dict[str, Any]:
    stages = [
        {"name": name, "description": description}
        for name, description in zip(_STAGES, descriptions, strict=True)
    ]
    return {"key": key, "label": label, "stages": stages}


MATURITY: tuple[dict[str, Any], ...] = (
    _dimension(
        "strategy_clarity",
        "Strategy clarity",
        "Ask two teams what the strategy is and you hear two things. It is wide enough to bless almost any plan.",
        "One page says it in plain words, and each quarter has a short list of priorities that follow from it.",
        "The page has outlived several quarters. People settle choices between teams by pointing to it.",
    ),
    _dimension(
        "execution",
        "Execution",
        "Whatever is most urgent gets done first. How good the result is depends on who had time.",
        "We look at the work every week. Each piece has an owner, and somebody checks it before it goes out.",
        "What worked once is written down, used again and made a little better each time.",
    ),
    _dimension(
        "measurement",
        "Measurement",
        "We count what is easy to count, and argue about which effort deserves the credit.",
        "The same few figures come back every month, each with its trend and with what moved it.",
        "The figures show what our spending brought in, and our forecasts have become better through them.",
    ),
    _dimension(
        "prioritization",
        "Setting priorities",
        "The list grows and nothing leaves it. What we give up for a new task is never said aloud.",
        "What we start, stop and put off is decided in the open, and everybody can look it up.",
        "We treat the work as a portfolio: on evidence we begin, grow, keep or end each part of it.",
    ),
    _dimension(
        "alignment",
        "Working across functions",
        "Work gets stuck where one team hands over to the next, and waiting for others costs us weeks.",
        "Teams have agreed what they owe each other, and mean the same thing by the same word.",
        "Teams that win and keep customers plan together, work to the same goals and share the result.",
    ),
)
