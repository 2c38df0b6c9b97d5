from __future__ import annotations

import doctest
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.analysis import comparing
from app.analysis.comparing import compare_groups


def blocks(within: float, between: float, sizes: tuple[int, int] = (5, 5)) -> list[list[float | None]]:
    label = np.repeat([0, 1], sizes)
    return np.where(label[:, None] == label[None, :], within, between).tolist()


def test_the_examples_hold() -> None:
    assert doctest.testmod(comparing).failed == 0


def test_two_blocks_are_apart_and_lots_are_not() -> None:
    found = compare_groups(blocks(0.8, 0.1), [range(5), range(5, 10)])
    assert found.within == pytest.approx((0.8, 0.8))
    assert found.between[0][1] == found.between[1][0] == pytest.approx(0.1)
    # Of the 126 ways to split ten people into fives one is as far apart: 0.8 %.
    assert found.p_value == pytest.approx(1 / 126, abs=0.006)
    assert compare_groups(blocks(0.4, 0.4), [range(5), range(5, 10)]).p_value == 1


def test_groups_that_cut_across_the_camps_agree_with_each_other_as_with_themselves() -> None:
    found = compare_groups(blocks(0.8, 0.1), [[0, 1, 2, 5, 6], [3, 4, 7, 8, 9]])
    assert found.p_value is not None
    assert found.p_value > 0.5


@settings(max_examples=10)
@given(st.permutations(range(10)))
def test_the_order_of_people_changes_no_mean(order: list[int]) -> None:
    matrix = np.array(blocks(0.7, 0.2))
    groups = [range(4), range(4, 10)]
    shuffled = matrix[np.ix_(order, order)].tolist()
    moved = [[order.index(person) for person in group] for group in groups]
    once, again = compare_groups(matrix.tolist(), groups), compare_groups(shuffled, moved)
    assert again.within == pytest.approx(once.within)
    assert again.between[0][1] == pytest.approx(once.between[0][1])


def test_mean_over_all_pairs_is_put_together_of_the_parts() -> None:
    rng = np.random.default_rng(1)
    matrix = rng.random((6, 6))
    matrix = (matrix + matrix.T) / 2
    found = compare_groups(matrix.tolist(), [[0, 1, 2], [3, 4, 5]])
    cross = [matrix[i, j] for i, j in product(range(3), range(3, 6))]
    assert found.between[0][1] == pytest.approx(np.mean(cross))
    assert found.within[0] == pytest.approx((matrix[0, 1] + matrix[0, 2] + matrix[1, 2]) / 3)


def test_an_unread_answer_and_a_person_in_two_groups_are_errors() -> None:
    with pytest.raises(ValueError, match="two groups"):
        compare_groups(blocks(1, 0), [[0, 1], [1, 2]])
    with pytest.raises(ValueError, match="not read"):
        compare_groups([[None, None], [None, None]], [[0], [1]])
