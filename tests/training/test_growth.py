"""Beyond nine answers the settings follow what larger teams of a known truth say."""

import numpy as np

from app.analysis.judge import PosteriorSettings
from training.companies import Answer, Company
from training.growth import draw_larger, with_growth

COMPANY = Company(
    "Marl", "any", "test", 6, tuple(Answer(f"{p} {k}", "plain", (p,)) for p in range(6) for k in range(6))
)


def test_larger_teams_have_more_than_ten_answers_and_none_twice():
    teams = draw_larger([COMPANY] * 8, ("plain",), seed=1)
    assert teams
    for team in teams:
        assert 10 < len(team.answers) <= 36
        assert len(set(team.answers)) == len(team.answers)
        assert 2 <= team.n_strategies <= 6
        assert [int(COMPANY.answers[i].text.split()[0]) for i in team.answers] == list(team.positions)


def test_pairs_that_overstate_their_evidence_raise_the_temperature_of_larger_teams():
    rng = np.random.default_rng(5)

    def judged(truth: list[int], noise: float) -> np.ndarray:
        together = np.equal.outer(truth, truth)
        shared = rng.normal(0, noise, (len(truth), 1))
        logits = np.where(together, 1.0, -1.5) + shared + shared.T
        return 1 / (1 + np.exp(-logits))

    truths = [[int(x) for x in rng.integers(0, 4, 30)] for _ in range(12)]
    plain = PosteriorSettings(1.0, 0.0)
    clear = with_growth(plain, [judged(truth, 0.0) for truth in truths], truths)
    noisy = with_growth(plain, [judged(truth, 2.0) for truth in truths], truths)
    assert noisy.crowding > clear.crowding + 0.2
    assert (noisy.temperature, noisy.offset) == (1.0, 0.0)
