from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.sql import ColumnElement

from app.jobs.models import Job, JobState


def find_job(session: Session, *, key: str) -> Job | None:
    return session.scalar(select(Job).where(Job.key == key))


def claimable(now: datetime) -> ColumnElement[bool]:
    """Due and waiting, or taken by a worker that stopped renewing its lease."""
    return or_(
        and_(Job.state == JobState.QUEUED, Job.due_at <= now),
        and_(Job.state == JobState.RUNNING, Job.leased_until < now),
    )


def list_claimable_ids(session: Session, *, now: datetime, limit: int) -> list[int]:
    return list(
        session.scalars(select(Job.id).where(claimable(now)).order_by(Job.due_at, Job.id).limit(limit))
    )


def count_jobs_by_state(session: Session) -> dict[str, int]:
    counts = {state.value: 0 for state in JobState}
    for state in session.scalars(select(Job.state)):
        counts[state] += 1
    return counts


def find_latest_job(session: Session, *, key_prefix: str) -> Job | None:
    """The newest of the jobs whose key begins so, such as "build_report:7:"."""
    return session.scalar(
        select(Job).where(Job.key.startswith(key_prefix, autoescape=True)).order_by(Job.id.desc()).limit(1)
    )
