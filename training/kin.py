"""Positions of different companies that make the same choice: "go up-market" in software and in ski resorts.

Companies have no words in common, so an encoder that is to find such positions near each other must look past the nouns
of a business to the choice that is made; and that is what it needs for the companies it has never seen. Nobody wrote down
which positions are alike: the gists of all positions are compared by an encoder that was trained before, and only what
it is sure of is used.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from training.companies import Company
from training.losses import opposite_of, states_of

ALIKE = 0.85  # cosine of two gists from which on their positions count as one choice,
UNLIKE = 0.6  # and up to which they count as two; what lies between teaches nothing
CANDIDATES = 40


class Kin:
    """gists (companies, positions, width): a vector of length 1 for each position's gist."""

    def __init__(self, companies: Sequence[Company], vectors_of: Callable[[list[str]], Tensor]) -> None:
        self.gists = {}
        for company in companies:
            rows = [answer for answer in company.answers if answer.tier == "gist"]
            with torch.no_grad():
                vectors = vectors_of([answer.text for answer in rows])
            found = torch.zeros(company.n_positions, vectors.shape[1])
            found[[answer.positions[0] for answer in rows]] = vectors
            self.gists[company.name] = found

    def likeness(self, a: Company, b: Company) -> Tensor:
        """(positions of a, positions of b): cosine of their gists."""
        return self.gists[a.name] @ self.gists[b.name].T

    def couples(self, companies: Sequence[Company], rng: random.Random) -> list[tuple[Company, Company]]:
        """All companies two by two, each beside one that has choices in common with it; with an odd number one stays out."""
        free = rng.sample(list(companies), len(companies))
        found = []
        while len(free) > 1:
            company = free.pop()
            tried = rng.sample(range(len(free)), min(CANDIDATES, len(free)))
            best = max(tried, key=lambda k: int((self.likeness(company, free[k]) > ALIKE).sum()))
            found.append((company, free.pop(best)))
        rng.shuffle(found)
        return found

    def contrastive(
        self, a: Company, b: Company, similarity: Tensor, temperature: float = 0.1, opposed: float = 1.0
    ) -> Tensor:
        """As losses.contrastive, between the answers of two companies, (answers of a, answers of b), both ways."""
        like = self.likeness(a, b)
        alike, unlike = (like > ALIKE).float(), (like < UNLIKE).float()
        against = ((opposite_of(a) @ alike + alike @ opposite_of(b)) > 0).float() * (1 - alike)
        mine, theirs = _whole(a), _whole(b)
        positive = mine @ alike @ theirs.T
        opposite = mine @ against @ theirs.T
        known = positive + opposite + mine @ unlike @ theirs.T > 0
        logits = (similarity / temperature + opposed * (opposite > 0)).masked_fill(~known, -1e4)
        total = similarity.new_zeros(())
        for scores, wanted in ((logits, positive), (logits.T, positive.T)):
            has = wanted.sum(1) > 0
            if has.any():
                share = scores - torch.logsumexp(scores, dim=1, keepdim=True)
                total = total - ((share * wanted).sum(1)[has] / wanted.sum(1)[has]).mean() / 2
        return total


def _whole(company: Company) -> Tensor:
    """(answers, positions): as losses.states_of, without answers that state two and pieces that need not say it all."""
    counts = [float(len(answer.positions) == 1 and answer.tier != "piece") for answer in company.answers]
    return states_of(company) * torch.tensor(counts)[:, None]
