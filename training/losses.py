"""What the encoder and the head are trained for, on the answers of one company at a time."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from training.companies import TIER_WEIGHTS, Company
from training.head import DIFFERENT, OPPOSED, SAME


@dataclass(frozen=True)
class Truth:
    """What is known about the pairs of one company's answers.

    kind (n, n): SAME, OPPOSED or DIFFERENT. weight (n, n): 0 where the pair teaches nothing (itself, or
    a mixed answer against the opposite of a half of it). texts (n, 3): names a strategy, is figurative,
    states two strategies, each 0 or 1.
    """

    kind: Tensor
    weight: Tensor
    texts: Tensor


def states_of(company: Company) -> Tensor:
    """(answers, positions): 1 where the answer states the position."""
    found = torch.zeros(len(company.answers), company.n_positions)
    for i, answer in enumerate(company.answers):
        found[i, list(answer.positions)] = 1.0
    return found


def opposite_of(company: Company) -> Tensor:
    """(positions, positions): 1 where one excludes the other."""
    found = torch.zeros(company.n_positions, company.n_positions)
    for a, b in company.conflicts:
        found[a, b] = found[b, a] = 1.0
    return found


def truth_of(company: Company) -> Truth:
    n = len(company.answers)
    states, opposite = states_of(company), opposite_of(company)
    shared = states @ states.T > 0
    against = states @ opposite @ states.T > 0
    mixed = torch.tensor([len(answer.positions) > 1 for answer in company.answers])
    kind = torch.full((n, n), DIFFERENT)
    kind[against] = OPPOSED
    kind[shared] = SAME
    weights = torch.tensor([TIER_WEIGHTS[answer.tier] for answer in company.answers])
    weight = weights[:, None] * weights[None]
    weight[against & (mixed[:, None] | mixed[None])] = 0.0
    weight[mixed[:, None] & mixed[None]] = 0.0
    weight.fill_diagonal_(0.0)
    return Truth(
        kind,
        weight,
        torch.tensor(
            [
                [float(bool(a.positions)), float(a.tier == "figurative"), float(len(a.positions) > 1)]
                for a in company.answers
            ]
        ),
    )


def contrastive(similarity: Tensor, truth: Truth, temperature: float = 0.1, opposed: float = 1.0) -> Tensor:
    """Supervised contrastive loss (Khosla et al. 2020) over one company.

    For each answer: minus the mean log share of its partners among all other answers, the answers of
    opposed positions counting exp(`opposed`) times, so that the encoder must tell them apart first.
    """
    logits = similarity / temperature + opposed * (truth.kind == OPPOSED)
    ignored = truth.weight == 0
    logits = logits.masked_fill(ignored, -1e4)
    share = logits - torch.logsumexp(logits, dim=1, keepdim=True)
    positive = ((truth.kind == SAME) & ~ignored) * truth.weight
    has = positive.sum(1) > 0
    loss = -(share * positive).sum(1)[has] / positive.sum(1)[has]
    weight = truth.weight.amax(1)[has]
    return (loss * weight).sum() / weight.sum()


def pairwise(logits: Tensor, kind: Tensor, weight: Tensor) -> Tensor:
    """Three-way cross-entropy over pairs, (..., 3) against (...), by how much a pair can teach."""
    loss = F.cross_entropy(logits.flatten(0, -2), kind.flatten(), reduction="none")
    return (loss * weight.flatten()).sum() / weight.sum()


def textwise(logits: Tensor, truth: Truth) -> Tensor:
    """Does the text name a strategy; is it figurative; does it state two."""
    return F.binary_cross_entropy_with_logits(logits, truth.texts)
