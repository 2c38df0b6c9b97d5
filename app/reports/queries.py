from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.reports.models import Report


def find_latest_report(session: Session, *, round_id: int) -> Report | None:
    """The report that stands: built last, or become right again last (a correction that was taken back)."""
    return session.scalar(
        select(Report)
        .where(Report.round_id == round_id)
        .order_by(Report.built_at.desc(), Report.id.desc())
        .limit(1)
    )


def find_report(session: Session, *, round_id: int, input_hash: str) -> Report | None:
    return session.scalar(select(Report).where(Report.round_id == round_id, Report.input_hash == input_hash))
