from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.offsite.models import Meeting, MeetingFork, Showing
from app.surveys.models import Round, Series


def find_meeting(session: Session, *, organisation_id: int, meeting_id: int) -> Meeting | None:
    return session.scalar(
        select(Meeting)
        .join(Round, Round.id == Meeting.round_id)
        .join(Series, Series.id == Round.series_id)
        .where(Series.organisation_id == organisation_id, Meeting.id == meeting_id)
        .options(selectinload(Meeting.forks))
    )


def list_meetings(session: Session, *, round_id: int) -> list[Meeting]:
    """The meetings and rehearsals of a round, the latest first."""
    return list(
        session.scalars(
            select(Meeting)
            .where(Meeting.round_id == round_id)
            .order_by(Meeting.begun_at.desc(), Meeting.id.desc())
            .options(selectinload(Meeting.forks))
        )
    )


def list_meetings_that_said(session: Session, *, round_id: int) -> list[Meeting]:
    """The meetings that counted hands or fixed a date, the earliest first; rehearsals say nothing."""
    is_counted = (
        select(MeetingFork.number)
        .where(MeetingFork.meeting_id == Meeting.id, MeetingFork.counts > 0)
        .exists()
    )
    return list(
        session.scalars(
            select(Meeting)
            .where(
                Meeting.round_id == round_id,
                Meeting.showing != Showing.REHEARSAL,
                is_counted | Meeting.next_on.is_not(None),
            )
            .order_by(Meeting.begun_at, Meeting.id)
            .options(selectinload(Meeting.forks), selectinload(Meeting.report))
        )
    )
