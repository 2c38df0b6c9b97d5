"""What counts as the same, the opposite and a different strategy, and what the losses make of it."""

import torch

from training.companies import Answer, Company
from training.head import DIFFERENT, OPPOSED, SAME
from training.losses import contrastive, truth_of

COMPANY = Company(
    "Quarrel & Sons",
    "quarry",
    "test",
    3,
    (
        Answer("stone", "plain", (0,)),
        Answer("rock", "plain", (0,)),
        Answer("no stone", "plain", (1,)),
        Answer("sand", "plain", (2,)),
        Answer("stone and sand", "mixed", (0, 2)),
        Answer("be good", "vague", ()),
    ),
    frozenset({(0, 1)}),
)


def test_pairs_of_one_company_are_same_opposed_or_different():
    kind = truth_of(COMPANY).kind
    assert kind[0, 1] == SAME
    assert kind[0, 2] == OPPOSED
    assert kind[0, 3] == DIFFERENT
    assert kind[0, 4] == SAME
    assert kind[0, 5] == DIFFERENT


def test_a_mixed_answer_teaches_nothing_about_the_opposite_of_its_half():
    assert truth_of(COMPANY).weight[2, 4] == 0.0


PAIRS = Company(
    "Marl & Loam",
    "quarry",
    "test",
    3,
    tuple(Answer(text, "plain", (k // 2,)) for k, text in enumerate("abcdef")),
    frozenset({(0, 1)}),
)


def _near(*pairs: tuple[int, int]) -> torch.Tensor:
    similarity = torch.eye(6)
    for i, j in pairs:
        similarity[i, j] = similarity[j, i] = 0.9
    return similarity


def test_the_contrastive_loss_prefers_partners_that_are_near():
    truth = truth_of(PAIRS)
    assert contrastive(_near((0, 1)), truth) < contrastive(_near(), truth) < contrastive(_near((0, 4)), truth)


def test_an_opposite_answer_that_is_near_costs_more_than_a_different_one():
    truth = truth_of(PAIRS)
    assert contrastive(_near((0, 2), (1, 3)), truth) > contrastive(_near((0, 4), (1, 5)), truth)
