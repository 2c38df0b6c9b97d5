from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from app.analysis import judge as judges
from app.analysis.encoder import CachedEncoder, MemoryCache
from app.analysis.judge import CosineJudge, default_judge


class LetterEncoder:
    """A vector of letter counts: enough to make texts more or less alike."""

    name = "letters"
    fingerprint = "letters:1"

    def __init__(self) -> None:
        self.encoded: list[str] = []

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        self.encoded += texts
        rows = np.array([[text.count(c) + 0.1 for c in "abcdefghij"] for text in texts], dtype=np.float32)
        return (
            rows / np.linalg.norm(rows, axis=1, keepdims=True) if len(rows) else np.zeros((0, 10), np.float32)
        )


TEXTS = ["a bad cabbage", "a bad cabbage bed", "high jig", "a jade", "fig"]


def test_judgements_are_symmetric_probabilities() -> None:
    judged = CosineJudge(LetterEncoder()).judge(TEXTS)
    for matrix, diagonal in ((judged.same, 1.0), (judged.opposed, 0.0)):
        assert np.array_equal(matrix, matrix.T)
        assert (matrix >= 0).all()
        assert (matrix <= 1).all()
        assert (np.diag(matrix) == diagonal).all()
    assert (judged.same + judged.opposed <= 1.0 + 1e-12).all()


def test_nearer_answers_are_likelier_the_same() -> None:
    same = CosineJudge(LetterEncoder()).judge(TEXTS).same
    assert same[0, 1] > same[0, 2]


def test_a_pair_is_judged_alike_in_any_company_and_order() -> None:
    judge = CosineJudge(LetterEncoder())
    forward, backward = judge.judge(TEXTS).same, judge.judge(TEXTS[::-1]).same
    assert np.allclose(forward, backward[::-1, ::-1], atol=1e-12)
    assert judge.judge(TEXTS[:2]).same[0, 1] == pytest.approx(forward[0, 1])


def test_what_cosine_cannot_assess_it_does_not_claim() -> None:
    judged = CosineJudge(LetterEncoder()).judge(TEXTS)
    assert judged.names_strategy is None
    assert judged.legible is None


def test_no_answers_give_empty_matrices() -> None:
    assert CosineJudge(LetterEncoder()).judge([]).same.shape == (0, 0)


def test_another_encoder_is_named_as_uncalibrated() -> None:
    caveats = CosineJudge(LetterEncoder()).facts["caveats"]
    assert any("not for letters" in caveat for caveat in caveats)


def test_the_fingerprint_tells_encoders_and_constants_apart() -> None:
    other = LetterEncoder()
    other.fingerprint = "letters:2"
    assert CosineJudge(LetterEncoder()).fingerprint != CosineJudge(other).fingerprint


def test_a_second_judgement_encodes_nothing_twice() -> None:
    encoder = LetterEncoder()
    judge = CosineJudge(CachedEncoder(encoder, MemoryCache()))
    judge.judge([*TEXTS, TEXTS[0] + "  "])
    judge.judge(TEXTS[::-1])
    assert sorted(encoder.encoded) == sorted(TEXTS)


def test_another_model_gets_the_cosine_judge() -> None:
    assert isinstance(default_judge(model="/nowhere"), CosineJudge)
    assert judges.JUDGES[-1](None, MemoryCache()) is not None
