"""One round of some hundreds of answers and more: the same report, from near pairs (near.py, crowd.py).

What would need every pair is left out of the document: `same`, `opposed` and `belonging` are None, the map shows
MOST_ON_MAP answers, and camps are set against each other among the LARGEST_CAMPS. All else means what it means in
divergence.analyse.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from app.analysis import mapping, partitions
from app.analysis.crowd import CrowdWeights, crowd_posterior, crowd_weights
from app.analysis.judge import Judge
from app.analysis.near import NearJudgements, near_of
from app.analysis.partitions import Evidence, PartitionPosterior
from app.analysis.result import Camp, Map, Matrix, Opposition
from app.analysis.texts import same_words

MOST_IN_FULL = 300  # answers; of more only near pairs are judged
MOST_ON_MAP = 60
LARGEST_CAMPS = 12  # camps that are set against each other
CROSS_PAIRS = 200  # pairs read for each two of them
CANDIDATES = 24  # samples tried as the central partition, and
COMPARED = 96  # samples that each is compared with
SHOWN = 0.05  # as in divergence.py: camps that an answer belongs to with less are not listed
SEED = 20250901

Places = NDArray[np.intp]
Values = NDArray[np.float64]


@dataclass(frozen=True)
class CrowdReading:
    """What is read off many answers; they are numbered as they were given.

    names_strategy, legible (n,) or None: as in PairJudgements. posterior: None when no answer names a strategy.
    leanings (n): for each answer its (camp, probability), its own camp first; empty for one in no camp.
    """

    names_strategy: Values | None
    legible: Values | None
    n_near: int
    posterior: PartitionPosterior | None
    camps: tuple[Camp, ...]
    leanings: tuple[tuple[tuple[int, float], ...], ...]
    oppositions: tuple[Opposition, ...]
    on_map: tuple[int, ...]
    belonging_on_map: Matrix


def read_crowd(
    judge: Judge, texts: Sequence[str], *, evidence: Sequence[Evidence], names_none: float
) -> CrowdReading:
    """Judge near pairs, sample the posterior, and read camps off it.

    texts: answers that can be read. evidence: by their numbers. names_none: an answer names no strategy below this.
    """
    n = len(texts)
    identical = linked_copies(texts)
    near = near_pairs_by(judge, list(texts), [*identical, *((i, j) for i, j, _ in evidence)])
    kept, place = _strategic(near, names_none)
    on_map = tuple(sorted(drawn(texts, MOST_ON_MAP)))
    belonging = np.eye(len(on_map))
    if not len(kept):
        return CrowdReading(
            near.names_strategy, near.legible, len(near.first), None, (), ((),) * n, (), on_map, belonging
        )
    weights, posterior = _sampled(near, judge, evidence, identical, kept, place)
    central = central_sample(posterior)
    labels = posterior.labels[_spread(len(posterior.labels), COMPARED)]
    camps, leanings = _camps(central, labels, weights, kept)
    return CrowdReading(
        near.names_strategy,
        near.legible,
        len(near.first),
        posterior,
        camps,
        tuple(leanings[int(place[i])] if place[i] >= 0 else () for i in range(n)),
        _oppositions(near, camps, labels, place),
        on_map,
        _belonging(labels, place[list(on_map)]),
    )


def posterior_of_many(judge: Judge, texts: Sequence[str], *, names_none: float) -> PartitionPosterior | None:
    """The posterior of `read_crowd` without the rest of it; None when no answer names a strategy."""
    identical = linked_copies(texts)
    near = near_pairs_by(judge, list(texts), identical)
    kept, place = _strategic(near, names_none)
    return _sampled(near, judge, (), identical, kept, place)[1] if len(kept) else None


def same_as_few(judge: Judge, texts: Sequence[str], few: Sequence[int], *, names_none: float) -> Matrix:
    """P(same) of each of many answers with a few of them, (n, few); 0 where either names no strategy, 1 for copies."""
    near = near_pairs_by(judge, list(texts), [])
    rows, columns = (
        np.repeat(np.arange(len(texts)), len(few)),
        np.tile(np.asarray(few, dtype=np.intp), len(texts)),
    )
    same = near.judge_pairs(rows, columns)[0]
    copies = np.unique([same_words(text) for text in texts], return_inverse=True)[1]
    same = np.where(copies[rows] == copies[columns], 1.0, same)
    if near.names_strategy is not None:
        strategic = near.names_strategy >= names_none
        same = same * strategic[rows] * strategic[columns]
    return np.asarray(same.reshape(len(texts), len(few)))


def _strategic(near: NearJudgements, names_none: float) -> tuple[Places, Places]:
    """The answers that name a strategy, and for each answer its place among them, -1 for the others."""
    kept = (
        np.arange(near.n)
        if near.names_strategy is None
        else np.flatnonzero(near.names_strategy >= names_none)
    )
    place = np.full(near.n, -1, dtype=np.intp)
    place[kept] = np.arange(len(kept))
    return kept, place


def _sampled(
    near: NearJudgements,
    judge: Judge,
    evidence: Sequence[Evidence],
    identical: Sequence[tuple[int, int]],
    kept: Places,
    place: Places,
) -> tuple[CrowdWeights, PartitionPosterior]:
    """Weights and posterior among the answers `kept`, numbered as in `place`."""
    weights = crowd_weights(
        _among(near, kept, place),
        judge.posterior,
        evidence=[(int(place[i]), int(place[j]), x) for i, j, x in evidence if min(place[i], place[j]) >= 0],
        identical=[(int(place[i]), int(place[j])) for i, j in identical if min(place[i], place[j]) >= 0],
    )
    return weights, crowd_posterior(weights, judge.posterior.of(len(kept)).camp_weight)


def near_pairs_by(judge: Judge, texts: list[str], also: list[tuple[int, int]]) -> NearJudgements:
    """The judge's near pairs; all pairs of a judge that does not know what is near."""
    find = getattr(judge, "judge_near", None)
    found: NearJudgements = find(texts, also) if find is not None else near_of(judge.judge(texts))
    return found


def draw_map(reading: CrowdReading, names: Sequence[str], numbers: Sequence[int]) -> Map:
    """The answers of `on_map`. names: what stands beside each answer; numbers: what each is called in the document."""
    camp_of = {member: k for k, camp in enumerate(reading.camps) for member in camp.members}
    return mapping.layout(
        reading.belonging_on_map,
        [names[i] for i in reading.on_map],
        indices=[numbers[i] for i in reading.on_map],
        camps=[camp_of.get(i) for i in reading.on_map],
    )


def linked_copies(texts: Sequence[str]) -> list[tuple[int, int]]:
    """Answers that are word for word the same, each linked to the next: a hundred copies are 99 pairs, not 4,950."""
    groups: dict[str, list[int]] = {}
    for i, text in enumerate(texts):
        groups.setdefault(same_words(text), []).append(i)
    return [pair for group in groups.values() for pair in pairwise(group)]


def central_sample(posterior: PartitionPosterior) -> NDArray[np.intp]:
    """Of some samples with the likeliest number of camps, the one nearest to the others by variation of information."""
    number = partitions.number_of_strategies(posterior)[0]
    allowed = np.flatnonzero(posterior.labels.max(axis=1) + 1 == number)
    candidates = allowed[_spread(len(allowed), CANDIDATES)]
    compared = posterior.labels[_spread(len(posterior.labels), COMPARED)].astype(np.int64)
    distances = [
        sum(_variation(posterior.labels[row].astype(np.int64), other) for other in compared)
        for row in candidates
    ]
    return np.asarray(posterior.labels[candidates[int(np.argmin(np.round(distances, 9)))]], dtype=np.intp)


def _variation(a: NDArray[np.int64], b: NDArray[np.int64]) -> float:
    """Variation of information between two partitions, in nats; see partitions.expected_variation."""
    together = np.unique(a * (int(b.max()) + 1) + b, return_counts=True)[1]

    def spread(counts: NDArray[np.intp]) -> float:
        return float((counts * np.log(np.maximum(counts, 1))).sum())

    return (spread(np.bincount(a)) + spread(np.bincount(b)) - 2.0 * spread(together)) / len(a)


def _camps(
    central: Places, labels: NDArray[np.int16], weights: CrowdWeights, kept: Places
) -> tuple[tuple[Camp, ...], list[tuple[tuple[int, float], ...]]]:
    """The camps, largest first, and for each answer in one of them what it belongs to with SHOWN and more."""
    n = len(central)
    members = [np.flatnonzero(central == k) for k in range(int(central.max()) + 1)]
    order = sorted(range(len(members)), key=lambda k: (-len(members[k]), int(members[k][0])))
    members = [members[k] for k in order]
    sizes = np.array([len(group) for group in members], dtype=np.float64)
    own = np.empty(n, dtype=np.intp)
    for k, group in enumerate(members):
        own[group] = k
    total = csr_matrix((n, len(members)))
    camp = csr_matrix((np.ones(n), (np.arange(n), own)), shape=(n, len(members)))
    for row in labels:
        sample = csr_matrix((np.ones(n), (np.arange(n), row)), shape=(n, int(row.max()) + 1))
        total = total + sample @ (sample.T @ camp)
    # Mean over the members of each camp, the answer itself left out.
    shares = (total / len(labels)).tocsr()
    leanings: list[tuple[tuple[int, float], ...]] = []
    cohesion = np.zeros(len(members))
    nearest = np.zeros(n)
    for i in range(n):
        part = slice(shares.indptr[i], shares.indptr[i + 1])
        columns, sums = shares.indices[part], shares.data[part]
        mine = columns == own[i]
        others = sizes[columns] - mine
        chances = np.where(others > 0, (sums - mine) / np.maximum(others, 1.0), 0.0)
        if others[mine][0] == 0:
            mates = weights.near(i)[0]
            nearest[i] = max((float((labels[:, m] == labels[:, i]).mean()) for m in mates), default=0.0)
            chances[mine] = 1.0 - nearest[i]
        else:
            cohesion[own[i]] += float(chances[mine][0]) / sizes[own[i]]
        shown = [
            (int(k), float(p)) for k, p in zip(columns, chances, strict=True) if p >= SHOWN or k == own[i]
        ]
        shown.sort(key=lambda item: (item[0] != own[i], -item[1], item[0]))
        leanings.append(tuple(shown))
    camps = tuple(
        Camp(
            members=tuple(int(kept[m]) for m in group),
            representative=int(kept[_representative(group, weights)]),
            cohesion=float(cohesion[k]) if len(group) > 1 else None,
        )
        for k, group in enumerate(members)
    )
    return camps, leanings


def _representative(group: Places, weights: CrowdWeights) -> int:
    """The member to which the others of its camp say most."""
    whole = weights.points[group].sum(axis=0)
    inside = set(group.tolist())
    best = [
        float(weights.points[i] @ (whole - weights.points[i]))
        + sum(float(x) for m, x in zip(*weights.near(int(i)), strict=True) if int(m) in inside)
        for i in group
    ]
    return int(group[int(np.argmax(np.round(best, 9)))])


def _oppositions(
    near: NearJudgements, camps: Sequence[Camp], labels: NDArray[np.int16], place: Places
) -> tuple[Opposition, ...]:
    """For the largest camps, two by two: mean P(excluding each other) over some pairs, and the sharpest of them.

    P(excluding) as in divergence.excluding: opposed / (1 - same) * (1 - belonging).
    """
    rng = np.random.default_rng(SEED)
    found: list[Opposition] = []
    for a, b in combinations(range(min(len(camps), LARGEST_CAMPS)), 2):
        rows, columns = np.array(camps[a].members), np.array(camps[b].members)
        first, second = np.repeat(rows, len(columns)), np.tile(columns, len(rows))
        if len(first) > CROSS_PAIRS:
            first, second = rng.choice(rows, CROSS_PAIRS), rng.choice(columns, CROSS_PAIRS)
        same, opposed = near.judge_pairs(first, second)
        together = (labels[:, place[first]] == labels[:, place[second]]).mean(axis=0)
        exclusive = np.minimum(opposed / np.maximum(1.0 - same, 1e-9), 1.0) * (1.0 - together)
        sharpest = int(np.argmax(np.round(exclusive, 9)))
        found.append(
            Opposition((a, b), float(exclusive.mean()), (int(first[sharpest]), int(second[sharpest])))
        )
    return tuple(sorted(found, key=lambda item: (-round(item.probability, 9), item.camps)))


def _among(near: NearJudgements, kept: Places, place: Places) -> NearJudgements:
    """Of a judgement what concerns some of the answers, numbered anew."""
    inside = (place[near.first] >= 0) & (place[near.second] >= 0)
    return NearJudgements(
        place[near.first[inside]], place[near.second[inside]], near.same[inside], near.opposed[inside],
        near.intercept, near.points[kept], None, None, near.judge_pairs,
    )  # fmt: skip


def _belonging(labels: NDArray[np.int16], places: Places) -> Matrix:
    """P(both in one camp) between a few answers, (m, m); places: -1 for one that is in no camp."""
    chosen = labels[:, np.maximum(places, 0)]
    found = np.asarray((chosen[:, :, None] == chosen[:, None, :]).mean(axis=0), dtype=np.float64)
    found[places < 0] = 0.0
    found[:, places < 0] = 0.0
    np.fill_diagonal(found, 1.0)
    return found


def drawn(texts: Sequence[str], most: int) -> list[int]:
    """Some answers by the hash of their text: the same ones whatever their order."""
    by_hash = sorted(range(len(texts)), key=lambda i: (hashlib.sha256(texts[i].encode()).digest(), i))
    return by_hash[:most]


def _spread(count: int, most: int) -> Places:
    """At most `most` of 0 .. count - 1, evenly spread."""
    return np.unique(np.linspace(0, count - 1, min(count, most)).round().astype(np.intp))
