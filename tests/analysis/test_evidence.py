from __future__ import annotations

import doctest
import math
from itertools import permutations

import numpy as np
import pytest

from app.analysis import analyse, evidence
from app.analysis.evidence import (
    CORRECTION_VOTES,
    Opinion,
    evidence_of,
    likelihoods,
    log_odds_of,
    updated_opposed,
    with_opinions_on_opposites,
)
from tests.analysis.fakes import FirstWordJudge

TEXTS = [
    "Clinics are who we serve, and nobody else.",
    "Clinics come first in everything we do.",
    "Speed is what our customers pay for.",
    "Speed beats price in our market.",
]


def test_the_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(evidence).failed == 0


def test_the_likelihoods_are_the_table_of_the_module() -> None:
    table = likelihoods()
    # By hand: 1 - .85 = .15 say "not the same" of a same pair; of those .10 call it the opposite.
    assert table["same"] == {"same": 0.85, "different": 0.10, "opposite": 0.10}
    assert table["different"] == pytest.approx({"same": 0.135, "different": 0.81, "opposite": 0.135})
    assert table["opposite"] == pytest.approx({"same": 0.015, "different": 0.09, "opposite": 0.765})


def test_a_vote_for_the_same_is_worth_the_ratio_of_hit_rate_and_false_alarm() -> None:
    assert log_odds_of("same") == pytest.approx(math.log(0.85 / 0.10))


def test_a_vote_for_different_and_for_opposite_speak_against_the_same() -> None:
    # .8 * .81 + .2 * .135 = .675 and .8 * .09 + .2 * .765 = .225
    assert log_odds_of("different") == pytest.approx(math.log(0.135 / 0.675))
    assert log_odds_of("opposite") == pytest.approx(math.log(0.015 / 0.225))


def test_cannot_tell_says_nothing() -> None:
    assert log_odds_of("unsure") == 0.0
    assert evidence_of([Opinion(0, 1, "unsure")]) == []


def test_both_directions_of_a_pair_are_two_voters() -> None:
    [(i, j, x)] = evidence_of([Opinion(0, 1, "same"), Opinion(1, 0, "same")])
    assert (i, j) == (0, 1)
    assert x == pytest.approx(2 * math.log(8.5))


def test_two_voters_who_disagree_nearly_cancel_out() -> None:
    [(_, _, x)] = evidence_of([Opinion(0, 1, "same"), Opinion(1, 0, "different")])
    assert x == pytest.approx(math.log(8.5) - math.log(5))


def test_the_order_of_the_votes_changes_no_digit() -> None:
    votes = [
        Opinion(0, 1, "same"),
        Opinion(1, 0, "different"),
        Opinion(2, 0, "opposite"),
        Opinion(0, 1, "same", 3),
    ]
    assert len({tuple(evidence_of(order)) for order in permutations(votes)}) == 1


def test_a_correction_is_stronger_than_both_authors_of_a_pair_and_finite() -> None:
    against = [Opinion(0, 1, "different"), Opinion(1, 0, "different")]
    [(_, _, x)] = evidence_of([*against, Opinion(0, 1, "same", CORRECTION_VOTES)])
    assert 0 < x < math.inf


def test_an_answer_is_not_compared_with_itself() -> None:
    with pytest.raises(ValueError, match="compared with itself"):
        evidence_of([Opinion(2, 2, "same")])


def test_opposed_rises_with_a_vote_for_the_opposite_and_falls_with_the_others() -> None:
    same = np.array([[1.0, 0.3], [0.3, 1.0]])
    opposed = np.array([[0.0, 0.2], [0.2, 0.0]])
    after = {
        said: updated_opposed(same, opposed, [Opinion(0, 1, said)])[0, 1]
        for said in ("same", "different", "opposite")
    }
    # By hand: .2 * .765 / (.3 * .015 + .5 * .09 + .2 * .765)
    assert after["opposite"] == pytest.approx(0.153 / 0.2025)
    assert after["same"] < 0.2
    assert after["different"] < 0.2


def test_opposed_stays_symmetric_and_answers_that_were_not_read_stay_unknown() -> None:
    same = np.full((3, 3), np.nan)
    same[:2, :2] = [[1.0, 0.4], [0.4, 1.0]]
    opposed = np.full((3, 3), np.nan)
    opposed[:2, :2] = [[0.0, 0.1], [0.1, 0.0]]
    after = updated_opposed(same, opposed, [Opinion(1, 0, "opposite"), Opinion(0, 2, "opposite")])
    assert after[0, 1] == after[1, 0] > 0.1
    assert np.isnan(after[0, 2])


def test_without_an_opinion_nothing_changes() -> None:
    opposed = np.array([[0.0, 0.2], [0.2, 0.0]])
    assert np.array_equal(updated_opposed(np.eye(2), opposed, []), opposed)


def test_votes_bring_two_camps_together_in_the_posterior() -> None:
    opinions = [Opinion(i, j, "same") for i in range(4) for j in range(4) if i != j]
    alone = analyse(TEXTS, judge=FirstWordJudge())
    with_people = analyse(TEXTS, judge=FirstWordJudge(), evidence=evidence_of(opinions))
    assert [len(camp.members) for camp in alone.camps] == [2, 2]
    assert [len(camp.members) for camp in with_people.camps] == [4]


def test_a_correction_to_opposite_shows_between_the_camps() -> None:
    opinions = [Opinion(0, 2, "opposite", CORRECTION_VOTES)]
    alone = analyse(TEXTS, judge=FirstWordJudge(), evidence=evidence_of(opinions))
    after = with_opinions_on_opposites(alone, opinions)
    assert after.opposed[0, 2] > 0.99
    assert after.oppositions[0].probability > alone.oppositions[0].probability
    assert after.oppositions[0].pair == (0, 2)
    assert after.camps == alone.camps


def test_the_constants_of_the_method_card_are_those_of_the_arithmetic() -> None:
    shown = evidence.constants()
    assert shown["hit"] == evidence.HIT
    assert shown["log_odds"]["opposite"] == pytest.approx(log_odds_of("opposite"), abs=1e-6)
