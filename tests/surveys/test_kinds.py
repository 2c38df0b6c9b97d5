"""What each kind of question is set up with, when it is asked, and what is missing before it can be."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.surveys.kinds import (
    CONFIDENCE_STEPS,
    KIND_NAMES,
    asked_questions,
    checked_condition,
    checked_settings,
    default_settings,
    guess_question,
    is_asked,
    settings_of,
    step_words,
    strategy_question,
    unfinished,
)
from app.surveys.models import Question, QuestionKind
from app.surveys.strict import DataRefused


def question(key: str, kind: QuestionKind, **options: Any) -> Question:
    given = {"position": 1, "prompt": "What now?", "settings": default_settings(kind), "condition": None}
    return Question(key=key, kind=kind, **(given | options))


def places(kind: QuestionKind, settings: Any) -> list[str]:
    with pytest.raises(DataRefused) as refused:
        checked_settings(kind, settings)
    return [problem.place for problem in refused.value.problems]


@pytest.mark.parametrize("kind", list(QuestionKind))
def test_the_settings_of_every_kind_pass_their_own_check_and_stay_as_they_are(kind: QuestionKind) -> None:
    assert checked_settings(kind, default_settings(kind)) == default_settings(kind)
    assert kind in KIND_NAMES


def test_the_settings_given_out_are_a_copy_that_nobody_else_has() -> None:
    mine = default_settings(QuestionKind.STAGE_CHOICE)
    mine["dimensions"][0]["stages"][0]["name"] = "Chaos"
    default_settings(QuestionKind.ELEMENTS)["elements"].clear()

    assert default_settings(QuestionKind.STAGE_CHOICE)["dimensions"][0]["stages"][0]["name"] == "Reactive"
    assert len(default_settings(QuestionKind.ELEMENTS)["elements"]) == 7


def test_the_maturity_matrix_has_five_dimensions_of_three_described_stages() -> None:
    dimensions = default_settings(QuestionKind.STAGE_CHOICE)["dimensions"]

    assert [len(dimension["stages"]) for dimension in dimensions] == [3] * 5
    described = [stage["description"] for dimension in dimensions for stage in dimension["stages"]]
    assert len({*described, ""}) == 16


@pytest.mark.parametrize(
    ("kind", "settings", "wrong"),
    [
        ("open_text", {"most": 5}, ["settings"]),
        ("open_text", {"least_characters": 0}, ["settings.least_characters"]),
        ("open_text", {"least_characters": True}, ["settings.least_characters"]),
        ("open_text", {"least_characters": 9, "most_characters": 8}, ["settings.most_characters"]),
        ("open_text", {"guidance": 3}, ["settings.guidance"]),
        ("elements", {"elements": [{"key": "A", "label": "A"}]}, ["settings.elements[1].key"]),
        ("elements", {"elements": [{"key": "a", "label": " "}]}, ["settings.elements[1].label"]),
        ("elements", {"elements": [{"key": "a", "label": "A"}] * 2}, ["settings.elements[2].key"]),
        ("elements", {"elements": [{"key": "a", "label": "A"}] * 13}, ["settings.elements"]),
        ("elements", {"elements": "who"}, ["settings.elements"]),
        ("priorities", {"least": 4, "most": 3}, ["settings.most"]),
        ("priorities", {"least": None}, ["settings.least"]),
        ("priorities", {"most": 11}, ["settings.most"]),
        ("fork", {"left": "x" * 121}, ["settings.left"]),
        ("fork", {"steps": 5}, ["settings"]),
        (
            "ranking",
            {"items": [[]]},
            ["settings.items[1]", "settings.items[1].key", "settings.items[1].label"],
        ),
        ("stage_choice", {"dimensions": [{"key": "a", "label": "A"}]}, ["settings.dimensions[1].stages"]),
        ("confidence", {"steps": 7}, ["settings"]),
        ("perception_guess", [], ["settings"]),
    ],
)
def test_settings_of_another_shape_are_refused_with_their_place(
    kind: str, settings: Any, wrong: list[str]
) -> None:
    assert places(QuestionKind(kind), settings) == wrong


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda children: (
        st.lists(children, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["elements", "items", "dimensions", "stages", "key", "label", "name", "left", "least", "x"]
            ),
            children,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(kind=st.sampled_from(QuestionKind), settings=json_values)
def test_no_settings_whatever_break_the_check(kind: QuestionKind, settings: Any) -> None:
    try:
        checked = checked_settings(kind, settings)
    except DataRefused:
        return
    assert checked_settings(kind, checked) == checked
    unfinished(question("a", kind, settings=checked))


def test_a_question_from_before_there_were_settings_has_all_of_them() -> None:
    old = question("strategy", QuestionKind.OPEN_TEXT, settings={})

    assert settings_of(old) == {"guidance": "", "least_characters": None, "most_characters": None}


@pytest.mark.parametrize(
    ("kind", "settings", "sentence"),
    [
        ("fork", {"left": "", "right": ""}, "is a fork without its left and its right pole."),
        ("fork", {"left": "Grow", "right": ""}, "is a fork without its right pole."),
        ("fork", {"left": "Grow", "right": "grow"}, "is a fork whose two poles are the same."),
        ("ranking", {"items": []}, "is a ranking with nothing to rank; it needs two or more."),
        (
            "ranking",
            {"items": [{"key": "a", "label": "A"}]},
            "is a ranking with one item; it needs two or more.",
        ),
        ("elements", {"elements": []}, "asks for elements, and names none."),
        ("stage_choice", {"dimensions": []}, "asks for stages, and names no dimension."),
    ],
)
def test_what_is_missing_before_a_launch_is_a_sentence(
    kind: str, settings: dict[str, Any], sentence: str
) -> None:
    assert unfinished(question("a", QuestionKind(kind), settings=settings)) == [sentence]
    assert unfinished(question("a", QuestionKind.CONFIDENCE, prompt=" ")) == ["has no wording yet."]


def test_each_of_the_seven_steps_of_a_fork_has_its_own_words() -> None:
    words = [step_words(step, left="Grow", right="Earn") for step in range(1, 8)]

    assert words[0] == "Fully: Grow"
    assert words[2:5] == ["Leaning to: Grow", "Half way between the two", "Leaning to: Earn"]
    assert words[6] == "Fully: Earn"
    assert len(set(words)) == 7
    assert len(set(CONFIDENCE_STEPS)) == 5


# --- Conditions --------------------------------------------------------------------------------------------------

FORK = question("fork", QuestionKind.FORK)
SURE = question("sure", QuestionKind.CONFIDENCE)
STAGES = question("stages", QuestionKind.STAGE_CHOICE)
TEXT = question("text", QuestionKind.OPEN_TEXT)
EARLIER = [FORK, SURE, STAGES, TEXT]


def asked(is_: str, value: int, answer: dict[str, Any] | None, key: str = "fork", **more: str) -> bool:
    later = question(
        "later", QuestionKind.OPEN_TEXT, condition={"question": key, "is": is_, "value": value, **more}
    )
    return is_asked(later, {} if answer is None else {key: answer})


def test_a_condition_compares_with_the_answer_and_an_absent_answer_meets_none() -> None:
    assert [asked("at_most", 3, {"step": step}) for step in (2, 3, 4)] == [True, True, False]
    assert [asked("at_least", 3, {"step": step}) for step in (2, 3, 4)] == [False, True, True]
    assert [asked("equals", 3, {"level": level}, "sure") for level in (2, 3, 4)] == [False, True, False]
    stages = {"stages": {"execution": 1, "measurement": 3}}
    assert asked("at_most", 1, stages, "stages", dimension="execution")
    assert not asked("at_most", 1, stages, "stages", dimension="measurement")
    assert not asked("at_most", 1, stages, "stages", dimension="strategy_clarity")
    assert not asked("at_most", 7, None)
    assert is_asked(TEXT, {})


def test_what_hangs_on_a_question_that_is_not_asked_is_not_asked_either() -> None:
    why = question(
        "why", QuestionKind.CONFIDENCE, condition={"question": "fork", "is": "at_most", "value": 3}
    )
    how = question("how", QuestionKind.OPEN_TEXT, condition={"question": "why", "is": "at_least", "value": 1})
    values = {"fork": {"step": 2}, "why": {"level": 4}}

    assert asked_questions([FORK, why, how], values) == [FORK, why, how]
    # The answer to "why" was given before its author went back and turned the fork round.
    assert asked_questions([FORK, why, how], values | {"fork": {"step": 6}}) == [FORK]


@pytest.mark.parametrize(
    ("condition", "wrong"),
    [
        ({"question": "nobody", "is": "equals", "value": 1}, "question"),
        ({"question": "text", "is": "equals", "value": 1}, "question"),
        ({"question": "fork", "is": "above", "value": 1}, "is"),
        ({"question": "fork", "is": "equals", "value": 8}, "value"),
        ({"question": "fork", "is": "equals"}, "value"),
        ({"question": "sure", "is": "equals", "value": 6}, "value"),
        ({"question": "stages", "is": "equals", "value": 1}, "dimension"),
        ({"question": "fork", "is": "equals", "value": 1, "dimension": "execution"}, "dimension"),
    ],
)
def test_a_condition_that_nothing_could_meet_is_refused(condition: dict[str, Any], wrong: str) -> None:
    with pytest.raises(DataRefused) as refused:
        checked_condition(condition, earlier=EARLIER)

    assert [problem.place for problem in refused.value.problems] == [f"condition.{wrong}"]


def test_a_condition_on_a_later_question_is_refused() -> None:
    with pytest.raises(DataRefused):
        checked_condition({"question": "fork", "is": "equals", "value": 1}, earlier=[TEXT])


# --- Which question is which ---------------------------------------------------------------------------------------


def test_the_strategy_is_the_open_text_of_that_name_or_else_the_first() -> None:
    other = question("obstacle", QuestionKind.OPEN_TEXT)
    named = question("strategy", QuestionKind.OPEN_TEXT)
    guess = question("perception", QuestionKind.PERCEPTION_GUESS)

    assert strategy_question([FORK, other, named]) is named
    assert strategy_question([FORK, other, TEXT]) is other
    assert strategy_question([FORK, question("strategy", QuestionKind.FORK)]) is None
    assert guess_question([FORK, guess]) is guess
    assert guess_question([FORK]) is None
