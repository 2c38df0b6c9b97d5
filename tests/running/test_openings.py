"""A draft that opens by itself: at its time, once, with its mails; or not, and somebody is told why."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db import Database, utc_now
from app.deliveries.models import Delivery
from app.jobs.models import Job
from app.people.models import Account
from app.running.models import Notice, ScheduledOpening
from app.running.services import open_scheduled_round, schedule_opening
from app.running.tasks import start_due_openings, try_mail_before_openings
from app.surveys.models import Invitation, Round, RoundState
from app.surveys.observers import Observer
from app.worker import Worker
from tests import factories
from tests.deliveries.servers import Post
from tests.pages import Browser

BERLIN = ZoneInfo("Europe/Berlin")
# The clocks go forward in the night between the choice and the opening.
CHOSEN = datetime(2027, 3, 26, 12, 0, tzinfo=BERLIN)
OPENS = datetime(2027, 3, 29, 9, 0, tzinfo=BERLIN)


@pytest.fixture
def scheduled(session: Session, facilitator: Account) -> Round:
    """A draft of nine that opens on the Monday after the change of the clocks."""
    made = factories.draft_round(session, organisation_id=facilitator.organisation_id)
    made.closes_at = OPENS + timedelta(days=10)
    for question in made.questions:
        question.is_previewed = True
    session.flush()
    schedule_opening(
        session,
        round_=made,
        account_id=facilitator.id,
        opens_at=OPENS.astimezone(UTC),
        is_mailing=True,
        now=CHOSEN,
    )
    session.commit()
    return made


def look(database: Database, round_id: int) -> Round:
    with database.reading() as session:
        return session.get_one(Round, round_id)


def count(database: Database, model: type) -> int:
    with database.reading() as session:
        return session.scalars(select(func.count()).select_from(model)).one()


def notices(database: Database) -> list[Notice]:
    with database.reading() as session:
        return list(session.scalars(select(Notice).order_by(Notice.id)))


def test_a_round_opens_at_its_time_across_a_change_of_the_clocks(
    worker: Worker, database: Database, scheduled: Round, post: Post
) -> None:
    with time_machine.travel(OPENS - timedelta(seconds=1), tick=False):
        worker.run_until_idle()
        assert look(database, scheduled.id).state == RoundState.DRAFT
    with time_machine.travel(OPENS, tick=False):
        worker.run_until_idle()
        worker.run_until_idle()

    assert look(database, scheduled.id).state == RoundState.OPEN
    assert count(database, ScheduledOpening) == 0
    subjects = Counter(mail["Subject"].split(":")[0] for mail in post.mails)
    assert subjects == {"Mara Lind, CMO, asks you": 9, "Q1 2027 is open": 1}
    assert [(each.title, "9 invitations are on the way" in each.words) for each in notices(database)] == [
        ("Q1 2027 is open", True)
    ]


def test_doing_it_twice_opens_once(database: Database, scheduled: Round) -> None:
    for _ in range(3):
        with database.writing() as session:
            start_due_openings(session, OPENS)
            open_scheduled_round(session, round_id=scheduled.id, may_mail=True, now=OPENS)

    assert count(database, Delivery) == 9
    assert len(notices(database)) == 1


def test_without_mail_it_opens_and_the_links_are_made_by_hand(
    database: Database, scheduled: Round, facilitator_browser: Browser
) -> None:
    with database.writing() as session:
        open_scheduled_round(session, round_id=scheduled.id, may_mail=False, now=OPENS)
    assert count(database, Invitation) == 0
    assert "9 people have no link yet" in notices(database)[0].words

    page = facilitator_browser.get(f"/rounds/{scheduled.id}/participants")
    key = {field.get("value", "") for field in page.all("input", type="hidden", name="key")}.pop()
    links = facilitator_browser.post(f"/rounds/{scheduled.id}/links", {"key": key}, status=200)
    assert len([field for field in links.all("input", type="text") if "/r/" in field.get("value", "")]) == 9
    again = facilitator_browser.post(f"/rounds/{scheduled.id}/links", {"key": key}, status=200)
    assert again.main == links.main
    assert count(database, Invitation) == 9


@pytest.mark.parametrize("missing", ["people", "closing time"])
def test_where_the_checklist_does_not_hold_it_stays_a_draft_and_somebody_is_told(
    worker: Worker, database: Database, scheduled: Round, post: Post, missing: str
) -> None:
    with database.writing() as session:
        round_ = session.get_one(Round, scheduled.id)
        if missing == "people":
            round_.participants = round_.participants[:2]
        else:
            round_.closes_at = OPENS - timedelta(hours=1)
    with time_machine.travel(OPENS + timedelta(minutes=1), tick=False):
        worker.run_until_idle()
        worker.run_until_idle()

    assert look(database, scheduled.id).state == RoundState.DRAFT
    (told,) = notices(database)
    assert told.title == "Q1 2027 was not opened"
    assert ("Only 2 people are on the list" if missing == "people" else "closing time") in told.words
    assert [mail["Subject"] for mail in post.mails] == ["Q1 2027 was not opened"]
    with database.reading() as session:
        assert session.scalars(select(ScheduledOpening)).one().refused_at is not None


def test_a_round_that_was_launched_by_hand_is_left_alone(database: Database, scheduled: Round) -> None:
    with database.writing() as session:
        round_ = session.get_one(Round, scheduled.id)
        round_.state, round_.opened_at = RoundState.OPEN, CHOSEN
    with database.writing() as session:
        open_scheduled_round(session, round_id=scheduled.id, may_mail=True, now=OPENS)

    assert count(database, Delivery) == count(database, Notice) == count(database, ScheduledOpening) == 0
    assert look(database, scheduled.id).opened_at == CHOSEN


def test_a_week_late_nothing_opens(database: Database, scheduled: Round) -> None:
    with database.writing() as session:
        open_scheduled_round(
            session, round_id=scheduled.id, may_mail=True, now=OPENS + timedelta(days=7, seconds=1)
        )

    assert look(database, scheduled.id).state == RoundState.DRAFT
    assert "the server was not running" in notices(database)[0].words


def test_a_job_that_was_given_up_says_so_once(database: Database, scheduled: Round) -> None:
    with database.writing() as session:
        start_due_openings(session, OPENS)
        job = session.scalars(select(Job).where(Job.kind == "open_round")).one()
        job.state, job.ended_at = "failed", OPENS
    for _ in range(2):
        with database.writing() as session:
            start_due_openings(session, OPENS)

    assert [each.title for each in notices(database)] == ["Q1 2027 was not opened"]


def test_observers_are_told_at_the_opening_and_are_not_asked(
    worker: Worker, database: Database, scheduled: Round, post: Post
) -> None:
    with database.writing() as session:
        session.add(
            Observer(round_id=scheduled.id, name="Olga Stein", email="olga@board.example", identity="olga")
        )
    with time_machine.travel(OPENS, tick=False):
        worker.run_until_idle()

    (told,) = [mail for mail in post.mails if mail["To"].endswith("<olga@board.example>")]
    assert told["Subject"] == "You observe: What is our strategy?"
    assert "/observe/" in told.get_content()
    assert "/r/" not in told.get_content()


def test_the_time_is_chosen_on_a_page_and_can_be_taken_back(
    facilitator_browser: Browser, session: Session, database: Database, facilitator: Account
) -> None:
    draft = factories.draft_round(session, organisation_id=facilitator.organisation_id)
    session.commit()
    address, tomorrow = f"/rounds/{draft.id}/opening", utc_now().astimezone(BERLIN).date() + timedelta(days=1)
    facilitator_browser.get(address)

    too_late = {"opens_on": str(tomorrow + timedelta(days=30)), "opens_at_time": "09:00"}
    assert "The round closes before this" in facilitator_browser.post(address, too_late, status=422).main
    over = {"opens_on": str(tomorrow - timedelta(days=2)), "opens_at_time": "09:00"}
    assert "This time is over already" in facilitator_browser.post(address, over, status=422).main
    page = facilitator_browser.post(
        address, {"opens_on": str(tomorrow), "opens_at_time": "09:00"}, status=302
    )
    assert "Opens by itself" in facilitator_browser.follow(page).main

    with database.reading() as reading:
        opening = reading.scalars(select(ScheduledOpening)).one()
        assert opening.opens_at.astimezone(BERLIN).hour == 9
    facilitator_browser.post(f"{address}/cancel", status=302)
    assert count(database, ScheduledOpening) == 0


def test_a_notice_stands_on_the_home_page_until_it_is_read(
    facilitator_browser: Browser, outsider_browser: Browser, database: Database, scheduled: Round
) -> None:
    with database.writing() as session:
        open_scheduled_round(session, round_id=scheduled.id, may_mail=False, now=OPENS)
    (notice,) = notices(database)

    assert "Q1 2027 is open" in facilitator_browser.get("/").main
    outsider_browser.get("/")
    outsider_browser.post(f"/notices/{notice.id}/dismiss", status=404)
    facilitator_browser.post(f"/notices/{notice.id}/dismiss", status=302)
    assert "Q1 2027 is open" not in facilitator_browser.get("/").main


def test_the_mail_server_is_tried_in_the_hour_before_the_opening_and_not_again(
    database: Database, scheduled: Round
) -> None:
    for minutes in (61, 59, 30):
        at = OPENS.astimezone(UTC) - timedelta(minutes=minutes)
        with time_machine.travel(at, tick=False), database.writing() as session:
            try_mail_before_openings(session, at)

    with database.reading() as session:
        (job,) = session.scalars(select(Job)).all()
        assert job.kind == "check_mail_server"
