"""Trying a draft out: answered as people will answer it, marked, and gone at the launch."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.db import Database, utc_now
from app.people.models import Account
from app.surveys.models import Confidentiality, Round
from app.surveys.services import launch_round
from tests import factories
from tests.pages import Browser

SECRET = "a test answer about blue whales"
# Everything that trying a draft out could leave behind.
TRACES = {
    "participants": "SELECT count(*) FROM participants WHERE is_test",
    "invitations": "SELECT count(*) FROM invitations",
    "sheets": "SELECT count(*) FROM sheets",
    "answers": "SELECT count(*) FROM answers",
    "drafts": "SELECT count(*) FROM drafts",
    "answer_days": "SELECT count(*) FROM answer_days",
    "question_counts": "SELECT count(*) FROM question_counts",
    "question_times": "SELECT count(*) FROM question_times",
}


def traces(database: Database) -> dict[str, int]:
    with database.reading() as session:
        return {name: session.execute(text(query)).scalar_one() for name, query in TRACES.items()}


@pytest.fixture(params=list(Confidentiality))
def tried(
    request: pytest.FixtureRequest, facilitator_browser: Browser, session: Session, facilitator: Account
) -> Round:
    """A draft of each mode to which Mara has sent a test answer."""
    round_ = factories.draft_round(
        session, organisation_id=facilitator.organisation_id, confidentiality=request.param
    )
    session.commit()
    browser = facilitator_browser
    browser.get(f"/rounds/{round_.id}/test")
    page = browser.post(f"/rounds/{round_.id}/test", status=302)
    page = browser.follow(page, status=303)
    assert "You are trying out a draft" in browser.follow(page).main
    browser.post(f"/answer/{round_.id}/1", {"answer-1": "unfinished", "go": "next"})
    browser.get(f"/answer/{round_.id}/review")
    sent = browser.post(f"/answer/{round_.id}/review", {"answer-1": SECRET, "answer-2": "50"}, status=303)
    assert "You are trying out a draft" in browser.follow(sent).main
    return round_


def test_a_test_answer_is_shown_as_such_and_counts_nowhere(
    facilitator_browser: Browser, tried: Round, database: Database
) -> None:
    page = facilitator_browser.get(f"/rounds/{tried.id}/test")
    assert SECRET in page.main
    assert "Test answer" in page.main

    for path in ("", "/participants", "/mail", "/participants/pick"):
        shown = facilitator_browser.get(f"/rounds/{tried.id}{path}")
        assert SECRET not in shown.text
        assert "Mara Lind (test)" not in shown.text
    assert "9 people are on the list." in facilitator_browser.get(f"/rounds/{tried.id}").main
    left = traces(database)
    assert left["sheets"] == 1
    assert left["answer_days"] == left["question_counts"] == left["question_times"] == 0


def test_the_launch_leaves_no_trace_of_a_test(tried: Round, database: Database) -> None:
    assert traces(database)["answers"] > 0

    with database.writing() as writing:
        launch_round(writing, round_=writing.get_one(Round, tried.id), key=None, now=utc_now())

    assert set(traces(database).values()) == {0}
    if database.is_sqlite:
        database.dispose()
        folder = Path(database.engine.url.database or "").parent
        assert not [file.name for file in folder.glob("ninefold.db*") if SECRET.encode() in file.read_bytes()]


def test_a_launch_that_would_keep_a_test_is_refused_by_the_database(
    tried: Round, database: Database, session: Session
) -> None:
    session.rollback()
    with pytest.raises(DBAPIError, match="test_answers_are_purged_at_launch"):
        session.execute(
            text("UPDATE rounds SET state = 'open', opened_at = :now WHERE id = :id"),
            {"now": utc_now().isoformat() if database.is_sqlite else utc_now(), "id": tried.id},
        )
    session.rollback()


def test_an_open_round_has_no_test_person(database: Database, facilitator: Account) -> None:
    with database.open_session() as session:
        round_ = factories.open_round(session, organisation_id=facilitator.organisation_id)
        with pytest.raises(DBAPIError, match="test_people_only_in_drafts"):
            session.execute(
                text("UPDATE participants SET is_test = true WHERE round_id = :id"), {"id": round_.id}
            )


def test_nobody_joins_an_unattributed_round_that_is_out_even_by_sql(
    database: Database, facilitator: Account
) -> None:
    with database.open_session() as session:
        round_ = factories.open_round(
            session,
            organisation_id=facilitator.organisation_id,
            confidentiality=Confidentiality.UNATTRIBUTED,
        )
        add = text(
            "INSERT INTO participants (round_id, name, email, role, identity, state) "
            "VALUES (:id, 'Late Lily', '', '', 'late lily', 'invited')"
        )
        with pytest.raises(DBAPIError, match="participants_are_frozen_at_launch"):
            session.execute(add, {"id": round_.id})


def test_a_change_of_the_mode_takes_the_test_answers_along(
    facilitator_browser: Browser, tried: Round, database: Database
) -> None:
    other = Confidentiality.NAMED if tried.confidentiality != "named" else Confidentiality.UNATTRIBUTED
    page = facilitator_browser.get(f"/rounds/{tried.id}/edit")
    fields = {field.get("name", ""): field.get("value", "") for field in page.all("input", type="text")}
    fields |= {field.get("name", ""): field.get("value", "") for field in page.all("input", type="date")}
    fields |= {field.get("name", ""): field.get("value", "") for field in page.all("input", type="time")}

    changed = facilitator_browser.post(
        f"/rounds/{tried.id}/edit", fields | {"confidentiality": other, "time_zone": "Europe/Berlin"}
    )

    assert changed.status == 302, changed.main
    assert traces(database)["sheets"] == 0


def test_only_a_draft_can_be_tried_out(
    app: Flask, facilitator_browser: Browser, session: Session, facilitator: Account
) -> None:
    round_ = factories.open_round(session, organisation_id=facilitator.organisation_id)
    session.commit()
    facilitator_browser.get("/account")

    page = facilitator_browser.post(f"/rounds/{round_.id}/test", status=302)

    assert "Only a draft can be tried out." in facilitator_browser.follow(page).main


def test_a_deleted_draft_takes_its_tests_along(
    facilitator_browser: Browser, tried: Round, database: Database
) -> None:
    facilitator_browser.get(f"/rounds/{tried.id}/discard")
    facilitator_browser.post(f"/rounds/{tried.id}/discard", status=302)

    assert set(traces(database).values()) == {0}
