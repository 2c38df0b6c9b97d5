from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import Database, utc_now
from app.evidence import queries, services, tasks
from app.evidence.models import Correction, Verdict
from app.jobs.models import Job
from app.people.models import Account
from app.surveys.models import Confidentiality
from tests import factories
from tests.evidence.conftest import TEXTS, Answered, answered_round


def jobs(session: Session) -> list[str]:
    return [job.key.split(":")[2] for job in session.scalars(select(Job).order_by(Job.id))]


# --- The echo check ----------------------------------------------------------------------------------------------


def test_an_echo_check_started_twice_stands_as_it_was_started_first(named: Answered) -> None:
    named.start(days=2)
    before = queries.find_echo_check(named.session, round_id=named.round_id).closes_at
    named.start(days=5)
    assert queries.find_echo_check(named.session, round_id=named.round_id).closes_at == before


def test_an_open_round_has_no_echo_check(session: Session, facilitator: Account) -> None:
    round_ = factories.open_round(session, organisation_id=facilitator.organisation_id)
    with pytest.raises(services.EchoCheckRefused, match="after the round has closed"):
        services.list_answers_to_check(session, round_=round_, now=utc_now())


@pytest.mark.parametrize("mode", [Confidentiality.CONFIDENTIAL, Confidentiality.UNATTRIBUTED])
def test_below_five_answers_nobody_reads_another_without_names(
    session: Session, facilitator: Account, mode: Confidentiality
) -> None:
    round_ = factories.closed_round(
        session, organisation_id=facilitator.organisation_id, texts=TEXTS[:4], confidentiality=mode
    )
    with pytest.raises(services.EchoCheckRefused, match="below 5 answers"):
        services.list_answers_to_check(session, round_=round_, now=utc_now())


def test_it_takes_three_readable_answers(session: Session, facilitator: Account) -> None:
    texts = [TEXTS[0], TEXTS[2], "n/a", "🙂", ""]
    round_ = factories.closed_round(session, organisation_id=facilitator.organisation_id, texts=texts)
    with pytest.raises(services.EchoCheckRefused, match="at least three"):
        services.list_answers_to_check(session, round_=round_, now=utc_now())


def test_when_the_links_have_ended_it_is_too_late(named: Answered) -> None:
    named.round.closes_at = named.round.closed_at = utc_now() - timedelta(days=31)
    with pytest.raises(services.EchoCheckRefused, match="30 days"):
        services.list_answers_to_check(named.session, round_=named.round, now=utc_now())


def test_answers_that_cannot_be_read_take_no_part(app: Flask, session: Session, facilitator: Account) -> None:
    made = answered_round(
        app, session, facilitator, Confidentiality.NAMED, [*TEXTS[:4], "n/a", "我们为医院服务,别无其他选择。"]
    )
    made.start()
    assert set(queries.list_echo_sheets(session, round_id=made.round_id)) == set(made.sheets[:4])


def test_the_newer_word_of_a_voter_stands(named: Answered) -> None:
    named.start()
    named.vote(0, 1, Verdict.SAME)
    named.vote(0, 1, Verdict.OPPOSITE)
    assert named.votes() == {(0, 1, "opposite")}


def test_nobody_votes_on_their_own_answer(named: Answered) -> None:
    named.start()
    with pytest.raises(services.NotOnTheList):
        named.vote(0, 0, Verdict.SAME)


def test_nobody_votes_on_an_answer_of_another_round(
    app: Flask, session: Session, facilitator: Account, named: Answered
) -> None:
    named.start()
    other = answered_round(app, session, facilitator, Confidentiality.NAMED, TEXTS)
    with pytest.raises(services.NotOnTheList):
        services.cast_vote(
            session,
            round_id=named.round_id,
            voter_id=named.sheets[0],
            sheet_id=other.sheets[1],
            verdict=Verdict.SAME,
            now=utc_now(),
        )


def test_after_the_end_no_vote_is_taken(named: Answered) -> None:
    named.start()
    named.end()
    with pytest.raises(services.EchoCheckEnded):
        named.vote(0, 1, Verdict.SAME)


def test_after_its_time_no_vote_is_taken_even_before_the_worker_has_looked(named: Answered) -> None:
    named.start(days=2)
    with pytest.raises(services.EchoCheckEnded):
        services.cast_vote(
            named.session,
            round_id=named.round_id,
            voter_id=named.sheets[0],
            sheet_id=named.sheets[1],
            verdict=Verdict.SAME,
            now=utc_now() + timedelta(days=2, seconds=1),
        )


def test_the_end_keeps_every_vote_and_builds_the_report_anew_once(named: Answered) -> None:
    named.start()
    named.vote(0, 1, Verdict.SAME)
    named.vote(2, 1, Verdict.UNSURE)
    named.end()
    named.end()
    assert named.votes() == {(0, 1, "same"), (2, 1, "unsure")}
    assert jobs(named.session) == ["echo"]


def test_the_clock_ends_it(database: Database, named: Answered) -> None:
    named.start(days=2)
    with database.writing() as session:
        tasks.end_due_echo_checks(session, utc_now() + timedelta(days=1, hours=23))
        assert queries.find_echo_check(session, round_id=named.round_id).ended_at is None
        tasks.end_due_echo_checks(session, utc_now() + timedelta(days=2, seconds=1))
        assert queries.find_echo_check(session, round_id=named.round_id).ended_at is not None
        assert jobs(session) == ["echo"]


# --- Corrections --------------------------------------------------------------------------------------------------


def correct(
    answered: Answered,
    account: Account,
    first: int,
    second: int,
    verdict: Verdict,
    reason: str = "I asked them.",
) -> Correction:
    return services.correct_pair(
        answered.session,
        round_=answered.round,
        first_id=answered.sheets[first],
        second_id=answered.sheets[second],
        verdict=verdict,
        reason=reason,
        account=account,
        now=utc_now(),
    )


def test_a_correction_is_kept_with_who_and_why_and_builds_the_report_anew(
    named: Answered, facilitator: Account
) -> None:
    made = correct(named, facilitator, 0, 2, Verdict.SAME, "  Both mean the clinics.  ")
    assert (made.made_by_id, made.reason) == (facilitator.id, "Both mean the clinics.")
    assert jobs(named.session) == ["correction"]


def test_a_second_word_on_the_same_two_answers_withdraws_the_first(
    named: Answered, facilitator: Account
) -> None:
    first = correct(named, facilitator, 0, 2, Verdict.SAME)
    second = correct(named, facilitator, 2, 0, Verdict.OPPOSITE)
    assert first.withdrawn_by_id == facilitator.id
    assert queries.list_standing_corrections(named.session, round_id=named.round_id) == [second]
    assert len(queries.list_corrections(named.session, round_id=named.round_id)) == 2


def test_a_withdrawn_correction_stays_in_the_log(named: Answered, facilitator: Account) -> None:
    made = correct(named, facilitator, 0, 2, Verdict.SAME)
    for _ in range(2):
        services.withdraw_correction(named.session, correction=made, account=facilitator, now=utc_now())
    assert queries.list_standing_corrections(named.session, round_id=named.round_id) == []
    assert queries.list_corrections(named.session, round_id=named.round_id) == [made]
    assert jobs(named.session) == ["correction", "withdrawal"]


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_correction_needs_a_reason(named: Answered, facilitator: Account, reason: str) -> None:
    with pytest.raises(services.CorrectionRefused, match="why"):
        correct(named, facilitator, 0, 2, Verdict.SAME, reason)


def test_an_answer_is_not_corrected_against_itself(named: Answered, facilitator: Account) -> None:
    with pytest.raises(services.CorrectionRefused, match="two different"):
        correct(named, facilitator, 1, 1, Verdict.SAME)


def test_word_for_word_the_same_cannot_be_corrected(
    app: Flask, session: Session, facilitator: Account
) -> None:
    made = answered_round(app, session, facilitator, Confidentiality.NAMED, [*TEXTS[:3], TEXTS[0].upper()])
    with pytest.raises(services.CorrectionRefused, match="word for word"):
        correct(made, facilitator, 0, 3, Verdict.DIFFERENT)
