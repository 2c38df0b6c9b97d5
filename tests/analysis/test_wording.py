from __future__ import annotations

import pytest

from app.analysis.result import UNKNOWN, Estimate, Strategies
from app.analysis.wording import headline

FEW = Strategies(None, None, None, None)


@pytest.mark.parametrize(
    ("n", "n_read", "sentence"),
    [
        (0, 0, "Nobody has answered yet."),
        (1, 0, "One executive, and the answer could not be read."),
        (1, 1, "One executive, one answer: too few to tell."),
        (2, 2, "Two executives, two answers: too few to tell."),
        (9, 2, "Nine executives, two answers that can be read: too few to tell."),
        (30, 0, "30 executives, and none of the answers could be read."),
    ],
)
def test_without_a_measurement_the_sentence_says_why(n: int, n_read: int, sentence: str) -> None:
    assert headline(n, n_read, FEW, UNKNOWN).sentence == sentence


def test_the_sentence_of_the_report() -> None:
    line = headline(9, 9, Strategies(6, 5, 7, 6.1), Estimate(0.18, 0.1, 0.3))
    assert line.sentence == (
        "Nine executives, six strategies: pick any two, and the chance that they name the same one is 18 %"
    )
    assert (line.who, line.finding, line.chance, line.range) == (
        "Nine executives",
        "six strategies",
        "18 %",
        "five to seven",
    )


def test_a_certain_number_has_no_range() -> None:
    assert headline(3, 3, Strategies(1, 1, 1, 1.0), Estimate(1.0, 1.0, 1.0)).range is None
