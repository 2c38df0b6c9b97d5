"""The themes with the judge that ships, on the demonstration company and on platitudes."""

from __future__ import annotations

import pytest

from app.analysis import Judge, default_judge
from app.analysis.themes import read_themes
from app.demo.content import MERROWBY, Camp

pytestmark = pytest.mark.model

PLATITUDES = [
    "We want to be the best.",
    "Deliver excellence in all that we do.",
    "Create value for all stakeholders.",
    "We are a trusted partner.",
    "Innovation and quality.",
    "To be the best at what we do.",
]


@pytest.fixture(scope="module")
def judge() -> Judge:
    return default_judge()


def test_after_a_year_most_of_the_company_share_the_theme_that_became_the_thesis(judge: Judge) -> None:
    answers = MERROWBY.closed_quarters[-1].answers
    themes = read_themes([answer.text for answer in answers], judge=judge)
    largest = themes.themes[0]
    assert len(largest.people) >= 4
    assert {answers[person].intended for person in largest.people} == {Camp.CARE}


def test_in_the_first_quarter_nothing_is_common_ground(judge: Judge) -> None:
    answers = MERROWBY.closed_quarters[0].answers
    themes = read_themes([answer.text for answer in answers], judge=judge)
    assert not [theme for theme in themes.themes if theme.is_common_ground]


def test_platitudes_are_no_common_ground_however_many_say_them(judge: Judge) -> None:
    themes = read_themes(PLATITUDES, judge=judge)
    assert not [theme for theme in themes.themes if theme.is_common_ground]
    assert sum(piece.is_vague for piece in themes.pieces) >= 5
