from __future__ import annotations

from pathlib import Path

import pytest

from app.spreadsheets.files import (
    BadLine,
    FileRefused,
    Team,
    is_json_lines,
    read_rounds,
    read_table,
    read_teams,
    read_text,
)


def written(folder: Path, data: bytes) -> str:
    path = folder / "answers.csv"
    path.write_bytes(data)
    return str(path)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_any_delimiter_order_and_case(delimiter: str) -> None:
    text = (
        delimiter.join(["ROLE", " Answer ", "Person"]) + "\r\n" + delimiter.join(["CFO", "Go north.", "Ann"])
    )
    (row,) = read_table(text)
    assert (row.answer, row.person, row.role, row.line) == ("Go north.", "Ann", "CFO", 2)


def test_a_single_column_of_answers_with_commas_in_quotes() -> None:
    assert [row.answer for row in read_table('answer\n"North, not south; ever"\nEast\n')] == [
        "North, not south; ever",
        "East",
    ]


def test_a_quoted_answer_may_run_over_lines() -> None:
    rows = read_table('person;answer\nAnn;"North\n\n""really""; yes"\nBob;South\n')
    assert [row.answer for row in rows] == ['North\n\n"really"; yes', "South"]
    assert [row.line for row in rows] == [2, 5]


def test_aliases_are_understood() -> None:
    (row,) = read_table("Name,Text,Title\nAnn,North,CEO\n")
    assert (row.person, row.answer, row.role) == ("Ann", "North", "CEO")


def test_an_empty_answer_stays_and_a_blank_line_goes() -> None:
    assert [row.answer for row in read_table("person,answer\nAnn,\n,\n\nBob,South\n")] == ["", "South"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    text = read_text(written(tmp_path, "answer\nÜber alles: café 🙂\n".encode(encoding)))
    assert [row.answer for row in read_table(text)] == ["Über alles: café 🙂"]


def test_bad_utf_8_names_the_line(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match=r"^Line 3 is not UTF-8 text"):
        read_text(written(tmp_path, b"answer\nfine\ncaf\xe9\n"))


def test_a_workbook_is_not_a_text_file(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="CSV UTF-8"):
        read_text(written(tmp_path, b"PK\x03\x04\x00\x00"))


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="no such file"):
        read_text(str(tmp_path / "none.csv"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "The file is empty."),
        ("  \n\n", "The file is empty."),
        (
            "person,role\nAnn,CEO\n",
            "Line 1 should name the columns and has no “answer” among them; it has “person”, “role”.",
        ),
        ("answer,Answer\na,b\n", "Line 1 names the column “answer” twice."),
        ("person,answer\nAnn,North, not south\n", "Line 2 has 3 columns where the header has 2"),
        ('answer\nfine\n"never closed\n', "Line 3 has a double quote that is not closed"),
    ],
)
def test_a_table_that_cannot_be_read_is_refused_in_a_sentence(text: str, message: str) -> None:
    with pytest.raises(FileRefused) as refused:
        read_table(text)
    assert str(refused.value).startswith(message)


def test_json_lines_are_told_from_a_table() -> None:
    assert is_json_lines('\n{"answers": []}')
    assert not is_json_lines("answer\n{}\n")


def test_bad_lines_are_named_and_the_others_read() -> None:
    lines = [
        '{"id": "a", "answers": [{"text": "North\\u2028", "role": "CEO"}]}',
        "{oops",
        "",
        "[1]",
        '{"id": 1.5, "answers": []}',
        '{"answers": "none"}',
        '{"answers": [{"person": "Ann"}]}',
        '{"answers": [{"text": "x", "person": 3}]}',
        '{"id": 2, "answers": []}',
    ]
    found = list(read_teams("\n".join(lines)))
    assert [item.line for item in found if isinstance(item, BadLine)] == [2, 4, 5, 6, 7, 8]
    assert [item.identifier for item in found if isinstance(item, Team)] == ["a", 2]


def test_rounds_are_ordered_by_their_numbers() -> None:
    text = "round,person,answer\nQ1 2025,Ann,b\nQ4 2024,Ann,a\n"
    assert [round_.label for round_ in read_rounds(text)] == ["Q4 2024", "Q1 2025"]


def test_rounds_without_numbers_stay_as_they_came() -> None:
    text = "round,person,answer\nspring,Ann,a\nautumn,Ann,b\n"
    assert [round_.label for round_ in read_rounds(text)] == ["spring", "autumn"]


def test_a_person_is_the_same_but_for_case_and_spacing() -> None:
    first, second = read_rounds("round,person,answer\n1,Ann  Lee,a\n2,ann lee ,b\n")
    assert first.people == second.people == ("Ann  Lee",)


def test_a_second_answer_in_a_round_is_refused_with_both_lines() -> None:
    with pytest.raises(FileRefused, match=r"^Line 3: ann has answered in Q1 already, on line 2\.$"):
        read_rounds("round,person,answer\nQ1,Ann,a\nQ1,ann,b\n")


def test_a_row_without_a_round_is_refused() -> None:
    with pytest.raises(FileRefused, match="Line 3 names no round"):
        read_rounds("round,person,answer\nQ1,Ann,a\n,Bob,b\n")


def test_tracking_needs_its_columns() -> None:
    with pytest.raises(FileRefused, match="no “round”"):
        read_rounds("person,answer\nAnn,a\n")
