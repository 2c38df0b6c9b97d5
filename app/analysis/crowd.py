"""The posterior over partitions of many answers, sampled on near pairs (near.py).

What keeping a pair together adds to the log probability of a partition is, as in partitions.py, its log odds of "same"
plus an offset, over a temperature. Here it is known pair by pair for near pairs, and as `base + points_i . points_j` for
all others, so that what a camp says to an answer is

    base * size + points_i . (sum of the camp's points) + extras of the near pairs in the camp

Chains start by letting the answers come one by one, in an order of their own, and choose a camp; then whole camps join
while that is likelier. Each round draws every answer anew and proposes splits and merges, half of them at near pairs,
which are where a camp may be one or two (Dahl 2003, as in sampling.py). The seed is fixed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.analysis.judge import PosteriorSettings
from app.analysis.near import NearJudgements, log_odds
from app.analysis.partitions import IDENTICAL_WEIGHT, Evidence, Labels, PartitionPosterior
from app.analysis.sampling import in_growth_form

SEED = 20250901
CHAINS = 6
ROUNDS = 40
BURN_IN = 10
PROPOSALS = 6  # splits or merges a round and chain
LARGEST_POOL = 1_500  # members of two camps together, above which no split or merge is proposed

Values = NDArray[np.float64]
Places = NDArray[np.intp]


@dataclass(frozen=True)
class CrowdWeights:
    """What keeping pairs together adds; see the top of this file.

    base, points (n, d): of all pairs. starts (n + 1,), mates, extras: for answer i the near ones are
    mates[starts[i] : starts[i + 1]], and what each adds beyond base and points.
    """

    base: float
    points: Values
    starts: Places
    mates: Places
    extras: Values

    @property
    def n(self) -> int:
        return len(self.points)

    def near(self, i: int) -> tuple[Places, Values]:
        part = slice(self.starts[i], self.starts[i + 1])
        return self.mates[part], self.extras[part]


def crowd_weights(
    near: NearJudgements,
    settings: PosteriorSettings,
    *,
    evidence: list[Evidence],
    identical: list[tuple[int, int]],
) -> CrowdWeights:
    """The weights of a posterior with these settings. evidence, identical: as in partition_posterior; their pairs must
    be among the near ones."""
    n = near.n
    temperature = settings.of(n).temperature
    weights = (log_odds(near.same) + settings.offset) / temperature
    place = (
        {(int(i), int(j)): k for k, (i, j) in enumerate(zip(near.first, near.second, strict=True))}
        if (evidence or identical)
        else {}
    )
    for i, j, x in evidence:
        if i != j:
            weights[place[min(i, j), max(i, j)]] += x / temperature
    for i, j in identical:
        weights[place[min(i, j), max(i, j)]] = IDENTICAL_WEIGHT
    base = (near.intercept + settings.offset) / temperature
    points = near.points / temperature**0.5
    extra = weights - base - np.einsum("pd,pd->p", points[near.first], points[near.second])
    owners = np.concatenate([near.first, near.second])
    order = np.argsort(owners, kind="stable")
    starts = np.concatenate([[0], np.cumsum(np.bincount(owners, minlength=n))])
    return CrowdWeights(
        base, points, starts, np.concatenate([near.second, near.first])[order], np.tile(extra, 2)[order]
    )


def crowd_posterior(
    weights: CrowdWeights,
    camp_weight: float,
    *,
    chains: int = CHAINS,
    rounds: int = ROUNDS,
    seed: int = SEED,
) -> PartitionPosterior:
    """Sampled partitions, every sample with the same weight, in restricted growth form."""
    seen: list[Labels] = []
    for chain in range(chains):
        rng = np.random.default_rng([seed, chain])
        state = _Chain(weights, camp_weight, rng)
        for step in range(rounds):
            state.redraw(rng.permutation(weights.n))
            for _ in range(PROPOSALS):
                state.split_or_merge()
            if step >= BURN_IN:
                seen.append(in_growth_form(state.labels[None])[0])
    labels = np.stack(seen)
    return PartitionPosterior(labels, np.full(len(labels), 1.0 / len(labels)), False)


class _Chain:
    """One chain: a label an answer (-1: none yet), and of every camp its size and the sum of its points."""

    def __init__(self, weights: CrowdWeights, camp_weight: float, rng: np.random.Generator) -> None:
        self.weights, self.camp_weight, self.rng = weights, camp_weight, rng
        self.labels = np.full(weights.n, -1, dtype=np.intp)
        self.sizes = np.zeros(16, dtype=np.float64)
        self.sums = np.zeros((16, weights.points.shape[1]))
        self.redraw(rng.permutation(weights.n))
        self._join_camps()

    def redraw(self, order: Places) -> None:
        """Draw the camp of every answer anew, one after the other (Gibbs)."""
        w, rng = self.weights, self.rng
        for i in order:
            point, old = w.points[i], self.labels[i]
            if old >= 0:
                self.sizes[old] -= 1
                self.sums[old] -= point
            pull = self.sums @ point
            pull += w.base * self.sizes
            mates, extras = w.near(i)
            theirs = self.labels[mates]
            if old < 0:
                known = theirs >= 0
                theirs, extras = theirs[known], extras[known]
            pull += np.bincount(theirs, weights=extras, minlength=len(pull))
            pull[self.sizes == 0] = -np.inf
            free = int(np.argmin(self.sizes))
            pull[free] = self.camp_weight
            new = int(np.argmax(pull + rng.gumbel(size=len(pull))))
            self.labels[i] = new
            self.sizes[new] += 1
            if self.sizes[new] == 1:
                self.sums[new] = point  # also forgets what rounding has left of former members
            else:
                self.sums[new] += point
            if self.sizes.min() > 0:
                self._grow()

    def _grow(self) -> None:
        self.sizes = np.concatenate([self.sizes, np.zeros(len(self.sizes))])
        self.sums = np.concatenate([self.sums, np.zeros_like(self.sums)])

    def _join_camps(self) -> None:
        """Join the two camps that gain most by it, again and again, while any two gain."""
        used = np.flatnonzero(self.sizes)
        renamed = np.zeros(len(self.sizes), dtype=np.intp)
        renamed[used] = np.arange(len(used))
        self.labels = renamed[self.labels]
        sizes, sums, k = self.sizes[used], self.sums[used], len(used)
        w = self.weights
        owners = np.repeat(np.arange(w.n), np.diff(w.starts))
        gain = w.base * np.outer(sizes, sizes) + sums @ sums.T - self.camp_weight
        codes = self.labels[owners] * k + self.labels[w.mates]
        gain += np.bincount(codes, weights=w.extras, minlength=k * k).reshape(k, k)
        np.fill_diagonal(gain, -np.inf)
        parent = np.arange(k)
        while True:
            a, b = divmod(int(np.argmax(gain)), k)
            if gain[a, b] <= 0:
                break
            # Joined, both say what they said together; each further camp costs or wins its weight once.
            gain[a] += gain[b] + self.camp_weight
            gain[:, a] = gain[a]
            gain[a, a] = -np.inf
            gain[b] = gain[:, b] = -np.inf
            sizes[a] += sizes[b]
            sums[a] += sums[b]
            sizes[b], sums[b] = 0.0, 0.0
            parent[parent == b] = a
        self.labels = parent[self.labels]
        self.sizes = np.concatenate([sizes, np.zeros(16)])
        self.sums = np.concatenate([sums, np.zeros((16, sums.shape[1]))])

    def split_or_merge(self) -> None:
        """Propose to split the camp of two answers or to merge their two camps; accept or stay."""
        w, rng = self.weights, self.rng
        i, j = self._two_answers()
        is_split = self.labels[i] == self.labels[j]
        pool = np.flatnonzero((self.labels == self.labels[i]) | (self.labels == self.labels[j]))
        if len(pool) > LARGEST_POOL:
            return
        rest = rng.permutation(pool[(pool != i) & (pool != j)])
        draws = np.log(rng.random(len(rest)) + 1e-300)
        side = np.zeros(w.n, dtype=np.int8)  # +1 with i, -1 with j
        side[i], side[j] = 1, -1
        # Only the difference of the two sides' points and sizes decides, and their product makes the gain.
        sum_i, sum_j = w.points[i].copy(), w.points[j].copy()
        size_i = size_j = 1.0
        log_q = 0.0
        for draw, k in zip(draws, rest, strict=True):
            mates, extras = w.near(k)
            lean = float(w.base * (size_i - size_j) + w.points[k] @ (sum_i - sum_j) + extras @ side[mates])
            log_i = -math.log1p(math.exp(-lean)) if lean > -700 else lean
            goes_to_i = bool(draw < log_i) if is_split else bool(self.labels[k] == self.labels[i])
            log_q += log_i if goes_to_i else log_i - lean
            if goes_to_i:
                side[k], size_i = 1, size_i + 1
                sum_i += w.points[k]
            else:
                side[k], size_j = -1, size_j + 1
                sum_j += w.points[k]
        mine = np.flatnonzero(side == 1)
        between = w.base * size_i * size_j + float(sum_i @ sum_j)
        for k in mine.tolist():
            mates, extras = w.near(k)
            between += float(extras @ (side[mates] == -1))
        # Splitting loses the pairs between the two sides and wins a camp; merging is the way back.
        log_ratio = self.camp_weight - between - log_q
        if math.log(rng.random() + 1e-300) >= (log_ratio if is_split else -log_ratio):
            return
        theirs = np.flatnonzero(side == -1)
        at, other = int(self.labels[i]), int(self.labels[j])
        if is_split:
            if self.sizes.min() > 0:
                self._grow()
            other = int(np.argmin(self.sizes))
            self.labels[theirs] = other
            self.sizes[at], self.sums[at] = size_i, sum_i
            self.sizes[other], self.sums[other] = size_j, sum_j
        else:
            self.labels[theirs] = at
            self.sizes[at], self.sums[at] = size_i + size_j, sum_i + sum_j
            self.sizes[other], self.sums[other] = 0.0, 0.0

    def _two_answers(self) -> tuple[int, int]:
        """Any two answers, or two that are near: drawn without a look at the camps, so that both ways are alike."""
        w, rng = self.weights, self.rng
        if len(w.mates) and rng.random() < 0.5:
            place = int(rng.integers(len(w.mates)))
            return int(np.searchsorted(w.starts, place, side="right") - 1), int(w.mates[place])
        i, j = rng.choice(w.n, 2, replace=False)
        return int(i), int(j)
