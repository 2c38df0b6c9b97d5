"""XLSX by XlsxWriter: one sheet for each part, numbers as numbers, and no cell that is a formula.

What people wrote is only ever written as a string, which no program evaluates. A text that looks like a formula also
gets Excel's own mark for "this is text" (quote prefix), so that it stays one when somebody edits the cell. The text
itself is not touched: it equals the report to the letter.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from app.exports.archives import with_fixed_times
from app.exports.content import Column, Section, Table, Value
from app.exports.drawing import tokens
from app.exports.method import method_facts
from app.exports.sheets import answers_table
from app.reports.presenting import ReportView
from app.surveys.mail_merge import defused

_FORMATS = {"count": "0", "decimal": "0.0", "share": "0 %", "points": "+0 %;-0 %", "text": "@"}
# What the format forbids in the name of a sheet (it counts in UTF-16, so emoji go too); its longest name and text.
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe-\U0010ffff]")
MOST_NAME, MOST_TEXT = 31, 32_767


def as_xlsx(report: ReportView, sections: Sequence[Section]) -> bytes:
    import xlsxwriter

    book = xlsxwriter.Workbook(file := io.BytesIO(), {"in_memory": True, "strings_to_numbers": False})
    closed = report.closed_at.astimezone(UTC)
    book.set_properties(
        {"title": report.round["series_title"], "author": "Ninefold", "created": _naive(closed)}
    )
    written = _Sheets(book)
    written.add("Method card", Table("Method card", (Column("What"), Column("This report")), _card(report)))
    written.add("Answers", answers_table(report))
    for section in sections:
        for _key, name, table in section.tables:
            # The card stands in front, with more on it.
            if section.key != "method":
                written.add(name, table)
    book.close()
    return with_fixed_times(file.getvalue(), written_at=closed)


def _card(report: ReportView) -> tuple[tuple[str, str], ...]:
    facts = report.round
    return (
        ("Question", facts["question"]),
        ("Series", facts["series_title"]),
        ("Round", facts["label"]),
        ("Asked by", facts["asked_by"]),
        *method_facts(report),
        *((f"Note {place}", note) for place, note in enumerate(report.analysis["notes"], start=1)),
    )


class _Sheets:
    """The sheets of one workbook, each named once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._names: set[str] = set()
        found = tokens()
        self._head = {"bold": True, "bg_color": found["--sunken"], "text_wrap": True, "valign": "top"}
        self._formats: dict[str, Any] = {}

    def add(self, title: str, table: Table) -> None:
        sheet = self._book.add_worksheet(self._name(title))
        sheet.freeze_panes(1, 1)
        for place, column in enumerate(table.columns):
            self._text(sheet, 0, place, column.label, self._head)
            sheet.set_column(place, place, _width(column, [row[place] for row in table.rows]))
        for number, row in enumerate(table.rows, start=1):
            for place, (value, column) in enumerate(zip(row, table.columns, strict=True)):
                self._cell(sheet, number, place, value, column)
        if table.rows:
            sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)

    def _name(self, title: str) -> str:
        """A sheet's name as the format allows it, and not one that begins like a formula."""
        plain = _FORBIDDEN.sub(" ", title).strip(" '") or "Sheet"
        if defused(plain) != plain:
            plain = f"Sheet {plain}"
        name, number = plain[:MOST_NAME], 2
        while name.casefold() in self._names:
            name, number = f"{plain[: MOST_NAME - 4]} ({number})", number + 1
        self._names.add(name.casefold())
        return name

    def _cell(self, sheet: Any, row: int, place: int, value: Value, column: Column) -> None:
        if value is None:
            sheet.write_blank(row, place, None, self._format({"num_format": _FORMATS[column.kind]}))
        elif isinstance(value, str):
            self._text(sheet, row, place, value, {"text_wrap": True, "valign": "top"})
        else:
            sheet.write_number(
                row, place, value, self._format({"num_format": _FORMATS[column.kind], "valign": "top"})
            )

    def _text(self, sheet: Any, row: int, place: int, value: str, look: dict[str, Any]) -> None:
        is_like_a_formula = defused(value) != value
        look = {**look, "num_format": "@", "quote_prefix": is_like_a_formula}
        sheet.write_string(row, place, value[:MOST_TEXT], self._format(look))

    def _format(self, look: dict[str, Any]) -> Any:
        key = repr(sorted(look.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format(look)
        return self._formats[key]


def _width(column: Column, values: Iterable[Value]) -> int:
    if column.is_numeric:
        return 11
    longest = max((len(value) for value in values if isinstance(value, str)), default=0)
    return min(max(longest, len(column.label), 8) + 2, 90)


def _naive(moment: datetime) -> datetime:
    return moment.replace(tzinfo=None, microsecond=0)
