"""Times, zones and states as people say them. Pure; English whatever the machine's locale is."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_QUARTER = re.compile(r"^(?P<before>\D*)Q(?P<quarter>[1-4])(?P<between>\D+)(?P<year>\d{4})(?P<after>\D*)$")
_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)


def counted(n: int, one: str, many: str) -> str:
    """'1 person', '9 people', '1,000 people'."""
    return f"{n:,} {one if n == 1 else many}"


def place(zone: str) -> str:
    """The city that a zone is named for: 'Europe/Berlin' is 'Berlin'."""
    return zone.rpartition("/")[2].replace("_", " ")


def day_words(day: date, *, today: date) -> str:
    """'Fri 12 Dec', with the year when it is not this one."""
    words = f"{DAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}"
    return words if day.year == today.year else f"{words} {day.year}"


def moment_words(at: datetime, *, zone: str, now: datetime) -> str:
    """'Fri 12 Dec 17:00 Berlin'."""
    local, today = at.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)).date()
    return f"{day_words(local.date(), today=today)} {local:%H:%M} {place(zone)}"


def distance_words(at: datetime, *, zone: str, now: datetime) -> str:
    """'in 3 days', 'in 5 hours', 'in less than a minute', '2 days ago'.

    From two days on, days are counted on the calendar of the zone, as people count them.
    """
    span = abs(at - now)
    there = ZoneInfo(zone)
    days = abs((at.astimezone(there).date() - now.astimezone(there).date()).days)
    if span < _MINUTE:
        words = "less than a minute"
    elif span < _HOUR:
        words = counted(int(span / _MINUTE), "minute", "minutes")
    elif span < 24 * _HOUR or days < 2:
        words = counted(int(span / _HOUR), "hour", "hours")
    else:
        words = counted(days, "day", "days")
    return f"in {words}" if at > now else f"{words} ago"


def closing_words(closes_at: datetime, *, zone: str, now: datetime) -> str:
    """'closes Fri 12 Dec 17:00 Berlin, in 3 days'; 'closed ...' when that is over."""
    verb = "closes" if closes_at > now else "closed"
    distance = distance_words(closes_at, zone=zone, now=now)
    return f"{verb} {moment_words(closes_at, zone=zone, now=now)}, {distance}"


def quarter_label(day: date) -> str:
    return f"Q{(day.month - 1) // 3 + 1} {day.year}"


def next_label(label: str, *, today: date) -> str:
    """The label of the round after this one: 'Q4 2026' is followed by 'Q1 2027'.

    A label that names no quarter is followed by the current one, or by itself with a number where they are equal.
    """
    found = _QUARTER.match(label.strip())
    if found is None:
        current = quarter_label(today)
        return current if label.strip() != current else f"{current} (2)"
    quarter, year = int(found["quarter"]) % 4 + 1, int(found["year"])
    if quarter == 1:
        year += 1
    return f"{found['before']}Q{quarter}{found['between']}{year}{found['after']}"


def in_zone(at: datetime, zone: str) -> datetime:
    """The same moment on the clocks of this zone."""
    return at.astimezone(ZoneInfo(zone))
