"""The report and the pages around it in a language that nobody speaks, and its files in English all the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import Database, utc_now
from app.people.models import Account
from app.reports import hand, queries
from app.reports.models import Report, ReportSection
from app.surveys.models import Round
from app.tracking.queries import find_convergence
from tests.exports.conftest import make
from tests.exports.test_sections import with_every_kind
from tests.languages.test_answering_in_languages import choose, content_of, said_in_english
from tests.pages import XHTML, Browser, Page
from tests.reports.conftest import Build, build, judge

__all__ = ["build", "judge"]

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

# What stays as it is: names of formats.
SAME_EVERYWHERE = {"PDF", "A4", "CSV", "JSON", "SVG", "PNG", "XLSX", ".pptx"}


def texts_in(value: Any) -> Iterator[str]:
    """What is frozen in a document stays in the language in which it was written."""
    if isinstance(value, str):
        yield value
        yield from value.splitlines()
    elif isinstance(value, dict):
        yield from value
        for each in value.values():
            yield from texts_in(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts_in(each)


def frozen(report: Report) -> set[str]:
    document = report.document
    kept = [document["round"], document["statements"], document["people"], document["questions"]]
    if analysis := document["analysis"]:
        kept += [analysis["notes"], analysis["method"], analysis["answers"]]
        kept += [label["text"] for label in document["camp_labels"] if label]
        kept += [document["themes"]["themes"]]
    return {text for text in texts_in(kept) if len(text) > 2 or not text.islower()} | SAME_EVERYWHERE


def without_quotes(page: Page) -> Page:
    """Sentences of answers stand alone under a theme, and the beginnings of answers in a list to choose from."""
    assert page.root is not None
    for parent in page.root.iter():
        for each in list(parent):
            if each.tag in (f"{XHTML}blockquote", f"{XHTML}option", f"{XHTML}q"):
                each.text = None
                for inner in list(each):
                    if inner.tag == f"{XHTML}p":
                        each.remove(inner)
    return page


def sweep(browser: Browser, paths: list[str], content: set[str]) -> dict[str, set[str]]:
    plain = {}
    for path in paths:
        if said := said_in_english(without_quotes(browser.get(path)), content):
            plain[path] = said
    return plain


def edit_everything(session: Session, account: Account, round_id: int) -> None:
    """One edit of each kind, and one of them undone."""
    report = queries.find_latest_report(session, round_id=round_id)
    assert report is not None

    def making() -> hand.Making:
        round_ = session.get_one(Round, round_id)
        return hand.Making(session, round_, report, "Xyz", account, utc_now())

    camps = report.document["analysis"]["camps"]
    hand.move_answer(making(), answer=camps[0]["members"][0], to=camps[1]["members"][0])
    hand.rename_camp(making(), camp_of=camps[1]["members"][0], name="Xyz")
    hand.hide_answer(making(), answer=camps[1]["members"][0])
    hand.comment(making(), section=ReportSection.NUMBER, text="Xyz")
    session.commit()


def test_every_sentence_of_the_report_and_the_pages_around_it_passes_through_the_catalogue(
    app: Flask, database: Database, session: Session, facilitator: Account, build: Build
) -> None:
    browser = Browser(app)
    choose(browser, "en-XA")
    browser.sign_in(facilitator)
    built = make(session, facilitator, build)
    with_every_kind(built)
    report = session.scalars(select(Report)).one()
    content = content_of(built.round, facilitator) | frozen(report) | {facilitator.name, "Xyz"}
    convergence = find_convergence(session, series_id=built.round.series_id)
    assert convergence is not None
    content |= set(texts_in(convergence.document["tracking"]["method"]))
    base, series = f"/rounds/{built.round_id}", f"/series/{built.round.series_id}"
    session.commit()
    edit_everything(session, facilitator, built.round_id)
    paths = [
        *(f"{base}/report", f"{base}/report/reveal", f"{base}/report/edits", f"{base}/report/themes/1"),
        *(f"{base}/report/edits/{what}" for what in ("move", "merge", "split", "rename", "hide", "comment")),
        *(f"{base}/answers", f"{base}/corrections", f"{base}/echo-check", f"{base}/report/groups"),
        *(f"{base}/exports", f"{base}/readers", "/house-template"),
        *(f"{series}/convergence", f"{series}/thesis", f"{series}/compare"),
    ]
    plain = sweep(browser, paths, content)
    assert plain == {}, "\n".join(f"{path}: {sorted(said)}" for path, said in plain.items())


def test_files_are_in_english_whatever_the_facilitator_reads(
    app: Flask, database: Database, session: Session, facilitator: Account, build: Build
) -> None:
    built = make(session, facilitator, build)
    with_every_kind(built)
    edit_everything(session, facilitator, built.round_id)
    browser = Browser(app).sign_in(facilitator)
    paths = [
        *(built.path(f"/{name}") for name in ("report.pdf", "pack.pdf", "report.pptx", "report.xlsx")),
        *(built.path(f"/{name}") for name in ("answers.csv", "figures/map.svg", "figures/map.csv")),
        f"/rounds/{built.round_id}/report.json",
    ]
    in_english = {path: browser.client.get(path).data for path in paths}
    browser.client.set_cookie("language", "de")
    assert "Führungskräfte" in browser.get(f"/rounds/{built.round_id}/report").heading
    assert [path for path in paths if browser.client.get(path).data != in_english[path]] == []
