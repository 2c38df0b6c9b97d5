"""Rankings of the same items by several people: how far they agree, and on what.

Kendall's W and the first steps of Strategic Consensus Mapping (Tarakci, Ates, Porck, van Knippenberg, Groenen and
de Haas 2014, Strategic Management Journal 35, 1053-1069): mean pairwise correlation, shares of the two dimensions of
the vector model, and a permutation test against people who rank independently of each other.

Ranks count from 1, the most important. Arrays are (people, items).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import chi2, rankdata

from app.analysis.result import Document, Matrix, rounded

# As many as fifty million shuffled ranks allow, and between these two: large teams need fewer to be sure.
MOST_PERMUTATIONS, FEWEST_PERMUTATIONS, SHUFFLED_RANKS = 100_000, 2_000, 50_000_000
SEED = 20250901
FEWEST = 3  # people under whom no measure is given


@dataclass(frozen=True)
class RankedItem:
    """mean, low, high: of its ranks; counts (items,): how many gave it rank 1, 2, ... (a shared rank is rounded)."""

    key: str
    mean: float
    low: float
    high: float
    counts: tuple[int, ...]

    def to_document(self) -> Document:
        document: Document = rounded(
            {"key": self.key, "mean": self.mean, "low": self.low, "high": self.high, "counts": self.counts}
        )
        return document


@dataclass(frozen=True)
class RankingReading:
    """One ranking question.

    items: best mean rank first. w: Kendall's W, 0 to 1. p_value: permutation test of "they agree no more than
    people who rank independently". chi_square, degrees_of_freedom: the large-sample test of the same, for readers
    who know it. mean_correlation: mean Spearman correlation between two people, -1/(n - 1) to 1. dimensions: shares of the
    first two dimensions of the vector model. with_others (n,): each person's correlation with the mean rank of the
    others, in input order; None where there is nothing to compare. All measures are None under three people.
    """

    n: int
    items: tuple[RankedItem, ...]
    w: float | None
    p_value: float | None
    chi_square: float | None
    degrees_of_freedom: int | None
    mean_correlation: float | None
    dimensions: tuple[float, ...]
    with_others: tuple[float | None, ...]

    def to_document(self) -> Document:
        """Without `with_others`: who agrees with whom is for the caller to publish, or not."""
        numbers: Document = rounded(
            {
                "n": self.n,
                "w": self.w,
                "p_value": self.p_value,
                "chi_square": self.chi_square,
                "degrees_of_freedom": self.degrees_of_freedom,
                "mean_correlation": self.mean_correlation,
                "dimensions": self.dimensions,
            }
        )
        return {**numbers, "items": [item.to_document() for item in self.items]}


def read_rankings(orders: Sequence[Sequence[str]], keys: Sequence[str]) -> RankingReading:
    """Read the rankings of n people.

    orders: the keys of the items in each person's order; items that somebody left out share the mean of the ranks
    that were left. keys: all items. Raises ValueError for a key that is unknown or comes twice.
    """
    ranks = ranks_of(orders, keys)
    n = len(ranks)
    items = tuple(
        RankedItem(
            key=key,
            mean=float(ranks[:, i].mean()),
            low=float(ranks[:, i].min()),
            high=float(ranks[:, i].max()),
            counts=tuple(
                np.bincount(np.floor(ranks[:, i] + 0.5).astype(int), minlength=len(keys) + 1)[1:].tolist()
            ),
        )
        for i, key in enumerate(keys)
        if n
    )
    ordered = tuple(sorted(items, key=lambda item: (round(item.mean, 9), keys.index(item.key))))
    w = kendall_w(ranks) if n >= FEWEST else None
    if w is None:
        return RankingReading(n, ordered, None, None, None, None, None, (), tuple(None for _ in orders))
    freedom = len(keys) - 1
    return RankingReading(
        n=n,
        items=ordered,
        w=w,
        p_value=permutation_p(ranks),
        chi_square=n * freedom * w,
        degrees_of_freedom=freedom,
        mean_correlation=mean_correlation(ranks),
        dimensions=dimension_shares(ranks)[:2],
        with_others=_with_others(ranks),
    )


def ranks_of(orders: Sequence[Sequence[str]], keys: Sequence[str]) -> Matrix:
    """(people, items) ranks from 1; items left out share the mean of the ranks that remain.

    >>> ranks_of([["b", "a", "c"], ["c"]], ["a", "b", "c"]).tolist()
    [[2.0, 1.0, 3.0], [2.5, 2.5, 1.0]]
    """
    ranks = np.empty((len(orders), len(keys)))
    for row, order in enumerate(orders):
        if len(set(order)) != len(order) or not set(order) <= set(keys):
            raise ValueError("A ranking names each of the given items at most once, and no other.")
        rest = (len(order) + 1 + len(keys)) / 2
        for column, key in enumerate(keys):
            ranks[row, column] = order.index(key) + 1 if key in order else rest
    return ranks


def kendall_w(ranks: Matrix) -> float | None:
    """Kendall's coefficient of concordance, corrected for ties.

        W = 12 S / (n^2 (k^3 - k) - n * sum over people and their groups of t tied ranks of (t^3 - t))

    S: sum of squared deviations of the items' rank sums from their mean; n people, k items. 1: all rank alike;
    0: the rank sums are all equal. Where nothing is tied, W = (1 + (n - 1) r) / n with r the mean pairwise
    Spearman correlation. None with fewer than two people or items, or where nobody tells any two items apart.
    Source: Kendall and Babington Smith (1939); Kendall (1948), Rank Correlation Methods.
    """
    n, k = ranks.shape
    if n < 2 or k < 2:
        return None
    sums = ranks.sum(axis=0)
    spread = float(((sums - sums.mean()) ** 2).sum())
    tied = 0.0
    for row in ranks:
        sizes = np.unique(row, return_counts=True)[1].astype(float)
        tied += float((sizes**3 - sizes).sum())
    most = n**2 * (k**3 - k) - n * tied
    return None if most <= 0 else min(1.0, 12.0 * spread / most)


def chi_square_p(w: float, n: int, k: int) -> float:
    """P(W this large or larger) if people ranked independently, by n (k - 1) W ~ chi-square with k - 1 degrees of
    freedom; good from about eight items on (Kendall 1948), which is why the report uses `permutation_p`."""
    return float(chi2.sf(n * (k - 1) * w, k - 1))


def permutation_p(ranks: Matrix) -> float | None:
    """P(agreement this large or larger) if each person shuffled the items: (1 + hits) / (1 + permutations).

    The statistic is the sum of squared rank sums, which orders shuffles as W and as the mean correlation do. Seeded,
    and independent of the order of the people.
    """
    if len(ranks) < 2:
        return None
    permutations = min(MOST_PERMUTATIONS, max(FEWEST_PERMUTATIONS, SHUFFLED_RANKS // ranks.size))
    ordered = ranks[np.lexsort(ranks.T[::-1])]
    observed = float((ordered.sum(axis=0) ** 2).sum())
    rng = np.random.default_rng(SEED)
    hits = 0
    block = max(1, 1_000_000 // ranks.size)
    for start in range(0, permutations, block):
        size = min(block, permutations - start)
        shuffled = rng.permuted(np.broadcast_to(ordered, (size, *ordered.shape)), axis=2)
        hits += int(((shuffled.sum(axis=1) ** 2).sum(axis=1) >= observed - 1e-9).sum())
    return (1 + hits) / (1 + permutations)


def mean_correlation(ranks: Matrix) -> float | None:
    """The mean Spearman correlation over all pairs of people who tell items apart, -1/(n - 1) to 1."""
    standard = _standardised(ranks)
    n = len(standard)
    if n < 2:
        return None
    return float(((standard.sum(axis=0) ** 2).sum() / standard.shape[1] - n) / (n * (n - 1)))


def dimension_shares(ranks: Matrix) -> tuple[float, ...]:
    """What each dimension of the vector model of unfolding holds of the people's rankings, largest first; sum 1.

    The eigenvalues of the correlations between people, divided by their sum. If the first two hold nearly all, a
    plane shows who ranks like whom; if the first holds nearly all, there is one line from "this first" to "that".
    """
    standard = _standardised(ranks)
    if len(standard) < 2:
        return ()
    values = np.linalg.svd(standard, compute_uv=False) ** 2
    return tuple(float(value) for value in values / values.sum())


def _standardised(ranks: Matrix) -> Matrix:
    """Each person's ranks with mean 0 and variance 1; without those who give every item the same rank."""
    told = ranks[ranks.std(axis=1) > 0] if len(ranks) else ranks
    if not len(told):
        return np.zeros((0, ranks.shape[1]))
    return np.asarray((told - told.mean(axis=1, keepdims=True)) / told.std(axis=1, keepdims=True))


def _with_others(ranks: Matrix) -> tuple[float | None, ...]:
    found: list[float | None] = []
    for i, own in enumerate(ranks):
        others = rankdata(np.delete(ranks, i, axis=0).mean(axis=0))
        known = own.std() > 0 and others.std() > 0
        found.append(float(np.corrcoef(own, others)[0, 1]) if known else None)
    return tuple(found)
