"""What each kind of question accepts, how the answer is kept, and how it reads. One line per kind, in `KINDS`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.surveys.models import Question, QuestionKind
from app.texts import MAX_CHARACTERS, clean_text, is_blank

# Any script's digits; a guess is copied from a phone's keyboard as "70 %" or "70.0".
_PERCENT = re.compile(r"(\d{1,3})(?:[.,]0+)?\s*(?:%|％|٪|percent|per cent)?", re.IGNORECASE)


class ValueRefused(Exception):
    """The message tells the person who answers what to write instead."""


@dataclass(frozen=True)
class Kind:
    parse: Callable[[str], dict[str, Any]]
    read: Callable[[dict[str, Any]], str]
    edit: Callable[[dict[str, Any]], str]
    missing: str
    minutes: int


def _parse_text(typed: str) -> dict[str, Any]:
    if len(typed) > MAX_CHARACTERS:
        raise ValueRefused(
            f"This answer has {len(typed):,} characters; up to {MAX_CHARACTERS:,} can be sent. "
            "Please shorten it: one to three sentences are enough."
        )
    return {"text": typed}


def _parse_percent(typed: str) -> dict[str, Any]:
    found = _PERCENT.fullmatch(typed)
    percent = int(found[1]) if found else -1
    if not 0 <= percent <= 100:
        raise ValueRefused("Write a whole number from 0 to 100, such as 70.")
    return {"percent": percent}


KINDS: dict[QuestionKind, Kind] = {
    QuestionKind.OPEN_TEXT: Kind(
        parse=_parse_text,
        read=lambda value: str(value["text"]),
        edit=lambda value: str(value["text"]),
        missing="Please write an answer in your own words.",
        minutes=4,
    ),
    QuestionKind.PERCEPTION_GUESS: Kind(
        parse=_parse_percent,
        read=lambda value: f"{value['percent']} %",
        edit=lambda value: str(value["percent"]),
        missing="Please make a guess, from 0 to 100.",
        minutes=1,
    ),
}


def kind_of(question: Question) -> Kind:
    return KINDS[QuestionKind(question.kind)]


def parse(question: Question, typed: str) -> dict[str, Any] | None:
    """The value to keep; None where an optional question was left blank. Raises ValueRefused."""
    kind = kind_of(question)
    text = clean_text(typed)
    if not is_blank(text):
        return kind.parse(text)
    if question.is_required:
        raise ValueRefused(kind.missing)
    return None


def minutes_for(questions: list[Question]) -> int:
    return sum(kind_of(question).minutes for question in questions)
