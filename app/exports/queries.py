from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.exports.models import HouseTemplate, ReaderLink
from app.surveys.models import Round
from app.surveys.queries import hash_token


def list_reader_links(session: Session, *, round_id: int) -> list[ReaderLink]:
    """Every link of the round, the newest first."""
    return list(
        session.scalars(
            select(ReaderLink)
            .where(ReaderLink.round_id == round_id)
            .order_by(ReaderLink.created_at.desc(), ReaderLink.id.desc())
        )
    )


def find_reader_link(session: Session, *, round_id: int, reader_id: int) -> ReaderLink | None:
    return session.scalar(
        select(ReaderLink).where(ReaderLink.id == reader_id, ReaderLink.round_id == round_id)
    )


def find_open_link(session: Session, *, token: str, now: datetime) -> ReaderLink | None:
    """The link with this token, if it opens anything now."""
    return find_open_link_by_hash(session, token_hash=hash_token(token), now=now)


def find_open_link_by_hash(session: Session, *, token_hash: str, now: datetime) -> ReaderLink | None:
    found = session.scalar(
        select(ReaderLink)
        .where(ReaderLink.token_hash == token_hash)
        .options(joinedload(ReaderLink.round).joinedload(Round.series))
    )
    return found if found is not None and found.is_alive(now) else None


def find_house_template(session: Session, *, organisation_id: int) -> HouseTemplate | None:
    return session.get(HouseTemplate, organisation_id)
