from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.surveys.models import Round, RoundState
from app.tracking.models import Convergence


def list_closed_rounds(session: Session, *, series_id: int) -> list[Round]:
    return list(
        session.scalars(
            select(Round)
            .where(Round.series_id == series_id, Round.state == RoundState.CLOSED)
            .order_by(Round.number)
            .options(selectinload(Round.participants), selectinload(Round.questions))
        )
    )


def find_convergence(session: Session, *, series_id: int) -> Convergence | None:
    """What was built last."""
    return session.scalar(
        select(Convergence).where(Convergence.series_id == series_id).order_by(Convergence.id.desc()).limit(1)
    )
