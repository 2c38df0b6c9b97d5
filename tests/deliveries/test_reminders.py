"""Reminders by a test clock: a whole round, over a change of the clocks, with a server and a worker."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from sqlalchemy.orm import Session

from app.db import Database, utc_now
from app.deliveries import services
from app.deliveries.models import REMINDER_BY_HAND, DeliveryKind
from app.directory.pasting import Person
from app.directory.services import add_people
from app.people.models import Account
from app.surveys.models import Participant, ParticipantState, Round
from app.worker import Worker
from tests import factories
from tests.deliveries.conftest import Look, link_in
from tests.deliveries.servers import Post
from tests.pages import Browser

BERLIN = ZoneInfo("Europe/Berlin")
# The clocks go forward in the night to Sunday 28 March 2027.
OPENED = datetime(2027, 3, 22, 8, 0, tzinfo=BERLIN)
CLOSES = datetime(2027, 4, 2, 17, 0, tzinfo=BERLIN)


@pytest.fixture
def long_round(session: Session, facilitator: Account) -> Round:
    made = factories.open_round(session, organisation_id=facilitator.organisation_id, n_participants=3)
    made.opened_at, made.closes_at = OPENED, CLOSES
    session.commit()
    return made


def plan(database: Database, round_: Round, account: Account, is_wanted: bool = True) -> None:
    with database.writing() as session:
        services.plan_reminders(
            session,
            round_=session.get_one(Round, round_.id),
            account_id=account.id,
            is_wanted=is_wanted,
            now=utc_now(),
        )


def invite(database: Database, round_: Round, account: Account) -> None:
    with database.writing() as session:
        services.queue_invitations(
            session,
            round_=session.get_one(Round, round_.id),
            account_id=account.id,
            n_expected=3,
            now=utc_now(),
        )


def finish(database: Database, round_: Round, position: int) -> None:
    with database.writing() as session:
        person = session.get_one(Participant, round_.participants[position].id)
        person.state = ParticipantState.SUBMITTED


def test_a_whole_round_is_reminded_twice_by_itself_and_only_the_unfinished(
    worker: Worker,
    database: Database,
    long_round: Round,
    facilitator: Account,
    post: Post,
    browser: Browser,
) -> None:
    mailed: list[tuple[datetime, str]] = []
    with time_machine.travel(OPENED, tick=False) as clock:
        invite(database, long_round, facilitator)
        plan(database, long_round, facilitator)
        while utc_now() < CLOSES + timedelta(days=1):
            n = len(post.recipients)
            worker.run_until_idle()
            mailed += [(utc_now(), recipient.partition("@")[0]) for recipient in post.recipients[n:]]
            if utc_now() == datetime(2027, 3, 27, 7, 0, tzinfo=UTC):
                finish(database, long_round, 0)
            clock.shift(timedelta(hours=4))

    by_day: dict[str, list[str]] = {}
    for at, who in mailed:
        by_day.setdefault(f"{at.astimezone(BERLIN):%a %d %b}", []).append(who)
    assert {day: sorted(people) for day, people in by_day.items()} == {
        "Mon 22 Mar": ["anna", "ben", "carla"],
        "Fri 26 Mar": ["anna", "ben", "carla"],
        "Tue 30 Mar": ["ben", "carla"],
    }
    assert all(9 <= at.astimezone(BERLIN).hour < 17 for at, _who in mailed[3:])


def test_a_reminder_brings_a_new_link_and_the_former_one_ends(
    worker: Worker,
    database: Database,
    long_round: Round,
    facilitator: Account,
    post: Post,
    browser: Browser,
) -> None:
    with time_machine.travel(OPENED, tick=False) as clock:
        invite(database, long_round, facilitator)
        plan(database, long_round, facilitator)
        worker.run_until_idle()
        clock.move_to(datetime(2027, 3, 26, 9, 0, tzinfo=BERLIN))
        worker.run_until_idle()
        of_anna = [mail for mail in post.mails if "anna@" in str(mail["To"])]
        assert [mail["Subject"].startswith("Reminder") for mail in of_anna] == [False, True]
        browser.get(link_in(of_anna[0]), status=404)
        browser.get(link_in(of_anna[1]), status=200)


@pytest.mark.parametrize(
    ("when", "why"),
    [
        (datetime(2027, 3, 26, 8, 59, tzinfo=BERLIN), "before nine"),
        (datetime(2027, 3, 26, 17, 0, tzinfo=BERLIN), "after five"),
        (datetime(2027, 3, 27, 12, 0, tzinfo=BERLIN), "a Saturday"),
        (datetime(2027, 4, 2, 15, 1, tzinfo=BERLIN), "the last two hours"),
        (datetime(2027, 4, 2, 17, 1, tzinfo=BERLIN), "after the close"),
    ],
)
def test_no_reminder_goes_out_when_it_would_only_annoy(
    worker: Worker,
    database: Database,
    long_round: Round,
    facilitator: Account,
    post: Post,
    when: datetime,
    why: str,
) -> None:
    with time_machine.travel(OPENED, tick=False) as clock:
        plan(database, long_round, facilitator)
        clock.move_to(when)
        worker.run_until_idle()
    assert post.mails == [], why


def test_without_the_tick_there_is_none(
    worker: Worker, database: Database, long_round: Round, facilitator: Account, post: Post
) -> None:
    with time_machine.travel(OPENED, tick=False) as clock:
        plan(database, long_round, facilitator)
        plan(database, long_round, facilitator, is_wanted=False)
        clock.move_to(datetime(2027, 3, 26, 10, 0, tzinfo=BERLIN))
        worker.run_until_idle()
    assert post.mails == []


def test_a_link_given_by_hand_counts_as_contact(
    worker: Worker,
    database: Database,
    session: Session,
    long_round: Round,
    facilitator: Account,
    post: Post,
) -> None:
    with time_machine.travel(datetime(2027, 3, 25, 9, 0, tzinfo=BERLIN), tick=False) as clock:
        factories.personal_link(session, long_round.participants[0])
        session.commit()
        plan(database, long_round, facilitator)
        clock.move_to(datetime(2027, 3, 26, 10, 0, tzinfo=BERLIN))
        worker.run_until_idle()
        assert sorted(post.recipients) == ["ben@halden.example", "carla@halden.example"]
        clock.move_to(datetime(2027, 3, 29, 10, 0, tzinfo=BERLIN))
        worker.run_until_idle()
        assert post.recipients.count("anna@halden.example") == 1


def test_whoever_asked_to_be_left_alone_is(
    worker: Worker,
    database: Database,
    session: Session,
    long_round: Round,
    facilitator: Account,
    post: Post,
) -> None:
    services.stop_reminders(session, participant=long_round.participants[0], is_stopped=True, now=utc_now())
    session.commit()
    with time_machine.travel(OPENED, tick=False) as clock:
        plan(database, long_round, facilitator)
        clock.move_to(datetime(2027, 3, 26, 10, 0, tzinfo=BERLIN))
        worker.run_until_idle()
    assert sorted(post.recipients) == ["ben@halden.example", "carla@halden.example"]


def test_somebody_far_away_is_reminded_in_working_hours_there(
    worker: Worker,
    database: Database,
    session: Session,
    long_round: Round,
    facilitator: Account,
    post: Post,
) -> None:
    anna = long_round.participants[0]
    known = Person(0, anna.name, anna.email, "", "", "")
    [far_away] = add_people(session, organisation_id=facilitator.organisation_id, people=[known])
    far_away.time_zone = "Asia/Tokyo"
    session.commit()
    with time_machine.travel(OPENED, tick=False) as clock:
        plan(database, long_round, facilitator)
        # Six in the evening in Tokyo.
        clock.move_to(datetime(2027, 3, 26, 10, 0, tzinfo=BERLIN))
        worker.run_until_idle()
        at_noon = list(post.recipients)
        # Half past nine on Monday in Tokyo, night in Berlin.
        clock.move_to(datetime(2027, 3, 29, 2, 30, tzinfo=BERLIN))
        worker.run_until_idle()
    assert sorted(at_noon) == ["ben@halden.example", "carla@halden.example"]
    assert post.recipients[len(at_noon) :] == ["anna@halden.example"]


def test_the_reminder_by_hand_comes_once(
    worker: Worker,
    database: Database,
    long_round: Round,
    facilitator: Account,
    deliveries: Look,
) -> None:
    with time_machine.travel(datetime(2027, 3, 25, 20, 0, tzinfo=BERLIN), tick=False) as clock:
        with database.writing() as session:
            mine = session.get_one(Round, long_round.id)
            n = services.queue_reminder(
                session, round_=mine, account_id=facilitator.id, n_expected=3, now=utc_now()
            )
        worker.run_until_idle()
        clock.move_to(datetime(2027, 3, 30, 10, 0, tzinfo=BERLIN))
        with database.reading() as session:
            mine = session.get_one(Round, long_round.id)
            again = services.list_to_remind(session, round_=mine, number=REMINDER_BY_HAND, now=utc_now())

    assert n == 3
    assert again == []
    assert {(delivery.kind, delivery.number) for delivery in deliveries()} == {(DeliveryKind.REMINDER, 3)}


def test_nothing_is_sent_when_the_number_has_changed(
    database: Database, long_round: Round, facilitator: Account, deliveries: Look
) -> None:
    with (
        time_machine.travel(datetime(2027, 3, 25, 20, 0, tzinfo=BERLIN), tick=False),
        database.open_session() as session,
        pytest.raises(services.CountChanged),
    ):
        mine = session.get_one(Round, long_round.id)
        services.queue_reminder(session, round_=mine, account_id=facilitator.id, n_expected=2, now=utc_now())
    assert deliveries() == []
