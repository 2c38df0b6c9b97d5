"""How far people get and how long it takes: learnt as counts, shown of no fewer than five, joined to nobody."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import inspect, select, text
from sqlalchemy.orm import Session

from app.db import Database, utc_now
from app.people.models import Account
from app.surveys.answering.pace import paces_of, question_statistics
from app.surveys.models import Confidentiality, QuestionCount, QuestionTime, Round, RoundState
from tests import factories
from tests.answering.conftest import Asked, ask
from tests.pages import Browser

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def visit(browser: Browser, asked: Asked, person: int, *, seconds: int, last: int = 2) -> None:
    """One person takes so many seconds over each question, and stops at question `last` where that is not the end."""
    token = factories.personal_link(asked.session, asked.round.participants[person])
    asked.session.commit()
    browser.client.delete_cookie("sid")
    begun = utc_now().replace(microsecond=0)
    with time_machine.travel(begun, tick=False) as clock:
        browser.get(f"/r/{token}")
        browser.post(f"/r/{token}", status=303)
        for position, typed in ((1, "We win clinics."), (2, "70")):
            page = browser.get(asked.path(str(position)))
            if position > last:
                return
            seen = page.one("input", name="seen").get("value", "")
            clock.shift(timedelta(seconds=seconds))
            browser.post(asked.path(str(position)), {"answer": typed, "seen": seen}, status=303)


def counts(asked: Asked) -> list[tuple[int, int]]:
    with asked.database.reading() as session:
        return [
            (count.n_reached, count.n_left)
            for count in session.scalars(select(QuestionCount).order_by(QuestionCount.question_id))
        ]


def times(asked: Asked) -> dict[int, int]:
    """Of the first question."""
    with asked.database.reading() as session:
        rows = session.scalars(
            select(QuestionTime).where(QuestionTime.question_id == asked.round.questions[0].id)
        )
        return {row.up_to: row.n for row in rows}


def test_who_reached_a_question_and_who_went_on_is_counted_once(browser: Browser, named: Asked) -> None:
    visit(browser, named, 0, seconds=40)
    visit(browser, named, 1, seconds=40, last=1)
    # Back, again, and a change after all is sent: nobody is counted twice.
    with time_machine.travel(utc_now() + timedelta(minutes=10), tick=False):
        browser.get(named.path("1"))
        browser.post(named.path("1"), {"answer": "Again."}, status=303)
        browser.post(named.path("1/draft"), {"answer": "And again."}, status=200)

    assert counts(named) == [(2, 2), (2, 1)]
    assert times(named) == {45: 2}


def test_page_that_is_opened_or_left_empty_counts_nothing(browser: Browser, named: Asked) -> None:
    browser.get(named.link)
    browser.post(named.link, status=303)
    for _ in range(3):
        browser.get(named.path("1"))
        browser.get(named.path("2"))

    assert counts(named) == []


@pytest.mark.parametrize("seen", ["", "soon", "-5", "9" * 30, "0", "99999999999"])
def test_forged_time_is_not_counted(browser: Browser, named: Asked, seen: str) -> None:
    browser.get(named.link)
    browser.post(named.link, status=303)
    browser.get(named.path("1"))

    browser.post(named.path("1"), {"answer": "We win.", "seen": seen}, status=303)

    assert times(named) == {}
    assert counts(named)[0] == (1, 1)


def test_second_look_at_a_question_tells_no_time(browser: Browser, named: Asked) -> None:
    browser.get(named.link)
    browser.post(named.link, status=303)
    browser.get(named.path("1"))
    browser.post(named.path("1/draft"), {"answer": "We wi"}, status=200)

    assert not browser.get(named.path("1")).all("input", name="seen")


def test_unattributed_round_learns_no_time_at_all(browser: Browser, unattributed: Asked) -> None:
    for person in range(6):
        visit(browser, unattributed, person, seconds=40)

    with unattributed.database.reading() as session:
        assert session.scalars(select(QuestionTime)).all() == []
    assert counts(unattributed) == [(6, 6), (6, 6)]


def test_tables_of_counts_name_nobody_and_hold_no_clock(database: Database) -> None:
    columns = {
        column["name"]
        for table in ("question_counts", "question_times")
        for column in inspect(database.engine).get_columns(table)
    }

    assert columns == {"question_id", "n_reached", "n_left", "up_to", "n"}


def close(asked: Asked) -> Round:
    asked.session.expire_all()
    round_ = asked.session.get_one(Round, asked.round.id)
    round_.state, round_.closed_at = RoundState.CLOSED, utc_now()
    asked.session.commit()
    return round_


def test_statistics_begin_with_five_people(browser: Browser, named: Asked) -> None:
    for person in range(4):
        visit(browser, named, person, seconds=50)
    assert {each.n_reached for each in question_statistics(named.session, round_=named.round)} == {None}
    named.session.rollback()

    visit(browser, named, 4, seconds=50, last=1)
    first, second = question_statistics(named.session, round_=named.round)

    assert (first.n_reached, first.n_left, first.n_stopped) == (5, 5, 0)
    assert first.median_seconds == pytest.approx(52.5)
    assert (second.n_reached, second.n_left, second.n_stopped) == (5, 4, 1)
    assert second.median_seconds is None


def test_statistics_of_answers_without_names_wait_for_the_close(
    browser: Browser, confidential: Asked
) -> None:
    for person in range(6):
        visit(browser, confidential, person, seconds=50)
    running = question_statistics(confidential.session, round_=confidential.round)
    confidential.session.rollback()

    closed = question_statistics(confidential.session, round_=close(confidential))

    assert {each.n_reached for each in running} == {None}
    assert [each.n_reached for each in closed] == [6, 6]


def test_minutes_left_are_learnt_from_closed_rounds_of_the_same_organisation(
    browser: Browser,
    named: Asked,
    database: Database,
    session: Session,
    facilitator: Account,
    outsider: Account,
) -> None:
    for person in range(6):
        visit(browser, named, person, seconds=14)
    session.rollback()
    assert paces_of(session, organisation_id=facilitator.organisation_id) == {}
    session.rollback()
    close(named)

    learnt = paces_of(session, organisation_id=facilitator.organisation_id)

    assert learnt == {"open_text": pytest.approx(12.5), "perception_guess": pytest.approx(12.5)}
    assert paces_of(session, organisation_id=outsider.organisation_id) == {}
    session.rollback()
    following = ask(database, session, facilitator, Confidentiality.UNATTRIBUTED)
    browser.client.delete_cookie("sid")
    assert "about 1 minute" in browser.get(following.link).main
    browser.post(following.link, status=303)
    assert "less than a minute left" in browser.get(following.path("1")).main


def test_whoever_tries_a_draft_out_is_not_counted(
    browser: Browser, database: Database, session: Session, facilitator: Account
) -> None:
    draft = factories.draft_round(session, organisation_id=facilitator.organisation_id)
    person = draft.participants[0]
    person.is_test = True
    token = factories.personal_link(session, person)
    session.commit()
    browser.get(f"/r/{token}")
    browser.post(f"/r/{token}")

    browser.post(f"/answer/{draft.id}/1", {"answer": "A try."})

    with database.reading() as reading:
        assert reading.execute(text("SELECT count(*) FROM question_counts")).scalar() == 0
