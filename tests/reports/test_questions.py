"""The part "questions" of the report: what it says, and in the modes without names what it keeps to itself."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from typing import Any

import pytest

from app.reports.questions import collect, headline_without_statements, questions_document
from app.reports.sections import QuestionView, present_questions
from app.surveys.models import Confidentiality, Question, QuestionKind
from tests.analysis.fakes import FirstWordJudge

JUDGE = FirstWordJudge(sure=0.98)
WITHOUT_NAMES = (Confidentiality.CONFIDENTIAL, Confidentiality.UNATTRIBUTED)
Values = dict[str, Any]

STAGES = [{"name": name, "description": ""} for name in ("Reactive", "Cadenced", "Compounding")]


def question(number: int, key: str, kind: QuestionKind, **settings: Any) -> Question:
    condition = settings.pop("condition", None)
    return Question(
        id=number,
        position=number,
        key=key,
        kind=kind,
        prompt=f"{key}?",
        settings=settings,
        condition=condition,
    )


QUESTIONS = [
    question(1, "strategy", QuestionKind.OPEN_TEXT),
    question(2, "perception", QuestionKind.PERCEPTION_GUESS),
    question(3, "grow", QuestionKind.FORK, left="Grow", right="Earn"),
    question(4, "why", QuestionKind.OPEN_TEXT, condition={"question": "grow", "is": "at_least", "value": 5}),
    question(5, "list", QuestionKind.PRIORITIES, least=1, most=5),
    question(
        6, "parts", QuestionKind.ELEMENTS, elements=[{"key": "who", "label": "Who it is for", "hint": ""}]
    ),
    question(
        7,
        "order",
        QuestionKind.RANKING,
        items=[{"key": "a", "label": "Speed"}, {"key": "b", "label": "Price"}],
    ),
    question(
        8,
        "matrix",
        QuestionKind.STAGE_CHOICE,
        dimensions=[{"key": "work", "label": "Execution", "stages": STAGES}],
    ),
    question(9, "sure", QuestionKind.CONFIDENCE),
]


def sheet(person: int, step: int = 2) -> dict[int, Values]:
    """Nobody writes the same words as anybody else, so that every text can be traced."""
    return {
        1: {"text": f"Clinics {person}"},
        2: {"percent": 50},
        3: {"step": step},
        4: {"text": f"Because of {person}"},
        5: {"items": [f"Speed of {person}", *(["Margin"] if person == 3 else [])]},
        6: {"elements": {"who": f"Clinics of {person}"}},
        7: {"order": ["a", "b"] if person % 2 else ["b", "a"]},
        8: {"stages": {"work": 1 + person % 2}},
        9: {"level": 4},
    }


def read(sheets: list[dict[int, Values]], mode: Confidentiality = Confidentiality.NAMED) -> dict[str, Any]:
    found = questions_document(collect(QUESTIONS, sheets), mode=mode, minimum=5, judge=JUDGE)
    return {entry["key"]: entry for entry in found}


def view(entry: dict[str, Any]) -> QuestionView:
    (made,) = present_questions({"people": [], "questions": [entry]})
    return made


def test_the_strategy_and_its_guess_are_read_elsewhere_and_every_other_question_here() -> None:
    found = read([sheet(k) for k in range(6)])
    assert [entry["read_as"] for entry in found.values()] == ["statements", "perception", *["section"] * 7]
    assert found["strategy"]["results"] is None


def test_every_kind_has_its_results() -> None:
    found = read([sheet(k, step=2 if k < 4 else 6) for k in range(6)])
    assert found["grow"]["results"]["counts"] == [0, 4, 0, 0, 0, 2, 0]
    assert [text["text"] for text in found["why"]["results"]["texts"]] == ["Because of 4", "Because of 5"]
    assert found["list"]["results"]["on_every_list"] == 1
    assert found["parts"]["results"]["elements"][0]["n_mentioned"] == 6
    assert found["order"]["results"]["n"] == 6
    assert found["matrix"]["results"]["dimensions"][0]["counts"] == [3, 3, 0]
    assert found["matrix"]["results"]["dimensions"][0]["stages"] == [1, 2]
    assert found["sure"]["results"]["mean"] == 4.0
    json.dumps(list(found.values()))


def test_who_was_not_asked_is_told_apart_from_who_left_it_blank() -> None:
    sheets = [sheet(k, step=6) for k in range(4)] + [sheet(4, step=1), sheet(5, step=1)]
    del sheets[0][4]
    entry = read(sheets)["why"]
    counts = {name: entry[name] for name in ("n_asked", "n_answered", "n_blank", "n_not_asked")}
    assert counts == {"n_asked": 4, "n_answered": 3, "n_blank": 1, "n_not_asked": 2}
    assert view(entry).turnout == "Three of four answered; one left it blank; two were not asked."


def test_an_answer_to_a_question_that_was_not_asked_after_all_does_not_count() -> None:
    assert read([sheet(k, step=1) for k in range(6)])["why"]["n_answered"] == 0


@pytest.mark.parametrize("mode", WITHOUT_NAMES)
def test_without_names_no_value_stands_beside_a_person(mode: Confidentiality) -> None:
    found = read([sheet(k) for k in range(6)], mode)

    def persons(value: Any) -> list[Any]:
        if isinstance(value, dict):
            own = [value[k] for k in ("person", "people", "by_person", "intersections") if k in value]
            return own + [x for inner in value.values() for x in persons(inner)]
        return [x for inner in value for x in persons(inner)] if isinstance(value, list) else []

    assert set(map(str, persons(list(found.values())))) == {"None"}


@pytest.mark.parametrize("mode", WITHOUT_NAMES)
def test_without_names_the_document_does_not_change_with_the_order_of_the_people(
    mode: Confidentiality,
) -> None:
    """So no order in it can lead back to a person, or from one answer of a person to the next."""
    sheets = [sheet(k, step=1 + k) for k in range(7)]
    assert read(sheets, mode) == read([sheets[k] for k in (4, 0, 6, 2, 5, 1, 3)], mode)


@pytest.mark.parametrize("mode", WITHOUT_NAMES)
def test_without_names_the_priorities_of_one_list_do_not_stand_together(mode: Confidentiality) -> None:
    sheets = [sheet(k) for k in range(6)]
    for k, kept in enumerate(sheets):
        kept[5] = {"items": [f"Own{k} one", f"Mine{k} two", f"Self{k} three"]}
    labels = [item["label"] for item in read(sheets, mode)["list"]["results"]["priorities"]]
    owners = [re.sub(r"\D", "", label) for label in labels]
    neighbours = sum(one == other for one, other in pairwise(owners))
    # In the order of the lists it would be twelve of the seventeen pairs of neighbours.
    assert (len(owners), neighbours < 6) == (18, True)


@pytest.mark.parametrize("mode", WITHOUT_NAMES)
def test_without_names_nothing_is_shown_that_fewer_than_five_answered(mode: Confidentiality) -> None:
    sheets = [sheet(k, step=6 if k < 4 else 1) for k in range(7)]
    for kept in sheets[3:]:
        kept[6] = {"elements": {}}
    found = read(sheets, mode)
    assert (found["why"]["is_withheld"], found["why"]["results"]) == (True, None)
    (who,) = found["parts"]["results"]["elements"]
    assert who["is_withheld"]
    assert (who["agreement"]["estimate"], who["groups"]) == (None, [])
    whole = json.dumps(found)
    assert not [k for k in range(7) if f"Because of {k}" in whole or f"Clinics of {k}" in whole]


def test_with_names_few_answers_are_shown() -> None:
    assert not read([sheet(k) for k in range(2)])["grow"]["is_withheld"]


@pytest.mark.parametrize("n", [0, 1, 2])
def test_nobody_one_and_two_people_are_read_and_said(n: int) -> None:
    for entry in read([sheet(k) for k in range(n)]).values():
        for made in present_questions({"people": [{"label": "A"}, {"label": "B"}], "questions": [entry]}):
            assert made.turnout
            assert "None" not in (made.sentence or "")


def test_two_camps_are_called_so_and_a_single_voice_is_not() -> None:
    split = read([sheet(k, step=1 if k < 4 else 7) for k in range(9)])["grow"]
    one_off = read([sheet(k, step=1 if k < 8 else 7) for k in range(9)])["grow"]
    assert view(split).sentence == "Four for “Grow” and five for “Earn”. You stand on both sides."
    assert str(view(one_off).sentence).endswith("Most stand on one side, and somebody stands far from them.")


def test_the_fork_that_divides_most_comes_first() -> None:
    united = {**read([sheet(k, step=4) for k in range(6)])["grow"], "key": "united"}
    divided = {**read([sheet(k, step=1 + 6 * (k % 2)) for k in range(6)])["grow"], "key": "divided"}
    shown = present_questions({"people": [], "questions": [united, divided]})
    assert [made.found["key"] for made in shown] == ["divided", "united"]


def test_a_document_from_before_has_no_such_part() -> None:
    assert present_questions({"schema": "ninefold.report/1"}) == ()


def test_the_headline_of_a_round_without_the_strategy_says_what_there_is() -> None:
    entries = [entry for entry in read([sheet(k) for k in range(3)]).values() if entry["kind"] != "open_text"]
    headline = headline_without_statements(3, entries)
    assert headline["sentence"] == (
        "Three executives: one question on the parts of the strategy, one list of priorities, one fork, one ranking, "
        "one maturity matrix, one guess and one question on confidence."
    )
    assert headline["chance"] is None
