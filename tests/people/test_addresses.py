from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.people.addresses import MAX_LENGTH, AddressRefused, checked_address


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Anna.Berg@Halden.Example", "anna.berg@halden.example"),
        ("  anna@halden.example ", "anna@halden.example"),
        ("anna+strategy@halden.co.uk", "anna+strategy@halden.co.uk"),
        ("anna@halden.local", "anna@halden.local"),
        ("o'neil@halden.example", "o'neil@halden.example"),
    ],
)
def test_addresses_are_stored_in_lower_case(typed: str, stored: str) -> None:
    assert checked_address(typed) == stored


@pytest.mark.parametrize(
    "typed",
    ["", "anna", "anna@", "@halden.example", "anna@halden", "anna berg@halden.example", "a@b@c.de", "a@.de"],
)
def test_what_is_no_address_is_refused_with_a_sentence(typed: str) -> None:
    with pytest.raises(AddressRefused, match="is not a mail address"):
        checked_address(typed)


def test_endless_addresses_are_refused() -> None:
    with pytest.raises(AddressRefused, match="longer than 254"):
        checked_address("a" * 250 + "@halden.example")


@given(st.text(max_size=300))
def test_any_text_is_stored_or_refused(typed: str) -> None:
    try:
        stored = checked_address(typed)
    except AddressRefused:
        return
    assert stored == stored.lower()
    assert len(stored) <= MAX_LENGTH
