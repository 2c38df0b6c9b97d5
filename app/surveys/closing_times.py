"""From a date, a time and a zone to one moment; times that a clock skips or shows twice are refused."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from app.languages import gettext as _
from app.surveys.wording import day_words, place


class ClosingTimeRefused(Exception):
    """The message says why, and what to choose instead."""


def moment_of(day: date, clock: time, *, zone: str) -> datetime:
    """The one moment at which clocks in `zone` show this date and time, in UTC."""
    there = ZoneInfo(zone)
    first = datetime.combine(day, clock.replace(fold=0), tzinfo=there)
    second = first.replace(fold=1)
    if first.utcoffset() != second.utcoffset():
        when = _(
            "%(time)s on %(day)s %(year)s",
            time=f"{clock:%H:%M}",
            day=day_words(day, today=day),
            year=day.year,
        )
        shown = first.astimezone(UTC).astimezone(there)
        if shown.replace(tzinfo=None) != first.replace(tzinfo=None):
            raise ClosingTimeRefused(
                _(
                    "%(when)s does not exist in %(place)s: the clocks go forward over it. Choose %(time)s, or "
                    "another time.",
                    when=when,
                    place=place(zone),
                    time=f"{shown:%H:%M}",
                )
            )
        raise ClosingTimeRefused(
            _(
                "%(when)s comes twice in %(place)s, because the clocks go back. Choose another time.",
                when=when,
                place=place(zone),
            )
        )
    return first.astimezone(UTC)
