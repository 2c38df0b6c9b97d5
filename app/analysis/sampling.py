"""Sampling partitions where there are too many to enumerate.

Several chains from different starting points; in each round every answer may change its camp (Gibbs),
and every chain proposes to split one camp in two or to merge two camps (sequentially allocated
merge-split, Dahl 2003), because single moves alone would hardly ever cross from one to the other. The
seed is fixed: the same input gives the same sample.
"""

from __future__ import annotations

import math
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage

SEED = 20250901
CHAINS = 24

Labels: TypeAlias = NDArray[np.int16]
Matrix: TypeAlias = NDArray[np.float64]


def sample(
    weights: Matrix, camp_weight: float, *, chains: int = CHAINS, rounds: int | None = None, seed: int = SEED
) -> tuple[Labels, NDArray[np.float64]]:
    """Partitions drawn from p(partition) proportional to exp(pairs kept together + camp_weight * camps).

    weights (n, n): symmetric, diagonal 0; what keeping a pair together adds. Returns the distinct
    partitions in restricted growth form (m, n) and how often each came (m,). The first quarter of the
    rounds is thrown away.
    """
    n = len(weights)
    rounds = rounds or max(60, min(400, 6_000 // n))
    rng = np.random.default_rng(seed)
    state = _starts(weights, chains)
    seen: list[Labels] = []
    moves = max(2, n // 8)
    for step in range(rounds):
        _gibbs(state, weights, camp_weight, rng)
        for chain in range(chains):
            for _ in range(moves):
                _split_or_merge(state[chain], weights, camp_weight, rng)
        if step >= rounds // 4:
            seen.append(in_growth_form(state))
    rows, counts = np.unique(np.concatenate(seen), axis=0, return_counts=True)
    return rows, counts.astype(np.float64)


def in_growth_form(labels: NDArray[np.integer]) -> Labels:
    """The same partitions with labels numbered by first appearance, (m, n).

    >>> in_growth_form(np.array([[5, 2, 5, 0]])).tolist()
    [[0, 1, 0, 2]]
    """
    n = labels.shape[1]
    first = np.argmax(labels[:, :, None] == labels[:, None, :], axis=2) if n <= 64 else _first_seen(labels)
    is_first = first == np.arange(n)
    rank = np.cumsum(is_first, axis=1) - 1
    return np.take_along_axis(rank, first, axis=1).astype(np.int16)


def _first_seen(labels: NDArray[np.integer]) -> NDArray[np.intp]:
    result = np.empty(labels.shape, dtype=np.intp)
    for row, values in enumerate(labels):
        _, first, inverse = np.unique(values, return_index=True, return_inverse=True)
        result[row] = first[inverse]
    return result


def _starts(weights: Matrix, chains: int) -> NDArray[np.intp]:
    """Starting partitions: average linkage cut into 1, 2, ... up to n camps, spread over the chains."""
    n = len(weights)
    distances = weights.max() - weights
    tree = linkage(distances[np.triu_indices(n, 1)], method="average")
    numbers = np.unique(np.geomspace(1, n, chains).astype(int))
    cuts = [fcluster(tree, k, criterion="maxclust") - 1 for k in numbers]
    return np.stack([cuts[c % len(cuts)] for c in range(chains)]).astype(np.intp)


def _gibbs(state: NDArray[np.intp], weights: Matrix, camp_weight: float, rng: np.random.Generator) -> None:
    """Draw every answer's camp anew, one answer after the other, in all chains at once."""
    chains, n = state.shape
    state[:] = in_growth_form(state)
    slots = n + 1
    pull = np.zeros((chains, slots, n))  # what the members of a camp say to each answer
    sizes = np.zeros((chains, slots), dtype=np.intp)
    every = np.arange(chains)
    for i in range(n):
        pull[every, state[:, i]] += weights[i]
        sizes[every, state[:, i]] += 1
    noise = rng.gumbel(size=(n, chains, slots))
    for i in rng.permutation(n):
        old = state[:, i]
        pull[every, old] -= weights[i]
        sizes[every, old] -= 1
        scores = np.where(sizes > 0, pull[:, :, i], -np.inf)
        empty = np.argmin(sizes, axis=1)  # the first free slot stands for a camp of one's own
        scores[every, empty] = camp_weight
        new = np.argmax(scores + noise[i], axis=1)
        state[:, i] = new
        pull[every, new] += weights[i]
        sizes[every, new] += 1


def _split_or_merge(
    labels: NDArray[np.intp], weights: Matrix, camp_weight: float, rng: np.random.Generator
) -> None:
    """Propose to split the camp of two random answers or to merge their two camps; accept or stay."""
    n = len(labels)
    i, j = (int(x) for x in rng.choice(n, 2, replace=False))
    is_split = labels[i] == labels[j]
    pool = np.flatnonzero((labels == labels[i]) | (labels == labels[j]))
    rest = rng.permutation(pool[(pool != i) & (pool != j)])
    draws = rng.random(len(rest))
    side_i, side_j = [i], [j]
    pull_i, pull_j = weights[i].copy(), weights[j].copy()
    log_q = 0.0
    for draw, k in zip(draws, rest, strict=True):
        lean = float(pull_i[k] - pull_j[k])
        log_i = -math.log1p(math.exp(-lean)) if lean > -700 else lean
        goes_to_i = bool(math.log(draw + 1e-300) < log_i) if is_split else bool(labels[k] == labels[i])
        log_q += log_i if goes_to_i else log_i - lean
        (side_i if goes_to_i else side_j).append(int(k))
        if goes_to_i:
            pull_i += weights[k]
        else:
            pull_j += weights[k]
    # Splitting loses the pairs between the two sides and wins a camp; merging is the way back.
    log_ratio = camp_weight - float(weights[np.ix_(side_i, side_j)].sum()) - log_q
    if not is_split:
        log_ratio = -log_ratio
    if math.log(rng.random() + 1e-300) >= log_ratio:
        return
    if is_split:
        labels[side_j] = _free_label(labels)
    else:
        labels[side_j] = labels[i]


def _free_label(labels: NDArray[np.intp]) -> int:
    used = np.zeros(len(labels) + 1, dtype=bool)
    used[labels] = True
    return int(np.argmin(used))
