"""The trained judge: what it must get right, what it must admit, and what it must refuse to load."""

import json
import shutil

import numpy as np
import pytest

from app.analysis.adapted import NAME, WEIGHTS, AdaptedEncoder, AdaptedJudge, AdapterWeights
from app.analysis.clauses import clauses_of
from app.analysis.divergence import analyse
from app.analysis.encoder import CachedEncoder, MemoryCache, ModelNotTrusted
from app.analysis.packed import PackedEncoder
from app.analysis.result import Estimate, Strategies
from app.analysis.second import beside

# Written for this test; no sentence of it is training data.
TEAM = [
    "We go up-market and sell to large enterprises with a direct sales team.",
    "Enterprise first: fewer, bigger accounts, sold by our own people.",
    "Our future is the big corporate client, won by key account managers.",
    "Leave enterprise alone. Self-serve for small firms, cheap and simple, no salespeople.",
    "Small businesses sign up on the web with a credit card; that's all we do.",
    "Thousands of little shops, not a handful of corporations, and they buy online without talking to us.",
    "Be the best, delight our customers every day.",
    "We want to be number one and live our values.",
    "The tide lifts those who mend their nets at night.",
]
UP, DOWN, VAGUE = [0, 1, 2], [3, 4, 5], [6, 7]


@pytest.fixture(scope="module")
def judge():
    return AdaptedJudge(AdapterWeights(), cache=MemoryCache())


@pytest.fixture(scope="module")
def judged(judge):
    return judge.judge(TEAM)


def test_the_same_strategy_in_other_words_is_likelier_than_its_opposite_in_similar_words(judged):
    within = judged.same[np.ix_(UP, UP)][np.triu_indices(3, 1)].mean()
    across = judged.same[np.ix_(UP, DOWN)].mean()
    assert within > 0.5 > 0.25 > across


def test_opposite_strategies_are_opposed_and_equal_ones_are_not(judged):
    assert judged.opposed[np.ix_(UP, DOWN)].mean() > 0.5
    assert judged.opposed[np.ix_(UP, UP)].mean() < 0.2


def test_platitudes_name_no_strategy_and_are_never_the_same_as_each_other(judged):
    assert (judged.names_strategy[VAGUE] < 0.5).all()
    assert (judged.names_strategy[UP + DOWN] > 0.5).all()
    assert judged.same[6, 7] < 0.05


def test_a_figurative_answer_is_hard_to_read_and_plain_ones_are_not(judged):
    assert judged.legible[8] < 0.5
    assert (judged.legible[UP + DOWN] > 0.5).all()


def test_the_report_says_how_each_answer_was_read(judge):
    found = analyse(TEAM, judge=judge)
    assert [answer.reading for answer in found.answers] == (
        ["clear"] * 6 + ["no strategy named"] * 2 + ["hard to read"]
    )


def test_an_answer_that_states_two_strategies_is_shown_with_both_camps(judge):
    both = "We win large enterprises with our own sales force, and we pay back all of the bank debt within two years."
    debt = ["Paying down the debt comes before anything else.", "No new investment until the bank is repaid."]
    found = analyse([*TEAM[:3], *TEAM[3:6], *debt, both], judge=judge)
    camps = {m: k for k, camp in enumerate(found.camps) for m in camp.members}
    ranked = [camp for camp, _ in found.answers[8].camps]
    assert ranked[:2] == [camps[0], camps[6]]


def test_judgements_are_symmetric_probabilities(judged):
    assert np.array_equal(judged.same, judged.same.T)
    assert np.array_equal(judged.opposed, judged.opposed.T)
    assert (judged.same + judged.opposed <= 1.0 + 1e-12).all()
    assert (np.diag(judged.same) == 1.0).all()
    assert (judged.opposed >= 0.0).all()


def test_the_order_of_the_answers_does_not_matter(judge, judged):
    order = [4, 0, 8, 2, 6, 1, 7, 3, 5]
    found = judge.judge([TEAM[i] for i in order])
    assert np.abs(found.same - judged.same[np.ix_(order, order)]).max() < 1e-4


def test_the_same_answers_give_the_same_numbers_to_the_last_digit(judge, judged):
    assert np.array_equal(AdaptedJudge(AdapterWeights()).judge(TEAM).same, judged.same)


def test_one_answer_and_none_can_be_judged(judge):
    assert judge.judge([]).same.shape == (0, 0)
    assert judge.judge(TEAM[:1]).same.tolist() == [[1.0]]


def test_nothing_is_encoded_twice():
    class Counting(AdaptedEncoder):
        n_encoded = 0

        def encode(self, texts):
            type(self).n_encoded += len(texts)
            return super().encode(texts)

    judge = AdaptedJudge(AdapterWeights())
    judge.encoder = CachedEncoder(Counting(AdapterWeights()), MemoryCache())
    judge.judge(TEAM)
    once = Counting.n_encoded
    judge.judge(TEAM)
    assert Counting.n_encoded == once > len(TEAM)


def test_reading_without_padding_gives_the_vectors_of_sentence_transformers():
    weights = AdapterWeights()
    encoder = AdaptedEncoder(weights)
    model = encoder.base._model
    plain = model.encode(TEAM, normalize_embeddings=True, show_progress_bar=False)
    tokens = encoder._tokens(TEAM)
    assert np.abs(PackedEncoder(model, {}).vectors(tokens) - plain).max() < 1e-6
    assert np.abs(encoder._loaded.vectors(tokens) - plain).max() > 0.01


def test_a_clause_is_read_in_the_place_of_its_answer_and_an_answer_of_one_clause_once(judged):
    parts = judged.parts
    assert parts.owners.tolist() == [i for i, text in enumerate(TEAM) for _ in clauses_of(text)]
    whole = next(k for k, owner in enumerate(parts.owners) if parts.texts[k] == TEAM[owner])
    owner = parts.owners[whole]
    gate = parts.names_strategy[whole] * judged.names_strategy
    others = np.arange(len(TEAM)) != owner
    assert np.allclose((parts.same[whole] * gate)[others], judged.same[owner][others])
    assert (parts.same + parts.opposed <= 1.0 + 1e-12).all()


def test_changed_weights_are_refused(tmp_path):
    folder = shutil.copytree(WEIGHTS, tmp_path / "weights")
    path = folder / f"{NAME}.safetensors"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(bytes(data))
    with pytest.raises(ModelNotTrusted, match="SHA-256"):
        AdapterWeights(folder).verify()


def test_missing_weights_are_said_to_be_missing(tmp_path):
    with pytest.raises(ModelNotTrusted, match=f"{NAME}.json"):
        AdapterWeights(tmp_path)


def test_another_calibration_is_another_fingerprint(tmp_path):
    folder = shutil.copytree(WEIGHTS, tmp_path / "weights")
    manifest = json.loads((folder / f"{NAME}.json").read_text())
    manifest["posterior"]["temperature"] += 0.1
    (folder / f"{NAME}.json").write_text(json.dumps(manifest))
    assert AdaptedJudge(AdapterWeights(folder)).fingerprint != AdaptedJudge(AdapterWeights()).fingerprint


def test_the_shipped_weights_stay_under_eight_megabytes():
    assert sum(path.stat().st_size for path in WEIGHTS.iterdir()) < 8_000_000


def test_near_pairs_of_many_answers_are_read_as_among_a_team_of_the_same_size(judge, judged):
    near = judge.judge_near(TEAM, [(0, 6)])
    assert np.abs(near.same - judged.same[near.first, near.second]).max() < 0.02
    assert np.abs(near.opposed - judged.opposed[near.first, near.second]).max() < 0.02


def test_the_method_card_says_what_the_plain_encoder_reads(judge):
    second = analyse(TEAM, judge=judge).to_document()["method"]["second"]
    assert (second["judge"], second["model"]) == ("calibrated cosine", "all-MiniLM-L6-v2")
    assert second["strategies"]["low"] <= second["strategies"]["estimate"] <= second["strategies"]["high"]
    assert 0.0 <= second["alike"] <= 1.0
    assert second["same_story"] in (True, False)
    assert analyse(TEAM, judge=judge.second).to_document()["method"]["second"] is None


def test_a_second_reading_of_one_team_tells_the_same_story_only_where_both_intervals_meet(judge):
    first = (Estimate(0.3, 0.2, 0.4), Strategies(3, 2, 4, 2.5), [0, 0, 1, 1])
    near = (Estimate(0.5, 0.4, 0.6), Strategies(4, 4, 5, 4.0), [0, 0, 1, 2])
    far = (Estimate(0.5, 0.45, 0.6), Strategies(4, 4, 5, 4.0), [0, 0, 1, 2])
    assert beside(judge.second, first, near)["same_story"] is True
    assert beside(judge.second, first, far)["same_story"] is False
    assert beside(judge.second, first, near)["alike"] == pytest.approx(5 / 6)
