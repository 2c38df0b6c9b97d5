"""Two groups of one round beside each other, and the themes of two rounds: from what is measured already.

compare_groups(belonging, groups)   agreement within each group and between them, and whether lots would do the same
match_themes(before, after)         which themes of two rounds are made of the same words
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from app.analysis.result import Matrix

Labels: TypeAlias = NDArray[np.int64]
Picked: TypeAlias = NDArray[np.bool_]

PERMUTATIONS = 2_000
SEED = 20250901


@dataclass(frozen=True)
class GroupComparison:
    """within: by group, the mean probability that two of its people stand in one camp; None under two people.

    between (groups, groups): the same for one person of either group; the diagonal repeats `within`. p_value: how
    often groups of these sizes, drawn by lot from the same people, are at least as far apart; None under two groups.
    """

    within: tuple[float | None, ...]
    between: tuple[tuple[float | None, ...], ...]
    p_value: float | None


def compare_groups(
    belonging: Sequence[Sequence[float | None]], groups: Sequence[Sequence[int]]
) -> GroupComparison:
    """Agreement within groups and between them, from the frozen matrix of belonging.

        within(G)     = mean of belonging over pairs i < j of G
        between(G, H) = mean of belonging over i in G, j in H
        apart         = mean over all pairs within a group - mean over all pairs between two groups
        p_value       = (1 + lots with apart at least as large) / (1 + PERMUTATIONS)

    belonging (n, n): 0 to 1, symmetric; None for answers that were not read, which belong to no group here. groups:
    people by their numbers, nobody in two. The order of people and groups does not matter, but for the lots, which are
    seeded. Raises ValueError for somebody in two groups, or without belonging.

    >>> found = compare_groups([[1, .8, .1], [.8, 1, .3], [.1, .3, 1]], [[0, 1], [2]])
    >>> found.within, round(found.between[0][1], 3)
    ((0.8, None), 0.2)
    """
    people = [person for group in groups for person in group]
    if len(set(people)) != len(people):
        raise ValueError("Nobody is in two groups.")
    rows = [[belonging[i][j] for j in people] for i in people]
    if any(cell is None for i, row in enumerate(rows) for j, cell in enumerate(row) if i != j):
        raise ValueError("An answer that was not read belongs to no group.")
    matrix = np.array([[1.0 if cell is None else cell for cell in row] for row in rows], dtype=float)
    label = np.repeat(np.arange(len(groups)), [len(group) for group in groups]).astype(np.int64)
    between = tuple(
        tuple(_mean(matrix, label == g, label == h, is_one=g == h) for h in range(len(groups)))
        for g in range(len(groups))
    )
    return GroupComparison(
        within=tuple(between[g][g] for g in range(len(groups))),
        between=between,
        p_value=_p_value(matrix, label) if len(groups) >= 2 else None,
    )


def _mean(matrix: Matrix, rows: Picked, columns: Picked, *, is_one: bool) -> float | None:
    block = matrix[np.ix_(rows, columns)]
    if not is_one:
        return float(block.mean())
    n = len(block)
    return float((block.sum() - np.trace(block)) / (n * (n - 1))) if n >= 2 else None


def _p_value(matrix: Matrix, label: Labels) -> float | None:
    upper = np.triu_indices(len(label), 1)
    values = matrix[upper]

    def apart(labels: Labels) -> float:
        same = labels[upper[0]] == labels[upper[1]]
        return float(values[same].mean() - values[~same].mean()) if same.any() else math.nan

    observed = apart(label)
    if math.isnan(observed):
        return None
    rng = np.random.default_rng(SEED)
    # As far as rounding goes, the same split by lot is as far apart as the groups themselves.
    further = sum(apart(rng.permutation(label)) >= observed - 1e-9 for _ in range(PERMUTATIONS))
    return (1 + further) / (1 + PERMUTATIONS)
