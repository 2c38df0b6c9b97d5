from __future__ import annotations

import doctest
from collections import Counter

from app.evidence import reading
from app.evidence.reading import MAX_OTHERS, reading_list

NINE = [f"sheet-{k}" for k in range(9)]
THIRTY = [f"sheet-{k:02}" for k in range(30)]


def test_the_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(reading).failed == 0


def test_each_of_nine_reads_the_eight_others_and_not_their_own() -> None:
    for voter in NINE:
        assert sorted([*reading_list(voter, NINE), voter]) == NINE


def test_a_reload_keeps_the_order() -> None:
    assert reading_list("sheet-3", NINE) == reading_list("sheet-3", reversed(NINE))


def test_two_people_read_in_different_orders() -> None:
    first, second = (reading_list(voter, NINE) for voter in ("sheet-0", "sheet-1"))
    in_both = set(first) & set(second)
    assert [one for one in first if one in in_both] != [one for one in second if one in in_both]


def test_of_thirty_each_reads_a_sample_and_every_answer_is_read_equally_often() -> None:
    read = Counter(one for voter in THIRTY for one in reading_list(voter, THIRTY))
    assert all(len(reading_list(voter, THIRTY)) == MAX_OTHERS for voter in THIRTY)
    assert set(read.values()) == {MAX_OTHERS}


def test_two_minutes_are_never_exceeded() -> None:
    assert MAX_OTHERS * reading.SECONDS_EACH <= 120
