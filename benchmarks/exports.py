"""Do page, PDF, PowerPoint and Excel say what the frozen report says, and how long do they take?

    python -m benchmarks.exports              # the demo company's reports
    python -m benchmarks.exports --tamper     # change the files' source behind their back: must find it

For each report of the demo company every number and every quote of the frozen document is looked for in every
format: numbers by value where the format has values (sheets, charts), in words elsewhere. Exit status 1 where one is
missing. Times are processor seconds, the first including imports.
"""

from __future__ import annotations

import copy
import html
import io
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from typing import Any

import openpyxl
import pypdf
from flask import Flask
from pptx import Presentation
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import create_app
from app.config import Settings
from app.db import Database
from app.demo import services as demo
from app.exports.deck import build_deck
from app.exports.figures import LARGEST_GRID
from app.exports.method import method_line
from app.exports.paper import Sheet, as_pdf
from app.exports.sections import build_sections
from app.exports.slides import as_pptx
from app.exports.views import MOST_QUOTES
from app.exports.workbook import as_xlsx
from app.migrating import upgrade
from app.people.models import Account
from app.reports.models import Report
from app.reports.presenting import ReportView, interval, percent, present
from app.worker import Worker

Missing = Iterator[str]


# --- What must be found: straight from the document, past everything that the exports build ---------------------------


def quotes_of(document: dict[str, Any]) -> list[str]:
    return [statement["text"] for statement in document["statements"] if statement["text"].strip()]


def words_of(document: dict[str, Any]) -> list[str]:
    """Every number that a reader is told, as it is said."""
    analysis = document["analysis"]
    found = [f"{document['round']['n_answered']} of {document['round']['n_invited']}"]
    if analysis["agreement"]["estimate"] is not None:
        found += [
            percent(analysis["agreement"]["estimate"]),
            interval(analysis["agreement"]),
            f"{analysis['strategies']['effective']:.1f}",
            str(analysis["strategies"]["estimate"]),
        ]
    if analysis["perception"] and analysis["agreement"]["estimate"] is not None:
        found.append(percent(analysis["perception"]["guess"]["estimate"]))
    found += [percent(pair["probability"]) for pair in analysis["opposition"] if pair["probability"] >= 0.5]
    return found


def values_of(document: dict[str, Any]) -> list[float]:
    """Every number that has a cell or a bar of its own."""
    analysis = document["analysis"]
    found: list[float] = [float(len(camp["members"])) for camp in analysis["camps"]]
    if analysis["perception"] and analysis["agreement"]["estimate"] is not None:
        found += [analysis["agreement"]["estimate"], analysis["perception"]["guess"]["estimate"]]
    found += [theme["share"] for theme in (document.get("themes") or {"themes": []})["themes"]]
    return found


def squeezed(text: str) -> str:
    """Without white space: lines break elsewhere on every page."""
    return "".join(text.split())


# --- What is there ----------------------------------------------------------------------------------------------------


def check_text(name: str, text: str, document: dict[str, Any]) -> Missing:
    there = squeezed(text)
    for wanted in (*quotes_of(document), *words_of(document), document["analysis"]["headline"]["sentence"]):
        if squeezed(wanted) not in there:
            yield f"{name}: “{wanted[:60]}”"


def check_values(name: str, values: set[float], document: dict[str, Any]) -> Missing:
    for wanted in values_of(document):
        if not any(abs(wanted - value) < 1e-6 for value in values):
            yield f"{name}: {wanted}"


def text_of_pdf(content: bytes) -> str:
    return " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)


def read_pptx(content: bytes) -> tuple[str, set[float]]:
    words, values = [], set()
    for slide in Presentation(io.BytesIO(content)).slides:
        words.append(slide.notes_slide.notes_text_frame.text)
        for shape in slide.shapes:
            if shape.has_text_frame:
                words.append(shape.text_frame.text)
            if getattr(shape, "has_table", False) and shape.has_table:
                words += [cell.text for row in shape.table.rows for cell in row.cells]
            if getattr(shape, "has_chart", False) and shape.has_chart:
                for plot in shape.chart.plots:
                    for series in plot.series:
                        known = [value for value in series.values if value is not None]
                        values |= {float(value) for value in known} | {value / 100 for value in known}
    return "\n".join(words), values


def read_xlsx(content: bytes) -> tuple[list[str], set[float]]:
    words, values = [], set()
    for sheet in openpyxl.load_workbook(io.BytesIO(content)):
        for row in sheet.iter_rows(values_only=True):
            words += [cell for cell in row if isinstance(cell, str)]
            values |= {float(cell) for cell in row if isinstance(cell, int | float)}
    return words, values


def check(view: ReportView, document: dict[str, Any], page: str, timed: Callable[..., Any]) -> Missing:
    """view: what the exports are made of; document: what they must say."""
    sections = build_sections(view)
    yield from check_text("page", page, document)
    paper = timed(
        "PDF",
        lambda: as_pdf(
            "exports/report_pdf.html",
            Sheet("0" * 32, "A4", view.closed_at),
            report=view,
            sections=sections,
            method_line=method_line(view),
            largest_grid=LARGEST_GRID,
            most_quotes=MOST_QUOTES,
        ),
    )
    yield from check_text("PDF", text_of_pdf(paper), document)
    slides = timed(
        "PPTX", lambda: as_pptx(build_deck(view, sections), title="Check", written_at=view.closed_at)
    )
    said, values = read_pptx(slides)
    yield from check_text("PPTX", said, document)
    # Themes stand on slides as numbers of people; their shares are in the workbook.
    yield from check_values("PPTX", values, {**document, "themes": None})
    cells, numbers = read_xlsx(timed("XLSX", lambda: as_xlsx(view, sections)))
    for quote in quotes_of(document):
        if quote not in cells:
            yield f"XLSX: “{quote[:60]}”"
    yield from check_values("XLSX", numbers, document)
    flat = [
        cell for row in document["analysis"]["belonging"] for cell in row if cell is not None and cell < 1.0
    ]
    for value in flat:
        if not any(abs(value - number) < 1e-6 for number in numbers):
            yield f"XLSX: {value}"


# --- The command ------------------------------------------------------------------------------------------------------


def tampered(document: dict[str, Any]) -> dict[str, Any]:
    """One word of one answer and two numbers are not those of the report any more."""
    changed = copy.deepcopy(document)
    changed["statements"][0]["text"] = changed["statements"][0]["text"][:-1] + " indeed."
    changed["analysis"]["agreement"]["estimate"] = 0.871234
    changed["analysis"]["belonging"][0][1] = changed["analysis"]["belonging"][1][0] = 0.123457
    return changed


def page_of(app: Flask, session: Session, report: Report) -> str:
    """The report's page as its facilitator gets it."""
    account = session.scalars(select(Account)).first()
    assert account is not None
    client = app.test_client()
    form = client.get("/sign-in").get_data(as_text=True)
    token = re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', form)[0]
    client.post("/sign-in", data={"csrf_token": token, "email": account.email, "password": demo.PASSWORD})
    text = client.get(f"/rounds/{report.round_id}/report").get_data(as_text=True)
    return html.unescape(re.sub(r"<[^>]+>", "", text))


def main() -> int:
    is_tampering = "--tamper" in sys.argv[1:]
    times: dict[str, list[float]] = {}

    def timed(name: str, make: Callable[[], bytes]) -> bytes:
        before = time.process_time()
        made = make()
        times.setdefault(name, []).append(time.process_time() - before)
        return made

    missing: list[str] = []
    n = 0
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings.from_environment({"NINEFOLD_DATA": folder, "NINEFOLD_DEVELOPMENT": "true"})
        database = Database(settings.database_url)
        upgrade(database)
        demo.load_when_empty(database, settings)
        Worker(settings, database).run_until_idle()
        app = create_app(settings, database)
        with database.reading() as session:
            for report in session.scalars(select(Report).order_by(Report.round_id)):
                page = page_of(app, session, report)
                document = copy.deepcopy(report.document)
                source = Report(
                    round_id=report.round_id,
                    input_hash=report.input_hash,
                    built_at=report.built_at,
                    document=tampered(report.document) if is_tampering else report.document,
                )
                with app.test_request_context():
                    found = list(check(present(source), document, page, timed))
                n += 1
                missing += [f"round {report.round_id}, {each}" for each in found]
        database.dispose()
    print(f"{n} reports; every number and quote of each, on the page, in PDF, PPTX and XLSX")
    for name, spent in times.items():
        print(f"  {name:5} first {spent[0]:.2f} s, then {min(spent[1:] or spent):.2f} s")
    for each in missing:
        print("  MISSING", each)
    print("all there" if not missing else f"{len(missing)} missing")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
