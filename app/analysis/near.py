"""Pairs of many answers: near ones judged one by one, all others along a line.

Over some hundreds of answers not every pair can be looked at. Two answers that state the same strategy have
near vectors, so each answer is judged against its nearest neighbours only; for every other pair the log odds
of "same" are taken from a line in the inner product of the two vectors, fitted on a sample of judged pairs:

    logit P(same) = intercept + points_i . points_j        for pairs that are not near

A sum of that over a whole camp needs no pairs, only the camp's size and the sum of its vectors; so the
posterior over many answers costs what the answers cost, not their square (crowd.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from app.analysis.result import Matrix

if TYPE_CHECKING:
    from app.analysis.judge import PairJudgements

NEIGHBOURS = 24
SAMPLE = 20_000  # further pairs, drawn by chance, that the line is fitted on
DIRECTIONS = 64  # of the vectors; what the others add to an inner product is little
SEED = 20250901
SURE = 0.999  # as in partitions.py: odds beyond these are not believed

# Answers compared with all others at once; bounds the memory of the search to some 20 MB for 10,000 answers.
ROWS = 256

Places = NDArray[np.intp]
Values = NDArray[np.float64]
Sorted = NDArray[np.int64]


@dataclass(frozen=True)
class NearJudgements:
    """What a judge says about n answers when n is large.

    first, second (p,): the near pairs, first < second, in order. same, opposed (p,): as in PairJudgements. intercept,
    points (n, d): the line of all other pairs, log odds. names_strategy, legible (n,): as in PairJudgements. judge_pairs:
    reads any further pairs (first, second) -> (same, opposed).
    """

    first: Places
    second: Places
    same: Values
    opposed: Values
    intercept: float
    points: Matrix
    names_strategy: Values | None
    legible: Values | None
    judge_pairs: Callable[[Places, Places], tuple[Values, Values]]

    @property
    def n(self) -> int:
        return len(self.points)


def near_judgements(
    vectors: NDArray[np.float32],
    judge_pairs: Callable[[Places, Places], tuple[Values, Values]],
    *,
    also: list[tuple[int, int]],
    names_strategy: Values | None = None,
    legible: Values | None = None,
    neighbours: int = NEIGHBOURS,
) -> NearJudgements:
    """Judge the near pairs of texts with these vectors (n, d), rows of length 1; fit the line of the others.

    also: pairs that are judged whether they are near or not. judge_pairs: P(same) and P(opposed) of pairs.
    """
    n = len(vectors)
    first, second = _with(near_pairs(vectors, neighbours), also, n)
    same, opposed = judge_pairs(first, second)
    points = _leading(vectors)
    rng = np.random.default_rng(SEED)
    a, b = np.sort(rng.integers(0, n, (2, SAMPLE)), axis=0)
    far = (a != b) & ~np.isin(a * n + b, first * n + second)
    a, b = a[far], b[far]
    slope, intercept = 0.0, float(np.log(0.01))
    if len(a):
        inner = np.einsum("pd,pd->p", points[a], points[b])
        logit = log_odds(judge_pairs(a, b)[0])
        spread = float(inner.var())
        covariance = float(((inner - inner.mean()) * (logit - logit.mean())).mean())
        slope = max(covariance / spread, 0.0) if spread > 1e-12 else 0.0
        intercept = float(logit.mean() - slope * inner.mean())
    return NearJudgements(
        first, second, same, opposed, intercept, points * slope**0.5, names_strategy, legible, judge_pairs
    )


def near_of(judged: PairJudgements) -> NearJudgements:
    """All pairs of a full judgement as near ones, for a judge that knows no other way."""
    first, second = np.triu_indices(len(judged.same), 1)

    def look_up(a: Places, b: Places) -> tuple[Values, Values]:
        return judged.same[a, b], judged.opposed[a, b]

    return NearJudgements(
        first, second, *look_up(first, second), 0.0, np.zeros((len(judged.same), 1)),
        judged.names_strategy, judged.legible, look_up,
    )  # fmt: skip


def near_pairs(vectors: NDArray[np.float32], neighbours: int) -> tuple[Places, Places]:
    """Pairs of which one is among the other's nearest `neighbours` by inner product; first < second, sorted."""
    n = len(vectors)
    count = min(neighbours, n - 1)
    codes: list[Sorted] = []
    for start in range(0, n if count > 0 else 0, ROWS):
        block = vectors[start : start + ROWS] @ vectors.T
        rows = np.arange(start, start + len(block))
        block[np.arange(len(block)), rows] = -np.inf
        found = np.argpartition(-block, count - 1, axis=1)[:, :count]
        low, high = np.minimum(rows[:, None], found), np.maximum(rows[:, None], found)
        codes.append((low * n + high).ravel())
    pairs = np.unique(np.concatenate(codes)) if codes else np.zeros(0, dtype=np.int64)
    return pairs // n, pairs % n


def log_odds(chances: Values) -> Values:
    bounded = np.clip(chances, 1.0 - SURE, SURE)
    return np.asarray(np.log(bounded / (1.0 - bounded)))


def slices(count: int, size: int) -> Iterator[slice]:
    """0 to count in pieces of at most `size`.

    >>> list(slices(5, 2))
    [slice(0, 2, None), slice(2, 4, None), slice(4, 5, None)]
    """
    return (slice(start, min(start + size, count)) for start in range(0, count, size))


def _with(pairs: tuple[Places, Places], also: list[tuple[int, int]], n: int) -> tuple[Places, Places]:
    more = [min(i, j) * n + max(i, j) for i, j in also if i != j]
    codes = np.union1d(pairs[0] * n + pairs[1], np.asarray(more, dtype=np.int64))
    return codes // n, codes % n


def _leading(vectors: NDArray[np.float32]) -> Matrix:
    """The vectors along their leading directions, (n, DIRECTIONS): inner products are kept as well as can be."""
    rows = vectors.astype(np.float64)
    _, axes = np.linalg.eigh(rows.T @ rows)
    return np.asarray(rows @ axes[:, ::-1][:, :DIRECTIONS])
