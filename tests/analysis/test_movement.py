"""Where a series goes, on rounds whose movement is known."""

import numpy as np
import pytest

from app.analysis import Round, compare_rounds
from app.analysis.movement import movement, rises
from tests.analysis.fakes import FirstWordJudge

THESIS = "north is where we go, whatever the weather may do to the rest of the market"
OTHERS = ["east", "west", "up", "down", "in", "out", "over", "under", "far"]


def series(on_thesis: list[int], on_rival: list[int]) -> list[Round]:
    rounds = []
    for place, (n, m) in enumerate(zip(on_thesis, on_rival, strict=True)):
        words = [*["north"] * n, *["south"] * m, *OTHERS][:9]
        texts = tuple(f"{word} is my answer number {i} of {place}" for i, word in enumerate(words))
        rounds.append(Round(f"Q{place + 1}", (None,) * 9, texts))
    return rounds


@pytest.mark.parametrize(
    ("on_thesis", "on_rival", "expected"),
    [
        ([1, 2, 4, 5], [1, 1, 1, 1], "converge"),
        ([5, 4, 2, 1], [1, 1, 1, 1], "diverge"),
        ([2, 2, 2, 2], [1, 1, 1, 1], "stall"),
        ([1, 1, 1, 1], [1, 2, 4, 5], "wrong thesis"),
        ([1, 2, 3, 4], [1, 2, 3, 5], "polarise"),
    ],
)
def test_each_kind_of_movement_is_told(on_thesis, on_rival, expected):
    found = compare_rounds(series(on_thesis, on_rival), judge=FirstWordJudge(0.95), thesis=THESIS)
    assert found.movement is not None
    assert found.movement.direction == expected
    assert found.to_document()["movement"]["direction"] == expected


def test_without_a_thesis_or_a_third_round_nothing_is_said_of_the_whole():
    rounds = series([1, 3, 5], [1, 1, 1])
    judge = FirstWordJudge()
    assert compare_rounds(rounds, judge=judge).movement is None
    assert compare_rounds(rounds[:2], judge=judge, thesis=THESIS).to_document()["movement"] is None
    assert compare_rounds(rounds, judge=judge, thesis=THESIS).movement is not None
    with pytest.raises(ValueError, match="3 rounds"):
        movement(np.eye(4), np.zeros(4), [0, 0, 1, 1])


def test_copies_of_the_thesis_do_not_make_a_team_converge():
    rounds = [Round(f"Q{k}", (None,) * 9, tuple([THESIS] * k + OTHERS)[:9]) for k in (1, 3, 5)]
    found = compare_rounds(rounds, judge=FirstWordJudge(0.95), thesis=THESIS)
    assert found.movement is not None
    assert found.movement.direction == "stall"


def test_a_rise_is_that_of_the_line_through_all_rounds():
    values = np.array([[0.0, 1.0, 0.0, 1.0], [0.1, 0.2, 0.3, 0.4]])
    assert rises(values, np.arange(4)) == pytest.approx([0.6, 0.3])
