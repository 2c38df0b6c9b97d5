"""The pair judge: for every two answers, how likely do they state the same strategy, or opposed ones?

`Judge` is the interface; `CosineJudge` is the judge that works with every encoder, `default_judge`
picks the best one for the machine at hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from app.analysis.result import Matrix


@dataclass(frozen=True)
class PosteriorSettings:
    """How far one judge may be trusted when its pair probabilities are put together into camps.

    log p(partition) = log prior(k) - log S(n, k) ... see partitions.py, with
    temperature: pairs are not independent witnesses; the sum of their log odds is divided by it (>= 1
        dampens). offset: added to every pair's log odds. camp_cost: log prior weight per camp beyond
        the first (0 leaves all partitions alike; positive prefers more camps).
    """

    temperature: float
    offset: float
    camp_cost: float = 0.0


@dataclass(frozen=True)
class PairJudgements:
    """What a judge says about n answers.

    same, opposed (n, n): symmetric, calibrated probabilities; the rest to 1 is "different". The diagonal
    of `same` is 1, that of `opposed` 0. names_strategy (n,): probability that the answer names a
    strategy at all; legible (n,): probability that the judge understands the wording. Both are None
    where the judge does not assess it.
    """

    same: Matrix
    opposed: Matrix
    names_strategy: NDArray[np.float64] | None = None
    legible: NDArray[np.float64] | None = None


class Judge(Protocol):
    """Anything that judges pairs of answers.

    name: for the method card. fingerprint: changes whenever the same texts could be judged otherwise;
    scores of two fingerprints are never compared. facts: further plain facts for the method card.
    """

    @property
    def name(self) -> str: ...
    @property
    def fingerprint(self) -> str: ...
    @property
    def posterior(self) -> PosteriorSettings: ...
    @property
    def facts(self) -> dict[str, Any]: ...
    def judge(self, texts: Sequence[str]) -> PairJudgements: ...
