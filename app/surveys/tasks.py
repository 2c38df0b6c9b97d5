from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.surveys import queries, services


def close_due_rounds(session: Session, now: datetime) -> None:
    """Close every round whose time and grace are over. Safe to repeat: a closed round is not due."""
    for round_ in queries.list_due_rounds(session, now=now):
        services.close_round(session, round_=round_, now=now)
