from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from app.deliveries import timing

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "Africa/Casablanca"]


def at(*when: int, zone: ZoneInfo = BERLIN) -> datetime:
    return datetime(*when, tzinfo=zone)  # type: ignore[misc]


def local(times: list[datetime]) -> list[str]:
    return [f"{time.astimezone(BERLIN):%a %d %b %H:%M}" for time in times]


def test_a_week_has_two_reminders_in_working_hours() -> None:
    # 175 hours: a third of them ends on Wednesday 20:20, two thirds on Saturday 06:40; both wait for nine o'clock.
    times = timing.reminder_times(at(2026, 12, 7, 10), at(2026, 12, 14, 17), zone="Europe/Berlin")
    assert local(times) == ["Thu 10 Dec 09:00", "Mon 14 Dec 09:00"]


def test_a_moment_inside_the_working_hours_is_kept() -> None:
    # Twelve days from Monday 10:00: a third is Friday 10:00, two thirds Tuesday 10:00.
    times = timing.reminder_times(at(2026, 12, 7, 10), at(2026, 12, 19, 10), zone="Europe/Berlin")
    assert local(times) == ["Fri 11 Dec 10:00", "Tue 15 Dec 10:00"]


def test_nine_oclock_stays_nine_oclock_when_the_clocks_change() -> None:
    # The clocks go forward in the night to Sunday 28 March 2027; nine o'clock is 08:00 UTC before, 07:00 UTC after.
    times = timing.reminder_times(at(2027, 3, 22, 8), at(2027, 4, 2, 17), zone="Europe/Berlin")
    assert times == [datetime(2027, 3, 26, 8, 0, tzinfo=UTC), datetime(2027, 3, 30, 7, 0, tzinfo=UTC)]


def test_two_days_are_48_hours_of_elapsed_time_over_a_change_of_the_clocks() -> None:
    friday = at(2027, 3, 26, 16, 30)
    assert not timing.is_long_enough_ago(friday, at(2027, 3, 28, 16, 30))
    assert timing.is_long_enough_ago(friday, at(2027, 3, 28, 17, 30))


@pytest.mark.parametrize("days", [0.1, 1, 2])
def test_a_round_of_two_days_has_no_reminder(days: float) -> None:
    opened = at(2026, 12, 7, 10)
    assert timing.reminder_times(opened, opened + timedelta(days=days), zone="Europe/Berlin") == []


def test_the_last_two_hours_are_quiet() -> None:
    closes = at(2026, 12, 11, 17)
    assert not timing.is_too_late(closes - timedelta(hours=2), closes_at=closes)
    assert timing.is_too_late(closes - timedelta(hours=2) + timedelta(seconds=1), closes_at=closes)


@pytest.mark.parametrize(
    ("when", "works"),
    [
        ((2026, 12, 7, 8, 59), False),
        ((2026, 12, 7, 9, 0), True),
        ((2026, 12, 7, 16, 59), True),
        ((2026, 12, 7, 17, 0), False),
        ((2026, 12, 12, 12, 0), False),
        ((2026, 12, 13, 12, 0), False),
    ],
)
def test_working_hours_are_nine_to_five_on_weekdays_of_the_zone(when: tuple[int, ...], works: bool) -> None:
    assert timing.is_working_time(at(*when).astimezone(UTC), zone="Europe/Berlin") == works


@given(
    opened=st.datetimes(datetime(2026, 1, 1), datetime(2031, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    hours=st.integers(1, 24 * 60),
    zone=st.sampled_from(ZONES),
)
@hypothesis_settings(max_examples=400, deadline=None)
def test_every_reminder_keeps_every_rule(opened: datetime, hours: int, zone: str) -> None:
    closes = opened + timedelta(hours=hours)
    times = timing.reminder_times(opened, closes, zone=zone)
    assert len(times) <= 2
    for time in times:
        assert timing.is_working_time(time, zone=zone)
        assert time <= closes - timedelta(hours=2)
    assert all(later - earlier >= timedelta(days=2) for earlier, later in pairwise([opened, *times]))
