"""Rankings, against the published example of Strategic Consensus Mapping and against scipy."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import friedmanchisquare, rankdata, spearmanr

from app.analysis.ranking import (
    chi_square_p,
    dimension_shares,
    kendall_w,
    mean_correlation,
    permutation_p,
    ranks_of,
    read_rankings,
)

# Tarakci et al. (2014): nine top managers rank seven strategic priorities; a row is one manager.
MANAGERS = np.array(
    [
        [1, 4, 7, 6, 5, 3, 2],
        [2, 1, 6, 7, 3, 5, 4],
        [3, 4, 7, 5, 6, 2, 1],
        [2, 3, 7, 6, 5, 4, 1],
        [5, 6, 7, 1, 3, 4, 2],
        [6, 5, 4, 2, 7, 3, 1],
        [4, 5, 7, 3, 6, 1, 2],
        [7, 2, 3, 1, 6, 4, 5],
        [5, 7, 6, 2, 3, 4, 1],
    ],
    dtype=float,
)

ORDERS = st.lists(st.permutations(["a", "b", "c", "d"]), min_size=3, max_size=6)


def test_the_published_example_of_strategic_consensus_mapping_comes_out() -> None:
    assert mean_correlation(MANAGERS) == pytest.approx(0.23, abs=0.005)
    assert kendall_w(MANAGERS) == pytest.approx(0.32, abs=0.005)
    assert dimension_shares(MANAGERS)[:2] == pytest.approx((0.45, 0.34), abs=0.006)
    assert permutation_p(MANAGERS) == pytest.approx(0.004, abs=0.001)


def test_w_and_the_mean_correlation_are_the_same_fact() -> None:
    r = np.mean([spearmanr(MANAGERS[i], MANAGERS[j]).statistic for i in range(9) for j in range(i)])
    assert mean_correlation(MANAGERS) == pytest.approx(r)
    assert kendall_w(MANAGERS) == pytest.approx((1 + 8 * r) / 9)


def test_w_with_ties_is_friedmans_statistic_as_scipy_computes_it() -> None:
    # The anxiety ratings of the R package irr: three raters, twenty subjects, many ties; W = .540 there.
    raters = [
        [3, 3, 3, 4, 5, 5, 2, 3, 5, 2, 2, 6, 1, 5, 2, 2, 1, 2, 4, 3],
        [3, 6, 4, 6, 2, 4, 2, 4, 3, 3, 2, 3, 3, 3, 2, 2, 1, 3, 3, 4],
        [2, 1, 4, 4, 3, 2, 1, 6, 1, 1, 1, 2, 3, 3, 1, 1, 3, 3, 2, 2],
    ]
    w = kendall_w(np.array([rankdata(rater) for rater in raters]))
    friedman = friedmanchisquare(*np.array(raters).T)
    assert w == pytest.approx(0.540, abs=0.0005)
    assert w == pytest.approx(friedman.statistic / (3 * 19))
    assert chi_square_p(w or 0.0, 3, 20) == pytest.approx(friedman.pvalue)


def test_the_permutation_test_agrees_with_counting_every_shuffle() -> None:
    ranks = np.array([[1.0, 2, 3], [1, 3, 2], [2, 1, 3]])
    observed = (ranks.sum(axis=0) ** 2).sum()
    sums = [
        (np.array([a, b, c], dtype=float).sum(axis=0) ** 2).sum()
        for a in permutations(ranks[0])
        for b in permutations(ranks[1])
        for c in permutations(ranks[2])
    ]
    assert permutation_p(ranks) == pytest.approx(np.mean(np.array(sums) >= observed), abs=0.02)


def test_people_who_all_rank_alike_have_w_one_and_one_dimension() -> None:
    reading = read_rankings([["b", "a", "c"]] * 5, ["a", "b", "c"])
    assert (reading.w, reading.mean_correlation) == (pytest.approx(1.0), pytest.approx(1.0))
    assert reading.dimensions[0] == pytest.approx(1.0)
    assert [item.key for item in reading.items] == ["b", "a", "c"]
    assert reading.items[0].counts == (5, 0, 0)


def test_two_blocks_that_rank_in_reverse_agree_on_nothing() -> None:
    reading = read_rankings([["a", "b", "c"], ["c", "b", "a"]] * 2, ["a", "b", "c"])
    assert reading.w == pytest.approx(0.0)
    assert reading.mean_correlation == pytest.approx(-1 / 3)
    assert reading.p_value == 1.0


@settings(max_examples=25)
@given(ORDERS)
def test_the_reading_does_not_depend_on_the_order_of_people_and_keeps_its_bounds(
    orders: list[list[str]],
) -> None:
    keys = ["a", "b", "c", "d"]
    reading, turned = read_rankings(orders, keys), read_rankings(orders[::-1], keys)
    assert reading.to_document() == turned.to_document()
    assert reading.with_others == turned.with_others[::-1]
    assert 0.0 <= (reading.w or 0.0) <= 1.0
    assert 0.0 < (reading.p_value or 1.0) <= 1.0
    assert -1 / (len(orders) - 1) - 1e-9 <= (reading.mean_correlation or 0.0) <= 1.0 + 1e-9


def test_items_that_were_left_out_share_the_remaining_ranks() -> None:
    assert ranks_of([["c"], ["a", "b", "c"]], ["a", "b", "c"]).tolist() == [[2.5, 2.5, 1.0], [1.0, 2.0, 3.0]]
    with pytest.raises(ValueError, match="at most once"):
        ranks_of([["a", "a"]], ["a", "b"])


def test_two_rankings_are_too_few_for_a_measure() -> None:
    reading = read_rankings([["a", "b"], ["b", "a"]], ["a", "b"])
    assert (reading.n, reading.w, reading.p_value, reading.dimensions) == (2, None, None, ())
    assert read_rankings([], ["a", "b"]).items == ()
