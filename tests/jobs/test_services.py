from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from app.db import utc_now
from app.jobs import queries, services
from app.jobs.models import MAX_ATTEMPTS, Job, JobState


def enqueue(session: Session, key: str = "count:1") -> Job:
    job = services.enqueue(session, kind="count", key=key, payload={"n": 1})
    session.commit()
    return job


def test_a_job_is_enqueued_with_the_change_that_needs_it_or_not_at_all(session: Session) -> None:
    services.enqueue(session, kind="count", key="count:1", payload={})
    session.rollback()
    assert queries.find_job(session, key="count:1") is None


def test_the_same_key_is_the_same_job(session: Session) -> None:
    assert enqueue(session).id == enqueue(session).id


def test_one_job_is_claimed_once(session: Session) -> None:
    job = enqueue(session)
    now = utc_now()
    first = services.claim(session, job_id=job.id, holder="first", now=now)
    second = services.claim(session, job_id=job.id, holder="second", now=now)
    assert first is not None
    assert second is None


def test_a_job_is_not_claimed_before_it_is_due(session: Session) -> None:
    later = utc_now() + timedelta(hours=1)
    job = services.enqueue(session, kind="count", key="count:1", payload={}, due_at=later)
    assert services.claim(session, job_id=job.id, holder="me", now=utc_now()) is None
    assert queries.list_claimable_ids(session, now=later, limit=5) == [job.id]


def test_a_job_whose_worker_died_is_claimed_by_the_next_one(session: Session) -> None:
    job = enqueue(session)
    services.claim(session, job_id=job.id, holder="dead", now=utc_now())
    after = utc_now() + services.LEASE + timedelta(seconds=1)
    taken = services.claim(session, job_id=job.id, holder="next", now=after)
    assert taken is not None
    assert taken.attempts == 2


def test_a_worker_that_lost_its_lease_cannot_finish_the_job(session: Session) -> None:
    job = enqueue(session)
    services.claim(session, job_id=job.id, holder="slow", now=utc_now())
    after = utc_now() + services.LEASE + timedelta(seconds=1)
    services.claim(session, job_id=job.id, holder="next", now=after)
    assert not services.finish(session, job_id=job.id, holder="slow", now=after)
    assert not services.renew(session, job_id=job.id, holder="slow", now=after)
    assert services.finish(session, job_id=job.id, holder="next", now=after)


def test_a_renewed_lease_keeps_others_away(session: Session) -> None:
    job = enqueue(session)
    begun = utc_now()
    services.claim(session, job_id=job.id, holder="slow", now=begun)
    services.renew(
        session, job_id=job.id, holder="slow", now=begun + services.LEASE, progress=40, note="Half-way"
    )
    after = begun + services.LEASE + timedelta(seconds=1)
    assert services.claim(session, job_id=job.id, holder="next", now=after) is None


def test_a_failed_attempt_is_tried_again_and_the_last_one_ends_the_job(session: Session) -> None:
    job = enqueue(session)
    now = utc_now()
    for _ in range(MAX_ATTEMPTS):
        claimed = services.claim(session, job_id=job.id, holder="me", now=now)
        assert claimed is not None
        services.fail(session, job=claimed, holder="me", now=now, error="no luck")
        now += timedelta(minutes=5)
    session.expire_all()
    assert job.state == JobState.FAILED
    assert job.error == "no luck"
    assert services.claim(session, job_id=job.id, holder="me", now=now) is None


def test_a_job_that_kills_every_worker_does_not_stay_in_the_way(session: Session) -> None:
    job = enqueue(session)
    now = utc_now()
    for _ in range(MAX_ATTEMPTS):
        services.claim(session, job_id=job.id, holder="dies", now=now)
        now += services.LEASE + timedelta(seconds=1)
    assert services.claim(session, job_id=job.id, holder="next", now=now) is None
    assert services.end_exhausted(session, now=now) == 1
    session.expire_all()
    assert job.state == JobState.FAILED


def test_asking_again_for_a_failed_job_starts_it_afresh(session: Session) -> None:
    job = enqueue(session)
    job.state, job.attempts, job.ended_at = JobState.FAILED, MAX_ATTEMPTS, utc_now()
    session.commit()
    again = enqueue(session)
    assert again.id == job.id
    assert again.state == JobState.QUEUED
    assert services.claim(session, job_id=job.id, holder="me", now=utc_now()) is not None
