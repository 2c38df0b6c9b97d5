"""Many at once: exactly one answer, and none that was acknowledged is lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import Database, utc_now
from app.surveys import services as rounds
from app.surveys.answering import queries, services
from app.surveys.answering.queries import Respondent
from app.surveys.answering.respondents import Entry
from app.surveys.models import GRACE, Round, RoundState, Sheet
from app.surveys.queries import hash_token
from tests.answering.conftest import STRATEGY, Asked, begin, write
from tests.pages import Browser

N = 50


def respondent_of(session: Session, asked: Asked) -> Respondent:
    entry = Entry(round_id=asked.round.id, link=hash_token(asked.token), secret="one browser's")
    found = queries.find_respondent(session, entry=entry, now=utc_now())
    assert found is not None
    return found


def test_fifty_identical_submissions_leave_one_answer(app: Flask, browser: Browser, asked: Asked) -> None:
    begin(browser, asked)
    page = write(browser, asked)
    cookie = browser.client.get_cookie("sid")
    assert cookie is not None
    form = {"csrf_token": page.csrf_token, "answer-1": STRATEGY, "answer-2": "70"}
    together = Barrier(N)

    def send(_number: int) -> int:
        client = app.test_client()
        client.set_cookie("sid", cookie.value)
        together.wait()
        return client.post(asked.path("review"), data=form).status_code

    with ThreadPoolExecutor(N) as pool:
        statuses = list(pool.map(send, range(N)))

    assert statuses == [303] * N
    assert asked.texts() == [STRATEGY]
    assert [len(sheet.answers) for sheet in asked.sheets()] == [2]


def test_two_browsers_at_once_leave_one_answer_and_it_was_acknowledged(app: Flask, asked: Asked) -> None:
    browsers = [Browser(app) for _ in range(8)]
    for browser in browsers:
        begin(browser, asked)
    together = Barrier(len(browsers))

    def send(number: int) -> int:
        together.wait()
        return (
            browsers[number]
            .post(asked.path("review"), {"answer-1": f"From browser {number}.", "answer-2": "70"})
            .status
        )

    with ThreadPoolExecutor(len(browsers)) as pool:
        statuses = list(pool.map(send, range(len(browsers))))

    (kept,) = asked.texts()
    sender = int(kept.removeprefix("From browser ").removesuffix("."))
    assert statuses[sender] == 303
    assert set(statuses) <= {303, 409}
    if asked.round.confidentiality == "unattributed":
        assert statuses.count(303) == 1
    assert "Thank you" in browsers[sender].get(asked.path("done")).heading


@pytest.mark.parametrize("attempt", range(5))
def test_answer_that_meets_the_close_is_stored_or_refused(
    app: Flask, browser: Browser, asked: Asked, database: Database, attempt: int
) -> None:
    begin(browser, asked)
    write(browser, asked)
    together = Barrier(2)

    def close() -> None:
        with database.writing() as session:
            together.wait()
            rounds.close_round(session, round_=session.get_one(Round, asked.round.id), now=utc_now())

    def send() -> int:
        together.wait()
        return browser.post(asked.path("review"), {"answer-1": STRATEGY, "answer-2": "70"}).status

    with ThreadPoolExecutor(2) as pool:
        closing, sending = pool.submit(close), pool.submit(send)
        closing.result()
        status = sending.result()

    assert (status, asked.texts()) in [(303, [STRATEGY]), (409, [])]


def test_clock_that_jumps_back_does_not_open_a_closed_round(asked: Asked, session: Session) -> None:
    respondent = respondent_of(session, asked)
    respondent.round.state, respondent.round.closed_at = RoundState.CLOSED, utc_now()
    session.commit()

    with (
        time_machine.travel(utc_now() - timedelta(hours=1), tick=False),
        pytest.raises(services.RoundNotOpen),
    ):
        services.submit(session, respondent=respondent, typed={1: STRATEGY, 2: "70"})


def test_time_is_looked_at_after_the_lock_and_not_before(asked: Asked, session: Session) -> None:
    """A round that was extended while the answer waited takes it."""
    respondent = respondent_of(session, asked)
    assert asked.round.closes_at is not None
    late = asked.round.closes_at + GRACE
    asked.round.closes_at = late + timedelta(days=1)
    session.commit()

    with time_machine.travel(late, tick=False):
        services.submit(session, respondent=respondent, typed={1: STRATEGY, 2: "70"})

    assert session.scalars(select(Sheet.is_submitted)).all() == [True]


def test_services_leave_the_commit_to_the_edge(asked: Asked, session: Session) -> None:
    services.submit(session, respondent=respondent_of(session, asked), typed={1: STRATEGY, 2: "70"})
    session.rollback()

    assert asked.texts() == []


def test_problems_are_named_by_position(asked: Asked, session: Session) -> None:
    with pytest.raises(services.AnswersIncomplete) as raised:
        services.submit(session, respondent=respondent_of(session, asked), typed={2: "700"})

    assert set(raised.value.problems) == {1, 2}
