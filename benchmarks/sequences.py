"""Rounds of one team with a known movement, simulated from a company's answers.

Nine people answer four times; each round has new words for as many people as there are answers left.
The thesis is one position of the company: its gist alone, or with one of its plain answers after it.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from training.companies import Company

KINDS = ("converge", "diverge", "stall", "wrong thesis", "polarise")

# How many of nine stand on the thesis, and on the rival position, in the four rounds.
_ON_THESIS = {
    "converge": (1, 2, 4, 5),
    "diverge": (5, 4, 2, 1),
    "stall": (2, 2, 2, 2),
    "wrong thesis": (1, 1, 1, 1),
    "polarise": (1, 2, 3, 4),
}
_ON_RIVAL = {"wrong thesis": (1, 2, 4, 5), "polarise": (1, 2, 3, 5)}


@dataclass(frozen=True)
class Sequence4:
    """Four rounds of nine texts; on_thesis: the true share of people who state the thesis, by round."""

    kind: str
    thesis: str
    rounds: tuple[tuple[str, ...], ...]
    positions: tuple[tuple[int, ...], ...]
    on_thesis: tuple[float, ...]


def simulate(company: Company, kind: str, rng: random.Random, *, long_thesis: bool = False) -> Sequence4:
    """One sequence of the given kind; its positions are drawn by chance.

    For "polarise" the rival is the opposite of the thesis where the company has one.
    """
    texts: dict[int, list[str]] = {}
    for answer in company.answers:
        if answer.tier in ("plain", "indirect") and len(answer.positions) == 1:
            texts.setdefault(answer.positions[0], []).append(answer.text)
    order = rng.sample(sorted(texts), len(texts))
    if kind == "polarise" and company.conflicts:
        a, b = rng.choice(sorted(company.conflicts))
        order = [a, b, *(p for p in order if p not in (a, b))]
    thesis_of, rival, rest = order[0], order[1], order[2:]
    gist = next(a.text for a in company.answers if a.tier == "gist" and a.positions == (thesis_of,))
    thesis = gist
    if long_thesis:
        said = rng.choice([a for a in company.of("plain") if a.positions == (thesis_of,)]).text
        texts[thesis_of].remove(said)
        thesis = f"{gist} {said}"
    rounds, positions = [], []
    for place in range(4):
        on_thesis = min(_ON_THESIS[kind][place], len(texts[thesis_of]))
        on_rival = min(_ON_RIVAL.get(kind, (1, 1, 1, 1))[place], 9 - on_thesis, len(texts[rival]))
        counts = [(thesis_of, on_thesis), (rival, on_rival)]
        left = 9 - on_thesis - on_rival
        for k in range(left):
            counts.append((rest[k % len(rest)], 1))
        wanted: dict[int, int] = {}
        for position, count in counts:
            wanted[position] = wanted.get(position, 0) + count
        rows = [
            (text, position)
            for position, count in wanted.items()
            for text in rng.sample(texts[position], min(count, len(texts[position])))
        ]
        rng.shuffle(rows)
        rounds.append(tuple(text for text, _ in rows))
        positions.append(tuple(position for _, position in rows))
    shares = tuple(sum(p == thesis_of for p in row) / len(row) for row in positions)
    return Sequence4(kind, thesis, tuple(rounds), tuple(positions), shares)
