from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.surveys.closing_times import ClosingTimeRefused, moment_of
from app.zones import zone_names, zones_by_region


def test_a_time_on_the_wall_is_one_moment() -> None:
    moment = moment_of(date(2026, 12, 11), time(17, 0), zone="Europe/Berlin")

    assert moment == datetime(2026, 12, 11, 16, 0, tzinfo=UTC)


def test_a_time_that_the_clock_skips_is_refused_with_a_proposal() -> None:
    with pytest.raises(ClosingTimeRefused) as refusal:
        moment_of(date(2026, 3, 29), time(2, 30), zone="Europe/Berlin")

    assert str(refusal.value) == (
        "02:30 on Sun 29 Mar 2026 does not exist in Berlin: the clocks go forward over it. "
        "Choose 03:30, or another time."
    )


def test_a_time_that_comes_twice_is_refused() -> None:
    with pytest.raises(ClosingTimeRefused, match="comes twice in Berlin, because the clocks go back"):
        moment_of(date(2026, 10, 25), time(2, 30), zone="Europe/Berlin")


@given(
    st.dates(date(2000, 1, 1), date(2037, 12, 31)),
    st.times().map(lambda clock: clock.replace(microsecond=0, second=0, fold=0)),
    st.sampled_from(sorted(zone_names())),
)
def test_every_accepted_time_reads_the_same_in_its_zone(day: date, clock: time, zone: str) -> None:
    try:
        moment = moment_of(day, clock, zone=zone)
    except ClosingTimeRefused:
        wall = datetime.combine(day, clock, tzinfo=ZoneInfo(zone))
        assert wall.utcoffset() != wall.replace(fold=1).utcoffset()
        return
    shown = moment.astimezone(ZoneInfo(zone))
    assert (shown.date(), shown.time()) == (day, clock)


def test_the_zones_are_those_of_places_and_utc_comes_first() -> None:
    groups = zones_by_region()

    assert next(iter(groups.values())) == [("UTC", "UTC")]
    assert ("America/New_York", "New York") in groups["America"]
    assert not any(name.startswith(("Etc/", "posix/", "right/")) for name in zone_names())
