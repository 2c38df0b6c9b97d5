from __future__ import annotations

import pytest

from app.analysis.maturity import read_stages, stage_named


@pytest.mark.parametrize(
    ("values", "stages"),
    [([2], (2,)), ([1, 1, 1, 2, 3], (1,)), ([1, 1, 2, 2], (1, 2)), ([1, 1, 3, 3], (1, 3)), ([], ())],
)
def test_the_stage_named_is_the_middle_one_and_a_tie_is_said(
    values: list[int], stages: tuple[int, ...]
) -> None:
    assert stage_named(values) == stages


def test_agreement_on_three_stages_is_measured_against_three_stages() -> None:
    # s^2 = 2/9 of 1,1,1,1,1,1,1,2,2 * 9/8 ... by hand: mean 11/9, sum of squares 14/9, s^2 = 7/36; null (9 - 1)/12.
    reading = read_stages([1, 1, 1, 1, 1, 1, 1, 2, 2])
    assert reading.scale.r_wg.estimate == pytest.approx(1 - (7 / 36) / (8 / 12), abs=1e-6)
    assert reading.scale.counts == (7, 2, 0)
    assert reading.to_document()["stages"] == [1]


def test_a_stage_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="1 to 3"):
        read_stages([4])
