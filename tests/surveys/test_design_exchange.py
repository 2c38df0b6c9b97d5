"""A survey as JSON: out and in again, and every bad file in words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.surveys.design.exchange import (
    MAX_BYTES,
    SCHEMA,
    Survey,
    read_document,
    read_json,
    to_document,
    to_json,
)
from app.surveys.design.library import LIBRARY
from app.surveys.models import QuestionKind
from app.surveys.starting_points import STARTING_POINTS
from app.surveys.strict import DataRefused

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "survey.json"


def whole_library() -> dict[str, Any]:
    """A survey with a question of every kind, a condition of every shape and characters of every sort."""
    keys = (
        "strategy",
        "market_end",
        "confidence",
        "maturity",
        "thesis",
        "put_off",
        "yardstick",
        "perception",
    )
    questions = [LIBRARY[key].question() for key in keys]
    assert {question.kind for question in questions} == set(QuestionKind)
    questions[3].condition = {"question": "market_end", "is": "at_most", "value": 3}
    questions[4].condition = {"question": "confidence", "is": "equals", "value": 5}
    questions[5].condition = {"question": "maturity", "is": "at_least", "value": 2, "dimension": "execution"}
    questions[5].is_required = False
    questions[0].is_trend = True
    questions[0].prompt = "Strategie – „was ist sie“? 戦略 الاستراتيجية \u202bfoo\nSecond line"
    questions[0].prompt = questions[0].prompt.replace("\u202b", "")
    return to_document(title="Offsite", introduction="We meet.\nSoon.", questions=questions)


def problems_of(given: Any) -> dict[str, str]:
    with pytest.raises(DataRefused) as refused:
        read_json(given) if isinstance(given, (str, bytes)) else read_document(given)
    return {problem.place: problem.words for problem in refused.value.problems}


def again(survey: Survey) -> dict[str, Any]:
    return to_document(title=survey.title, introduction=survey.introduction, questions=survey.questions)


def test_a_survey_of_every_kind_comes_back_as_it_went_out() -> None:
    document = whole_library()

    assert again(read_json(to_json(document))) == document
    assert again(read_json(to_json(document).encode("utf-8-sig"))) == document


@pytest.mark.parametrize("point", list(STARTING_POINTS))
def test_each_template_of_the_product_can_be_exported_and_read(point: str) -> None:
    starting_point = STARTING_POINTS[point]
    document = to_document(title=starting_point.title, introduction="", questions=starting_point.questions())

    assert again(read_json(to_json(document))) == document


@pytest.mark.parametrize("key", list(LIBRARY))
def test_each_question_of_the_library_is_complete_and_can_be_exported_and_read(key: str) -> None:
    document = to_document(title="T", introduction="", questions=[LIBRARY[key].question()])

    assert again(read_json(to_json(document))) == document
    if LIBRARY[key].kind == QuestionKind.FORK:
        settings = LIBRARY[key].settings
        # Neutral: neither pole is much longer than the other, and none denies the other.
        assert 0.5 <= len(settings["left"]) / len(settings["right"]) <= 2
        assert " not " not in f" {settings['left']} {settings['right']} ".lower()


def test_the_example_of_the_documents_is_a_survey() -> None:
    survey = read_json(EXAMPLE.read_bytes())

    assert json.loads(EXAMPLE.read_text(encoding="utf-8")) == again(survey)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ("", "This is not JSON: something is wrong at line 1, column 1."),
        ('{"schema": 1,\n "title" 2}', "something is wrong at line 2, column 10."),
        (b"\xff\xfe\x00", "This is not text in UTF-8."),
        ("[" * 100_000, "This is nested too deeply"),
        ('{"a": 1' + "0" * 10_000 + "}", "a number that no survey has"),
        ('{"a": NaN}', "NaN is no JSON"),
        ('{"a": 1, "a": 2}', "has the field “a” twice"),
        ('{"\\ud800": 1, "\\ud800": 2}', "has the field “\ufffd” twice"),
        (" " * (MAX_BYTES + 1), "up to 200,000 are read"),
        ("[]", "An object in curly brackets is wanted here, not a list."),
        ("null", "An object in curly brackets is wanted here, not null."),
    ],
)
def test_a_file_that_is_no_survey_is_refused_in_words(given: str | bytes, sentence: str) -> None:
    assert sentence in problems_of(given)[""]


@pytest.mark.parametrize("schema", [None, 1, "ninefold.survey/2", "ninefold.report/1"])
def test_another_version_is_refused_before_anything_else_is_read(schema: Any) -> None:
    assert list(problems_of({"schema": schema, "nonsense": 1})) == ["schema"]


def test_every_problem_is_named_with_its_place() -> None:
    document = whole_library()
    questions = document["questions"]
    document["author"] = "Mara"
    questions[0]["prompt"] = "  "
    questions[1]["settings"]["left"] = 7
    questions[2]["key"] = questions[1]["key"]
    questions[3]["condition"] = {"question": "thesis", "is": "equals", "value": 1}
    questions[4]["kind"] = "essay"
    questions[5]["is_required"] = "yes"
    questions[6] = "yardstick"
    questions[7]["settings"] = {"scale": 10}

    assert set(problems_of(document)) == {
        "",
        "questions[1].prompt",
        "questions[2].settings.left",
        "questions[3].key",
        "questions[4].condition.question",
        "questions[5].kind",
        "questions[6].is_required",
        "questions[7]",
        "questions[7].key",
        "questions[7].prompt",
        "questions[7].kind",
        "questions[8].settings",
    }


def test_too_many_questions_and_problems_are_cut_short() -> None:
    question = whole_library()["questions"][0]
    document = {"schema": SCHEMA, "title": "T", "questions": [question] * 31}
    assert problems_of(document)["questions"].startswith("This list has 31 entries; up to 30")

    document = {"schema": SCHEMA, "title": "T", "questions": [{str(n): n for n in range(500)}]}
    assert len(problems_of(document)) <= 50


def test_what_could_garble_a_page_is_cleaned_on_the_way_in() -> None:
    document = whole_library()
    document["questions"][0]["prompt"] = "Why\x00 \u202eus\ud800?"

    assert read_document(document).questions[0].prompt == "Why us\ufffd?"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda children: (
        st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=8), children, max_size=3)
    ),
    max_leaves=8,
)


@given(given=st.text(max_size=60) | st.binary(max_size=60) | json_values.map(json.dumps))
def test_no_file_whatever_breaks_the_import(given: str | bytes) -> None:
    with pytest.raises(DataRefused):
        read_json(given)


@given(data=st.data())
def test_a_survey_with_one_thing_changed_is_read_or_refused_and_never_breaks(data: st.DataObject) -> None:
    document = json.loads(json.dumps(whole_library()))
    here: Any = document
    while True:
        name = data.draw(st.sampled_from(sorted(here) if isinstance(here, dict) else range(len(here))))
        if not isinstance(here[name], (dict, list)) or not here[name] or data.draw(st.booleans()):
            break
        here = here[name]
    if data.draw(st.booleans()):
        here[name] = data.draw(json_values)
    else:
        del here[name]
    try:
        survey = read_json(to_json(document))
    except DataRefused as refused:
        for problem in refused.problems:
            problem.words.encode()  # can be shown
        return
    assert again(read_document(again(survey))) == again(survey)
