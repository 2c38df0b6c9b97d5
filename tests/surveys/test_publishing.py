"""Which cuts of a team may be published: nobody can subtract their way to a group that is too small."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.surveys.confidentiality import may_compare_groups, may_publish
from app.surveys.models import Confidentiality


def test_a_cut_needs_large_groups_and_a_large_rest() -> None:
    assert may_publish([range(5), range(5, 10)], 10, 5)
    assert may_publish([range(5)], 10, 5)
    assert not may_publish([range(5)], 9, 5), "the rest of four would be everybody less the five"
    assert not may_publish([range(4)], 20, 5)
    assert may_publish([], 9, 5)
    assert not may_publish([], 3, 5)


def test_two_cuts_that_are_harmless_alone_are_refused_together() -> None:
    functions, levels = [range(10), range(10, 20)], [range(9), range(9, 20)]
    assert may_publish(functions, 20, 5)
    assert may_publish(levels, 20, 5)
    assert not may_publish([*functions, *levels], 20, 5)


def test_only_named_rounds_are_ever_cut() -> None:
    assert [mode for mode in Confidentiality if may_compare_groups(mode)] == [Confidentiality.NAMED]


def test_a_stranger_in_a_group_is_an_error() -> None:
    with pytest.raises(ValueError, match="not among the people"):
        may_publish([[9]], 9, 1)


@settings(max_examples=400)
@given(st.data(), st.integers(1, 14), st.integers(1, 5))
def test_no_set_that_a_reader_can_work_out_is_smaller_than_the_minimum(
    data: st.DataObject, n: int, minimum: int
) -> None:
    people = st.sets(st.integers(0, n - 1))
    published: list[set[int]] = []
    for group in data.draw(st.lists(people, max_size=5)):
        # One cut after the other, as pages are opened: each is shown only if it may stand beside those before it.
        if may_publish([*published, group], n, minimum):
            published.append(group)
    if not may_publish(published, n, minimum):
        assert not published
        return
    known = {frozenset(range(n)), *map(frozenset, published)}
    for _ in range(3):
        known |= {made for a, b in combinations(known, 2) for made in (a - b, b - a, a & b, a | b)}
        if len(known) > 200:
            break
    assert all(len(each) >= minimum for each in known if each)
