from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.running.calendar import days_later, moment_for, quarters_after

NINE = time(9)


@pytest.mark.parametrize(
    ("day", "n", "expected"),
    [
        (date(2026, 11, 30), 1, date(2027, 2, 28)),
        (date(2027, 11, 30), 1, date(2028, 2, 29)),
        (date(2026, 11, 30), 2, date(2027, 5, 30)),
        (date(2026, 10, 31), 1, date(2027, 1, 31)),
        (date(2026, 12, 15), 4, date(2027, 12, 15)),
    ],
)
def test_a_quarter_later_is_the_same_day_of_the_month(day: date, n: int, expected: date) -> None:
    assert quarters_after(day, n) == expected


@given(st.dates(date(2020, 1, 1), date(2060, 1, 1)), st.integers(0, 100))
def test_quarters_go_on_and_never_drift(day: date, n: int) -> None:
    later, next_one = quarters_after(day, n), quarters_after(day, n + 1)

    assert 88 <= (next_one - later).days <= 93
    assert later.day == day.day or (later.day < day.day and later.day >= 28)


def test_nine_in_the_morning_is_nine_in_summer_and_in_winter() -> None:
    assert moment_for(date(2027, 1, 11), NINE, zone="Europe/Berlin") == datetime(2027, 1, 11, 8, tzinfo=UTC)
    assert moment_for(date(2027, 4, 11), NINE, zone="Europe/Berlin") == datetime(2027, 4, 11, 7, tzinfo=UTC)


def test_a_time_that_the_clocks_skip_or_show_twice_is_one_moment() -> None:
    # Sunday 28 March 2027, 02:30 does not exist in Berlin; Sunday 31 October 2027, 02:30 comes twice.
    skipped = moment_for(date(2027, 3, 28), time(2, 30), zone="Europe/Berlin")
    twice = moment_for(date(2027, 10, 31), time(2, 30), zone="Europe/Berlin")

    assert skipped.astimezone(ZoneInfo("Europe/Berlin")).time() == time(3, 30)
    assert twice == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


def test_days_later_are_days_of_the_calendar() -> None:
    opened = datetime(2027, 3, 26, 8, tzinfo=UTC)

    assert days_later(opened, 3, time(17), zone="Europe/Berlin") == datetime(2027, 3, 29, 15, tzinfo=UTC)
