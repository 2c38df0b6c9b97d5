from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.texts import MAX_MARKS_ON_A_LETTER, clean_line, clean_text, is_blank

ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=300)


@given(ANY_TEXT)
@settings(max_examples=500, deadline=None)
@example("a\x00b\ud800c\udc00")
@example("e" + "\u0301" * 40)
@example("\u0958\u0344")
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = clean_text(text)

    assert clean_text(once) == once
    assert once.encode().decode() == once
    assert unicodedata.is_normalized("NFC", once)
    assert not any(ord(character) < 32 and character not in "\n\t" for character in once)


@given(st.text(st.characters(categories=["Lu", "Ll", "Nd", "Po", "So"]), max_size=200))
@settings(deadline=None)
def test_ordinary_text_is_only_normalised(text: str) -> None:
    kept = "".join(character for character in text if character not in "\ufffe")

    assert clean_text(f"x{kept}x") == unicodedata.normalize("NFC", f"x{kept}x")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"),
        ("a\x00b", "ab"),
        ("evil\u202etxt.exe", "eviltxt.exe"),
        ("\ufeff  padded \n", "padded"),
        ("cafe\u0301", "café"),
        ("\ud83d\ude00", "😀"),
        ("half \ud83d pair", "half \ufffd pair"),
        ("👩\u200d🔧 family", "👩\u200d🔧 family"),
        ("שלום\u200f!", "שלום\u200f!"),
        ("tab\tstays", "tab\tstays"),
    ],
)
def test_what_is_dropped_and_what_stays(typed: str, kept: str) -> None:
    assert clean_text(typed) == kept


def test_tower_of_marks_is_cut() -> None:
    assert clean_text("z" + "\u0335" * 50 + "a") == "z" + "\u0335" * MAX_MARKS_ON_A_LETTER + "a"


@pytest.mark.parametrize("text", ["", " \n\t", "\u200b", "\u2060\ufe0f", "\u0301"])
def test_text_with_nothing_to_see_is_blank(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize("text", ["a", "0", "…", "🙂", "ن", "-"])
def test_text_with_anything_to_see_is_not_blank(text: str) -> None:
    assert not is_blank(text)


@given(ANY_TEXT)
@settings(deadline=None)
@example("\u200b \u200b")
@example("a \u2061\u0301")
def test_line_is_one_line_and_stays_as_it_is(text: str) -> None:
    once = clean_line(text)

    assert clean_line(once) == once
    assert "\n" not in once
    assert "\t" not in once


def test_two_names_that_look_the_same_are_the_same() -> None:
    assert clean_line(" Anna\t\n Be\u200brg\u200f\u00a0 ") == "Anna Berg"
    assert clean_line("👩\u200d🔧") == "👩\u200d🔧"
