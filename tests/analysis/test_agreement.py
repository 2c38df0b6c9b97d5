"""Agreement and polarisation on a scale, against published figures and cases computed by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.analysis.agreement import polarisation, read_scale, within_group_agreement

ANSWERS = st.lists(st.integers(1, 7), min_size=2, max_size=12)


def test_van_der_eijks_measure_is_that_of_the_example_in_the_r_package_agrmt() -> None:
    # agreement(c(30,40,210,130,530,50,10)) is 0.6113333 there, and polarization 0.1943333.
    assert polarisation([30, 40, 210, 130, 530, 50, 10]) == pytest.approx(0.1943333, abs=1e-6)


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([0, 0, 9, 0, 0, 0, 0], 0.0),
        ([3, 3, 3, 3, 3, 3, 3], 0.5),
        ([4, 0, 0, 0, 0, 0, 4], 1.0),
        # By hand: layers of 4 + 4 (A = -1) and 1 (A = 1) of nine answers; A = (8 * -1 + 1) / 9 = -7/9.
        ([5, 0, 0, 0, 0, 0, 4], 8 / 9),
        # Two neighbours: U = 1, 1 - 1/6 = 5/6 on eight answers, 1 on the ninth: A = (8 * 5/6 + 1) / 9.
        ([5, 4, 0, 0, 0, 0, 0], (1 - (8 * 5 / 6 + 1) / 9) / 2),
    ],
)
def test_polarisation_of_counts_computed_by_hand(counts: list[int], expected: float) -> None:
    assert polarisation(counts) == pytest.approx(expected)


def test_agreement_within_a_group_of_four_computed_by_hand() -> None:
    # 5, 5, 6, 6 on seven steps: mean 5.5, s^2 = 4 * .25 / 3 = 1/3, null (49 - 1) / 12 = 4, r_wg = 1 - 1/12.
    assert within_group_agreement([5, 5, 6, 6], 7) == pytest.approx(11 / 12, abs=1e-6)


def test_a_group_that_differs_more_than_chance_has_no_agreement_and_not_a_negative_one() -> None:
    assert within_group_agreement([1, 1, 1, 7, 7, 7], 7) == 0.0


def test_answers_spread_evenly_have_no_agreement_in_the_long_run() -> None:
    # With the sample variance of a whole cycle the null is nearly met: s^2 = 4 * 70 / 69.
    assert within_group_agreement(list(range(1, 8)) * 10, 7) == 0.0


@settings(max_examples=25)
@given(ANSWERS)
def test_both_measures_stay_between_zero_and_one_and_do_not_depend_on_the_order(values: list[int]) -> None:
    reading, turned = read_scale(values, 7), read_scale(values[::-1], 7)
    assert reading == turned
    for measure in (reading.r_wg, reading.polarisation):
        if measure.is_known:
            assert 0.0 <= measure.low <= measure.estimate <= measure.high <= 1.0  # type: ignore[operator]


@settings(max_examples=25)
@given(ANSWERS)
def test_a_scale_read_from_its_other_pole_says_the_same(values: list[int]) -> None:
    reading, mirrored = read_scale(values, 7), read_scale([8 - value for value in values], 7)
    assert mirrored.counts == reading.counts[::-1]
    assert mirrored.r_wg.estimate == reading.r_wg.estimate
    assert mirrored.polarisation.estimate == reading.polarisation.estimate


def test_moving_people_to_the_middle_one_by_one_never_lowers_agreement() -> None:
    values = [1, 7, 1, 7, 1, 7, 1, 7]
    found = []
    for moved in range(len(values) + 1):
        reading = read_scale([4] * moved + values[moved:], 7)
        found.append((reading.r_wg.estimate or 0.0, -(reading.polarisation.estimate or 0.0)))
    assert [agreement for agreement, _ in found] == sorted(agreement for agreement, _ in found)
    assert [blocks for _, blocks in found] == sorted(blocks for _, blocks in found)
    assert found[-1] == (1.0, 0.0)


@pytest.mark.parametrize("values", [[], [4], [4, 5]])
def test_under_three_answers_there_is_a_count_and_no_measure(values: list[int]) -> None:
    reading = read_scale(values, 7)
    assert reading.n == len(values)
    assert not reading.r_wg.is_known
    assert not reading.polarisation.is_known


def test_a_value_off_the_scale_is_refused() -> None:
    with pytest.raises(ValueError, match="1 to 7"):
        read_scale([0], 7)


def test_the_interval_of_a_divided_group_is_wider_than_that_of_a_united_one() -> None:
    divided, united = read_scale([2, 3, 3, 4, 5, 6, 6, 7, 1], 7), read_scale([4, 4, 4, 4, 5, 4, 4, 4, 4], 7)

    def width(values: list[float | None]) -> float:
        return float(np.ptp([value for value in values if value is not None]))

    assert width([divided.r_wg.low, divided.r_wg.high]) > width([united.r_wg.low, united.r_wg.high])
