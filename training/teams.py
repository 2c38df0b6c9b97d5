"""Teams with a known truth: answers drawn from the positions of one company."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from training.companies import Company

# Sizes of camps in a team of nine, and how often each is drawn; no camp exceeds the six answers there are.
NINE: tuple[tuple[int, ...], ...] = (
    (3, 3, 3), (5, 2, 2), (6, 2, 1), (4, 3, 2), (4, 3, 1, 1), (5, 4), (6, 3), (6, 1, 1, 1), (5, 1, 1, 1, 1),
    (4, 2, 1, 1, 1), (3, 2, 2, 2), (3, 3, 2, 1), (3, 2, 2, 1, 1), (2, 2, 2, 1, 1, 1), (2, 2, 2, 2, 1),
    (4, 1, 1, 1, 1, 1), (3, 3, 1, 1, 1), (3, 2, 1, 1, 1, 1), (4, 4, 1), (4, 2, 2, 1),
)  # fmt: skip
OTHER: tuple[tuple[int, ...], ...] = (
    (1, 1, 1), (2, 1), (3,), (4,), (5,), (6,), (2, 2), (3, 1), (2, 1, 1), (1, 1, 1, 1), (3, 2), (2, 2, 1),
    (1, 1, 1, 1, 1), (3, 2, 1), (2, 2, 2), (4, 2), (3, 3), (1, 1, 1, 1, 1, 1), (5, 1), (3, 2, 2), (4, 2, 1),
    (2, 2, 1, 1, 1), (3, 3, 2), (4, 2, 2), (5, 2, 1), (2, 2, 2, 1, 1),
)  # fmt: skip


@dataclass(frozen=True)
class Team:
    """Indices of answers in one company, and the position of each: -1 for an answer that names none."""

    company: int
    answers: tuple[int, ...]
    positions: tuple[int, ...]

    @property
    def n_strategies(self) -> int:
        return len({p for p in self.positions if p >= 0})

    @property
    def effective(self) -> float:
        named = [p for p in self.positions if p >= 0]
        counts = np.unique(named, return_counts=True)[1] / len(named)
        return float(np.exp(-(counts * np.log(counts)).sum()))


def places_by_position(company: Company, tiers: Sequence[str]) -> dict[int, list[int]]:
    """The answers of these tiers that state one position, by that position."""
    found: dict[int, list[int]] = {}
    for i, answer in enumerate(company.answers):
        if answer.tier in tiers and len(answer.positions) == 1:
            found.setdefault(answer.positions[0], []).append(i)
    return found


def draw(
    companies: Sequence[Company], index: int, sizes: Sequence[int], tiers: Sequence[str], rng: random.Random
) -> Team | None:
    """A team of the given camp sizes; None where a position has too few answers of these tiers."""
    by_position = places_by_position(companies[index], tiers)
    rows: list[tuple[int, int]] = []
    free = rng.sample(sorted(by_position), len(by_position))
    for size in sorted(sizes, reverse=True):
        fitting = [p for p in free if len(by_position[p]) >= size]
        if not fitting:
            return None
        free.remove(fitting[0])
        rows += [(i, fitting[0]) for i in rng.sample(by_position[fitting[0]], size)]
    rng.shuffle(rows)
    return Team(index, tuple(i for i, _ in rows), tuple(p for _, p in rows))


def draw_many(
    companies: Sequence[Company],
    *,
    per_company: int,
    tiers: Sequence[str],
    seed: int,
    sizes: Sequence[Sequence[int]] = NINE,
) -> list[Team]:
    """`per_company` teams of every company, compositions drawn evenly among `sizes` that are possible."""
    rng = random.Random(seed)
    teams: list[Team] = []
    for index in range(len(companies)):
        made = 0
        while made < per_company:
            team = draw(companies, index, rng.choice(list(sizes)), tiers, rng)
            if team is not None:
                teams.append(team)
                made += 1
    return teams


def draw_indices(company: Company, n_teams: int, rng: random.Random) -> list[list[int]]:
    """Teams of any composition as plain indices, mixed and vague answers among them, and all answers as one.

    For training in context: half of the teams have nine answers, the rest three to fourteen.
    """
    by_position: dict[int, list[int]] = {}
    odd: list[int] = []
    for i, answer in enumerate(company.answers):
        if len(answer.positions) == 1 and answer.tier != "piece":
            by_position.setdefault(answer.positions[0], []).append(i)
        else:
            odd.append(i)
    found = [list(range(len(company.answers)))]
    while len(found) < n_teams:
        sizes = rng.choice(NINE if rng.random() < 0.5 else OTHER)
        places = rng.sample(sorted(by_position), min(len(sizes), len(by_position)))
        rows = [
            i for p, size in zip(places, sizes, strict=False)
            for i in rng.sample(by_position[p], min(size, len(by_position[p])))
        ]  # fmt: skip
        if odd and rng.random() < 0.4:
            rows += rng.sample(odd, min(len(odd), rng.randint(1, 3)))
        if len(rows) >= 3:
            found.append(rows)
    return found
