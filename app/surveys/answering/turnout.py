"""How many answered on which day. Counts alone: nothing here knows who, what, or at what time of the day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.surveys.models import AnswerDay, Round


def count_first_answer(session: Session, *, round_: Round, now: datetime) -> None:
    """One more person has answered today, in the round's zone. The caller has the round locked."""
    today = now.astimezone(ZoneInfo(round_.time_zone)).date()
    day = session.get(AnswerDay, (round_.id, today), populate_existing=True)
    if day is None:
        session.add(AnswerDay(round_id=round_.id, day=today, n=1))
    else:
        day.n += 1


def list_answer_days(session: Session, *, round_: Round, now: datetime) -> list[tuple[date, int]]:
    """Every day of the round from its opening to its end, or to today, with the people who had answered by then.

    The last is everybody who has answered; empty for a draft, and for a round from before days were counted.
    """
    counts = {
        row.day: row.n for row in session.scalars(select(AnswerDay).where(AnswerDay.round_id == round_.id))
    }
    if round_.opened_at is None or not counts:
        return []
    there = ZoneInfo(round_.time_zone)
    first = min(round_.opened_at.astimezone(there).date(), *counts)
    last = max(min(round_.closed_at or now, now).astimezone(there).date(), *counts)
    days, so_far = [], 0
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        so_far += counts.get(day, 0)
        days.append((day, so_far))
    return days
