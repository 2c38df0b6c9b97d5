from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from app.analysis.judge import PairJudgements, Parts
from app.analysis.phrases import label_of, places_of, terms_of
from app.analysis.themes import MOST_READ, Themes, read_themes
from tests.analysis.fakes import FirstWordJudge

TEXTS = [
    "Clinics come first in Europe. North is where we grow.",
    "Clinics before anything else. South is home.",
    "Clinics pay the bills.\n- Speed wins the deal",
    "Vague words about being the best. Speed is what they pay for.",
    "Vague talk of excellence. Price is a matter for others.",
    "Vague promises to be great.",
]


def labels(themes: Themes) -> list[str]:
    return [theme.label.text for theme in themes.themes]


def test_clauses_that_say_the_same_are_one_theme_with_the_people_who_say_it() -> None:
    themes = read_themes(TEXTS, judge=FirstWordJudge())
    people = {themes.pieces[theme.central].text.split()[0]: theme.people for theme in themes.themes}
    assert people == {"Clinics": (0, 1, 2), "Vague": (3, 4, 5), "Speed": (2, 3)}


def test_every_piece_and_every_label_is_a_verbatim_span_of_its_answer() -> None:
    texts = [*TEXTS, "  – Clinics,\r\n  and   “clinics”\u200b again; then speed…  ", "Cli\u0301nics"]
    themes = read_themes(texts, judge=FirstWordJudge())
    assert themes.pieces
    for piece in themes.pieces:
        assert texts[piece.answer][piece.start : piece.end] == piece.text
    for theme in themes.themes:
        at = theme.label
        assert texts[at.answer][at.start : at.end] == at.text


def test_what_only_one_person_says_is_no_theme_however_often() -> None:
    texts = ["Clinics first. Clinics always. Clinics everywhere.", "Speed is all.", "Price is all."]
    assert read_themes(texts, judge=FirstWordJudge()).themes == ()


def test_common_ground_is_what_two_thirds_say() -> None:
    texts = ["Clinics come first."] * 2 + ["Clinics in Europe."] * 2 + ["Speed wins.", "Speed counts."]
    document = read_themes(texts, judge=FirstWordJudge()).to_document()
    assert document["fewest_for_common_ground"] == 4
    assert [document["themes"][k]["people"] for k in document["common_ground"]] == [[0, 1, 2, 3]]
    less = read_themes([*texts, "Price."], judge=FirstWordJudge()).to_document()
    assert less["fewest_for_common_ground"] == 5
    assert less["common_ground"] == []


def test_vague_words_that_everybody_says_are_no_common_ground() -> None:
    texts = ["Vague as ever, we want to be the best."] * 3 + ["Vague excellence in all we do."] * 3
    themes = read_themes(texts, judge=FirstWordJudge(assesses=True))
    assert [(len(theme.people), theme.is_vague, theme.is_common_ground) for theme in themes.themes] == [
        (6, True, False)
    ]
    # Without an assessment nothing is called vague.
    assert read_themes(texts, judge=FirstWordJudge()).themes[0].is_common_ground


def test_vague_words_in_no_theme_are_listed_apart() -> None:
    texts = ["Vague hopes.", "Clinics first.", "Clinics always."]
    themes = read_themes(texts, judge=FirstWordJudge(assesses=True))
    assert [themes.pieces[k].text for k in themes.vague] == ["Vague hopes."]


def test_under_three_readable_answers_there_is_no_theme() -> None:
    themes = read_themes(["Clinics first.", "Clinics first.", "n/a"], judge=FirstWordJudge())
    assert themes.themes == ()
    assert themes.n_readable == 2
    assert read_themes([], judge=FirstWordJudge()).to_document()["pieces"] == []


def test_the_order_of_the_answers_changes_nothing_but_the_numbers() -> None:
    forward = read_themes(TEXTS, judge=FirstWordJudge())
    backward = read_themes(TEXTS[::-1], judge=FirstWordJudge())
    last = len(TEXTS) - 1
    assert {theme.people for theme in forward.themes} == {
        tuple(sorted(last - person for person in theme.people)) for theme in backward.themes
    }


def test_of_a_large_round_the_same_answers_are_read_whatever_their_order() -> None:
    texts = [f"{word} is what counts, in part {k}." for k, word in enumerate(["Clinics", "Speed"] * 100)]
    themes = read_themes(texts, judge=FirstWordJudge())
    again = read_themes(texts[::-1], judge=FirstWordJudge())
    assert themes.n_read == MOST_READ
    assert themes.n_readable == 200
    assert {piece.text for piece in themes.pieces} == {piece.text for piece in again.pieces}


class ByTheWhole(FirstWordJudge):
    """Reads clauses in place: "standard" and "special" are the same topic and exclude each other."""

    def judge(self, texts: list[str]) -> PairJudgements:  # type: ignore[override]
        word = np.array([text.split()[0] for text in texts])
        alike = np.full((len(texts), len(texts)), 0.8)
        against = np.where(word[:, None] != word[None, :], 0.9, 0.0)
        parts = Parts(tuple(texts), np.arange(len(texts)), alike, against, np.ones(len(texts)))
        return replace(super().judge(texts), parts=parts)


def test_the_same_topic_with_the_opposite_choice_is_no_theme() -> None:
    texts = ["Standard rope only.", "Standard rope, and lots.", "Special rope only.", "Special rope always."]
    themes = read_themes(texts, judge=ByTheWhole())
    assert sorted(theme.people for theme in themes.themes) == [(0, 1), (2, 3)]


def test_the_document_holds_plain_values_only() -> None:
    document = read_themes(TEXTS, judge=FirstWordJudge(assesses=True)).to_document()
    assert json.loads(json.dumps(document, allow_nan=False)) == document


@pytest.mark.parametrize(
    ("text", "clauses", "found"),
    [
        ("Go up. Pay down.", ["Go up.", "Pay down."], ["Go up.", "Pay down."]),
        ("1) Go  up!\r\n2) pay down", ["Go up!", "pay down"], ["Go  up!", "pay down"]),
        ("Go up, and go up.", ["Go up", "and go up."], ["Go up", "and go up."]),
        ("🙂", ["🙂"], ["🙂"]),
        ("abc", ["not in it"], ["abc"]),
    ],
)
def test_a_clause_is_found_where_it_stands(text: str, clauses: list[str], found: list[str]) -> None:
    places = places_of(text, clauses)
    assert [text[start:end] for start, end in places] == found
    assert all(a[1] <= b[0] for a, b in pairwise(places))


def test_the_terms_of_a_theme_are_what_the_other_clauses_do_not_say() -> None:
    texts = [
        "we sell rope by the coil",
        "rope by the coil is cheap",
        "we look after rope",
        "look after every rope",
    ]
    terms = list(terms_of((0, 1), [(0, 1), (2, 3)], texts))
    assert terms[0] == "coil"
    # By hand: "coil" and "rope" are 2 of 6 words each, seen twice and four times; 10 words in 3 classes.
    weights = terms_of((0, 1), [(0, 1), (2, 3)], texts)
    assert weights["coil"] / weights["rope"] == pytest.approx(np.log(1 + 10 / 3 / 2) / np.log(1 + 10 / 3 / 4))


def test_a_label_begins_and_ends_with_a_word_of_the_topic() -> None:
    text = "and so it is that the long thread of all of our work is the care of ropes in use by the crews of ships"
    phrase = label_of([(4, 10, text, 0.5)], {"care": 1.0, "ropes": 1.0})
    assert phrase.text == "care of ropes"
    assert (phrase.answer, phrase.end - phrase.start) == (4, len("care of ropes"))
