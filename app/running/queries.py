from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.running.models import Notice, QuarterlySchedule, ScheduledOpening
from app.surveys.models import Round, RoundState


def find_opening(session: Session, *, round_id: int) -> ScheduledOpening | None:
    return session.get(ScheduledOpening, round_id)


def list_due_openings(session: Session, *, now: datetime) -> list[ScheduledOpening]:
    return list(
        session.scalars(
            select(ScheduledOpening)
            .where(ScheduledOpening.opens_at <= now, ScheduledOpening.refused_at.is_(None))
            .order_by(ScheduledOpening.opens_at, ScheduledOpening.round_id)
        )
    )


def is_mailing_soon(session: Session, *, now: datetime, within: timedelta) -> bool:
    """Does a round open by itself, with mails, so soon?"""
    wanted = (
        select(ScheduledOpening.round_id)
        .where(
            ScheduledOpening.is_mailing,
            ScheduledOpening.refused_at.is_(None),
            ScheduledOpening.opens_at > now,
            ScheduledOpening.opens_at <= now + within,
        )
        .limit(1)
    )
    return session.scalar(wanted) is not None


def find_schedule(session: Session, *, series_id: int) -> QuarterlySchedule | None:
    return session.get(QuarterlySchedule, series_id)


def lock_schedule(session: Session, *, series_id: int) -> QuarterlySchedule | None:
    """The schedule as it is now, locked until the transaction ends."""
    return session.scalar(
        select(QuarterlySchedule)
        .where(QuarterlySchedule.series_id == series_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def list_running_schedules(session: Session) -> list[QuarterlySchedule]:
    """Every schedule that is not paused."""
    return list(
        session.scalars(
            select(QuarterlySchedule)
            .where(QuarterlySchedule.is_paused.is_(False))
            .order_by(QuarterlySchedule.series_id)
        )
    )


def list_rounds(session: Session, *, series_id: int) -> list[Round]:
    return list(session.scalars(select(Round).where(Round.series_id == series_id).order_by(Round.number)))


def is_any_round_open(session: Session, *, series_id: int) -> bool:
    wanted = select(Round.id).where(Round.series_id == series_id, Round.state == RoundState.OPEN).limit(1)
    return session.scalar(wanted) is not None


def list_notices(session: Session, *, organisation_id: int) -> list[Notice]:
    """What nobody has read yet, the newest first."""
    return list(
        session.scalars(
            select(Notice)
            .where(Notice.organisation_id == organisation_id, Notice.dismissed_at.is_(None))
            .order_by(Notice.id.desc())
        )
    )


def find_notice(session: Session, *, organisation_id: int, notice_id: int) -> Notice | None:
    return session.scalar(
        select(Notice).where(Notice.id == notice_id, Notice.organisation_id == organisation_id)
    )


def find_notice_by_key(session: Session, *, key: str) -> Notice | None:
    return session.scalar(select(Notice).where(Notice.key == key))


def get_notice(session: Session, *, notice_id: int) -> Notice | None:
    return session.scalar(
        select(Notice)
        .where(Notice.id == notice_id)
        .options(joinedload(Notice.account), joinedload(Notice.round))
    )
