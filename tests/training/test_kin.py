"""Positions of different companies that make the same choice are drawn together, and their opposites apart."""

import math
import random

import pytest
import torch
import torch.nn.functional as F

from training.companies import Answer, Company
from training.kin import Kin

AXES = {"up": [1.0, 0, 0, 0], "down": [0, 1.0, 0, 0], "debt": [0, 0, 1.0, 0], "wood": [0, 0, 0, 1.0]}


def company(name: str, first: str, second: str) -> Company:
    """Two opposed positions, each with a gist and one answer."""
    answers = tuple(
        Answer(f"{choice}{what}", tier, (k,))
        for k, choice in enumerate((first, second))
        for what, tier in (("", "gist"), (f" at {name}", "plain"))
    )
    return Company(name, "any", "test", 2, answers, frozenset({(0, 1)}))


def by_first_word(texts: list[str]) -> torch.Tensor:
    return torch.tensor([AXES[text.split()[0]] for text in texts])


SKIS, HOSPITAL, PULP = (
    company("Skis", "up", "down"),
    company("Hospital", "down", "up"),
    company("Pulp", "debt", "wood"),
)


@pytest.fixture
def kin():
    return Kin([SKIS, HOSPITAL, PULP], by_first_word)


def test_gists_tell_which_positions_are_alike(kin):
    assert kin.likeness(SKIS, HOSPITAL).tolist() == [[0.0, 1.0], [1.0, 0.0]]


def test_a_company_is_put_beside_one_that_has_choices_in_common_with_it(kin):
    # Whoever is drawn first: of three one stays out, and Pulp is coupled only when it was drawn first itself.
    for seed in range(20):
        (couple,) = kin.couples([SKIS, HOSPITAL, PULP], random.Random(seed))
        assert PULP not in couple or couple[0] is PULP


def test_the_loss_falls_as_answers_move_to_the_same_choice_of_the_other_company(kin):
    mine = F.normalize(by_first_word([answer.text for answer in SKIS.answers]), dim=1)
    right = F.normalize(by_first_word([answer.text for answer in HOSPITAL.answers]), dim=1)
    # Each has two partners to share its attention, so log 2 is the least there is.
    assert kin.contrastive(SKIS, HOSPITAL, mine @ right.T).item() == pytest.approx(math.log(2), abs=0.01)
    assert kin.contrastive(SKIS, HOSPITAL, mine @ right.flip(0).T) > 5.0


def test_companies_with_nothing_in_common_teach_nothing(kin):
    alike = torch.ones(4, 4)
    assert kin.contrastive(SKIS, PULP, alike).item() == 0.0
