from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from app.analysis import partitions, sampling
from app.analysis.judge import PosteriorSettings
from app.analysis.partitions import (
    PartitionPosterior,
    agreement,
    central_partition,
    expected_variation,
    mode_and_interval,
    number_of_strategies,
    partition_posterior,
    representative,
)

PLAIN = PosteriorSettings(temperature=1.0, offset=0.0)


def pairs(n: int, chances: dict[tuple[int, int], float], otherwise: float = 0.5) -> np.ndarray:
    same = np.full((n, n), otherwise)
    for (i, j), chance in chances.items():
        same[i, j] = same[j, i] = chance
    np.fill_diagonal(same, 1.0)
    return same


def certain(*labels: int) -> PartitionPosterior:
    return PartitionPosterior(np.array([labels], dtype=np.int16), np.ones(1), True)


@pytest.mark.parametrize(
    ("n", "bell"), [(1, 1), (2, 2), (3, 5), (4, 15), (5, 52), (8, 4140), (9, 21147), (10, 115975)]
)
def test_every_partition_is_enumerated_once(n: int, bell: int) -> None:
    labels, _ = partitions._enumerated(n)
    assert len(labels) == bell
    assert len(np.unique(labels, axis=0)) == bell


def test_three_answers_by_hand() -> None:
    # odds 3:1 for (0,1), 1:1 for (0,2), 1:3 for (1,2). Weights of the five partitions:
    # {012}: 3*1*1/3 = 1; {01}{2}: 3; {02}{1}: 1; {12}{0}: 1/3; {0}{1}{2}: 1. Sum 19/3.
    posterior = partition_posterior(pairs(3, {(0, 1): 0.75, (0, 2): 0.5, (1, 2): 0.25}), PLAIN)
    total = 1 + 3 + 1 + 1 / 3 + 1
    belonging = posterior.belonging()
    assert_allclose(belonging[0, 1], (1 + 3) / total)
    assert_allclose(belonging[0, 2], (1 + 1) / total)
    assert_allclose(belonging[1, 2], (1 + 1 / 3) / total)
    assert_allclose(posterior.numbers_of_camps(), [0, 1 / total, (3 + 1 + 1 / 3) / total, 1 / total])
    expected = ((1 + 3) + (1 + 1) + (1 + 1 / 3)) / total / 3
    assert_allclose(agreement(posterior).estimate, expected)


def test_temperature_offset_and_camp_weight_enter_as_written() -> None:
    same = pairs(2, {(0, 1): 0.75})
    chance = partition_posterior(same, PosteriorSettings(2.0, 1.0, camp_weight=0.3)).belonging()[0, 1]
    together, apart = math.exp((math.log(3) + 1.0) / 2.0 + 0.3), math.exp(2 * 0.3)
    assert_allclose(chance, together / (together + apart))


def test_temperature_and_camp_weight_grow_beyond_nine_answers_only() -> None:
    growing = PosteriorSettings(2.0, 0.5, -0.1, crowding=1.0, camp_growth=-3.0)
    assert growing.of(3) == growing.of(9) == PosteriorSettings(2.0, 0.5, -0.1)
    found = growing.of(17)
    assert_allclose(
        (found.temperature, found.offset, found.camp_weight), (4.0, 0.5, -0.1 - 3.0 * math.log(2))
    )
    assert growing.of(500) == growing.of(48)


def test_evidence_adds_to_the_log_odds() -> None:
    same = pairs(2, {(0, 1): 0.5})
    chance = partition_posterior(
        same, PLAIN, evidence=[(1, 0, math.log(8.5)), (0, 1, math.log(2))]
    ).belonging()
    assert_allclose(chance[0, 1], 17 / 18)


def test_identical_answers_stand_together_whatever_the_temperature() -> None:
    same = pairs(4, {}, otherwise=0.1)
    cold = PosteriorSettings(temperature=50.0, offset=0.0)
    belonging = partition_posterior(same, cold, identical=[(0, 2)]).belonging()
    assert belonging[0, 2] > 0.999999
    assert belonging[0, 1] < 0.5


def test_a_posterior_needs_an_answer() -> None:
    with pytest.raises(ValueError, match="at least one"):
        partition_posterior(np.zeros((0, 0)), PLAIN)


@pytest.mark.parametrize(
    ("labels", "effective"), [((0, 0, 0, 1, 1, 1, 2, 2, 2), 3.0), ((0, 0, 0, 0, 0, 1, 1, 2, 2), 2.70),
                              ((0, 0, 0, 0, 0, 0, 1, 1, 2), 2.34), (tuple(range(9)), 9.0), ((0,) * 9, 1.0)]
)  # fmt: skip
def test_effective_number_of_known_partitions(labels: tuple[int, ...], effective: float) -> None:
    assert_allclose(certain(*labels).effective_numbers()[0], effective, atol=0.005)


def test_share_of_pairs_kept_together() -> None:
    # 5+2+2 keeps 10 + 1 + 1 of 36 pairs.
    assert_allclose(certain(0, 0, 0, 0, 0, 1, 1, 2, 2).shares_together()[0], 12 / 36)


def test_variation_of_information_by_hand() -> None:
    # {01}{23} against {02}{13}: every answer has camps of two that share one: log 2 + log 2 - 2 log 1.
    distance = expected_variation(certain(0, 0, 1, 1), np.array([[0, 1, 0, 1]], dtype=np.int16))
    assert_allclose(distance, [2 * math.log(2)])


def test_the_camps_are_the_nearest_partition_of_all() -> None:
    same = pairs(5, {(0, 1): 0.8, (0, 2): 0.6, (1, 2): 0.7, (3, 4): 0.65}, otherwise=0.2)
    posterior = partition_posterior(same, PLAIN)
    camps = central_partition(posterior, posterior.belonging())
    found = np.zeros((1, 5), dtype=np.int16)
    for k, members in enumerate(camps):
        found[0, list(members)] = k
    everything = expected_variation(posterior, posterior.labels)
    assert expected_variation(posterior, found)[0] <= everything.min() + 1e-9


def test_camps_come_in_the_number_that_is_asked_for() -> None:
    posterior = partition_posterior(pairs(6, {(0, 1): 0.9, (2, 3): 0.8}, otherwise=0.3), PLAIN)
    belonging = posterior.belonging()
    for n_camps in range(1, 7):
        camps = central_partition(posterior, belonging, n_camps=n_camps)
        assert len(camps) == n_camps
        assert sorted(i for members in camps for i in members) == list(range(6))
    with pytest.raises(ValueError, match="into 7 camps"):
        central_partition(posterior, belonging, n_camps=7)


def test_the_representative_is_closest_to_the_others() -> None:
    belonging = pairs(3, {(0, 1): 0.9, (1, 2): 0.9, (0, 2): 0.5})
    assert representative((0, 1, 2), belonging, belonging) == 1
    assert representative((2,), belonging, belonging) == 2


def test_the_first_of_equals_represents() -> None:
    even = pairs(3, {}, otherwise=0.7)
    assert representative((0, 1, 2), even, even) == 0


def test_the_interval_is_the_shortest_that_holds_eighty_per_cent() -> None:
    assert mode_and_interval(np.array([0, 0.05, 0.15, 0.5, 0.2, 0.1])) == (3, 2, 4)
    assert mode_and_interval(np.array([0, 0.0, 0.0, 1.0])) == (3, 3, 3)


@st.composite
def judged_teams(draw: st.DrawFn, smallest: int = 2, largest: int = 7) -> np.ndarray:
    n = draw(st.integers(smallest, largest))
    values = draw(st.lists(st.floats(0.02, 0.98), min_size=n * (n - 1) // 2, max_size=n * (n - 1) // 2))
    same = np.eye(n)
    rows, columns = np.triu_indices(n, 1)
    same[rows, columns] = same[columns, rows] = values
    return same


@settings(max_examples=60, deadline=None)
@given(judged_teams(), st.randoms(use_true_random=False))
def test_the_order_of_the_answers_does_not_matter(same: np.ndarray, random: object) -> None:
    order = list(range(len(same)))
    random.shuffle(order)  # type: ignore[attr-defined]
    one = partition_posterior(same, PLAIN)
    other = partition_posterior(same[np.ix_(order, order)], PLAIN)
    assert_allclose(other.belonging(), one.belonging()[np.ix_(order, order)], atol=1e-9)
    assert_allclose(agreement(other).estimate, agreement(one).estimate, atol=1e-9)
    assert number_of_strategies(other) == number_of_strategies(one)


@settings(max_examples=60, deadline=None)
@given(judged_teams())
def test_estimates_lie_in_their_intervals_and_ranges(same: np.ndarray) -> None:
    posterior = partition_posterior(same, PLAIN)
    chance = agreement(posterior)
    assert 0 <= chance.low <= chance.estimate <= chance.high <= 1  # type: ignore[operator]
    mode, low, high = number_of_strategies(posterior)
    assert 1 <= low <= mode <= high <= len(same)
    assert posterior.numbers_of_camps()[low : high + 1].sum() >= 0.8 - 1e-6
    assert 1 - 1e-9 <= posterior.weights @ posterior.effective_numbers() <= len(same) + 1e-9


@settings(max_examples=40, deadline=None)
@given(judged_teams(), st.integers(0, 20))
def test_a_pair_that_is_more_alike_belongs_more(same: np.ndarray, pick: int) -> None:
    rows, columns = np.triu_indices(len(same), 1)
    i, j = int(rows[pick % len(rows)]), int(columns[pick % len(rows)])
    before = partition_posterior(same, PLAIN).belonging()[i, j]
    after = partition_posterior(same, PLAIN, evidence=[(i, j, 1.0)]).belonging()[i, j]
    assert after >= before


@pytest.mark.parametrize(("n", "seed"), [(8, 1), (9, 2), (10, 3), (10, 4)])
def test_sampled_and_exact_posteriors_agree(n: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    camp = rng.integers(0, 3, n)
    same = np.where(camp[:, None] == camp[None, :], 0.65, 0.2) + rng.normal(0, 0.08, (n, n))
    same = np.clip((same + same.T) / 2, 0.02, 0.98)
    settings_ = PosteriorSettings(1.5, 1.0, camp_weight=0.4)
    exact = partition_posterior(same, settings_)
    sampled = partition_posterior(same, settings_, exact_limit=4)
    assert exact.is_exact
    assert not sampled.is_exact
    assert_allclose(sampled.belonging(), exact.belonging(), atol=0.03)
    assert_allclose(sampled.numbers_of_camps(), exact.numbers_of_camps(), atol=0.03)
    assert_allclose(agreement(sampled).estimate, agreement(exact).estimate, atol=0.01)


def test_the_sampler_crosses_between_one_camp_and_two() -> None:
    # Two tight groups whose union is as likely as the split: single moves would take for ever.
    same = pairs(10, {(i, j): 0.97 for i in range(10) for j in range(i) if (i < 5) == (j < 5)}, otherwise=0.5)
    exact = partition_posterior(same, PLAIN)
    sampled = partition_posterior(same, PLAIN, exact_limit=4)
    assert_allclose(sampled.belonging()[0, 9], exact.belonging()[0, 9], atol=0.05)


def test_the_same_input_gives_the_same_sample() -> None:
    rng = np.random.default_rng(0)
    noise = rng.normal(0, 1, (14, 14))
    weights = noise + noise.T
    np.fill_diagonal(weights, 0.0)
    first, again = sampling.sample(weights, 0.0, rounds=30), sampling.sample(weights, 0.0, rounds=30)
    assert np.array_equal(first[0], again[0])
    assert np.array_equal(first[1], again[1])


def test_labels_are_numbered_by_first_appearance_for_large_teams_too() -> None:
    rng = np.random.default_rng(1)
    labels = rng.integers(0, 9, (3, 80))
    grown = sampling.in_growth_form(labels)
    for row, old in zip(grown, labels, strict=True):
        assert np.array_equal(row[:, None] == row[None, :], old[:, None] == old[None, :])
        assert list(dict.fromkeys(row.tolist())) == sorted(set(row.tolist()))
