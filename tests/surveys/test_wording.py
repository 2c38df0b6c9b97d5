from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.surveys.wording import (
    closing_words,
    counted,
    day_words,
    distance_words,
    moment_words,
    next_label,
    place,
    quarter_label,
)

NOW = datetime(2026, 12, 9, 10, 0, tzinfo=UTC)


def test_closing_time_reads_as_people_say_it() -> None:
    closes_at = datetime(2026, 12, 11, 16, 0, tzinfo=UTC)

    assert (
        closing_words(closes_at, zone="Europe/Berlin", now=NOW) == "closes Fri 11 Dec 17:00 Berlin, in 2 days"
    )
    after = closing_words(closes_at, zone="Europe/Berlin", now=closes_at + timedelta(hours=3))
    assert after == "closed Fri 11 Dec 17:00 Berlin, 3 hours ago"


def test_another_year_is_named() -> None:
    moment = datetime(2027, 1, 4, 16, 0, tzinfo=UTC)

    assert moment_words(moment, zone="America/New_York", now=NOW) == "Mon 4 Jan 2027 11:00 New York"
    assert day_words(date(2026, 1, 4), today=date(2026, 5, 5)) == "Sun 4 Jan"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (20, "in less than a minute"),
        (60, "in 1 minute"),
        (59 * 60, "in 59 minutes"),
        (3600, "in 1 hour"),
        (23 * 3600, "in 23 hours"),
        (26 * 3600, "in 26 hours"),
        (3 * 86400, "in 3 days"),
        (-20, "less than a minute ago"),
        (-90, "1 minute ago"),
        (-3 * 86400, "3 days ago"),
    ],
)
def test_distances_are_words(seconds: int, words: str) -> None:
    assert distance_words(NOW + timedelta(seconds=seconds), zone="UTC", now=NOW) == words


def test_days_are_counted_on_the_calendar() -> None:
    friday_evening = datetime(2026, 12, 11, 20, 0, tzinfo=UTC)
    wednesday_night = datetime(2026, 12, 9, 22, 0, tzinfo=UTC)

    assert distance_words(friday_evening, zone="UTC", now=wednesday_night) == "in 2 days"


def test_places_and_counts() -> None:
    assert place("America/Argentina/Buenos_Aires") == "Buenos Aires"
    assert place("UTC") == "UTC"
    assert counted(1, "person", "people") == "1 person"
    assert counted(1000, "person", "people") == "1,000 people"


@pytest.mark.parametrize(
    ("label", "following"),
    [
        ("Q4 2026", "Q1 2027"),
        ("Q1 2026", "Q2 2026"),
        ("Board Q3/2026 (all)", "Board Q4/2026 (all)"),
        ("Kick-off", "Q4 2026"),
        ("", "Q4 2026"),
    ],
)
def test_next_label_follows_the_quarter(label: str, following: str) -> None:
    assert next_label(label, today=date(2026, 12, 9)) == following


@given(st.dates(date(1999, 1, 1), date(2100, 1, 1)))
def test_four_rounds_later_it_is_the_same_quarter(day: date) -> None:
    label = quarter_label(day)
    for _ in range(4):
        label = next_label(label, today=day)

    assert label == quarter_label(day.replace(year=day.year + 1, day=1))


@given(st.text(max_size=60), st.dates())
def test_next_label_is_always_another_one(label: str, day: date) -> None:
    assert next_label(label, today=day) != label
