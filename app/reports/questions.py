"""The answers to every question of a round, read for its report: the part "questions" of the document.

What may be shown depends on the mode. Named: who said what stands beside it. Otherwise no value is joined with another
value of the same person, let alone with a name: distributions and texts stand alone, each text in an order that comes
of its own words, and nothing is shown that fewer people answered than the round's `min_answers`. What this module
leaves out of the document cannot leak through a page or an export.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from app.analysis import wording
from app.analysis.agreement import read_scale
from app.analysis.elements import ElementReading, read_element
from app.analysis.judge import Judge
from app.analysis.maturity import read_stages
from app.analysis.priorities import Priority, match_priorities
from app.analysis.ranking import read_rankings
from app.analysis.result import rounded
from app.surveys.confidentiality import is_withheld
from app.surveys.kinds import (
    CONFIDENCE_STEPS,
    FORK_STEPS,
    STAGES,
    asked_questions,
    guess_question,
    settings_of,
    strategy_question,
)
from app.surveys.models import Confidentiality, Question, QuestionKind

Value: TypeAlias = dict[str, Any]
# (number of the person, what the person answered)
Answered: TypeAlias = tuple[int, Value]

STATEMENTS, PERCEPTION, SECTION = "statements", "perception", "section"


@dataclass(frozen=True)
class AskedQuestion:
    """One question with the answers of all sheets, in one order of the people for all questions of a round.

    read_as: "statements" (the strategy, read by the analysis), "perception" (the guess that is set against it), or
    "section" (read here). answers: the value of each person; None where the person left it blank or was not asked.
    was_asked: a condition may keep a question from somebody.
    """

    key: str
    kind: str
    prompt: str
    settings: Value
    read_as: str
    answers: tuple[Value | None, ...]
    was_asked: tuple[bool, ...]

    @property
    def answered(self) -> list[Answered]:
        return [(person, value) for person, value in enumerate(self.answers) if value is not None]


def collect(
    questions: Sequence[Question], sheets: Sequence[Mapping[int, Value]]
) -> tuple[AskedQuestion, ...]:
    """The questions of a round with the answers of its sheets (values by question id, in the order of the people).

    An answer to a question that was not asked after all (the answer before it was changed) is no answer.
    """
    strategy, guess = strategy_question(questions), guess_question(questions)
    asked: list[set[int]] = []
    for values in sheets:
        by_key = {question.key: values[question.id] for question in questions if question.id in values}
        asked.append({question.id for question in asked_questions(questions, by_key)})
    return tuple(
        AskedQuestion(
            key=question.key,
            kind=question.kind,
            prompt=question.prompt,
            settings=_frozen_settings(question),
            read_as=(STATEMENTS if question is strategy else PERCEPTION if question is guess else SECTION),
            answers=tuple(
                values.get(question.id) if question.id in wanted else None
                for values, wanted in zip(sheets, asked, strict=True)
            ),
            was_asked=tuple(question.id in wanted for wanted in asked),
        )
        for question in questions
    )


def _frozen_settings(question: Question) -> Value:
    """The settings as the report keeps them, with the words of the steps, which may be reworded later."""
    settings = settings_of(question)
    return (
        {**settings, "steps": list(CONFIDENCE_STEPS)}
        if question.kind == QuestionKind.CONFIDENCE
        else settings
    )


def questions_document(
    asked: Sequence[AskedQuestion],
    *,
    mode: str,
    minimum: int,
    judge: Judge,
    tell: Callable[[str], None] = lambda _: None,
) -> list[Value]:
    """One entry a question, in the order in which they were asked; see docs/measures-in-code.md for every key."""
    is_named = mode == Confidentiality.NAMED
    entries: list[Value] = []
    for number, question in enumerate(asked, start=1):
        tell(f"Reading the answers to question {number}")
        answered = question.answered if is_named else _by_content(question.answered)
        n_asked = sum(question.was_asked)
        withheld = bool(answered) and is_withheld(mode, len(answered), minimum=minimum)
        is_read_here = question.read_as == SECTION and answered and not withheld
        results: Value | None = None
        if is_read_here:
            results = _READ[QuestionKind(question.kind)](
                _Reading(question, answered, mode, minimum, is_named, judge)
            )
        entries.append(
            {
                "key": question.key,
                "kind": QuestionKind(question.kind).value,
                "prompt": question.prompt,
                "settings": question.settings,
                "read_as": question.read_as,
                "n_asked": n_asked,
                "n_answered": len(answered),
                "n_blank": n_asked - len(answered),
                "n_not_asked": len(question.answers) - n_asked,
                "is_withheld": withheld,
                "results": results,
            }
        )
    return entries


_COUNTED = {
    QuestionKind.OPEN_TEXT: ("open question", "open questions"),
    QuestionKind.ELEMENTS: (
        "question on the parts of the strategy",
        "questions on the parts of the strategy",
    ),
    QuestionKind.PRIORITIES: ("list of priorities", "lists of priorities"),
    QuestionKind.FORK: ("fork", "forks"),
    QuestionKind.RANKING: ("ranking", "rankings"),
    QuestionKind.STAGE_CHOICE: ("maturity matrix", "maturity matrices"),
    QuestionKind.PERCEPTION_GUESS: ("guess", "guesses"),
    QuestionKind.CONFIDENCE: ("question on confidence", "questions on confidence"),
}


def headline_without_statements(n_answered: int, questions: Sequence[Value]) -> Value:
    """What stands at the top of a report of a round that did not ask for the strategy: what there is to read.

    The same parts as the headline of the analysis; there is no chance and no range, because nothing was measured
    that they could be of.
    """
    who = wording.capital(wording.counted(n_answered, "executive", "executives"))
    if not n_answered:
        return {
            "sentence": "Nobody has answered.",
            "who": who,
            "finding": "no answers",
            "chance": None,
            "range": None,
        }
    kinds = [QuestionKind(question["kind"]) for question in questions]
    parts = [wording.counted(kinds.count(kind), *words) for kind, words in _COUNTED.items() if kind in kinds]
    finding = wording.listed(parts)
    return {"sentence": f"{who}: {finding}.", "who": who, "finding": finding, "chance": None, "range": None}


def _by_content(answered: list[Answered]) -> list[Answered]:
    """In an order that comes of the answers to this question alone: nothing may depend on who gave which."""
    return sorted(
        answered,
        key=lambda item: hashlib.sha256(json.dumps(item[1], sort_keys=True).encode()).digest(),
    )


@dataclass(frozen=True)
class _Reading:
    question: AskedQuestion
    answered: list[Answered]
    mode: str
    minimum: int
    is_named: bool
    judge: Judge

    def by_person(self, **values: Sequence[Any]) -> list[Value] | None:
        """One entry a person, where the mode allows it: who gave which value."""
        if not self.is_named:
            return None
        return [
            {"person": person, **{name: of[k] for name, of in values.items()}}
            for k, (person, _) in enumerate(self.answered)
        ]

    def in_order(self, texts: Iterable[tuple[int, str]]) -> list[Value]:
        """Texts for a page: with their authors in the order given; without names, in an order that tells nothing."""
        found = list(texts)
        if not self.is_named:
            found.sort(key=lambda item: hashlib.sha256(item[1].encode()).digest())
        return [{"text": text, "person": person if self.is_named else None} for person, text in found]


def _read_fork(reading: _Reading) -> Value:
    steps = [int(value["step"]) for _, value in reading.answered]
    return {**read_scale(steps, FORK_STEPS).to_document(), "by_person": reading.by_person(step=steps)}


def _read_confidence(reading: _Reading) -> Value:
    levels = [int(value["level"]) for _, value in reading.answered]
    scale = read_scale(levels, len(CONFIDENCE_STEPS))
    return {**scale.to_document(), "by_person": reading.by_person(step=levels)}


def _read_stage_choice(reading: _Reading) -> Value:
    dimensions = []
    for dimension in reading.question.settings["dimensions"]:
        key = dimension["key"]
        chosen = [
            (person, int(value["stages"][key]))
            for person, value in reading.answered
            if key in value["stages"]
        ]
        withheld = bool(chosen) and is_withheld(reading.mode, len(chosen), minimum=reading.minimum)
        dimensions.append(
            {
                "key": key,
                "is_withheld": withheld,
                **read_stages([] if withheld else [stage for _, stage in chosen], STAGES).to_document(),
                "by_person": (
                    [{"person": person, "step": stage} for person, stage in chosen]
                    if reading.is_named
                    else None
                ),
            }
        )
    return {"dimensions": dimensions}


def _read_ranking(reading: _Reading) -> Value:
    keys = [item["key"] for item in reading.question.settings["items"]]
    orders = [[str(key) for key in value["order"]] for _, value in reading.answered]
    found = read_rankings(orders, keys)
    return {
        **found.to_document(),
        "by_person": reading.by_person(order=orders, with_others=rounded(found.with_others)),
    }


def _read_priorities(reading: _Reading) -> Value:
    lists = [[str(item) for item in value["items"]] for _, value in reading.answered]
    found = match_priorities(lists, judge=reading.judge)
    person_of = [person for person, _ in reading.answered]

    def people(priority_people: Sequence[int]) -> list[int] | None:
        return [person_of[k] for k in priority_people] if reading.is_named else None

    def one(priority: Priority) -> Value:
        said = [(person_of[k], lists[k][place]) for k, place in priority.entries]
        return {
            "label": said[0][1],
            "n_lists": len(priority.people),
            "people": people(priority.people),
            "items": reading.in_order(said),
        }

    priorities = [one(priority) for priority in found.priorities]
    if not reading.is_named:
        # As they come, the priorities of one list stand together.
        priorities.sort(key=lambda item: (-item["n_lists"], hashlib.sha256(item["label"].encode()).digest()))
    return {
        **found.to_document(),
        # How many priorities stand on exactly one list, on two, ... on all of them.
        "by_lists": [
            sum(len(priority.people) == n for priority in found.priorities) for n in range(1, found.n + 1)
        ],
        "priorities": priorities,
        "intersections": (
            [{"people": people(who), "n": n} for who, n in found.intersections()]
            if reading.is_named
            else None
        ),
    }


def _read_elements(reading: _Reading) -> Value:
    elements = []
    for element in reading.question.settings["elements"]:
        key = element["key"]
        texts = [value["elements"].get(key) for _, value in reading.answered]
        found = read_element(texts, judge=reading.judge)
        n_written = len(found.mentioned) + len(found.unread)
        withheld = n_written > 0 and is_withheld(reading.mode, n_written, minimum=reading.minimum)
        elements.append(
            {
                "key": key,
                "is_withheld": withheld,
                **(_nothing_of(found) if withheld else found.to_document()),
                "groups": [] if withheld else _groups(reading, found, texts),
            }
        )
    return {"elements": elements}


def _nothing_of(found: ElementReading) -> Value:
    """Too few wrote about it to show even how far they agree; how many they are says nothing of anybody."""
    unknown = {"estimate": None, "low": None, "high": None}
    return {**found.to_document(), "agreement": unknown}


def _groups(reading: _Reading, found: ElementReading, texts: Sequence[str | None]) -> list[list[Value]]:
    """The texts, those that say the same together; under three mentions each stands alone. Unread ones come last."""
    groups = found.groups or tuple((k,) for k in found.mentioned)
    shown = [
        reading.in_order((reading.answered[k][0], str(texts[k])) for k in group)
        for group in (*groups, *((k,) for k in found.unread))
    ]
    if not reading.is_named:
        # Groups of one size stand in the order of their words: the order of the people must not show through.
        shown.sort(key=lambda group: (-len(group), hashlib.sha256(group[0]["text"].encode()).digest()))
    return shown


def _read_open_text(reading: _Reading) -> Value:
    return {"texts": reading.in_order((person, str(value["text"])) for person, value in reading.answered)}


def _read_second_guess(_reading: _Reading) -> Value:
    """A guess is never shown without what was measured, and only the first one has a measurement."""
    return {}


_READ: dict[QuestionKind, Callable[[_Reading], Value]] = {
    QuestionKind.OPEN_TEXT: _read_open_text,
    QuestionKind.ELEMENTS: _read_elements,
    QuestionKind.PRIORITIES: _read_priorities,
    QuestionKind.FORK: _read_fork,
    QuestionKind.RANKING: _read_ranking,
    QuestionKind.STAGE_CHOICE: _read_stage_choice,
    QuestionKind.PERCEPTION_GUESS: _read_second_guess,
    QuestionKind.CONFIDENCE: _read_confidence,
}
