from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import Database, utc_now
from app.jobs.models import Job
from app.people.models import Account
from app.surveys import queries, services
from app.surveys.models import GRACE, Confidentiality, Round
from app.surveys.tasks import close_due_rounds
from tests import factories
from tests.pages import Browser
from tests.surveys.conftest import Look


def jobs(database: Database) -> list[Job]:
    with database.reading() as session:
        return list(session.scalars(select(Job)))


def test_close_asks_first_and_changes_nothing_meanwhile(
    facilitator_browser: Browser, open_round: Round, look: Look, database: Database
) -> None:
    page = facilitator_browser.get(f"/rounds/{open_round.id}/close")

    assert page.heading.endswith("Close the round now?")
    assert "0 of 9 have answered." in page.main
    assert "Nobody has answered yet" in page.main
    assert look(open_round.id).state == "open"
    assert jobs(database) == []


def test_close_ends_the_round_and_orders_its_report(
    facilitator_browser: Browser, open_round: Round, look: Look, database: Database
) -> None:
    facilitator_browser.get(f"/rounds/{open_round.id}/close")

    page = facilitator_browser.post(f"/rounds/{open_round.id}/close", status=302)

    round_ = look(open_round.id)
    assert round_.state == "closed"
    assert round_.closed_at is not None
    (job,) = jobs(database)
    assert (job.kind, job.payload) == ("build_report", {"round_id": open_round.id})
    assert job.key == f"build_report:{open_round.id}:{round_.closed_at.isoformat()}"
    assert "has closed" in facilitator_browser.follow(page).main


def test_few_answers_without_names_are_warned_of(
    facilitator_browser: Browser, session: Session, facilitator: Account
) -> None:
    round_ = factories.open_round(
        session, organisation_id=facilitator.organisation_id, confidentiality=Confidentiality.CONFIDENTIAL
    )
    factories.submitted_sheet(session, round_=round_, participant=round_.participants[0], text="We win.")
    session.commit()

    page = facilitator_browser.get(f"/rounds/{round_.id}/close")

    assert "Only 1 person has answered." in page.main


def test_second_close_says_that_it_is_closed_and_orders_nothing_more(
    facilitator_browser: Browser, open_round: Round, database: Database
) -> None:
    facilitator_browser.get(f"/rounds/{open_round.id}/close")
    facilitator_browser.post(f"/rounds/{open_round.id}/close", status=302)

    page = facilitator_browser.post(f"/rounds/{open_round.id}/close", status=302)

    assert "has closed, so this cannot be done." in facilitator_browser.follow(page).main
    assert len(jobs(database)) == 1


def test_close_requires_sign_in(browser: Browser, open_round: Round, look: Look) -> None:
    browser.get("/sign-in")

    browser.post(f"/rounds/{open_round.id}/close", status=302)

    assert look(open_round.id).state == "open"


def test_close_refuses_outsider(outsider_browser: Browser, open_round: Round, look: Look) -> None:
    outsider_browser.get("/account")

    outsider_browser.post(f"/rounds/{open_round.id}/close", status=404)

    assert look(open_round.id).state == "open"


@pytest.mark.parametrize(
    ("after", "state"),
    [(-1, "open"), (0, "open"), (119, "open"), (120, "closed"), (121, "closed")],
)
def test_the_clock_closes_a_round_after_its_grace(
    database: Database, open_round: Round, look: Look, after: int, state: str
) -> None:
    assert open_round.closes_at is not None
    now = open_round.closes_at + timedelta(seconds=after)

    with database.writing() as session:
        close_due_rounds(session, now)

    assert look(open_round.id).state == state
    assert len(jobs(database)) == (state == "closed")


def test_the_clock_closes_a_round_once(database: Database, open_round: Round) -> None:
    assert open_round.closes_at is not None
    for minutes in (3, 4, 5):
        with database.writing() as session:
            close_due_rounds(session, open_round.closes_at + timedelta(minutes=minutes))

    assert len(jobs(database)) == 1


def test_closed_stays_closed_when_the_clock_jumps_back(
    database: Database, open_round: Round, look: Look
) -> None:
    assert open_round.closes_at is not None
    with database.writing() as session:
        close_due_rounds(session, open_round.closes_at + GRACE)
    with database.writing() as session:
        close_due_rounds(session, open_round.closes_at - timedelta(hours=1))

    closed = look(open_round.id)
    assert not closed.is_open(open_round.closes_at - timedelta(hours=1))
    assert not closed.accepts_answers(open_round.closes_at - timedelta(hours=1))


def test_a_round_that_is_extended_meanwhile_is_not_closed(
    database: Database, open_round: Round, look: Look
) -> None:
    """The clock looks while the facilitator's transaction is under way; whoever is first has the round."""
    assert open_round.closes_at is not None
    late = open_round.closes_at + timedelta(minutes=5)
    is_extended, may_commit = threading.Event(), threading.Event()

    def extend() -> None:
        with database.writing() as session:
            round_ = queries.get_round(session, round_id=open_round.id)
            services.extend_round(
                session, round_=round_, closes_at=late + timedelta(days=1), time_zone="Europe/Berlin"
            )
            is_extended.set()
            may_commit.wait(10)

    def look_at_the_clock() -> None:
        is_extended.wait(10)
        threading.Timer(0.3, may_commit.set).start()
        with database.writing() as session:
            close_due_rounds(session, late)

    with ThreadPoolExecutor(2) as pool:
        for done in (pool.submit(extend), pool.submit(look_at_the_clock)):
            done.result()

    assert look(open_round.id).state == "open"


def test_closing_at_the_same_moment_orders_one_report(
    app: Flask, facilitator: Account, open_round: Round, database: Database
) -> None:
    browsers = [Browser(app).sign_in(facilitator) for _ in range(3)]
    for browser in browsers:
        browser.get(f"/rounds/{open_round.id}/close")

    with ThreadPoolExecutor(3) as pool:
        pages = list(pool.map(lambda browser: browser.post(f"/rounds/{open_round.id}/close"), browsers))

    assert [page.status for page in pages] == [302, 302, 302]
    assert len(jobs(database)) == 1


def test_due_rounds_are_those_of_everybody_and_only_open_ones(
    session: Session, facilitator: Account, draft: Round, open_round: Round, closed: Round
) -> None:
    due = queries.list_due_rounds(session, now=utc_now() + timedelta(days=30))

    assert [round_.id for round_ in due] == [open_round.id]
