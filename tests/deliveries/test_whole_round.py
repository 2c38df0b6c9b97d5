"""One round by a test clock, from its opening to the end of the grace, over a change of the clocks and a bad server."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask
from sqlalchemy.orm import Session

from app.db import Database, utc_now
from app.deliveries import services
from app.deliveries.models import REMINDER_BY_HAND, DeliveryState
from app.people.models import Account
from app.surveys.models import Participant, ParticipantState, Round, RoundState
from app.worker import Worker
from tests import factories
from tests.deliveries.conftest import Look, link_in
from tests.deliveries.servers import Post
from tests.deliveries.test_reminders import finish, invite, plan
from tests.pages import Browser
from tests.reports.conftest import judge

__all__ = ["judge"]

BERLIN = ZoneInfo("Europe/Berlin")
# The clocks go back in the night to Sunday 31 October 2027.
OPENED = datetime(2027, 10, 25, 9, 0, tzinfo=BERLIN)
CLOSES = datetime(2027, 11, 5, 17, 0, tzinfo=BERLIN)


@pytest.fixture
def autumn(session: Session, facilitator: Account) -> Round:
    made = factories.open_round(session, organisation_id=facilitator.organisation_id, n_participants=3)
    made.opened_at, made.closes_at = OPENED, CLOSES
    session.commit()
    return made


def state_of(database: Database, round_: Round, position: int) -> str:
    with database.reading() as session:
        return session.get_one(Participant, round_.participants[position].id).state


@pytest.mark.usefixtures("judge")
def test_a_round_from_the_first_mail_to_the_end_of_the_grace(
    worker: Worker,
    database: Database,
    autumn: Round,
    facilitator: Account,
    post: Post,
    deliveries: Look,
    mailing_app: Flask,
) -> None:
    """Anna answers early. Carla's server says "later" twice, Ben's takes the mail and hangs up. Carla sends at the bell."""
    mails: list[tuple[str, str, str]] = []
    n_seen, n_later = 0, {"carla@halden.example": 2}

    def at_rcpt(address: str) -> str | None:
        n_later[address] = n_later.get(address, 0) - 1
        return "451 later" if n_later[address] >= 0 else None

    post.at_rcpt = at_rcpt
    post.drops_after_data = 1
    with time_machine.travel(OPENED, tick=False) as clock:

        def work(until: datetime, step: timedelta = timedelta(hours=2)) -> None:
            nonlocal n_seen
            while True:
                worker.run_until_idle()
                local = utc_now().astimezone(BERLIN)
                for to, mail in zip(post.recipients[n_seen:], post.mails[n_seen:], strict=True):
                    kind = "reminder" if str(mail["Subject"]).startswith("Reminder") else "invitation"
                    mails.append((f"{local:%a %d %b}", to.partition("@")[0], kind))
                    assert kind == "invitation" or (local.weekday() < 5 and 9 <= local.hour < 17)
                n_seen = len(post.mails)
                if utc_now() + step > until:
                    break
                clock.shift(step)
            clock.move_to(until)

        invite(database, autumn, facilitator)
        plan(database, autumn, facilitator)
        work(OPENED + timedelta(hours=3), timedelta(minutes=10))
        # Whoever's line was cut has the same mail twice; whoever was told "later" got it later.
        first = {to for day, to, kind in mails}
        assert first == {"anna", "ben", "carla"}
        assert len(mails) == 4
        assert len({mail["Message-ID"] for mail in post.mails}) == 3
        assert {each.state for each in deliveries()} == {DeliveryState.SENT}
        finish(database, autumn, 0)

        # Two automatic reminders, on both sides of the change of the clocks; then the one by hand.
        work(datetime(2027, 11, 4, 10, 0, tzinfo=BERLIN))
        with database.writing() as session:
            assert (
                services.queue_reminder(
                    session,
                    round_=session.get_one(Round, autumn.id),
                    account_id=facilitator.id,
                    n_expected=2,
                    now=utc_now(),
                )
                == 2
            )
        work(CLOSES - timedelta(minutes=5))
        reminders = [(day, to) for day, to, kind in mails if kind == "reminder"]
        assert reminders == [
            *(("Fri 29 Oct", to) for to in ("ben", "carla")),
            *(("Tue 02 Nov", to) for to in ("ben", "carla")),
            *(("Thu 04 Nov", to) for to in ("ben", "carla")),
        ]
        assert {each.number for each in deliveries() if each.kind == "reminder"} == {1, 2, REMINDER_BY_HAND}
        links = [link_in(mail) for mail in post.mails if "carla@" in str(mail["To"])]
        assert len(set(links)) == 4

        # Carla begins with the newest link five minutes before the close; the ones before open nothing.
        carla, late = Browser(mailing_app), Browser(mailing_app)
        for link in links[:-1]:
            carla.get(link, status=404)
        carla.get(links[-1])
        carla.follow(carla.follow(carla.post(links[-1], status=303), status=303))
        path = f"/answer/{autumn.id}"
        carla.get(f"{path}/1")
        carla.post(f"{path}/1", {"answer": "North is where we go."}, status=303)
        carla.get(f"{path}/2")
        carla.post(f"{path}/2", {"answer": "70"}, status=303)
        page = carla.get(f"{path}/review")
        fields = {
            field.get("name", ""): field.get("value", "")
            for field in page.all("input", type="hidden")
            if field.get("name", "").startswith("answer-")
        }
        clock.move_to(CLOSES + timedelta(seconds=60))
        worker.run_until_idle()
        carla.post(f"{path}/review", fields, status=303)
        assert state_of(database, autumn, 2) == ParticipantState.SUBMITTED

        # Ben comes a minute after the close: nothing begins any more.
        ben = [link_in(mail) for mail in post.mails if "ben@" in str(mail["To"])][-1]
        assert "has closed" in late.get(ben).main

        clock.move_to(CLOSES + timedelta(seconds=180))
        worker.run_until_idle()
        with database.reading() as session:
            assert session.get_one(Round, autumn.id).state == RoundState.CLOSED
        assert state_of(database, autumn, 1) != ParticipantState.SUBMITTED
        n = len(post.mails)
        clock.shift(timedelta(days=7))
        worker.run_until_idle()
        assert len(post.mails) == n
