"""A year of quarters by a test clock: each pulse opens once, on the clocks of its place, with who is still there."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.db import Database
from app.deliveries.models import Delivery, ReminderPlan
from app.directory.models import DirectoryPerson
from app.jobs.models import Job
from app.people.models import Account
from app.running.models import Notice, QuarterlySchedule
from app.running.services import SchedulePlan, keep_schedule, open_next_pulse, pause_schedule
from app.running.tasks import start_due_pulses
from app.surveys.models import Round, RoundState, Series
from app.surveys.services import close_round
from app.worker import Worker
from tests import factories
from tests.deliveries.servers import Post
from tests.pages import Browser

BERLIN = ZoneInfo("Europe/Berlin")
CHOSEN = datetime(2027, 1, 4, 12, 0, tzinfo=BERLIN)
# Winter, summer, summer, winter, winter: four of the five are across a change of the clocks from the one before.
DAYS = [date(2027, 1, 29), date(2027, 4, 29), date(2027, 7, 29), date(2027, 10, 29), date(2028, 1, 29)]
PLAN = SchedulePlan(
    begins_on=DAYS[0],
    opens_at_time=time(9),
    days_open=10,
    closes_at_time=time(17),
    time_zone="Europe/Berlin",
    is_mailing=True,
    is_reminding=True,
)


def nine(day: date) -> datetime:
    return datetime.combine(day, time(9), tzinfo=BERLIN)


@pytest.fixture
def series_id(session: Session, facilitator: Account) -> int:
    """A series with one closed round of four people, that asks every quarter from the end of January."""
    first = factories.closed_round(
        session, organisation_id=facilitator.organisation_id, texts=["We win."] * 4, label="Q4 2026"
    )
    for question in first.questions:
        question.is_previewed = True
    series = session.get_one(Series, first.series_id)
    keep_schedule(session, series=series, account_id=facilitator.id, plan=PLAN, now=CHOSEN)
    session.commit()
    return series.id


def rounds(database: Database) -> list[Round]:
    with database.reading() as session:
        return list(
            session.scalars(select(Round).order_by(Round.number).options(selectinload(Round.participants)))
        )


def notices(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(Notice.title).order_by(Notice.id)))


def close_all(database: Database, at: datetime) -> None:
    with database.writing() as session:
        for round_ in session.scalars(select(Round).where(Round.state == RoundState.OPEN)).all():
            close_round(session, round_=round_, now=at)
        for job in session.scalars(select(Job).where(Job.kind == "build_report")).all():
            session.delete(job)


def test_a_year_of_pulses_opens_at_nine_in_summer_and_in_winter(
    worker: Worker, database: Database, series_id: int, post: Post
) -> None:
    for day in DAYS:
        before = len(rounds(database))
        with time_machine.travel(nine(day) - timedelta(seconds=1), tick=False):
            worker.run_until_idle()
        assert len(rounds(database)) == before, day
        with time_machine.travel(nine(day), tick=False):
            worker.run_until_idle()
            worker.run_until_idle()
        newest = rounds(database)[-1]
        assert (len(rounds(database)), newest.state, newest.opened_at) == (before + 1, "open", nine(day)), day
        closes = datetime.combine(day + timedelta(days=10), time(17), tzinfo=BERLIN)
        assert newest.closes_at == closes
        close_all(database, closes)

    assert [each.label for each in rounds(database)] == [
        "Q4 2026", "Q1 2027", "Q2 2027", "Q3 2027", "Q4 2027", "Q1 2028",
    ]  # fmt: skip
    invitations = Counter(mail["Subject"].split(":")[0] for mail in post.mails)
    assert invitations["Mara Lind, CMO, asks you"] == 5 * 4
    assert notices(database) == [f"{each.label} is open" for each in rounds(database)[1:]]
    with database.reading() as session:
        assert len(session.scalars(select(ReminderPlan)).all()) == 5


def test_whoever_has_left_is_not_asked_and_doing_it_twice_opens_one(
    database: Database, series_id: int, facilitator: Account
) -> None:
    with database.writing() as session:
        session.add(
            DirectoryPerson(
                organisation_id=facilitator.organisation_id,
                name="Anna Berg",
                email="anna@halden.example",
                identity="anna@halden.example",
                left_at=CHOSEN,
            )
        )
    for _ in range(3):
        with database.writing() as session:
            start_due_pulses(session, nine(DAYS[0]))
            open_next_pulse(session, series_id=series_id, may_mail=True, now=nine(DAYS[0]))

    first, second = rounds(database)
    assert len(first.participants) == 4
    assert [each.name for each in second.participants] == ["Ben Okafor", "Carla Ruiz", "Dai Nakamura"]
    with database.reading() as session:
        assert len(session.scalars(select(Delivery)).all()) == 3
        assert session.scalars(select(QuarterlySchedule)).one().number == 1


def test_a_paused_schedule_opens_nothing_and_does_not_make_up_for_it(
    database: Database, series_id: int
) -> None:
    later = nine(DAYS[1]) + timedelta(days=1)
    for is_paused, now in ((True, CHOSEN), (False, later)):
        with database.writing() as session:
            if not is_paused:
                start_due_pulses(session, later)
                open_next_pulse(session, series_id=series_id, may_mail=True, now=later)
            schedule = session.get_one(QuarterlySchedule, series_id)
            pause_schedule(session, schedule=schedule, is_paused=is_paused, now=now)

    assert len(rounds(database)) == 1
    with database.writing() as session:
        open_next_pulse(session, series_id=series_id, may_mail=True, now=nine(DAYS[2]) - timedelta(minutes=1))
        assert len(session.scalars(select(Round)).all()) == 1
        open_next_pulse(session, series_id=series_id, may_mail=True, now=nine(DAYS[2]))
        assert len(session.scalars(select(Round)).all()) == 2


def test_a_round_that_is_still_open_is_not_joined_by_a_second_one(database: Database, series_id: int) -> None:
    with database.writing() as session:
        open_next_pulse(session, series_id=series_id, may_mail=True, now=nine(DAYS[0]))
        open_next_pulse(session, series_id=series_id, may_mail=True, now=nine(DAYS[1]))

    assert len(rounds(database)) == 2
    assert notices(database) == ["Q1 2027 is open", "No new round of What is our strategy?"]


def test_too_few_people_leave_a_draft_and_the_facilitator_is_told(
    worker: Worker, database: Database, series_id: int, post: Post
) -> None:
    with database.writing() as session:
        people = session.scalars(select(Round)).one().participants
        for participant in people[:2]:
            session.delete(participant)
    with time_machine.travel(nine(DAYS[0]), tick=False):
        worker.run_until_idle()

    assert rounds(database)[-1].state == RoundState.DRAFT
    assert notices(database) == ["Q1 2027 was not opened"]
    assert [mail["Subject"] for mail in post.mails] == ["Q1 2027 was not opened"]


def test_a_prepared_draft_is_the_one_that_opens(
    database: Database, series_id: int, session: Session, facilitator: Account
) -> None:
    series = session.get_one(Series, series_id)
    draft = factories.draft_round(
        session, organisation_id=facilitator.organisation_id, series=series, label="Special", n_participants=5
    )
    draft.closes_at = nine(DAYS[0]) + timedelta(days=3)
    for question in draft.questions:
        question.is_previewed = True
    session.commit()
    with database.writing() as writing:
        open_next_pulse(writing, series_id=series_id, may_mail=True, now=nine(DAYS[0]))

    newest = rounds(database)[-1]
    assert (newest.label, newest.state, len(newest.participants)) == ("Special", "open", 5)
    assert newest.closes_at == nine(DAYS[0]) + timedelta(days=3)


def test_the_schedule_has_a_page(
    facilitator_browser: Browser, outsider_browser: Browser, series_id: int, database: Database
) -> None:
    address = f"/series/{series_id}/schedule"
    page = facilitator_browser.get(address)
    assert "Running" in page.main
    fields = {
        "begins_on": "2020-01-01", "opens_at_time": "09:00", "closes_at_time": "17:00", "days_open": "99",
        "time_zone": "Europe/Berlin",
    }  # fmt: skip
    refused = facilitator_browser.post(address, fields, status=422)
    assert "This time is over already" in refused.main
    assert "Choose 1 to 60 days." in refused.main

    day = datetime.now(BERLIN).date() + timedelta(days=40)
    facilitator_browser.post(address, fields | {"begins_on": str(day), "days_open": "7"}, status=302)
    with database.reading() as session:
        kept = session.scalars(select(QuarterlySchedule)).one()
        assert (kept.begins_on, kept.days_open, kept.is_mailing) == (day, 7, False)
    assert "opens by itself" in facilitator_browser.get("/").main
    facilitator_browser.post(f"{address}/pause", status=302)
    assert "paused" in facilitator_browser.get("/").main
    facilitator_browser.post(f"{address}/end", status=302)
    facilitator_browser.post(f"{address}/pause", status=404)
