from __future__ import annotations

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from app.db import Database, utc_now
from app.evidence import services
from app.evidence.models import Verdict, Vote
from app.people.models import Account
from tests.evidence.conftest import Answered


def test_the_database_refuses_a_vote_on_ones_own_answer(named: Answered) -> None:
    named.start()
    own = named.sheets[0]
    named.session.add(Vote(round_id=named.round_id, voter_id=own, sheet_id=own, verdict="same"))
    with pytest.raises(DBAPIError, match="nobody_votes_on_their_own_answer"):
        named.session.flush()


def test_the_database_refuses_a_vote_on_an_answer_that_takes_no_part(named: Answered) -> None:
    named.start()
    named.session.execute(
        text("DELETE FROM echo_answers WHERE sheet_id = :sheet"), {"sheet": named.sheets[1]}
    )
    named.session.add(
        Vote(round_id=named.round_id, voter_id=named.sheets[0], sheet_id=named.sheets[1], verdict="same")
    )
    with pytest.raises(DBAPIError, match="(?i)foreign"):
        named.session.flush()


def test_votes_have_no_person_no_time_and_on_sqlite_no_order(database: Database) -> None:
    for table in ("echo_answers", "echo_votes"):
        columns = {column["name"] for column in inspect(database.engine).get_columns(table)}
        assert columns <= {"round_id", "voter_id", "sheet_id", "verdict"}
        if database.is_sqlite:
            with database.reading() as session, pytest.raises(DBAPIError, match="rowid"):
                session.execute(text(f"SELECT rowid FROM {table}"))


@pytest.mark.parametrize(
    "change",
    ["reason = 'another'", "verdict = 'different'", "made_by_id = made_by_id, withdrawn_at = NULL"],
)
def test_a_correction_cannot_be_rewritten_even_by_sql(
    named: Answered, facilitator: Account, change: str
) -> None:
    _correct(named, facilitator)
    with pytest.raises(DBAPIError, match="corrections_are_a_log"):
        named.session.execute(text(f"UPDATE corrections SET {change}"))


def test_a_withdrawal_cannot_be_taken_back(named: Answered, facilitator: Account) -> None:
    _correct(named, facilitator)
    named.session.execute(text("UPDATE corrections SET withdrawn_at = made_at, withdrawn_by_id = made_by_id"))
    with pytest.raises(DBAPIError, match="corrections_are_a_log"):
        named.session.execute(text("UPDATE corrections SET withdrawn_at = NULL, withdrawn_by_id = NULL"))


def test_two_corrections_of_one_pair_cannot_stand(named: Answered, facilitator: Account) -> None:
    _correct(named, facilitator)
    copy = (
        "INSERT INTO corrections (round_id, first_id, second_id, verdict, reason, made_by_id, made_at) "
        "SELECT round_id, first_id, second_id, 'different', reason, made_by_id, made_at FROM corrections"
    )
    with pytest.raises(DBAPIError, match="(?i)unique"):
        named.session.execute(text(copy))


def _correct(named: Answered, facilitator: Account) -> None:
    services.correct_pair(
        named.session,
        round_=named.round,
        first_id=named.sheets[0],
        second_id=named.sheets[1],
        verdict=Verdict.SAME,
        reason="I asked them.",
        account=facilitator,
        now=utc_now(),
    )
    named.session.commit()
