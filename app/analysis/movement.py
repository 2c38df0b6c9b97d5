"""Where a series of rounds goes: toward the thesis, away from it, nowhere, or toward something else.

Two numbers decide. Both are rises over the whole series, by a least-squares line through all rounds, so that no single
round decides; and all answers of all rounds are judged together with the thesis, so that a view which only one person
holds at first is seen to be the one that five hold later.

    thesis   the rise of the mean P(answer states the thesis)
    rival    for every answer k: the rise of the mean P(answer states what k states), times P(k does not state the
             thesis); the mean of the STRONGEST of them
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.analysis.result import Direction, Movement

FEWEST_ROUNDS = 3
MOST_ANSWERS = 300  # of all rounds together, for which all pairs are judged
STRONGEST = 7

# Chosen on simulated sequences of the validation companies, 500 of four rounds (docs/judge/notebook.md). A rival must
# rise more beside a rising thesis: people who leave other views for the thesis make pairs in passing.
STILL = 0.12
RIVAL = 0.13
RIVAL_BESIDE = 0.15

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]


def movement(same: Matrix, with_thesis: Vector, rounds: Sequence[int]) -> Movement:
    """The movement of a series.

    same (n, n): P(same) between all answers of all rounds, judged together. with_thesis (n,): P(same) of each and the
    thesis, likewise. rounds (n,): the round of each, from 0. Raises ValueError under FEWEST_ROUNDS rounds.
    """
    place = np.asarray(rounds)
    n_rounds = int(place.max()) + 1 if len(place) else 0
    if n_rounds < FEWEST_ROUNDS:
        raise ValueError(f"A movement needs {FEWEST_ROUNDS} rounds.")
    thesis = float(rises(with_thesis[None], place)[0])
    others = rises(same, place) * (1.0 - with_thesis)
    rival = float(np.sort(others)[-STRONGEST:].mean())
    return Movement(direction(thesis, rival), thesis, rival)


def direction(thesis: float, rival: float) -> Direction:
    """The kind of movement in one word, from the rise of the thesis and of another view.

    >>> direction(0.3, 0.0), direction(0.3, 0.3), direction(0.0, 0.3), direction(-0.3, 0.3), direction(0.0, 0.0)
    ('converge', 'polarise', 'wrong thesis', 'diverge', 'stall')
    """
    if thesis > STILL:
        return "polarise" if rival > RIVAL_BESIDE else "converge"
    if thesis < -STILL:
        return "diverge"
    return "wrong thesis" if rival > RIVAL else "stall"


def rises(values: Matrix, rounds: NDArray[np.integer]) -> Vector:
    """How far the mean of each row rises from the first round to the last, by least squares, (m,).

    values (m, n): a value for each answer; rounds (n,): from 0, none empty.

    >>> rises(np.array([[0.0, 0.2, 0.2, 0.4, 0.6]]), np.array([0, 1, 1, 2, 3])).round(6)
    array([0.6])
    """
    counts = np.bincount(rounds)
    means = np.stack([values[:, rounds == r].mean(axis=1) for r in range(len(counts))], axis=1)
    x = np.arange(len(counts)) - (len(counts) - 1) / 2.0
    return np.asarray(means @ x / (x @ x) * (len(counts) - 1))
