from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.analysis.texts import (
    EMPTY,
    LANGUAGE,
    NO_WORDS,
    PLACEHOLDER,
    normalise,
    readable_part,
    same_words,
    screen,
    text_hash,
    windows,
    words,
)

# Short, figurative, ungrammatical, foreign-looking: English all the same.
ENGLISH = [
    "Peanuts.",
    "Savile Row.",
    "Pac-Man.",
    "Velvet rope.",
    "e pluribus unum, on a plastic card",
    "One face, one lens, one kitchen table.",
    "We plant. Others shop for trees.",
    "Taxi company, zero taxis.",
    "No fuss, no hymn, no ham sandwiches.",
    "Toothbrush, banana, cable. Amen.",
    "No cure, no pay",
    "my english not so good but we must to sell only in nordic and stop the rest",
    "- own brand\n- own planes\n- no contract flying",
    "ENTERPRISE FIRST, SMB LATER, AND NOTHING IN BETWEEN UNTIL 2027",
    "Better a well paid chauffeur than a poor taxi owner waiting for fares in the rain.",
    "ARR up, churn down, CAC payback < 12 months; EBITDA 20 %",
]

FOREIGN = [
    "Wir konzentrieren uns auf den Mittelstand in Süddeutschland und lassen Großkunden bewusst liegen.",
    "Nous voulons devenir le partenaire de confiance des petites entreprises de la région.",
    "Vamos a crecer en el mercado de la pequeña empresa y dejar las grandes cuentas.",
    "Vi satser på de små kundene og sier nei til de store kontraktene.",
    "نحن نركز على الشركات الصغيرة",
    "我们专注于小企业客户",
    "Мы продаём только напрямую",
]


@pytest.mark.parametrize("text", ENGLISH)
def test_english_however_short_is_read(text: str) -> None:
    assert screen([text])[0].is_readable


@pytest.mark.parametrize("text", FOREIGN)
def test_other_languages_are_left_out_with_the_reason(text: str) -> None:
    assert screen([text])[0].reason == LANGUAGE


@pytest.mark.parametrize("text", ["", "  \n\t ", "\u200b\u200f", "\ufeff"])
def test_nothing_is_empty(text: str) -> None:
    assert screen([text])[0].reason == EMPTY


@pytest.mark.parametrize("text", ["🙂🙂", "...", "42", "?!", "100 %"])
def test_no_words(text: str) -> None:
    assert screen([text])[0].reason == NO_WORDS


@pytest.mark.parametrize("text", ["n/a", "N/A.", "I don’t know", "None", "no idea!"])
def test_a_placeholder_is_no_answer(text: str) -> None:
    assert screen([text])[0].reason == PLACEHOLDER


def test_an_english_sentence_in_a_mixed_answer_is_read_alone() -> None:
    mixed = (
        "Wir konzentrieren uns auf den Mittelstand und lassen Großkunden bewusst liegen. "
        "We sell only through our partners."
    )
    (screened,) = screen([mixed])
    assert screened.is_readable
    assert readable_part(screened) == "We sell only through our partners."
    assert "English" in (screened.note or "")


def test_a_long_answer_is_read_in_parts_and_says_so() -> None:
    (screened,) = screen(["We grow with the customers that we have, not by new ones. " * 400])
    assert screened.is_readable
    assert "in parts" in (screened.note or "")
    assert readable_part(screened) == screened.text


def test_normalising_drops_what_cannot_be_seen() -> None:
    assert normalise("\u202ewe\u200b sell\r\nshoes \u2066 \x07") == "we sell\nshoes"
    assert normalise("Cafe\u0301") == "Café"
    assert normalise("a\ud800b") == "a\ufffdb"


def test_the_hash_is_that_of_the_normalised_text() -> None:
    assert text_hash(" Go up-market.\r\n") == text_hash("Go up-market.")
    assert text_hash("Go up-market.") != text_hash("Go upmarket.")
    assert len(text_hash("x")) == 64


def test_answers_differ_by_words_not_by_punctuation() -> None:
    assert same_words("Go BIG!") == same_words("go big")
    assert same_words("go big") != same_words("go small")


@given(st.text(max_size=400))
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    once.encode("utf-8")


@given(st.text(alphabet="ab .\n!", max_size=300), st.integers(5, 40))
def test_windows_hold_every_word_and_keep_the_limit(text: str, limit: int) -> None:
    pieces = windows(text, limit)
    if len(text) > limit:
        assert all(0 < len(piece) <= limit for piece in pieces) or not text.strip()
        assert "".join("".join(pieces).split()) == "".join(text.split())
    else:
        assert pieces == [text]


@given(st.text(max_size=200))
def test_any_text_is_screened_without_a_crash(text: str) -> None:
    (screened,) = screen([text])
    assert screened.is_readable or screened.reason is not None
    assert not (screened.is_readable and not words(screened.text))
