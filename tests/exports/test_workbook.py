"""Workbook and CSV: typed numbers, exact texts, nothing that a spreadsheet takes for a formula."""

from __future__ import annotations

import csv
import io

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.exports.content import Column, Table
from app.exports.sections import build_sections
from app.exports.sheets import answers_table, as_csv
from app.exports.workbook import _Sheets, as_xlsx
from app.surveys.mail_merge import defused
from app.surveys.models import Confidentiality
from tests.exports.conftest import TEXTS, Build, Built, make, sqlite


def book_of(built: Built) -> openpyxl.Workbook:
    view = built.view
    return openpyxl.load_workbook(io.BytesIO(as_xlsx(view, build_sections(view))))


@sqlite
def test_numbers_are_numbers_and_answers_are_exact(built: Built) -> None:
    book = book_of(built)
    rows = list(book["Answers"].iter_rows(values_only=True))
    assert rows[0] == ("Label", "Name", "Answer", "Strategy", "Reading", "Remarks")
    assert {row[2] for row in rows[1:]} == set(TEXTS)
    expected = list(book["Expected and measured agreement"].iter_rows(values_only=True))[2]
    assert expected[1] == built.view.analysis["agreement"]["estimate"]


@sqlite
def test_no_cell_is_a_formula_and_a_text_that_looks_like_one_is_marked(built: Built) -> None:
    for sheet in book_of(built):
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                if isinstance(cell.value, str) and defused(cell.value) != cell.value:
                    assert cell.quotePrefix


@sqlite
def test_the_same_report_is_the_same_workbook(built: Built) -> None:
    view = built.view
    assert as_xlsx(view, build_sections(view)) == as_xlsx(view, build_sections(view))


@pytest.mark.parametrize("mode", [Confidentiality.CONFIDENTIAL, Confidentiality.UNATTRIBUTED])
@sqlite
def test_without_names_no_export_has_one(
    session: object, facilitator: object, build: Build, mode: Confidentiality
) -> None:
    built = make(session, facilitator, build, mode=mode)  # type: ignore[arg-type]
    view = built.view
    everything = as_csv(answers_table(view)).decode("utf-8-sig")
    for sheet in book_of(built):
        everything += "\n".join(str(cell) for row in sheet.iter_rows(values_only=True) for cell in row)
    assert "Name" not in [column.label for column in answers_table(view).columns]
    for participant in built.round.participants:
        assert participant.name not in everything


def test_csv_has_the_mark_of_utf_8_and_defuses_heads_and_cells() -> None:
    made = as_csv(Table("T", (Column("=head"), Column("n", "share")), (("@cell Łódź", 0.184), (None, None))))
    assert made.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(made.decode("utf-8-sig"))))
    assert rows == [["'=head", "n"], ["'@cell Łódź", "0.184"], ["", ""]]


@given(st.text(max_size=40))
@settings(max_examples=25, suppress_health_check=list(HealthCheck))
def test_any_title_makes_a_sheet_that_opens(title: str) -> None:
    import xlsxwriter

    book = xlsxwriter.Workbook(file := io.BytesIO(), {"in_memory": True})
    sheets = _Sheets(book)
    for _ in range(2):
        sheets.add(title, Table(title, (Column(title),), ((title,),)))
    book.close()
    names = openpyxl.load_workbook(io.BytesIO(file.getvalue())).sheetnames
    assert len(set(names)) == 2
    assert not any(defused(name) != name for name in names)
