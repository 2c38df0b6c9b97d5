"""From the pair head's log odds to probabilities that are so often right as they say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.analysis.judge import PairJudgements
from app.analysis.pair_head import MOST_TRAINED, PairReading, Vector

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Calibration:
    """From log odds to probabilities, fitted on companies that the weights were not trained on.

    same, opposed: weights of (1, x, f, x * f, log(n / 9)), where x is the pair's log odds, f the mean
    probability that its two texts are figurative, so that a figurative pair is pulled to the base rate,
    and n the size of the team: pairs picked from many answers are less often the same. names,
    figurative: weights of (1, x) for a text.
    """

    same: tuple[float, ...]
    opposed: tuple[float, ...]
    names: tuple[float, ...]
    figurative: tuple[float, ...]

    @classmethod
    def of(cls, manifest: Mapping[str, Any]) -> Calibration:
        return cls(*(tuple(manifest[key]) for key in ("same", "opposed", "names", "figurative")))

    def judgements(self, reading: PairReading) -> PairJudgements:
        """Calibrated probabilities; an answer that names no strategy is nobody's ally or opponent."""
        names, figurative = self.texts(reading.names, reading.figurative)
        gate = np.outer(names, names)
        f = (figurative[:, None] + figurative[None]) / 2.0
        same = chance(self.same, reading.same, f, len(names)) * gate
        opposed = np.minimum(chance(self.opposed, reading.opposed, f, len(names)) * gate, 1.0 - same)
        np.fill_diagonal(same, 1.0)
        np.fill_diagonal(opposed, 0.0)
        return PairJudgements(same, opposed, names, 1.0 - figurative)

    def texts(self, names: Vector, figurative: Vector) -> tuple[Vector, Vector]:
        """Probabilities that a text names a strategy, and that it is figurative, from their log odds."""
        return (
            sigmoid(names * self.names[1] + self.names[0]),
            sigmoid(figurative * self.figurative[1] + self.figurative[0]),
        )


def chance(weights: Sequence[float], x: Values, f: Values, n: int) -> Values:
    """The calibrated probability of pairs with log odds x and figurative share f in a team of n."""
    terms = pair_terms(x, f, n)
    return sigmoid(sum((w * term for w, term in zip(weights, terms, strict=True)), np.zeros_like(x)))


def pair_terms(x: Values, f: Values, n: int) -> tuple[Values, ...]:
    """What a calibrated log odds is a weighted sum of; see Calibration."""
    return np.ones_like(x), x, f, x * f, np.full_like(x, np.log(min(n, MOST_TRAINED) / 9.0))


def sigmoid(x: Values) -> Values:
    from scipy.special import expit

    return np.asarray(expit(x))
