"""Days and times as people choose them, and the moments that they are. Pure.

A schedule runs for years, so unlike a closing time (app/surveys/closing_times.py) it cannot refuse a time that the
clocks skip or show twice one day: it takes the nearest sensible moment.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MONTHS_IN_A_QUARTER = 3


def quarters_after(day: date, n: int) -> date:
    """The same day of the month, n quarters later; the last of the month where the month is shorter.

    >>> quarters_after(date(2026, 11, 30), 1)
    datetime.date(2027, 2, 28)
    >>> quarters_after(date(2026, 11, 30), 2)
    datetime.date(2027, 5, 30)
    """
    months = day.year * 12 + day.month - 1 + n * MONTHS_IN_A_QUARTER
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def moment_for(day: date, clock: time, *, zone: str) -> datetime:
    """When clocks in `zone` show this, in UTC: the first time where they show it twice, and where they skip it as
    long after the skip as it would have been."""
    return datetime.combine(day, clock.replace(fold=0), tzinfo=ZoneInfo(zone)).astimezone(UTC)


def days_later(at: datetime, days: int, clock: time, *, zone: str) -> datetime:
    """So many calendar days after the day of `at` in `zone`, at this time there."""
    return moment_for(at.astimezone(ZoneInfo(zone)).date() + timedelta(days=days), clock, zone=zone)
