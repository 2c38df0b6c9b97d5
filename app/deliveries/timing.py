"""When a reminder may go out. Pure; every rule is about the moment `now` that it is given.

Days and hours are those of the person's time zone, or the round's where the person has none; "two days apart" is 48 hours of elapsed time, so a change of the
clocks in between makes no reminder come early.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

WORK_BEGINS = time(9)
WORK_ENDS = time(17)
APART = timedelta(days=2)
QUIET_BEFORE_CLOSE = timedelta(hours=2)
N_AUTOMATIC = 2


def is_working_time(at: datetime, *, zone: str) -> bool:
    """Monday to Friday, from nine to five in this zone."""
    local = at.astimezone(ZoneInfo(zone))
    return local.weekday() < 5 and WORK_BEGINS <= local.time() < WORK_ENDS


def next_working_time(at: datetime, *, zone: str) -> datetime:
    """This moment, or nine o'clock of the next working day where it is outside the working hours."""
    if is_working_time(at, zone=zone):
        return at
    there = ZoneInfo(zone)
    local = at.astimezone(there)
    day = local.date() if local.time() < WORK_BEGINS else local.date() + timedelta(days=1)
    while day.weekday() >= 5:
        day += timedelta(days=1)
    return datetime.combine(day, WORK_BEGINS, tzinfo=there).astimezone(UTC)


def is_too_late(now: datetime, *, closes_at: datetime) -> bool:
    """A reminder in the last two hours would only annoy."""
    return now.astimezone(UTC) > closes_at.astimezone(UTC) - QUIET_BEFORE_CLOSE


def reminder_times(opened_at: datetime, closes_at: datetime, *, zone: str) -> list[datetime]:
    """When the automatic reminders are due: after a third and two thirds of the time, in working hours.

    A short round has one of them, or none: each is two days after the opening or after the one before it.
    """
    # In UTC, because Python subtracts two times of one zone by the clock on the wall.
    opened_at, closes_at = opened_at.astimezone(UTC), closes_at.astimezone(UTC)
    times: list[datetime] = []
    earliest = opened_at + APART
    for number in range(1, N_AUTOMATIC + 1):
        wanted = opened_at + (closes_at - opened_at) * number / (N_AUTOMATIC + 1)
        at = next_working_time(max(wanted, earliest), zone=zone)
        if is_too_late(at, closes_at=closes_at):
            break
        times.append(at)
        earliest = at + APART
    return times


def is_long_enough_ago(contacted_at: datetime, now: datetime) -> bool:
    return now.astimezone(UTC) - contacted_at.astimezone(UTC) >= APART
