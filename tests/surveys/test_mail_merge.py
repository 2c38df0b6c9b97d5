from __future__ import annotations

import csv
import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.surveys.links import PersonalLink
from app.surveys.mail_merge import defused, file_name, links_csv
from app.surveys.models import Participant


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\x00=1", " =1", "＝1", "\u200b=1", "|x", "%x"],
)
def test_a_cell_that_could_run_is_text(cell: str) -> None:
    assert defused(cell).startswith("'")


@pytest.mark.parametrize(
    "cell", ["", "Anna Berg", "CEO", "anna@h.example", "https://x.example/r/-abc", "1+1"]
)
def test_an_ordinary_cell_stays_as_it_is(cell: str) -> None:
    assert defused(cell) == cell


@given(st.text())
def test_no_cell_begins_with_what_a_spreadsheet_runs(cell: str) -> None:
    safe = defused(cell)

    seen = [sign for sign in unicodedata.normalize("NFKC", safe) if unicodedata.category(sign)[0] not in "ZC"]
    assert not seen or seen[0] not in "=+-@"
    assert not safe or unicodedata.category(safe[0])[0] not in "ZC"


def test_the_file_has_a_mark_headers_and_a_row_for_each_link() -> None:
    people = [
        Participant(name="Berg, Anna", email="anna@h.example", role="=CEO()"),
        Participant(name="Ben", email="", role=""),
    ]

    content = links_csv([PersonalLink(person, f"https://x.example/r/{person.name}") for person in people])

    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows == [
        ["name", "email", "role", "link"],
        ["Berg, Anna", "anna@h.example", "'=CEO()", "https://x.example/r/Berg, Anna"],
        ["Ben", "", "", "https://x.example/r/Ben"],
    ]


def test_file_name_is_ascii() -> None:
    assert file_name("Q4 2026") == "links-q4-2026.csv"
    assert file_name('Ärger/"\r\nX') == "links-arger-x.csv"
    assert file_name("четвёртый") == "links-round.csv"
