from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.evidence import queries, services


def end_due_echo_checks(session: Session, now: datetime) -> None:
    """End every echo check whose time is over. Safe to repeat: an ended one is not due."""
    for check in queries.list_due_echo_checks(session, now=now):
        services.end_echo_check(session, round_id=check.round_id, now=now)
