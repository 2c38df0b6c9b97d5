"""Taking a closed round up again: nothing is lost, and not once anybody can have learnt from its close."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.db import Database, utc_now
from app.evidence.models import EchoCheck
from app.jobs.models import Job
from app.people.models import Account
from app.reports.models import Report
from app.running.reopening import ReopeningRefused, reopen_round
from app.surveys.models import Answer, Confidentiality, Round, RoundState, Sheet
from app.surveys.services import close_round
from tests import factories
from tests.pages import Browser

TEXTS = ["We win clinics.", "We win labs.", "We serve both.", "We lead.", "We sell.", "We build."]


def closed(session: Session, account: Account, mode: Confidentiality) -> Round:
    """Closed as the product closes it, with the job of its report."""
    made = factories.closed_round(
        session, organisation_id=account.organisation_id, texts=TEXTS, confidentiality=mode
    )
    made.state, made.closed_at = RoundState.OPEN, None
    session.flush()
    close_round(session, round_=made, now=utc_now())
    session.commit()
    return made


def report_of(round_: Round) -> Report:
    return Report(round_id=round_.id, input_hash="0" * 64, document={}, built_at=utc_now())


def reopen(database: Database, round_id: int) -> None:
    with database.writing() as session:
        reopen_round(
            session,
            round_=session.get_one(Round, round_id),
            closes_at=utc_now() + timedelta(days=2),
            time_zone="Europe/Berlin",
            now=utc_now(),
        )


@pytest.mark.parametrize("mode", list(Confidentiality))
def test_reopening_drops_no_answer_and_the_next_close_builds_a_new_report(
    database: Database, session: Session, facilitator: Account, mode: Confidentiality
) -> None:
    made = closed(session, facilitator, mode)
    reopen(database, made.id)

    with database.reading() as reading:
        assert reading.get_one(Round, made.id).is_open(utc_now())
        assert len(reading.scalars(select(Sheet)).all()) == len(TEXTS)
        assert len(reading.scalars(select(Answer)).all()) == 2 * len(TEXTS)
        assert not reading.scalars(select(Job).where(Job.kind == "build_report")).all()
    with database.writing() as writing:
        close_round(writing, round_=writing.get_one(Round, made.id), now=utc_now())
    with database.reading() as reading:
        assert len(reading.scalars(select(Job).where(Job.kind == "build_report")).all()) == 1
        assert len(reading.scalars(select(Answer)).all()) == 2 * len(TEXTS)


def test_a_report_that_nobody_but_the_facilitator_has_seen_is_taken_away(
    database: Database, session: Session, facilitator: Account
) -> None:
    made = closed(session, facilitator, Confidentiality.CONFIDENTIAL)
    session.add(report_of(made))
    session.commit()

    reopen(database, made.id)

    with database.reading() as reading:
        assert not reading.scalars(select(Report)).all()


def stand_in_the_way(session: Session, made: Round, why: str) -> None:
    if why == "revealed":
        made.revealed_at = utc_now()
    elif why == "echo check":
        session.add(EchoCheck(round_id=made.id, closes_at=utc_now() + timedelta(days=2)))
    elif why == "next round":
        factories.open_round(session, organisation_id=made.series.organisation_id, series=made.series)
    else:
        session.add(report_of(made))


@pytest.mark.parametrize(
    ("why", "words"),
    [
        ("revealed", "has been shown to the team"),
        ("echo check", "Its echo check has begun"),
        ("next round", "The next round is out already"),
        ("unattributed report", "nobody may look up who wrote what"),
    ],
)
def test_what_cannot_be_taken_back_keeps_a_round_closed_and_the_page_says_why(
    database: Database,
    facilitator_browser: Browser,
    session: Session,
    facilitator: Account,
    why: str,
    words: str,
) -> None:
    mode = Confidentiality.UNATTRIBUTED if why == "unattributed report" else Confidentiality.NAMED
    made = closed(session, facilitator, mode)
    stand_in_the_way(session, made, why)
    session.commit()

    with pytest.raises(ReopeningRefused, match=words):
        reopen(database, made.id)

    page = facilitator_browser.get(f"/rounds/{made.id}/reopen")
    assert "The round stays closed" in page.main
    assert words in page.main
    assert f"/rounds/{made.id}/reopen" not in facilitator_browser.get(f"/rounds/{made.id}").links


def test_a_revealed_round_is_not_opened_even_by_sql(session: Session, facilitator: Account) -> None:
    made = closed(session, facilitator, Confidentiality.NAMED)
    made.revealed_at = utc_now()
    session.flush()

    with pytest.raises(Exception, match="revealed_round_is_closed"):
        session.execute(text("UPDATE rounds SET state = 'open', closed_at = NULL"))


def test_the_page_reopens_and_respondents_can_go_on(
    facilitator_browser: Browser, session: Session, facilitator: Account, database: Database
) -> None:
    made = closed(session, facilitator, Confidentiality.NAMED)
    token = factories.personal_link(session, made.participants[0])
    session.commit()
    assert "has closed" in Browser(facilitator_browser.app).get(f"/r/{token}").main
    address = f"/rounds/{made.id}/reopen"
    page = facilitator_browser.get(address)
    day = page.one("input", name="closes_on").get("value")

    done = facilitator_browser.post(
        address, {"closes_on": day, "closes_at_time": "17:00", "time_zone": "Europe/Berlin"}, status=302
    )

    assert "is open again and closes" in facilitator_browser.follow(done).main
    assert "Begin" in Browser(facilitator_browser.app).get(f"/r/{token}").main
