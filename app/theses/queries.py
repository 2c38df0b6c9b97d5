from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.theses.models import ThesisVersion


def list_versions(session: Session, *, series_id: int) -> list[ThesisVersion]:
    """Every version of the series' thesis, the newest first."""
    return list(
        session.scalars(
            select(ThesisVersion)
            .where(ThesisVersion.series_id == series_id)
            .order_by(ThesisVersion.number.desc())
            .options(joinedload(ThesisVersion.written_by))
        )
    )


def find_current_version(session: Session, *, series_id: int) -> ThesisVersion | None:
    return session.scalar(
        select(ThesisVersion)
        .where(ThesisVersion.series_id == series_id)
        .order_by(ThesisVersion.number.desc())
        .limit(1)
    )
