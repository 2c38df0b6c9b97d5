from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.observing.models import ObserverLink
from app.surveys.models import Round
from app.surveys.observers import Observer
from app.surveys.queries import hash_token


def list_observers(session: Session, *, round_id: int) -> list[Observer]:
    found = session.scalars(select(Observer).where(Observer.round_id == round_id))
    return sorted(found, key=lambda observer: (observer.name.casefold(), observer.id))


def list_untold(session: Session, *, round_id: int) -> list[Observer]:
    """Who has an address and has not been told."""
    return [
        observer
        for observer in list_observers(session, round_id=round_id)
        if observer.email and observer.told_at is None
    ]


def find_observer(session: Session, *, round_id: int, observer_id: int) -> Observer | None:
    return session.scalar(select(Observer).where(Observer.id == observer_id, Observer.round_id == round_id))


def get_observer(session: Session, *, observer_id: int) -> Observer | None:
    return session.scalar(
        select(Observer)
        .where(Observer.id == observer_id)
        .options(joinedload(Observer.round).joinedload(Round.series))
    )


def find_by_token(session: Session, *, token: str) -> Observer | None:
    """Whom this link is for; None when it is unknown or was replaced."""
    link = session.scalar(
        select(ObserverLink)
        .where(ObserverLink.token_hash == hash_token(token), ObserverLink.revoked_at.is_(None))
        .options(
            joinedload(ObserverLink.observer).joinedload(Observer.round).joinedload(Round.series),
            joinedload(ObserverLink.observer).joinedload(Observer.round).selectinload(Round.participants),
        )
    )
    return link.observer if link is not None else None


def list_live_links(session: Session, *, observer_id: int) -> list[ObserverLink]:
    return list(
        session.scalars(
            select(ObserverLink).where(
                ObserverLink.observer_id == observer_id, ObserverLink.revoked_at.is_(None)
            )
        )
    )


def is_over(round_: Round, now: datetime) -> bool:
    """Has the round taken its last answer, whatever the worker has written yet?"""
    return round_.opened_at is not None and not round_.accepts_answers(now)
