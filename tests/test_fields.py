from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from app.fields import clean_line, clean_text


def test_line_ends_become_one_kind_and_control_characters_go() -> None:
    assert clean_text(" a\r\nb\rc\x00\x07\u202ed ") == "a\nb\ncd"
    assert clean_line(" Anna\t\n Berg\u00a0 ") == "Anna Berg"


def test_families_of_emoji_stay_whole() -> None:
    assert clean_text("👩‍👩‍👧") == "👩‍👩‍👧"


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = clean_text(text)

    assert clean_text(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert "\x00" not in once
    assert clean_line(clean_line(text)) == clean_line(text)
