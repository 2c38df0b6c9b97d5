from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.config import Settings
from app.db import Database, utc_now
from app.evidence import services as evidence
from app.evidence.models import Verdict
from app.jobs.handling import JobContext, JobRefused
from app.jobs.models import Job, JobState
from app.people.models import Account
from app.reports import queries, services
from app.reports.models import Report
from app.reports.tasks import build_report
from app.surveys import services as surveys
from app.surveys.models import Confidentiality
from app.tracking.models import Convergence
from app.worker import Worker
from tests import factories
from tests.analysis.fakes import FirstWordJudge
from tests.evidence.conftest import TEXTS, Answered, answered_round
from tests.reports.conftest import Build


class BrokenJudge(FirstWordJudge):
    """A judge that fails in the middle of its work."""

    def judge(self, texts: object) -> object:  # type: ignore[override]
        raise RuntimeError("a text that must not reach the page")


@pytest.fixture
def answered(app: Flask, session: Session, facilitator: Account) -> Answered:
    made = answered_round(app, session, facilitator, Confidentiality.NAMED, TEXTS)
    evidence._rebuild_report(session, round_id=made.round_id, because="test")
    session.commit()
    return made


def n_reports(session: Session) -> int:
    session.rollback()
    found = session.scalars(select(func.count()).select_from(Report)).one()
    session.rollback()
    return found


def latest(session: Session, round_id: int) -> Report:
    session.rollback()
    session.expire_all()
    found = queries.find_latest_report(session, round_id=round_id)
    assert found is not None
    assert found.document is not None
    session.rollback()
    return found


def test_closing_a_round_builds_its_report_and_its_convergence(
    session: Session, facilitator: Account, build: Build
) -> None:
    round_ = factories.open_round(session, organisation_id=facilitator.organisation_id)
    for participant, text in zip(round_.participants, TEXTS, strict=False):
        factories.submitted_sheet(session, round_=round_, participant=participant, text=text)
    surveys.close_round(session, round_=round_, now=utc_now())
    session.commit()
    build()
    assert n_reports(session) == 1
    assert session.scalars(select(func.count()).select_from(Convergence)).one() == 1


def test_the_same_job_run_twice_keeps_one_report(
    database: Database, settings: Settings, answered: Answered, judge: FirstWordJudge
) -> None:
    context = JobContext(
        database=database,
        settings=settings,
        payload={"round_id": answered.round_id},
        tell_progress=lambda _percent, _note: None,
    )
    for _ in range(2):
        build_report(context)
    assert n_reports(answered.session) == 1


def test_a_round_that_is_still_open_is_refused(
    database: Database, settings: Settings, session: Session, facilitator: Account
) -> None:
    round_ = factories.open_round(session, organisation_id=facilitator.organisation_id)
    session.commit()
    context = JobContext(
        database=database,
        settings=settings,
        payload={"round_id": round_.id},
        tell_progress=lambda _percent, _note: None,
    )
    session.rollback()
    with pytest.raises(JobRefused, match="not closed"):
        build_report(context)


def test_a_correction_makes_a_new_report_and_taking_it_back_makes_the_old_one_stand_again(
    answered: Answered, facilitator: Account, build: Build
) -> None:
    session = answered.session
    build()
    first = latest(session, answered.round_id).input_hash
    made = evidence.correct_pair(
        session,
        round_=answered.round,
        first_id=answered.sheets[0],
        second_id=answered.sheets[2],
        verdict=Verdict.SAME,
        reason="I asked them.",
        account=facilitator,
        now=utc_now(),
    )
    session.commit()
    build()
    assert latest(session, answered.round_id).input_hash != first
    evidence.withdraw_correction(session, correction=made, account=facilitator, now=utc_now())
    session.commit()
    build()
    assert latest(session, answered.round_id).input_hash == first
    assert n_reports(session) == 2


def test_a_correction_made_while_the_report_is_built_is_not_overwritten(
    database: Database, settings: Settings, answered: Answered, facilitator: Account, judge: FirstWordJudge
) -> None:
    def correct_meanwhile(percent: int, _note: str) -> None:
        if percent != 5:
            return
        with database.writing() as session:
            round_ = session.get_one(type(answered.round), answered.round_id)
            evidence.correct_pair(
                session,
                round_=round_,
                first_id=answered.sheets[0],
                second_id=answered.sheets[2],
                verdict=Verdict.SAME,
                reason="I asked them.",
                account=session.get_one(Account, 1),
                now=utc_now(),
            )

    answered.session.rollback()
    build_report(
        JobContext(
            database=database,
            settings=settings,
            payload={"round_id": answered.round_id},
            tell_progress=correct_meanwhile,
        )
    )
    assert n_reports(answered.session) == 0
    Worker(settings, database).run_until_idle()
    assert len(latest(answered.session, answered.round_id).document["evidence"]["corrections"]) == 1


def test_the_convergence_keeps_the_judges_reading_and_says_so(
    answered: Answered, facilitator: Account, build: Build
) -> None:
    session = answered.session
    build()
    before = session.scalars(select(Convergence)).one().document["tracking"]
    session.rollback()
    evidence.correct_pair(
        session,
        round_=answered.round,
        first_id=answered.sheets[0],
        second_id=answered.sheets[2],
        verdict=Verdict.SAME,
        reason="I asked them.",
        account=facilitator,
        now=utc_now(),
    )
    session.commit()
    build()
    session.expire_all()
    after = session.scalars(select(Convergence)).one().document["tracking"]
    assert after["rounds"] == before["rounds"]
    assert not [note for note in before["notes"] if "corrections of people" in note]
    assert [note for note in after["notes"] if "corrections of people in Q1 2027" in note]


def test_a_failed_job_says_where_and_never_what_was_written(
    database: Database, settings: Settings, answered: Answered, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "judge_for", lambda _database, _model: BrokenJudge())
    answered.session.rollback()
    worker = Worker(settings, database)
    for _ in range(3):
        with database.writing() as session:
            for job in session.scalars(select(Job)):
                job.due_at = utc_now()
        worker.run_until_idle()
    job = answered.session.scalars(select(Job)).one()
    assert job.state == JobState.FAILED
    assert job.error.startswith("RuntimeError at judge:")
    assert "must not reach" not in job.error
