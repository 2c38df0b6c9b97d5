from __future__ import annotations

import random
from itertools import product

import numpy as np
import pytest

from app.analysis import Round, compare_rounds, many
from app.analysis import change as module
from app.analysis.change import (
    contributions_beside,
    contributions_to_agreement,
    quoted_share,
    share_interval,
    sign_flip,
)
from app.analysis.judge import PairJudgements, PosteriorSettings
from tests.analysis.fakes import FirstWordJudge

PEOPLE = ("ann", "bob", "cid", "dot", "eva", "fay", "gus", "hal", "ida")
WORDS = ["north", "south", "east", "west", "up", "down", "in", "out", "over"]
THESIS = "north is where we go, whatever the weather may do to the rest of the market"


def round_of(label: str, words: list[str], people: tuple[str | None, ...] = PEOPLE) -> Round:
    texts = tuple(f"{word} is my answer of {label} number {i}" for i, word in enumerate(words))
    return Round(label, people[: len(words)], texts)


def changes(tracking: object) -> dict[tuple[str, str, str], object]:
    return {(c.earlier, c.later, c.measure): c for c in tracking.changes}  # type: ignore[attr-defined]


def test_a_team_that_converges_on_the_thesis_is_seen_to() -> None:
    rounds = [round_of("Q1", WORDS), round_of("Q2", ["north"] * 9)]
    found = changes(compare_rounds(rounds, judge=FirstWordJudge(), thesis=THESIS))
    for measure in ("agreement", "thesis"):
        change = found["Q1", "Q2", measure]
        assert change.verdict == "converging"
        assert change.difference > 0.5
        # eight people moved, one stayed: all signs of the one give the same sum in the thesis
        assert change.p_value in (2 / 512, 4 / 512)


def test_a_team_that_falls_apart_is_seen_to() -> None:
    rounds = [round_of("Q1", ["north"] * 9), round_of("Q2", WORDS)]
    found = changes(compare_rounds(rounds, judge=FirstWordJudge(), thesis=THESIS))
    assert found["Q1", "Q2", "agreement"].verdict == "diverging"
    assert found["Q1", "Q2", "thesis"].verdict == "diverging"


def test_agreeing_on_something_else_is_not_agreeing_with_the_thesis() -> None:
    rounds = [round_of("Q1", ["north", "north", *WORDS[2:]]), round_of("Q2", ["south"] * 9)]
    found = changes(compare_rounds(rounds, judge=FirstWordJudge(), thesis=THESIS))
    assert found["Q1", "Q2", "agreement"].verdict == "converging"
    assert found["Q1", "Q2", "thesis"].difference < 0


@pytest.fixture
def few_are_many(monkeypatch):
    monkeypatch.setattr(many, "MOST_IN_FULL", 8)
    monkeypatch.setattr(module, "REFERENCE", 5)


def test_large_rounds_are_compared_by_a_sample_and_say_the_same(few_are_many) -> None:
    rounds = [round_of("Q1", WORDS), round_of("Q2", ["north"] * 9), round_of("Q3", ["north"] * 9)]
    tracking = compare_rounds(rounds, judge=FirstWordJudge(sure=0.97), thesis=THESIS)
    found = changes(tracking)
    for measure in ("agreement", "thesis"):
        assert found["Q1", "Q2", measure].verdict == "converging"
        assert found["Q2", "Q3", measure].verdict == "no clear change"
    assert tracking.rounds[1].agreement.estimate > 0.95
    assert tracking.rounds[0].thesis.estimate == pytest.approx((0.97 + 8 * 0.03) / 9, abs=0.02)


def test_with_everybody_as_the_sample_the_parts_of_people_are_the_same() -> None:
    pooled = np.random.default_rng(3).random((14, 14))
    pooled = (pooled + pooled.T) / 2
    assert np.allclose(contributions_beside(pooled, range(7)), contributions_to_agreement(pooled))


def test_a_persons_part_changes_its_sign_when_their_answers_are_swapped_and_with_nobody_elses() -> None:
    pooled = np.random.default_rng(4).random((12, 12))
    pooled = (pooled + pooled.T) / 2
    others = [1, 3, 4]
    columns = [*others, *(6 + i for i in others)]
    before = contributions_beside(pooled[:, columns], others)
    for person in range(6):
        swap = list(range(12))
        swap[person], swap[6 + person] = swap[6 + person], swap[person]
        after = contributions_beside(pooled[np.ix_(swap, swap)][:, columns], others)
        expected = before.copy()
        expected[person] *= -1
        assert np.allclose(after, expected)


def test_under_six_people_it_cannot_tell() -> None:
    rounds = [round_of("Q1", WORDS[:5]), round_of("Q2", ["north"] * 5)]
    change = changes(compare_rounds(rounds, judge=FirstWordJudge()))["Q1", "Q2", "agreement"]
    assert change.p_value is None
    assert change.verdict == "cannot tell"
    assert change.difference is not None


def test_turnover_does_not_look_like_movement() -> None:
    people = ("ann", "bob", "cid", "dot", "eva", "fay", "new1", "new2", "new3")
    before = round_of("Q1", ["north"] * 6 + ["south", "east", "west"])
    after = round_of("Q2", ["north"] * 9, people)
    tracking = compare_rounds([before, after], judge=FirstWordJudge())
    (change,) = tracking.changes
    assert change.n_pairs == 6
    assert change.verdict == "no clear change"
    assert abs(change.difference or 0) < 1e-9
    assert change.joined == ("new1", "new2", "new3")
    assert change.left == ("gus", "hal", "ida")
    assert (tracking.rounds[1].agreement.estimate or 0) > (tracking.rounds[0].agreement.estimate or 0)


def test_answers_without_names_are_read_but_not_compared() -> None:
    nameless: tuple[None, ...] = (None,) * 9
    tracking = compare_rounds(
        [round_of("Q1", WORDS, nameless), round_of("Q2", ["north"] * 9, nameless)], judge=FirstWordJudge()
    )
    assert tracking.rounds[1].agreement.is_known
    assert tracking.changes[0].verdict == "cannot tell"
    assert tracking.changes[0].difference is None


def test_changes_are_between_neighbours_and_from_first_to_last() -> None:
    rounds = [round_of(f"Q{k}", WORDS) for k in (1, 2, 3)]
    tracking = compare_rounds(rounds, judge=FirstWordJudge())
    assert [(c.earlier, c.later) for c in tracking.changes] == [("Q1", "Q2"), ("Q2", "Q3"), ("Q1", "Q3")]
    assert {c.measure for c in tracking.changes} == {"agreement"}


def test_the_method_card_of_a_series_names_no_setting_that_differs_from_round_to_round() -> None:
    rounds = [round_of(label, WORDS) for label in ("Q1", "Q2", "Q3", "Q4")]
    card = compare_rounds(rounds, judge=FirstWordJudge(), thesis=THESIS).method
    assert not {"posterior", "temperature", "camp_weight", "evidence"} & card.keys()


def test_one_round_has_no_changes() -> None:
    document = compare_rounds([round_of("Q1", WORDS)], judge=FirstWordJudge(), thesis=THESIS).to_document()
    assert document["schema"] == "ninefold.tracking/1"
    assert document["changes"] == []
    assert document["rounds"][0]["thesis"]["estimate"] is not None


def test_no_thesis_leaves_its_numbers_open() -> None:
    tracking = compare_rounds([round_of("Q1", WORDS)], judge=FirstWordJudge())
    assert tracking.rounds[0].thesis.estimate is None


def test_quoting_the_thesis_is_marked_and_not_counted() -> None:
    words = ["north"] * 4 + ["south"] * 5
    plain = round_of("Q1", words)
    quoting = Round("Q1", plain.people, (THESIS, *plain.texts[1:]))
    tracking = compare_rounds([quoting], judge=FirstWordJudge(), thesis=THESIS)
    assert tracking.rounds[0].quoting == ("ann",)
    assert tracking.rounds[0].thesis.estimate == pytest.approx((3 * 0.9 + 5 * 0.1) / 8)


def test_a_person_answers_once_in_a_round() -> None:
    with pytest.raises(ValueError, match="ann has more than one"):
        Round("Q1", ("ann", "ann"), ("a", "b"))


def test_sign_flips_by_hand() -> None:
    # |3 + 1 - 1| = 3: of the eight signs of (3, 1, -1), those with |sum| >= 3 are six.
    values = np.array([3.0, 1.0, -1.0])
    as_far = sum(abs(np.dot(signs, values)) >= 3 for signs in product((1, -1), repeat=3))
    assert sign_flip(values) == as_far / 8
    assert sign_flip(np.zeros(7)) == 1.0
    assert sign_flip(np.ones(40)) < 0.001


def test_the_parts_of_people_add_up_to_the_change_under_every_swap() -> None:
    rng = np.random.default_rng(0)
    n = 5
    pooled = rng.uniform(0, 1, (2 * n, 2 * n))
    pooled = (pooled + pooled.T) / 2
    parts = contributions_to_agreement(pooled)
    rows, columns = np.triu_indices(n, 1)
    for swaps in product((False, True), repeat=n):
        early = np.array([i + n if swap else i for i, swap in enumerate(swaps)])
        late = np.array([i if swap else i + n for i, swap in enumerate(swaps)])
        change = pooled[late[rows], late[columns]].sum() - pooled[early[rows], early[columns]].sum()
        signs = np.where(swaps, -1.0, 1.0)
        assert signs @ parts == pytest.approx(change)


class NoisyJudge:
    """Same first word, same strategy, but every wording is misread in its own way."""

    name = fingerprint = "noisy"
    posterior = PosteriorSettings(2.0, 1.0)
    facts: dict[str, object] = {}

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def judge(self, texts: list[str]) -> PairJudgements:
        rows = []
        for text in texts:
            meaning = random.Random(text.split()[0])
            wording = random.Random(f"{self.seed}{text}")
            rows.append([meaning.gauss(0, 1) + wording.gauss(0, 1) for _ in range(8)])
        x = np.array(rows)
        x /= np.linalg.norm(x, axis=1, keepdims=True)
        same = 1 / (1 + np.exp(-(5 * x @ x.T - 2.5)))
        np.fill_diagonal(same, 1.0)
        return PairJudgements(same, np.zeros_like(same))


def test_reworded_teams_raise_the_alarm_at_most_one_time_in_twenty() -> None:
    alarms = {"agreement": 0, "thesis": 0}
    teams = 200
    for seed in range(teams):
        draw = random.Random(seed)
        words = [draw.choice(WORDS[:4]) for _ in range(7)]
        rounds = [round_of("Q1", words), round_of("Q2", words)]
        judge = NoisyJudge(seed)
        for change in compare_rounds(rounds, judge=judge, thesis=THESIS).changes:
            alarms[change.measure] += change.verdict != "no clear change"
    # 5 % of 200 is 10; the 99.9 % point of the binomial distribution is 20.
    assert alarms["agreement"] <= 20
    assert alarms["thesis"] <= 20


def test_a_real_movement_is_found_in_spite_of_noise() -> None:
    found = 0
    for seed in range(20):
        rounds = [round_of("Q1", WORDS), round_of("Q2", ["north"] * 9)]
        verdicts = [c.verdict for c in compare_rounds(rounds, judge=NoisyJudge(seed)).changes]
        found += verdicts == ["converging"]
    assert found >= 16


def test_quotation_needs_a_run_of_words() -> None:
    assert quoted_share("North is where we go whatever the weather", THESIS) == 1.0
    assert quoted_share("north", THESIS) == 0.0
    assert quoted_share("", THESIS) == 0.0
    assert quoted_share("We sell to the market where we go", THESIS) == 0.0


def test_the_share_interval_is_that_of_independent_people() -> None:
    estimate = share_interval(np.full(10, 0.5))
    # Binomial(10, 1/2): P(X <= 2) = .055, P(X <= 3) = .17, so the 10 % point is 3 and the 90 % point 7.
    assert (estimate.low, estimate.high) == (0.3, 0.7)
