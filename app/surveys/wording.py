"""Times, zones and states as people say them, in the language that is spoken, whatever the machine's locale is."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from babel.support import LazyProxy

from app.languages import catalogue, language, marked, ngettext
from app.languages import gettext as _
from app.languages import lazy_gettext as _l

DAYS = (_l("Mon"), _l("Tue"), _l("Wed"), _l("Thu"), _l("Fri"), _l("Sat"), _l("Sun"))
MONTHS = (
    _l("Jan"),
    _l("Feb"),
    _l("Mar"),
    _l("Apr"),
    _l("May"),
    _l("Jun"),
    _l("Jul"),
    _l("Aug"),
    _l("Sep"),
    _l("Oct"),
    _l("Nov"),
    _l("Dec"),
)

_QUARTER = re.compile(r"^(?P<before>\D*)Q(?P<quarter>[1-4])(?P<between>\D+)(?P<year>\d{4})(?P<after>\D*)$")
_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)


def counted(n: int, one: str, many: str) -> str:
    """'1 person', '9 people', '1,000 people'. Catalogues hold the nouns: the call names both forms literally."""
    return _("%(number)s %(noun)s", number=number(n), noun=catalogue(language()).ngettext(one, many, n))


def number(n: int) -> str:
    """'1,000': with the separator of the language."""
    return f"{n:,}".replace(",", _(","))


_NUMBERS = (
    *(marked("no"), marked("one"), marked("two"), marked("three"), marked("four"), marked("five")),
    *(marked("six"), marked("seven"), marked("eight"), marked("nine"), marked("ten"), marked("eleven")),
    marked("twelve"),
)


def number_word(n: int) -> str:
    """'three'; beyond twelve '13'."""
    return _(_NUMBERS[n]) if 0 <= n < len(_NUMBERS) else number(n)


def lazy_number(n: int) -> Any:
    """Said when it is shown: for a number in a form's class."""
    return LazyProxy(number, n, enable_cache=False)


def place(zone: str) -> str:
    """The city that a zone is named for: 'Europe/Berlin' is 'Berlin'."""
    return zone.rpartition("/")[2].replace("_", " ")


def day_words(day: date, *, today: date) -> str:
    """'Fri 12 Dec', with the year when it is not this one."""
    parts = {"weekday": DAYS[day.weekday()], "day": day.day, "month": MONTHS[day.month - 1]}
    if day.year == today.year:
        return _("%(weekday)s %(day)s %(month)s", **parts)
    return _("%(weekday)s %(day)s %(month)s %(year)s", **parts, year=day.year)


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
    is_ahead = at > now
    if span < _MINUTE:
        return _("in less than a minute") if is_ahead else _("less than a minute ago")
    if span < _HOUR:
        n = int(span / _MINUTE)
        if is_ahead:
            return ngettext("in %(n)s minute", "in %(n)s minutes", n)
        return ngettext("%(n)s minute ago", "%(n)s minutes ago", n)
    if span < 24 * _HOUR or days < 2:
        n = int(span / _HOUR)
        return (
            ngettext("in %(n)s hour", "in %(n)s hours", n)
            if is_ahead
            else ngettext("%(n)s hour ago", "%(n)s hours ago", n)
        )
    if is_ahead:
        return ngettext("in %(n)s day", "in %(n)s days", days)
    return ngettext("%(n)s day ago", "%(n)s days ago", days)


def closing_words(closes_at: datetime, *, zone: str, now: datetime) -> str:
    """'closes Fri 12 Dec 17:00 Berlin, in 3 days'; 'closed ...' when that is over."""
    when = {
        "moment": moment_words(closes_at, zone=zone, now=now),
        "distance": distance_words(closes_at, zone=zone, now=now),
    }
    if closes_at > now:
        return _("closes %(moment)s, %(distance)s", **when)
    return _("closed %(moment)s, %(distance)s", **when)


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
