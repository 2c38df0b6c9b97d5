"""The fields of a question against what it asks for, and the questions of a round against each other.

The name of a part's field is the question's, a dot, and the part's; which parts a kind has: parsing.py.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from app.languages import gettext as _
from app.languages import ngettext
from app.surveys.answering.parsing import KINDS, Kind, Line, Typed, Value, ValueRefused
from app.surveys.kinds import asked_questions, is_asked, settings_of
from app.surveys.models import Question, QuestionKind
from app.texts import clean_text, is_blank

__all__ = ["KINDS", "Kind", "Line", "Typed", "Value", "ValueRefused", "parse", "weigh"]


class Form(Protocol):
    """What was sent: werkzeug's MultiDict."""

    def get(self, key: str, default: str, /) -> Any: ...
    def getlist(self, key: str, /) -> list[str]: ...


def kind_of(question: Question) -> Kind:
    return KINDS[QuestionKind(question.kind)]


def parse(question: Question, typed: Typed) -> Value | None:
    """The value to keep; None where an optional question was left blank. Raises ValueRefused."""
    kind = kind_of(question)
    parts = kind.parts(question)
    texts = {part: clean_text(typed.get(part, "")) for part in parts}
    if not is_nothing(texts):
        return kind.parse(question, texts)
    if question.is_required:
        raise ValueRefused(str(kind.missing), parts[0] if parts else "")
    return None


def is_nothing(typed: Typed) -> bool:
    """Is there nothing to see in any of the fields?"""
    return all(is_blank(text) for text in typed.values())


def typed_in(question: Question, form: Form, name: str) -> dict[str, str]:
    """What the fields of this question hold in the form that was sent.

    A ranking sends its items in the order in which they stand on the page, under `name` once somebody has moved one.
    Before that they are called `name`.shown, and count as an answer only when the box `name`.keep is ticked.
    """
    if question.kind == QuestionKind.RANKING:
        is_kept = form.get(f"{name}.keep", "") and not form.getlist(name)
        order = [] if form.get(f"{name}.none", "") else form.getlist(f"{name}.shown" if is_kept else name)
        return {"": " ".join(order)}
    parts = kind_of(question).parts(question)
    return {part: form.get(field_name(name, part), "") for part in parts}


def field_name(name: str, part: str) -> str:
    return f"{name}.{part}" if part else name


def ranking_items(question: Question, order: str, seed: str = "") -> list[dict[str, str]]:
    """The items of a ranking as they are shown: in the order given, or mixed, so that none gains by standing first.

    The same seed gives the same order each time. Without one they stand as they were entered.
    """
    items = list(settings_of(question)["items"])
    places = {key: place for place, key in enumerate(order.split())}
    if places:
        return sorted(items, key=lambda item: places.get(item["key"], len(places)))
    if not seed:
        return items
    return sorted(items, key=lambda item: hashlib.sha256(f"{seed} {item['key']}".encode()).digest())


def moved(order: Sequence[str], move: str) -> list[str]:
    """The order after "up:key" or "down:key"; anything else leaves it as it is."""
    way, _, key = move.partition(":")
    kept = list(order)
    if key in kept and way in {"up", "down"}:
        place = kept.index(key)
        other = min(max(place + (1 if way == "down" else -1), 0), len(kept) - 1)
        kept[place], kept[other] = kept[other], kept[place]
    return kept


# --- All questions of a round ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Weighed:
    """What was typed, against what the round asks of somebody who typed it.

    asked: in their order. values: by question id, of asked questions alone. problems: by position.
    """

    asked: list[Question]
    values: dict[int, Value]
    problems: dict[int, ValueRefused]


def weigh(questions: Sequence[Question], typed: Mapping[int, Typed]) -> Weighed:
    """Which questions are asked, what their answers are, and what is wrong with them; `typed` by position."""
    asked: list[Question] = []
    values: dict[int, Value] = {}
    problems: dict[int, ValueRefused] = {}
    by_key: dict[str, Value] = {}
    for question in questions:
        if not is_asked(question, by_key):
            continue
        asked.append(question)
        try:
            value = parse(question, typed.get(question.position, {}))
        except ValueRefused as refused:
            problems[question.position] = refused
            continue
        if value is not None:
            values[question.id] = by_key[question.key] = value
    return Weighed(asked, values, problems)


def words_of(question: Question, typed: Typed) -> list[Line]:
    """What was typed, as it stands, where it cannot be read as an answer."""
    return [Line("", text) for text in typed.values() if kind_of(question).is_written and not is_blank(text)]


def answered_questions(questions: Sequence[Question], values: Mapping[int, Value]) -> list[Question]:
    """The questions that were asked of somebody who sent these answers (by question id)."""
    return asked_questions(
        questions, {question.key: values[question.id] for question in questions if question.id in values}
    )


def move_in(question: Question, form: Form, name: str) -> Typed | None:
    """The ranking as it stands after one of its buttons was pressed; None where none was."""
    asked_for, _, move = form.get("move", "").partition(" ")
    if question.kind != QuestionKind.RANKING or asked_for != name:
        return None
    return {"": " ".join(moved(form.getlist(name) or form.getlist(f"{name}.shown"), move))}


def seconds_for(questions: Sequence[Question], paces: Mapping[str, float]) -> float:
    """How long these questions take; `paces` are the seconds learnt for each kind."""
    return sum(paces.get(question.kind, _usual_seconds(question)) for question in questions)


def _usual_seconds(question: Question) -> int:
    kind = kind_of(question)
    return kind.seconds + kind.seconds_a_part * len(kind.parts(question))


def time_left(seconds: float) -> str:
    """
    >>> [time_left(seconds) for seconds in (20, 70, 200)]
    ['less than a minute left', 'about a minute left', 'about 3 minutes left']
    """
    if seconds < 50:
        return _("less than a minute left")
    minutes = max(1, round(seconds / 60))
    if minutes == 1:
        return _("about a minute left")
    return ngettext("about %(n)s minute left", "about %(n)s minutes left", minutes)


def minutes_for(questions: Sequence[Question], paces: Mapping[str, float] | None = None) -> int:
    """The same in whole minutes, one at least."""
    return max(1, round(seconds_for(questions, paces or {}) / 60))
