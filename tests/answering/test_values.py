"""Every kind of question: what it accepts, what it says to everything else, and how an answer reads."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.surveys.answering.pace import STEPS, median_of
from app.surveys.answering.values import (
    Line,
    ValueRefused,
    answered_questions,
    kind_of,
    minutes_for,
    move_in,
    moved,
    parse,
    ranking_items,
    typed_in,
    weigh,
)
from app.surveys.models import Question, QuestionKind
from tests.answering.every_kind import ANSWERS, FIRST_STAGE, SECOND_STAGE, VALUES, every_kind, fields

QUESTIONS = {question.position: question for question in every_kind()}
TEXT, ELEMENTS, PRIORITIES, FORK, RANKING, STAGES, GUESS, CONFIDENCE, LET_GO = (
    QUESTIONS[position] for position in range(1, 10)
)


class Sent(dict[str, list[str]]):
    """A form as it arrives."""

    def getlist(self, key: str) -> list[str]:
        return super().get(key, [])

    def get(self, key: str, default: str) -> str:  # type: ignore[override]
        return (super().get(key) or [default])[0]


def sent(form: dict[str, str | list[str]]) -> Sent:
    return Sent({name: value if isinstance(value, list) else [value] for name, value in form.items()})


def test_fixtures_know_every_kind() -> None:
    assert {question.kind for question in QUESTIONS.values()} == set(QuestionKind)


@pytest.mark.parametrize("position", sorted(QUESTIONS))
def test_fields_become_the_value_and_the_value_the_fields(position: int) -> None:
    question = QUESTIONS[position]
    form = sent(fields("answer", ANSWERS[position]))

    typed = typed_in(question, form, "answer")
    value = parse(question, typed)

    assert value == VALUES[position]
    assert parse(question, kind_of(question).edit(value)) == value


@pytest.mark.parametrize("position", sorted(QUESTIONS))
def test_nothing_is_asked_for_where_an_answer_is_required_and_taken_where_not(position: int) -> None:
    question = QUESTIONS[position]
    for typed in ({}, {"": " \u200b"}, dict.fromkeys(kind_of(question).parts(question), "\n")):
        if question.is_required:
            with pytest.raises(ValueRefused, match="^Please "):
                parse(question, typed)
        else:
            assert parse(question, typed) is None


@pytest.mark.parametrize(
    ("question", "typed", "message", "part"),
    [
        (TEXT, {"": "a" * 601}, "has 601 characters; up to 600 can be sent", ""),
        (ELEMENTS, {"why_us": "a" * 2_001}, "“Why only us” has 2,001 characters", "why_us"),
        (PRIORITIES, {"1": "Growth"}, "at least three; there is one so far", "2"),
        (PRIORITIES, {"3": "Growth", "5": "Speed"}, "at least three; there are two so far", "1"),
        (PRIORITIES, {"1": "A", "2": "B", "4": " a "}, "Priority 4 is the same as priority 1", "4"),
        (PRIORITIES, {"1": "A", "2": "B", "3": "c" * 301}, "Priority 3 has 301 characters", "3"),
        (FORK, {"": "8"}, "Choose one of the seven steps", ""),
        (FORK, {"": "0"}, "Choose one of the seven steps", ""),
        (FORK, {"": "up"}, "Choose one of the seven steps", ""),
        (FORK, {"": "٣"}, "Choose one of the seven steps", ""),
        (FORK, {"": "1" * 5_000}, "Choose one of the seven steps", ""),
        (FORK, {"": "0010"}, "Choose one of the seven steps", ""),
        (FORK, {"": "001" + "9" * 5_000}, "Choose one of the seven steps", ""),
        (RANKING, {"": "service price data"}, "does not hold each item once", ""),
        (RANKING, {"": "service price data data"}, "does not hold each item once", ""),
        (RANKING, {"": "service price data range other"}, "does not hold each item once", ""),
        (STAGES, {FIRST_STAGE: "2"}, "Still open: Execution", SECOND_STAGE),
        (STAGES, {FIRST_STAGE: "2", SECOND_STAGE: "4"}, "Still open: Execution", SECOND_STAGE),
        (GUESS, {"": "101"}, "from 0 to 100", ""),
        (CONFIDENCE, {"": "6"}, "Choose one of the five steps", ""),
    ],
)
def test_bad_input_gets_a_sentence_and_its_field(
    question: Question, typed: dict[str, str], message: str, part: str
) -> None:
    with pytest.raises(ValueRefused, match=message) as refused:
        parse(question, typed)

    assert refused.value.part == part


def test_shortest_answer_is_held_where_it_was_set() -> None:
    question = Question(
        kind="open_text",
        is_required=True,
        settings={"guidance": "", "least_characters": 10, "most_characters": None},
    )
    with pytest.raises(ValueRefused, match="has 4 characters; at least 10"):
        parse(question, {"": "Grow"})
    assert parse(question, {"": "Grow slower"}) == {"text": "Grow slower"}


def test_question_from_before_there_were_settings_is_read() -> None:
    assert parse(Question(kind="open_text", is_required=True), {"": "We win."}) == {"text": "We win."}


@given(st.dictionaries(st.sampled_from(["", "1", "2", "who_for", FIRST_STAGE, "x"]), st.text(max_size=30)))
def test_any_fields_give_a_value_that_reads_or_are_refused(typed: dict[str, str]) -> None:
    for question in QUESTIONS.values():
        try:
            value = parse(question, typed)
        except ValueRefused:
            continue
        assert value is None or kind_of(question).read(question, value)


def test_stages_of_an_optional_question_may_be_left_open_but_not_made_up() -> None:
    optional = Question(kind="stage_choice", is_required=False, settings=STAGES.settings)

    assert parse(optional, {FIRST_STAGE: "3"}) == {"stages": {FIRST_STAGE: 3}}
    with pytest.raises(ValueRefused, match="Still open: Strategy clarity"):
        parse(optional, {FIRST_STAGE: "9", SECOND_STAGE: "1"})


def test_answers_read_as_sentences() -> None:
    def said(position: int) -> list[tuple[str, str]]:
        lines = kind_of(QUESTIONS[position]).read(QUESTIONS[position], VALUES[position])
        return [(line.label, line.words) for line in lines]

    assert said(2) == [
        ("Who it is for", "Small clinics."),
        ("Why only us", "not mentioned"),
        ("What we will not do", "Research laboratories."),
    ]
    assert said(3)[1] == ("2", "A rental model")
    assert said(4) == [("", "Mostly: Win single clinics (step 6 of 7)")]
    assert said(5)[0] == ("1", "Service within a day")
    assert said(6) == [("Strategy clarity", "2, Cadenced"), ("Execution", "1, Reactive")]
    assert said(8) == [("", "Very confident (4 of 5)")]
    assert kind_of(ELEMENTS).read(ELEMENTS, VALUES[2])[1] == Line("Why only us", "not mentioned", False)


# --- Ranking -----------------------------------------------------------------------------------------------------------


def test_ranking_that_nobody_touched_is_no_answer() -> None:
    shown = {"answer.shown": ["price", "data", "range", "service"]}

    assert typed_in(RANKING, sent(shown), "answer") == {"": ""}
    assert typed_in(RANKING, sent(shown | {"answer.keep": "y"}), "answer") == {"": "price data range service"}


def test_ranking_may_be_left_out_again() -> None:
    form = sent({"answer": ["price", "data", "range", "service"], "answer.none": "y"})

    assert typed_in(RANKING, form, "answer") == {"": ""}


def test_button_moves_one_item_and_makes_the_order_an_answer() -> None:
    form = sent({"answer.shown": ["price", "data", "range", "service"], "move": "answer up:range"})

    assert move_in(RANKING, form, "answer") == {"": "price range data service"}
    assert move_in(RANKING, form, "answer-5") is None
    assert move_in(FORK, form, "answer") is None


@pytest.mark.parametrize(
    ("move", "order"),
    [("up:a", "abc"), ("down:a", "bac"), ("down:c", "abc"), ("up:c", "acb"), ("up:x", "abc"), ("", "abc")],
)
def test_moves_end_at_the_ends(move: str, order: str) -> None:
    assert "".join(moved("abc", move)) == order


def test_items_are_mixed_by_the_seed_and_by_nothing_else() -> None:
    orders = {tuple(item["key"] for item in ranking_items(RANKING, "", str(seed))) for seed in range(60)}

    assert len(orders) > 12
    assert ranking_items(RANKING, "", "one") == ranking_items(RANKING, "", "one")
    assert [item["key"] for item in ranking_items(RANKING, "", "")] == ["service", "price", "range", "data"]
    assert [item["key"] for item in ranking_items(RANKING, "data price", "one")][:2] == ["data", "price"]


# --- The questions of a round against each other ---------------------------------------------------------------------


def test_condition_decides_what_is_asked() -> None:
    questions = every_kind()
    for step, is_asked in [("4", False), ("5", True), ("7", True), ("", False), ("nine", False)]:
        weighed = weigh(questions, ANSWERS | {4: {"": step}})
        assert (questions[8] in weighed.asked) is is_asked, step


def test_answer_to_a_question_that_is_not_asked_counts_for_nothing() -> None:
    questions = [question for question in every_kind() if question.position in {4, 9}]
    for number, question in enumerate(questions):
        question.id = number

    weighed = weigh(questions, {4: {"": "2"}, 9: {"": "a" * 50_000}})

    assert weighed.values == {0: {"step": 2}}
    assert weighed.problems == {}
    assert answered_questions(questions, {0: {"step": 2}, 1: {"text": "x"}}) == questions[:1]


def test_minutes_are_those_of_earlier_rounds_where_there_are_any() -> None:
    assert minutes_for([TEXT, GUESS]) == 5
    assert minutes_for([TEXT, GUESS], {"open_text": 75.0}) == 2
    assert minutes_for([CONFIDENCE]) == 1


def test_median_time_is_read_from_the_steps_that_were_counted() -> None:
    assert median_of({}) is None
    assert median_of({10: 4}) is None
    assert median_of({60: 5}) == pytest.approx(52.5)
    assert median_of({30: 4, 60: 4}) == pytest.approx(30)
    assert median_of(dict.fromkeys(STEPS, 1)) == pytest.approx(90)
