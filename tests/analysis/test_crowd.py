"""Many answers: near pairs only, and yet the posterior that all pairs would give."""

import itertools

import numpy as np
import pytest

from app.analysis import many
from app.analysis.crowd import crowd_posterior, crowd_weights
from app.analysis.divergence import analyse
from app.analysis.judge import CosineJudge, PairJudgements, PosteriorSettings
from app.analysis.near import near_judgements, near_of, near_pairs
from app.analysis.partitions import PartitionPosterior, partition_posterior
from tests.analysis.fakes import FirstWordJudge

PLAIN = PosteriorSettings(temperature=1.0, offset=0.0)


def some_vectors(n: int, d: int = 5, seed: int = 1) -> np.ndarray:
    rows = np.random.default_rng(seed).normal(size=(n, d)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def line_of(vectors: np.ndarray, slope: float, intercept: float):
    """Pairs whose log odds are a line in the inner product, as the far pairs of a crowd are taken to be."""

    def judge_pairs(first, second):
        inner = np.einsum("pd,pd->p", vectors[first].astype(float), vectors[second].astype(float))
        same = 1.0 / (1.0 + np.exp(-(slope * inner + intercept)))
        return same, 0.5 * (1.0 - same)

    return judge_pairs


def test_near_pairs_are_the_nearest_of_either_side():
    vectors = some_vectors(40)
    cosine = vectors @ vectors.T
    np.fill_diagonal(cosine, -2.0)
    expected = {tuple(sorted((i, int(j)))) for i in range(40) for j in np.argsort(-cosine[i])[:3]}
    assert set(zip(*(part.tolist() for part in near_pairs(vectors, 3)), strict=True)) == expected


def test_pairs_that_are_not_near_lie_on_the_line_that_was_fitted():
    vectors = some_vectors(60)
    near = near_judgements(vectors, line_of(vectors, 2.0, -1.0), also=[(0, 59)], neighbours=3)
    assert (0, 59) in set(zip(near.first.tolist(), near.second.tolist(), strict=True))
    weights = crowd_weights(near, PLAIN, evidence=[], identical=[])
    found = weights.base + weights.points @ weights.points.T
    expected = 2.0 * vectors.astype(float) @ vectors.T.astype(float) - 1.0
    assert np.abs(found - expected)[~np.eye(60, dtype=bool)].max() < 1e-4
    assert np.abs(weights.extras).max() < 1e-4


@pytest.mark.parametrize("neighbours", [2, 7])
def test_a_posterior_from_near_pairs_is_the_one_that_is_counted_out(neighbours):
    vectors = some_vectors(8, d=3, seed=4)
    judge_pairs = line_of(vectors, 3.0, -0.5)
    i, j = np.triu_indices(8, 1)
    same = np.eye(8)
    same[i, j] = same[j, i] = judge_pairs(i, j)[0]
    settings = PosteriorSettings(temperature=1.3, offset=0.2, camp_weight=0.1)
    evidence = [(0, 5, 1.5)]
    exact = partition_posterior(same, settings, evidence=evidence)
    near = near_judgements(vectors, judge_pairs, also=[(0, 5)], neighbours=neighbours)
    weights = crowd_weights(near, settings, evidence=evidence, identical=[])
    drawn = crowd_posterior(weights, settings.camp_weight, chains=4, rounds=600)
    assert np.abs(exact.belonging() - drawn.belonging()).max() < 0.06
    assert np.abs(exact.numbers_of_camps() - drawn.numbers_of_camps()).max() < 0.06


def test_the_sample_is_the_same_each_time():
    judged = FirstWordJudge().judge(["north a", "north b", "south a", "east", "south b", "north c"])
    weights = crowd_weights(near_of(judged), PLAIN, evidence=[], identical=[])
    assert np.array_equal(crowd_posterior(weights, 0.0).labels, crowd_posterior(weights, 0.0).labels)


def test_a_hundred_copies_are_linked_one_to_the_next():
    assert many.linked_copies(["Win.", "lose", "win", "WIN!"]) == [(0, 2), (2, 3)]


def test_the_central_sample_has_the_likeliest_number_of_camps_and_is_nearest_to_the_rest():
    rows = np.array([[0, 0, 1, 1], [0, 0, 1, 1], [0, 1, 1, 1], [0, 0, 0, 0]], dtype=np.int16)
    assert many.central_sample(PartitionPosterior(rows, np.full(4, 0.25), False)).tolist() == [0, 0, 1, 1]


@pytest.fixture
def few_are_many(monkeypatch):
    monkeypatch.setattr(many, "MOST_IN_FULL", 10)
    monkeypatch.setattr(many, "MOST_ON_MAP", 12)


def test_a_large_round_gets_the_same_report_without_what_needs_every_pair(few_are_many):
    words = {"north": 9, "south": 6, "east": 4, "vague": 3}
    texts = [f"{word} we go our way, number {k} of us" for word, n in words.items() for k in range(n)]
    texts.append("n/a")
    seen = []
    document = analyse(
        texts, judge=FirstWordJudge(sure=0.97, assesses=True), progress=lambda what, _share: seen.append(what)
    ).to_document()
    assert [camp["members"] for camp in document["camps"]] == [
        list(range(9)), list(range(9, 15)), list(range(15, 19))
    ]  # fmt: skip
    assert document["strategies"]["estimate"] == 3
    assert (document["same"], document["opposed"], document["belonging"]) == (None, None, None)
    pairs = 9 * 8 / 2 + 6 * 5 / 2 + 4 * 3 / 2
    assert document["agreement"]["estimate"] == pytest.approx(pairs / (22 * 21 / 2), abs=0.02)
    assert document["opposition"][0]["camps"] == [0, 1]
    assert [answer["reading"] for answer in document["answers"][-4:]] == ["no strategy named"] * 3 + [
        "not read"
    ]
    assert document["answers"][0]["camps"][0][0] == 0
    assert len(document["map"]["points"]) == 12
    assert any("nearest ones only" in note for note in document["notes"])
    assert seen[-1] == "Done"


def test_what_people_say_of_a_pair_counts_in_a_large_round(few_are_many):
    texts = [f"{word} answer {k}" for word in ("north", "south") for k in range(6)]
    judge = FirstWordJudge(sure=0.7)
    alone = analyse(texts, judge=judge)
    joined = analyse(texts, judge=judge, evidence=[(i, j, 3.0) for i in range(6) for j in range(6, 12)])
    assert alone.strategies.estimate == 2
    assert joined.strategies.estimate == 1


def test_the_cosine_judge_reads_near_pairs_as_it_reads_all():
    class Fixed:
        name = fingerprint = "fixed"

        def encode(self, texts):
            return some_vectors(len(texts))

    judge = CosineJudge(Fixed())
    texts = [str(k) for k in range(30)]
    full: PairJudgements = judge.judge(texts)
    near = judge.judge_near(texts, [])
    assert np.allclose(near.same, full.same[near.first, near.second], atol=1e-6)
    assert np.allclose(near.opposed, full.opposed[near.first, near.second], atol=1e-6)


def test_all_pairs_of_a_judgement_are_near_ones_for_a_judge_that_knows_no_other_way():
    judged = FirstWordJudge().judge(["north", "south", "north b"])
    near = near_of(judged)
    assert [(int(i), int(j)) for i, j in zip(near.first, near.second, strict=True)] == list(
        itertools.combinations(range(3), 2)
    )
    assert near.same.tolist() == [judged.same[0, 1], judged.same[0, 2], judged.same[1, 2]]
