"""Forks, themes and labels on the page of the report."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.db import Database
from app.people.models import Account
from app.reports import queries
from app.reports.models import Report, ReportEdit
from app.reports.presenting import present
from app.surveys.models import Confidentiality
from tests.evidence.conftest import TEXTS
from tests.pages import Browser, words
from tests.reports.conftest import Build
from tests.reports.test_report import built, path, sections

OPPOSED = [
    "North is where we go. Clinics pay for it.",
    "North, and nowhere else. Clinics pay for it.",
    "North it is. Clinics come first.",
    "South is where we go. Clinics come first.",
    "South and only south. Clinics pay.",
    "Speed is what we sell.",
]


def test_camps_that_exclude_each_other_are_a_fork_with_quotes_on_both_sides(
    facilitator_browser: Browser, session: Session, facilitator: Account, build: Build
) -> None:
    page = facilitator_browser.get(path(built(session, facilitator, build, OPPOSED)))
    fork = page.one("article", id="fork-1")
    sides = [e for e in fork.iter() if "fork-side" in (e.get("class") or "").split()]
    assert len(sides) == 2
    for side, word in zip(sides, ("North", "South"), strict=True):
        quotes = [words(q) for q in side.iter() if q.tag.endswith("blockquote")]
        assert quotes
        assert all(quote.startswith(word) for quote in quotes)
    assert "likely that these two exclude each other" in words(fork)


def test_without_opposites_the_two_largest_camps_are_the_fork(
    facilitator_browser: Browser, session: Session, facilitator: Account, build: Build
) -> None:
    page = facilitator_browser.get(path(built(session, facilitator, build, TEXTS)))
    assert "No two strategies exclude each other for sure." in page.main
    assert "exclude each other" not in words(page.one("article", id="fork-1"))


def test_every_theme_leads_to_the_answers_that_it_rests_on(
    facilitator_browser: Browser, session: Session, facilitator: Account, build: Build
) -> None:
    page = facilitator_browser.get(path(built(session, facilitator, build, OPPOSED)))
    ids = {element.get("id") for element in page.root.iter() if element.get("id")}  # type: ignore[union-attr]
    links = [link[1:] for link in page.links if link.startswith("#")]
    assert {link for link in links if link.startswith("answer-")}
    assert set(links) <= ids
    report = session.scalars(select(Report)).one()
    themes = present(report).themes
    assert themes is not None
    for theme in themes.themes:
        for quote in theme.quotes:
            assert quote.text == quote.voice.text[quote.start : quote.end]
            assert quote.text in page.main.replace("\n", " ") or "\n" in quote.text


def test_what_two_thirds_say_is_common_ground_whatever_strategy_they_name(
    facilitator_browser: Browser, session: Session, facilitator: Account, build: Build
) -> None:
    page = facilitator_browser.get(path(built(session, facilitator, build, OPPOSED)))
    shared = next(e for e in page.all("section") if e.get("id") == "common-ground")
    assert "5 of 6" in words(shared)
    assert "There is nothing that two thirds" not in words(shared)


@pytest.mark.parametrize(
    ("mode", "figure"),
    [
        (Confidentiality.NAMED, "theme-matrix-figure"),
        (Confidentiality.CONFIDENTIAL, "theme-counts-figure"),
        (Confidentiality.UNATTRIBUTED, "theme-counts-figure"),
    ],
)
def test_who_says_what_is_told_only_where_the_mode_allows(
    facilitator_browser: Browser,
    session: Session,
    facilitator: Account,
    build: Build,
    mode: Confidentiality,
    figure: str,
) -> None:
    page = facilitator_browser.get(path(built(session, facilitator, build, OPPOSED, mode)))
    section = next(e for e in page.all("section") if e.get("id") == "themes")
    figures = [e.get("id") for e in section.iter() if e.tag.endswith("figure")]
    assert figures == [figure]


def test_a_loose_camp_is_called_loose(
    facilitator_browser: Browser, session: Session, facilitator: Account, build: Build, database: Database
) -> None:
    round_id = built(session, facilitator, build, TEXTS)
    assert "hold together loosely" not in facilitator_browser.get(path(round_id)).main
    with database.writing() as writing:
        report = writing.scalars(select(Report)).one()
        analysis = report.document["analysis"]
        camps = [camp | {"cohesion": 0.55} for camp in analysis["camps"]]
        report.document = report.document | {"analysis": analysis | {"camps": camps}}
    assert "hold together loosely" in facilitator_browser.get(path(round_id)).main


def test_a_report_of_before_there_were_themes_still_has_its_page(
    facilitator_browser: Browser, session: Session, facilitator: Account, build: Build, database: Database
) -> None:
    round_id = built(session, facilitator, build, TEXTS)
    with database.writing() as writing:
        report = writing.scalars(select(Report)).one()
        new = {"themes", "camp_labels", "questions", "people", "has_statements", "machine", "evidence"}
        report.document = {key: value for key, value in report.document.items() if key not in new}
    page = facilitator_browser.get(path(round_id))
    assert "three strategies" in page.heading
    assert "Who says what" not in sections(page)
    facilitator_browser.get(path(round_id, "/themes/1"), status=404)


# --- Labels -------------------------------------------------------------------------------------------------------


def test_a_label_can_be_changed_with_a_reason_and_the_measured_one_stays(
    facilitator_browser: Browser, session: Session, facilitator: Account, build: Build
) -> None:
    round_id = built(session, facilitator, build, OPPOSED)
    form = facilitator_browser.get(path(round_id, "/themes/1"))
    measured = form.one("input", id="label").get("value", "")
    facilitator_browser.post(
        path(round_id, "/themes/1"), {"label": "Clinics <first>", "reason": "Shorter & clearer."}, status=302
    )
    page = facilitator_browser.get(path(round_id))
    theme = words(page.one("article", id="theme-1"))
    assert "Clinics <first>" in theme
    assert f"Measured label: {measured}" in theme
    assert "Shorter & clearer." in page.main.partition("Edits by the facilitator")[2]


def test_an_edit_can_be_undone_once_and_stays_in_the_log(
    facilitator_browser: Browser, session: Session, facilitator: Account, build: Build
) -> None:
    round_id = built(session, facilitator, build, OPPOSED)
    facilitator_browser.get(path(round_id, "/themes/1"))
    facilitator_browser.post(
        path(round_id, "/themes/1"), {"label": "Clinics", "reason": "Shorter."}, status=302
    )
    [edit] = queries.list_edits(session, round_id=round_id)
    session.commit()
    facilitator_browser.get(path(round_id))
    for _ in range(2):
        facilitator_browser.post(path(round_id, f"/edits/{edit.id}/undo"), status=302)
    page = facilitator_browser.get(path(round_id))
    assert "Measured label" not in page.main
    assert "Undone by Mara Lind" in page.main
    session.expire_all()
    assert len(queries.list_edits(session, round_id=round_id)) == 1


def test_a_second_label_takes_the_place_of_the_first(
    facilitator_browser: Browser, session: Session, facilitator: Account, build: Build
) -> None:
    round_id = built(session, facilitator, build, OPPOSED)
    for label in ("One", "Two"):
        facilitator_browser.get(path(round_id, "/themes/1"))
        facilitator_browser.post(path(round_id, "/themes/1"), {"label": label, "reason": "So."}, status=302)
    first, second = queries.list_edits(session, round_id=round_id)
    assert first.undone_at is not None
    assert second.undone_at is None
    assert "Two" in words(facilitator_browser.get(path(round_id)).one("article", id="theme-1"))


@pytest.mark.parametrize(("label", "reason"), [("", "Because."), ("Clinics", ""), ("x" * 121, "Because.")])
def test_a_label_without_words_or_reason_is_not_written_down(
    facilitator_browser: Browser,
    session: Session,
    facilitator: Account,
    build: Build,
    label: str,
    reason: str,
) -> None:
    round_id = built(session, facilitator, build, OPPOSED)
    facilitator_browser.get(path(round_id, "/themes/1"))
    facilitator_browser.post(path(round_id, "/themes/1"), {"label": label, "reason": reason}, status=422)
    assert queries.list_edits(session, round_id=round_id) == []


def test_an_edit_of_another_round_cannot_be_undone_here(
    facilitator_browser: Browser, session: Session, facilitator: Account, build: Build
) -> None:
    round_id = built(session, facilitator, build, OPPOSED)
    facilitator_browser.get(path(round_id, "/themes/99"), status=404)
    facilitator_browser.get(path(round_id))
    facilitator_browser.post(path(round_id, "/edits/99/undo"), status=404)


def test_an_edit_cannot_be_rewritten_even_by_sql(
    session: Session, facilitator: Account, build: Build
) -> None:
    round_id = built(session, facilitator, build, OPPOSED)
    session.add(
        ReportEdit(
            round_id=round_id,
            kind="rename_theme",
            subject="a",
            payload={},
            reason="b",
            made_by_id=facilitator.id,
        )
    )
    session.commit()
    with pytest.raises(DBAPIError, match="report_edits_are_a_log"):
        session.execute(text("UPDATE report_edits SET reason = 'c'"))


@pytest.mark.parametrize("mode", [Confidentiality.NAMED, Confidentiality.CONFIDENTIAL])
def test_every_figure_of_the_report_can_be_taken_away(
    facilitator_browser: Browser, session: Session, facilitator: Account, build: Build, mode: Confidentiality
) -> None:
    page = facilitator_browser.get(path(built(session, facilitator, build, OPPOSED, mode)))
    files = [link for link in page.links if "/figures/" in link]
    assert {link.rpartition("/")[2].split(".")[0] for link in files} == {
        "map",
        "themes",
        "belonging",
        "perception",
    }
    for link in files:
        if link.endswith(".svg"):
            assert facilitator_browser.get(link).text.startswith("<svg")
        elif link.endswith(".csv"):
            assert facilitator_browser.get(link).text.count("\n") >= 2


def test_below_its_minimum_a_round_without_names_counts_themes_and_quotes_none(
    facilitator_browser: Browser, session: Session, facilitator: Account, build: Build
) -> None:
    """Six answers are enough to show, and too few to set sentences of them under themes."""
    page = facilitator_browser.get(
        path(built(session, facilitator, build, OPPOSED, Confidentiality.UNATTRIBUTED))
    )
    common = next(e for e in page.all("section") if e.get("id") == "common-ground")
    assert "5 of 6" in words(common)
    assert "With fewer than 8 answers no sentence is quoted" in words(common)
    for name in ("common-ground", "themes"):
        section = next((e for e in page.all("section") if e.get("id") == name), None)
        assert section is None or not [e for e in section.iter() if e.tag.endswith("blockquote")]
    report = present(session.scalars(select(Report)).one())
    assert report.themes is not None
    assert all(theme.n >= 2 and not theme.quotes and not theme.people for theme in report.themes.themes)
    for theme in report.document["themes"]["themes"]:
        assert (theme["people"], theme["pieces"], theme["central"], theme["label_at"]) == ([], [], None, None)
        assert theme["n"] >= 2
    assert report.document["themes"]["pieces"] == []
