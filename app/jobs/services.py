from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, update
from sqlalchemy.orm import Session

from app.db import utc_now
from app.jobs import queries
from app.jobs.models import MAX_ATTEMPTS, Job, JobState

LEASE = timedelta(seconds=30)
RETRY_AFTER = timedelta(seconds=10)


def enqueue(
    session: Session, *, kind: str, key: str, payload: dict[str, Any], due_at: datetime | None = None
) -> Job:
    """Add a job to the caller's transaction. A job with this key that exists already is returned as it is,
    except that a failed one starts afresh: asking again is how a person retries."""
    job = queries.find_job(session, key=key)
    if job is None:
        job = Job(kind=kind, key=key, payload=payload, due_at=due_at or utc_now())
        session.add(job)
    elif job.state == JobState.FAILED:
        job.state, job.attempts, job.error = JobState.QUEUED, 0, ""
        job.progress, job.progress_note = 0, ""
        job.due_at, job.ended_at = due_at or utc_now(), None
    session.flush()
    return job


def claim(session: Session, *, job_id: int, holder: str, now: datetime) -> Job | None:
    """Take the job for `holder`, or return None where another worker was faster.

    One conditional UPDATE decides, so any number of workers may try. Handlers must be idempotent: a worker that
    dies after its work but before `finish` leaves a lease that runs out, and the job is run again.
    """
    result = session.execute(
        update(Job)
        .where(Job.id == job_id, queries.claimable(now), Job.attempts < MAX_ATTEMPTS)
        .values(
            state=JobState.RUNNING,
            attempts=Job.attempts + 1,
            leased_until=now + LEASE,
            lease_holder=holder,
        )
        .execution_options(synchronize_session=False)
    )
    assert isinstance(result, CursorResult)
    return session.get(Job, job_id, populate_existing=True) if result.rowcount == 1 else None


def renew(
    session: Session,
    *,
    job_id: int,
    holder: str,
    now: datetime,
    progress: int | None = None,
    note: str | None = None,
) -> bool:
    """Extend the lease and tell how far the work is; False when the job is no longer this holder's."""
    values: dict[str, Any] = {"leased_until": now + LEASE}
    if progress is not None:
        values["progress"] = progress
    if note is not None:
        values["progress_note"] = note[:200]
    return _update_held(session, job_id=job_id, holder=holder, values=values)


def finish(session: Session, *, job_id: int, holder: str, now: datetime) -> bool:
    values = {"state": JobState.DONE, "leased_until": None, "ended_at": now, "progress": 100, "error": ""}
    return _update_held(session, job_id=job_id, holder=holder, values=values)


def fail(session: Session, *, job: Job, holder: str, now: datetime, error: str) -> bool:
    """Give the job back for another attempt, or end it after the last one."""
    if job.attempts >= MAX_ATTEMPTS:
        values: dict[str, Any] = {"state": JobState.FAILED, "leased_until": None, "ended_at": now}
    else:
        values = {"state": JobState.QUEUED, "leased_until": None, "due_at": now + RETRY_AFTER * job.attempts}
    return _update_held(session, job_id=job.id, holder=holder, values=values | {"error": error})


def end_exhausted(session: Session, *, now: datetime) -> int:
    """End the jobs whose every attempt died with its worker, so that none blocks the queue for ever."""
    result = session.execute(
        update(Job)
        .where(Job.state == JobState.RUNNING, Job.leased_until < now, Job.attempts >= MAX_ATTEMPTS)
        .values(
            state=JobState.FAILED,
            leased_until=None,
            ended_at=now,
            error=f"The worker stopped during each of {MAX_ATTEMPTS} attempts.",
        )
        .execution_options(synchronize_session=False)
    )
    assert isinstance(result, CursorResult)
    return result.rowcount


def _update_held(session: Session, *, job_id: int, holder: str, values: dict[str, Any]) -> bool:
    result = session.execute(
        update(Job)
        .where(Job.id == job_id, Job.state == JobState.RUNNING, Job.lease_holder == holder)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(result, CursorResult)
    return result.rowcount == 1
