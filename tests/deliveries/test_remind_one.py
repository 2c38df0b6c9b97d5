"""One reminder by hand to one person: under the rules for everybody, and without telling who has answered."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.db import Database, utc_now
from app.people.models import Account
from app.surveys.models import Confidentiality, ParticipantState, Round
from tests import factories
from tests.deliveries.conftest import Look
from tests.pages import Browser


@pytest.fixture(params=[Confidentiality.NAMED, Confidentiality.UNATTRIBUTED])
def waiting(request: pytest.FixtureRequest, session: Session, facilitator: Account) -> Round:
    """Open for three days; Anna has answered, nobody else has."""
    made = factories.open_round(
        session, organisation_id=facilitator.organisation_id, n_participants=5, confidentiality=request.param
    )
    made.opened_at = utc_now() - timedelta(days=3)
    made.participants[0].state = ParticipantState.SUBMITTED
    session.commit()
    return made


def remind(browser: Browser, round_: Round, place: int) -> str:
    address = f"/rounds/{round_.id}/mail/people/{round_.participants[place].id}/remind"
    browser.get(address)
    return browser.follow(browser.post(address, status=302)).main


def test_one_person_is_reminded_once_and_no_other(mara: Browser, waiting: Round, deliveries: Look) -> None:
    remind(mara, waiting, 1)
    remind(mara, waiting, 1)

    assert [(each.participant.name, each.kind, each.number) for each in deliveries()] == [
        ("Ben Okafor", "reminder", 3)
    ]


def test_the_page_tells_of_an_answer_only_where_the_mode_lets_it(
    mara: Browser, waiting: Round, deliveries: Look
) -> None:
    of_one_who_answered, of_one_who_did_not = remind(mara, waiting, 0), remind(mara, waiting, 1)

    assert len(deliveries()) == 1
    if waiting.confidentiality == Confidentiality.NAMED:
        assert "Anna Berg cannot be reminded now" in of_one_who_answered
        assert "The reminder to Ben Okafor is on the way." in of_one_who_did_not
    else:
        assert "If Anna Berg may be reminded now, the reminder is on the way." in of_one_who_answered
        assert "If Ben Okafor may be reminded now, the reminder is on the way." in of_one_who_did_not
        reminder = mara.get(f"/rounds/{waiting.id}/mail/reminder")
        assert "3 people get it" in reminder.main
        assert not any(each.name in reminder.main for each in waiting.participants[1:])


def test_nobody_is_reminded_within_two_days_of_the_opening(
    mara: Browser, waiting: Round, deliveries: Look, session: Session, database: Database
) -> None:
    waiting.opened_at = utc_now() - timedelta(days=1)
    session.commit()

    remind(mara, waiting, 1)

    assert deliveries() == []
