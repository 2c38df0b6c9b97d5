"""Tables that stand in a workbook or a CSV file and nowhere on the page: every answer with how it was read."""

from __future__ import annotations

import csv
import io

from app.exports.content import Column, Table, Value
from app.reports.presenting import ReportView
from app.surveys.mail_merge import defused


def answers_table(report: ReportView) -> Table:
    """One row an answer, in the order of the report. Names only where the report has them."""
    camps = {label: camp.number for camp in report.camps for label in camp.labels}
    has_names = any(voice.name for voice in report.voices)
    rows: list[tuple[Value, ...]] = []
    for voice in report.voices:
        row: list[Value] = [voice.label]
        if has_names:
            row.append(voice.name or "")
        row += [voice.text, camps.get(voice.label), voice.reading, " ".join(voice.remarks)]
        rows.append(tuple(row))
    return Table(
        "Answers",
        (
            Column("Label"),
            *((Column("Name"),) if has_names else ()),
            Column("Answer"),
            Column("Strategy", "count"),
            Column("Reading"),
            Column("Remarks"),
        ),
        tuple(rows),
    )


def as_csv(table: Table) -> bytes:
    """UTF-8 with the mark by which Excel recognises it: without the mark it reads "Łódź" as "ÅÃ³dÅº", and every
    other program skips the mark. Cells and heads that look like formulas are defused with an apostrophe; shares stay
    shares (0.184), with a point, so that programs in every language read the same number.
    """
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow([defused(column.label) for column in table.columns])
    for row in table.rows:
        writer.writerow(
            ["" if value is None else defused(value) if isinstance(value, str) else value for value in row]
        )
    return file.getvalue().encode("utf-8-sig")
