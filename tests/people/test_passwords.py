from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.demo.services import PASSWORD
from app.people.passwords import MAX_LENGTH, MIN_LENGTH, prepared, why_refused


@pytest.mark.parametrize(
    "password",
    [
        "a" * 14,
        "a" * 129,
        "aaaaaaaaaaaaaaaaaaaa",
        "abcabcabcabcabcabc",
        "123456789012345",
        "9876543210987654",
        "qwertyuiopasdfgh",
        "abcdefghijklmnopq",
        "Correct Horse Battery Staple",
        "correct-horse-battery-staple",
        "Password Password",
        "This is my password!",
        "ninefold ninefold 2026",
        "Halden Instruments 2026",
        "mara.lind@halden.example",
        "MARA LIND mara lind!!",
    ],
)
def test_easy_passwords_are_refused(password: str) -> None:
    names = ("Halden Instruments", "Mara Lind", "mara.lind@halden.example")

    assert why_refused(password, names=names) is not None


@pytest.mark.parametrize(
    "password",
    [
        "seven quiet otters drum",
        "blaue Stühle fliegen nachts",
        "x9$kQ!vv2-Lm0#pT",
        "Halden otters drum quietly",
        "три зелёных верблюда поют",
        "a" * 7 + " quick otter " + "b" * 7,
        PASSWORD,
    ],
)
def test_long_passwords_of_any_kind_are_taken(password: str) -> None:
    assert why_refused(password, names=("Halden Instruments", "Mara Lind")) is None


@given(st.text(max_size=MAX_LENGTH + 20), st.lists(st.text(max_size=30), max_size=3))
def test_any_text_gets_an_answer_and_the_length_rules_hold(password: str, names: list[str]) -> None:
    refusal = why_refused(password, names=names)

    if not MIN_LENGTH <= len(prepared(password)) <= MAX_LENGTH:
        assert refusal is not None
    assert refusal is None or password == "" or password not in refusal or len(password) < 4


def test_same_keys_give_the_same_password_on_another_machine() -> None:
    assert prepared("Stu\u0308hle") == prepared("Stühle")
