from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.surveys.models import (
    GRACE,
    Invitation,
    Participant,
    ParticipantState,
    Round,
    RoundState,
    Series,
)


def hash_token(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def get_round(session: Session, *, round_id: int) -> Round:
    """The round, whoever owns it: for jobs. Raises NoResultFound. A page asks `find_round`."""
    return session.get_one(Round, round_id)


def find_round(session: Session, *, organisation_id: int, round_id: int) -> Round | None:
    """The round with its questions and participants, if this organisation owns it."""
    return session.scalar(
        select(Round)
        .join(Round.series)
        .where(Round.id == round_id, Series.organisation_id == organisation_id)
        .options(joinedload(Round.series), selectinload(Round.questions), selectinload(Round.participants))
    )


def find_series(session: Session, *, organisation_id: int, series_id: int) -> Series | None:
    return session.scalar(
        select(Series)
        .where(Series.id == series_id, Series.organisation_id == organisation_id)
        .options(selectinload(Series.rounds))
    )


def list_series(session: Session, *, organisation_id: int) -> list[Series]:
    """The organisation's series, the newest first, each with its rounds and their participants."""
    return list(
        session.scalars(
            select(Series)
            .where(Series.organisation_id == organisation_id, Series.rounds.any())
            .order_by(Series.id.desc())
            .options(selectinload(Series.rounds).selectinload(Round.participants))
        )
    )


def find_last_round(session: Session, *, organisation_id: int) -> Round | None:
    """The round that this organisation made last: its zone and its asker are good suggestions."""
    return session.scalar(
        select(Round)
        .join(Round.series)
        .where(Series.organisation_id == organisation_id)
        .order_by(Round.id.desc())
        .limit(1)
    )


def find_next_round(session: Session, *, round_: Round) -> Round | None:
    """The round that follows this one in its series."""
    return session.scalar(
        select(Round).where(Round.series_id == round_.series_id, Round.number == round_.number + 1)
    )


def last_round_number(session: Session, *, series_id: int) -> int:
    return session.scalar(select(func.max(Round.number)).where(Round.series_id == series_id)) or 0


def lock_round(session: Session, *, round_id: int) -> Round:
    """The round as it is now, locked until the transaction ends.

    Closing and submitting both ask here first, so one of them comes first: PostgreSQL locks the row, SQLite's
    writing transaction has the whole file already.
    """
    return session.scalars(
        select(Round).where(Round.id == round_id).with_for_update().execution_options(populate_existing=True)
    ).one()


def list_due_rounds(session: Session, *, now: datetime) -> list[Round]:
    """Open rounds whose closing time and the grace after it are over, locked like `lock_round` does.

    One that is being extended meanwhile is looked at again after the wait, and is not due.
    """
    return list(
        session.scalars(
            select(Round)
            .where(Round.state == RoundState.OPEN, Round.closes_at <= now - GRACE)
            .order_by(Round.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )


def find_invitation(session: Session, *, token: str) -> Invitation | None:
    """The personal link of this token with its participant and round; None when unknown, replaced or superseded."""
    return session.scalar(
        select(Invitation)
        .where(
            Invitation.token_hash == hash_token(token),
            Invitation.revoked_at.is_(None),
            Invitation.superseded_at.is_(None),
        )
        .options(joinedload(Invitation.participant).joinedload(Participant.round).joinedload(Round.series))
    )


def find_participant(session: Session, *, round_id: int, participant_id: int) -> Participant | None:
    return session.scalar(
        select(Participant).where(
            Participant.id == participant_id,
            Participant.round_id == round_id,
            Participant.is_test.is_(False),
        )
    )


def list_identities(session: Session, *, round_id: int) -> set[str]:
    return set(
        session.scalars(
            select(Participant.identity).where(
                Participant.round_id == round_id, Participant.is_test.is_(False)
            )
        )
    )


def count_participants_by_state(session: Session, *, round_id: int) -> dict[str, int]:
    counts = {state.value: 0 for state in ParticipantState}
    rows = session.execute(
        select(Participant.state, func.count())
        .where(Participant.round_id == round_id, Participant.is_test.is_(False))
        .group_by(Participant.state)
    )
    return counts | {state: n for state, n in rows}  # noqa: C416 - dict() takes a result for a mapping


def map_live_tokens(
    session: Session, *, round_id: int, token_hashes: Iterable[str]
) -> dict[str, Participant]:
    """Of these token hashes the ones that are a live link of this round, each with its participant."""
    rows = session.execute(
        select(Invitation.token_hash, Participant)
        .join(Invitation.participant)
        .where(
            Participant.round_id == round_id,
            Invitation.revoked_at.is_(None),
            Invitation.superseded_at.is_(None),
            Invitation.token_hash.in_(list(token_hashes)),
        )
    )
    return {token_hash: participant for token_hash, participant in rows}  # noqa: C416 - dict() takes a result for a mapping


def has_any_invitation(session: Session, *, token_hashes: Iterable[str]) -> bool:
    """Is one of these hashes that of a link, working or ended?"""
    return (
        session.scalar(
            select(Invitation.token_hash).where(Invitation.token_hash.in_(list(token_hashes))).limit(1)
        )
        is not None
    )


def list_linked_ids(session: Session, *, round_id: int) -> set[int]:
    """The participants who have a link that works."""
    return set(
        session.scalars(
            select(Invitation.participant_id)
            .join(Invitation.participant)
            .where(
                Participant.round_id == round_id,
                Invitation.revoked_at.is_(None),
                Invitation.superseded_at.is_(None),
            )
        )
    )
