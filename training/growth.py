"""How the settings of a posterior move beyond nine answers: fitted on larger teams of a known truth.

Above ten answers the partitions cannot be counted out. What is maximised is the pseudo-likelihood (Besag 1975): the
probability of each answer's true camp when all others stand where they belong.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import logsumexp

from app.analysis.judge import PosteriorSettings
from app.analysis.partitions import SURE
from training.companies import Company
from training.teams import Team, places_by_position

Matrix = NDArray[np.float64]

SIZES = (14, 20, 20, 30, 36)


def draw_larger(companies: Sequence[Company], tiers: Sequence[str], seed: int) -> list[Team]:
    """Teams of SIZES from every company, two to six strategies each, some held by many and some by few.

    Smaller where a company has not so many answers of these tiers; none of ten and fewer.
    """
    rng = random.Random(seed)
    teams = []
    for index, company in enumerate(companies):
        by_position = places_by_position(company, tiers)
        for size in SIZES:
            chosen = rng.sample(sorted(by_position), min(rng.randint(2, 6), len(by_position)))
            weight = {p: rng.gammavariate(1.0, 1.0) for p in chosen}
            left = {p: rng.sample(by_position[p], len(by_position[p])) for p in chosen}
            rows: list[tuple[int, int]] = []
            while len(rows) < size and any(left.values()):
                free = [p for p in chosen if left[p]]
                p = rng.choices(free, [weight[q] for q in free])[0]
                rows.append((left[p].pop(), p))
            if len(rows) > 10:
                teams.append(Team(index, tuple(i for i, _ in rows), tuple(p for _, p in rows)))
    return teams


def with_growth(
    settings: PosteriorSettings, sames: Sequence[Matrix], truths: Sequence[Sequence[int]]
) -> PosteriorSettings:
    """The settings with the crowding and camp growth under which the true camps of larger teams are likeliest."""
    rows = [_prepared(same, truth) for same, truth in zip(sames, truths, strict=True)]

    def loss(growth: NDArray[np.float64]) -> float:
        grown = replace(settings, crowding=float(growth[0]), camp_growth=float(growth[1]))
        return float(np.mean([_surprise(row, grown) for row in rows]))

    best = minimize(
        loss, np.array([0.5, -4.0]), method="Nelder-Mead",
        options={"initial_simplex": [[0.0, -1.0], [1.0, -1.0], [0.5, -6.0]], "xatol": 0.005, "fatol": 1e-4},
    )  # fmt: skip
    return replace(settings, crowding=round(float(best.x[0]), 4), camp_growth=round(float(best.x[1]), 4))


def _prepared(same: Matrix, truth: Sequence[int]) -> tuple[Matrix, Matrix, NDArray[np.intp]]:
    """For each answer the sum of its log odds with every camp, and that camp's size, without itself; its own camp."""
    bounded = np.clip(same, 1.0 - SURE, SURE)
    logits = np.log(bounded / (1.0 - bounded))
    np.fill_diagonal(logits, 0.0)
    own = np.unique(np.asarray(truth), return_inverse=True)[1]
    member = np.eye(own.max() + 1)[own]
    return logits @ member, member.sum(axis=0)[None] - member, own


def _surprise(prepared: tuple[Matrix, Matrix, NDArray[np.intp]], settings: PosteriorSettings) -> float:
    """Mean of -log P(true camp) over the answers; somebody alone belongs to a camp of their own."""
    pull, size, own = prepared
    grown, every = settings.of(len(own)), np.arange(len(own))
    scores = np.where(size > 0, (pull + grown.offset * size) / grown.temperature, -np.inf)
    scores = np.column_stack([scores, np.full(len(own), grown.camp_weight)])
    at = np.where(size[every, own] == 0, scores.shape[1] - 1, own)
    return float((logsumexp(scores, axis=1) - scores[every, at]).mean())
