"""What each kind of question accepts, how the answer is kept, and how it reads: one entry per kind, in `KINDS`.

What stands in the fields of one question is a `Typed`: the text of each part by the part's name. A kind with a single
field has one part, whose name is empty; elements have one per element, priorities one per line, stages one per
dimension.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.languages import gettext as _
from app.languages import lazy_gettext as _l
from app.languages import ngettext
from app.surveys.kinds import CONFIDENCE_STEPS, FORK_STEPS, STAGES, settings_of, step_words
from app.surveys.models import Question, QuestionKind
from app.surveys.wording import counted, number, number_word
from app.texts import MAX_CHARACTERS, clean_line, is_blank

Typed = Mapping[str, str]
Value = dict[str, Any]

MAX_ELEMENT = 2_000
MAX_PRIORITY = 300

# Any script's digits; a guess is copied from a phone's keyboard as "70 %" or "70.0".
_PERCENT = re.compile(r"(\d{1,3})(?:[.,]0+)?\s*(?:%|％|٪|percent|per cent)?", re.IGNORECASE)


class ValueRefused(Exception):
    """The message tells the person who answers what to write instead; `part` is the field that it is about."""

    def __init__(self, message: str, part: str = "") -> None:
        super().__init__(message)
        self.part = part


@dataclass(frozen=True)
class Line:
    """One line of an answer as it is read back: the label is empty where the words stand alone.

    is_said: the words are the author's answer, not ours for a part that was left out.
    """

    label: str
    words: str
    is_said: bool = True


@dataclass(frozen=True)
class Kind:
    """parse: the value of what was typed; only called when something was. edit: the other way round.

    seconds, and more for each part: how long it takes, until earlier rounds tell (app/surveys/answering/pace.py).
    is_written: it is typed and not chosen. has_words: and in one's own words.
    """

    parse: Callable[[Question, Typed], Value]
    read: Callable[[Question, Value], list[Line]]
    edit: Callable[[Value], dict[str, str]]
    missing: str
    seconds: int
    seconds_a_part: int = 0
    parts: Callable[[Question], tuple[str, ...]] = field(default=lambda question: ("",))
    is_written: bool = False
    has_words: bool = False


def _parse_text(question: Question, typed: Typed) -> Value:
    text = typed[""]
    settings = settings_of(question)
    most = min(settings["most_characters"] or MAX_CHARACTERS, MAX_CHARACTERS)
    least = settings["least_characters"] or 0
    if len(text) > most:
        lengths = {"n": number(len(text)), "most": number(most)}
        raise ValueRefused(
            _(
                "This answer has %(n)s characters; up to %(most)s can be sent. Please shorten it: one to three "
                "sentences are enough.",
                **lengths,
            )
            if most == MAX_CHARACTERS
            else _(
                "This answer has %(n)s characters; up to %(most)s can be sent. Please shorten it.", **lengths
            )
        )
    if len(text) < least:
        raise ValueRefused(
            _(
                "This answer has %(characters)s; at least %(least)s are asked for. Please say a little more.",
                characters=counted(len(text), "character", "characters"),
                least=number(least),
            )
        )
    return {"text": text}


def _element_keys(question: Question) -> tuple[str, ...]:
    return tuple(element["key"] for element in settings_of(question)["elements"])


def _parse_elements(question: Question, typed: Typed) -> Value:
    said = {key: text for key in _element_keys(question) if not is_blank(text := typed.get(key, ""))}
    for element in settings_of(question)["elements"]:
        if len(said.get(element["key"], "")) > MAX_ELEMENT:
            raise ValueRefused(
                _(
                    "“%(part)s” has %(n)s characters; up to %(most)s can be sent. Please shorten it.",
                    part=element["label"],
                    n=number(len(said[element["key"]])),
                    most=number(MAX_ELEMENT),
                ),
                element["key"],
            )
    return {"elements": said}


def _read_elements(question: Question, value: Value) -> list[Line]:
    said = value["elements"]
    return [
        Line(element["label"], str(said.get(element["key"], _("not mentioned"))), element["key"] in said)
        for element in settings_of(question)["elements"]
    ]


def _priority_parts(question: Question) -> tuple[str, ...]:
    return tuple(str(place) for place in range(1, settings_of(question)["most"] + 1))


def _parse_priorities(question: Question, typed: Typed) -> Value:
    least = settings_of(question)["least"]
    items: dict[str, str] = {}
    for part in _priority_parts(question):
        item = clean_line(typed.get(part, ""))
        if is_blank(item):
            continue
        if len(item) > MAX_PRIORITY:
            raise ValueRefused(
                _(
                    "Priority %(place)s has %(n)s characters; up to %(most)s can be sent. A few words are enough.",
                    place=part,
                    n=number(len(item)),
                    most=number(MAX_PRIORITY),
                ),
                part,
            )
        same = next((other for other, words in items.items() if words.casefold() == item.casefold()), None)
        if same is not None:
            raise ValueRefused(
                _(
                    "Priority %(place)s is the same as priority %(other)s. Change or empty one.",
                    place=part,
                    other=same,
                ),
                part,
            )
        items[part] = item
    if len(items) < least:
        first_free = next(part for part in _priority_parts(question) if part not in items)
        raise ValueRefused(
            ngettext(
                "Please write at least %(least)s; there is %(there)s so far.",
                "Please write at least %(least)s; there are %(there)s so far.",
                len(items),
                least=number_word(least),
                there=number_word(len(items)),
            ),
            first_free,
        )
    return {"items": list(items.values())}


def _choice(typed: Typed, part: str, most: int) -> int | None:
    # As the page sends it, and nothing that only begins like it: "0010" is no step.
    chosen = typed.get(part, "")
    return int(chosen) if chosen in {str(step) for step in range(1, most + 1)} else None


def _parse_fork(_question: Question, typed: Typed) -> Value:
    step = _choice(typed, "", FORK_STEPS)
    if step is None:
        raise ValueRefused(_("Choose one of the seven steps between the two."))
    return {"step": step}


def _read_fork(question: Question, value: Value) -> list[Line]:
    settings = settings_of(question)
    words = step_words(int(value["step"]), left=settings["left"], right=settings["right"])
    return [Line("", _("%(words)s (step %(step)s of %(n)s)", words=words, step=value["step"], n=FORK_STEPS))]


def _parse_ranking(question: Question, typed: Typed) -> Value:
    order = typed[""].split()
    if sorted(order) != sorted(item["key"] for item in settings_of(question)["items"]):
        raise ValueRefused(_("This order does not hold each item once. Please put them in your order again."))
    return {"order": order}


def _read_ranking(question: Question, value: Value) -> list[Line]:
    labels = {item["key"]: item["label"] for item in settings_of(question)["items"]}
    return [Line(f"{place}", labels.get(key, key)) for place, key in enumerate(value["order"], start=1)]


def _dimension_keys(question: Question) -> tuple[str, ...]:
    return tuple(dimension["key"] for dimension in settings_of(question)["dimensions"])


def _parse_stages(question: Question, typed: Typed) -> Value:
    stages = {key: _choice(typed, key, STAGES) for key in _dimension_keys(question)}
    missing = [
        each
        for each in settings_of(question)["dimensions"]
        if stages[each["key"]] is None and (question.is_required or typed.get(each["key"], ""))
    ]
    if missing:
        names = ", ".join(dimension["label"] for dimension in missing)
        raise ValueRefused(
            _("Choose a stage for each dimension. Still open: %(names)s.", names=names), missing[0]["key"]
        )
    return {"stages": {key: stage for key, stage in stages.items() if stage is not None}}


def _read_stages(question: Question, value: Value) -> list[Line]:
    return [
        Line(dimension["label"], f"{stage}, {dimension['stages'][stage - 1]['name']}")
        for dimension in settings_of(question)["dimensions"]
        if (stage := int(value["stages"].get(dimension["key"], 0)))
    ]


def _parse_percent(_question: Question, typed: Typed) -> Value:
    found = _PERCENT.fullmatch(typed[""])
    percent = int(found[1]) if found else -1
    if not 0 <= percent <= 100:
        raise ValueRefused(_("Write a whole number from 0 to 100, such as 70."))
    return {"percent": percent}


def _parse_confidence(_question: Question, typed: Typed) -> Value:
    level = _choice(typed, "", len(CONFIDENCE_STEPS))
    if level is None:
        raise ValueRefused(_("Choose one of the five steps."))
    return {"level": level}


KINDS: dict[QuestionKind, Kind] = {
    QuestionKind.OPEN_TEXT: Kind(
        parse=_parse_text,
        read=lambda _question, value: [Line("", str(value["text"]))],
        edit=lambda value: {"": str(value["text"])},
        missing=_l("Please write an answer in your own words."),
        seconds=240,
        is_written=True,
        has_words=True,
    ),
    QuestionKind.ELEMENTS: Kind(
        parts=_element_keys,
        parse=_parse_elements,
        read=_read_elements,
        edit=lambda value: {key: str(text) for key, text in value["elements"].items()},
        missing=_l("Please fill in at least one of these."),
        seconds=30,
        seconds_a_part=40,
        is_written=True,
        has_words=True,
    ),
    QuestionKind.PRIORITIES: Kind(
        parts=_priority_parts,
        parse=_parse_priorities,
        read=lambda _question, value: [
            Line(f"{place}", str(item)) for place, item in enumerate(value["items"], start=1)
        ],
        edit=lambda value: {str(place): str(item) for place, item in enumerate(value["items"], start=1)},
        missing=_l("Please write your priorities, one in each line."),
        seconds=90,
        is_written=True,
        has_words=True,
    ),
    QuestionKind.FORK: Kind(
        parse=_parse_fork,
        read=_read_fork,
        edit=lambda value: {"": str(value["step"])},
        missing=_l("Please choose where you stand between the two."),
        seconds=25,
    ),
    QuestionKind.RANKING: Kind(
        parse=_parse_ranking,
        read=_read_ranking,
        edit=lambda value: {"": " ".join(value["order"])},
        missing=_l(
            "Please put these in your order. If the order shown is yours already, tick the box below it."
        ),
        seconds=60,
    ),
    QuestionKind.STAGE_CHOICE: Kind(
        parts=_dimension_keys,
        parse=_parse_stages,
        read=_read_stages,
        edit=lambda value: {key: str(stage) for key, stage in value["stages"].items()},
        missing=_l("Please choose a stage for each dimension."),
        seconds=15,
        seconds_a_part=25,
    ),
    QuestionKind.PERCEPTION_GUESS: Kind(
        parse=_parse_percent,
        read=lambda _question, value: [Line("", f"{value['percent']} %")],
        edit=lambda value: {"": str(value["percent"])},
        missing=_l("Please make a guess, from 0 to 100."),
        seconds=45,
        is_written=True,
    ),
    QuestionKind.CONFIDENCE: Kind(
        parse=_parse_confidence,
        read=lambda _question, value: [
            Line(
                "",
                _(
                    "%(step)s (%(level)s of %(n)s)",
                    step=_(CONFIDENCE_STEPS[int(value["level"]) - 1]),
                    level=value["level"],
                    n=len(CONFIDENCE_STEPS),
                ),
            )
        ],
        edit=lambda value: {"": str(value["level"])},
        missing=_l("Please choose how confident you are."),
        seconds=20,
    ),
}
