"""The pair judge: for every two answers, how likely do they state the same strategy, or opposed ones?

`Judge` is the interface; `CosineJudge` is the judge that works with every encoder, `default_judge`
picks the best one for the machine at hand.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from app.analysis.encoder import CachedEncoder, Encoder, MemoryCache, MiniLMEncoder, VectorCache
from app.analysis.near import NearJudgements, near_judgements, slices
from app.analysis.result import Matrix

# Answers in the largest teams that the settings beyond nine answers were fitted on; held on beyond, crowding would drown
# the evidence (docs/judge/notebook.md).
LARGEST_FITTED = 48


@dataclass(frozen=True)
class PosteriorSettings:
    """How one judge's pair probabilities are put together into camps; fitted for each judge.

        log p(partition) = camps * camp_weight + (1/T) * sum over pairs together of (logit same + offset)

    temperature: pairs share their answers, so they are not independent witnesses; above 1 dampens them.
    offset: added to every pair's log odds. camp_weight: log prior weight of each camp; 0 leaves all
    partitions alike, which for nine answers is a fair start and for forty would expect a dozen camps.

    Beyond nine answers two of them move with x = log((n - 1) / 8), up to the LARGEST_FITTED answers on which
    that was seen. crowding: log T rises by crowding * x, for every answer has more pairs but is still one answer.
    camp_growth: camp_weight rises by camp_growth * x, for of more answers a smaller share are alone.
    """

    temperature: float
    offset: float
    camp_weight: float = 0.0
    crowding: float = 0.0
    camp_growth: float = 0.0

    def of(self, n: int) -> PosteriorSettings:
        """What holds for n answers, without anything that grows: the fitted settings up to nine."""
        x = float(np.log(max(1.0, (min(n, LARGEST_FITTED) - 1) / 8)))
        return PosteriorSettings(
            self.temperature * float(np.exp(self.crowding * x)),
            self.offset,
            self.camp_weight + self.camp_growth * x,
        )


@dataclass(frozen=True)
class Parts:
    """The clauses of n answers, each read in the place of its own answer among the others.

    texts (m): the clauses (clauses.clauses_of), answer by answer. owners (m,): the answer that each is of. same,
    opposed (m, n): probability that the clause states what answer j states, or excludes it; not lowered where clause or
    answer name no strategy, which is said apart: names_strategy (m,). With its own answer a clause is the same.
    """

    texts: tuple[str, ...]
    owners: NDArray[np.intp]
    same: Matrix
    opposed: Matrix
    names_strategy: NDArray[np.float64]


@dataclass(frozen=True)
class PairJudgements:
    """What a judge says about n answers.

    same, opposed (n, n): symmetric, calibrated probabilities; the rest to 1 is "different". The diagonal
    of `same` is 1, that of `opposed` 0. names_strategy (n,): probability that the answer names a
    strategy at all; legible (n,): probability that the judge understands the wording. stated (n, n), not
    symmetric: how likely some part of answer i states the strategy of answer j, for answers that say two
    things. parts: the same clause by clause, for themes. All four are None where the judge does not assess it.
    """

    same: Matrix
    opposed: Matrix
    names_strategy: NDArray[np.float64] | None = None
    legible: NDArray[np.float64] | None = None
    stated: Matrix | None = None
    parts: Parts | None = None


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


@dataclass(frozen=True)
class CosineCalibration:
    """log odds = slope * cosine + intercept, for "same" and for "opposed"; and what it was fitted on."""

    same: tuple[float, float]
    opposed: tuple[float, float]
    posterior: PosteriorSettings
    fitted_on: str
    encoder: str


# All that training/calibrate_cosine.py says, on companies held out in five folds: AUC of `same` 0.62; the 80 % interval
# of the number of strategies holds it on 78 % of teams of nine, and on 93 % of 40 teams of 18 and all 40 of 30, where
# it is wide. An adjusted Rand index of 0.06 on nine and 0.00 on more says that its camps mean nothing.
MINILM_CALIBRATION = CosineCalibration(
    same=(2.9479, -1.6641),
    opposed=(3.2349, -2.6230),
    posterior=PosteriorSettings(
        temperature=4.0, offset=2.2, camp_weight=0.5, crowding=1.114, camp_growth=-2.388
    ),
    fitted_on="980 teams of nine and 80 larger ones drawn from 245 fictional companies",
    encoder="all-MiniLM-L6-v2",
)


class CosineJudge:
    """The judge that needs no training: P(same) rises with the cosine of the two vectors.

    It knows the topic of an answer, not the choice in it: on companies held out, cosine tells the same
    strategy from another with an AUC of 0.62, and from the opposite one no better than a coin. So its
    probabilities stay near the base rate, which is what calibration means here. `opposed` rises with the
    cosine too, because opposites share a topic: it says "may be opposed", never that a pair is. Whether
    an answer names a strategy is not assessed.

    calibration: fitted for all-MiniLM-L6-v2; for another encoder the same lines are an approximation,
    and the method card says so.
    """

    def __init__(self, encoder: Encoder, calibration: CosineCalibration = MINILM_CALIBRATION) -> None:
        self.encoder = encoder
        self.calibration = calibration

    @property
    def name(self) -> str:
        return "calibrated cosine"

    @property
    def fingerprint(self) -> str:
        marks = repr(self.calibration).encode()
        return f"cosine:{hashlib.sha256(marks).hexdigest()[:12]}:{self.encoder.fingerprint}"

    @property
    def posterior(self) -> PosteriorSettings:
        return self.calibration.posterior

    @property
    def facts(self) -> dict[str, Any]:
        caveats = [
            "The judge compares wording and topic. It cannot tell a strategy from its opposite, and its "
            "probabilities stay close to the average on purpose."
        ]
        if self.encoder.name != self.calibration.encoder:
            caveats.append(
                f"The judge was calibrated for {self.calibration.encoder}, not for {self.encoder.name}: "
                "read its numbers as a ranking, not as probabilities."
            )
        return {
            "model": self.encoder.name,
            "calibrated_on": self.calibration.fitted_on,
            "assesses": {"same": True, "opposed": False, "names_strategy": False, "legible": False},
            "caveats": caveats,
        }

    def judge_near(self, texts: list[str], also: list[tuple[int, int]]) -> NearJudgements:
        """The near pairs of many texts (near.py); for them and all others alike the line is this judge itself."""
        vectors = self.encoder.encode(texts)

        def judge_pairs(
            first: NDArray[np.intp], second: NDArray[np.intp]
        ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
            cosine = np.empty(len(first))
            for part in slices(len(first), 65_536):
                rows = vectors[first[part]].astype(np.float64), vectors[second[part]].astype(np.float64)
                cosine[part] = np.einsum("pd,pd->p", *rows)
            same = _probability(self.calibration.same, cosine)
            return same, np.minimum(_probability(self.calibration.opposed, cosine), 1.0 - same)

        return near_judgements(vectors, judge_pairs, also=also)

    def judge(self, texts: Sequence[str]) -> PairJudgements:
        if not texts:
            return PairJudgements(np.zeros((0, 0)), np.zeros((0, 0)))
        vectors = np.asarray(self.encoder.encode(texts), dtype=np.float64)
        # Summed element by element: a matrix product may round differently with the order of the rows.
        cosine = np.clip(np.einsum("id,jd->ij", vectors, vectors), -1.0, 1.0)
        cosine = (cosine + cosine.T) / 2.0
        same, opposed = (
            _probability(line, cosine) for line in (self.calibration.same, self.calibration.opposed)
        )
        np.fill_diagonal(same, 1.0)
        np.fill_diagonal(opposed, 0.0)
        # Three outcomes share one whole.
        np.minimum(opposed, 1.0 - same, out=opposed)
        return PairJudgements(same, opposed)


def default_judge(model: str | Path | None = None, *, cache: VectorCache | None = None) -> Judge:
    """The best judge there is for the model at hand.

    model: folder of another sentence-transformers model; None for the one installed with the product.
    cache: keeps vectors between calls; by default for as long as the judge lives. Costs nothing until
    the first judgement, which loads the model and raises ModelNotTrusted when it is not usable.
    """
    kept = cache if cache is not None else MemoryCache()
    found = (build(model, kept) for build in JUDGES)
    return next(judge for judge in found if judge is not None)


def _cosine_judge(model: str | Path | None, cache: VectorCache) -> Judge | None:
    return CosineJudge(CachedEncoder(MiniLMEncoder(model), cache))


def _trained_judge(model: str | Path | None, cache: VectorCache) -> Judge | None:
    # Here and not at the top: a judge needs the interface above.
    from app.analysis.adapted import adapted_judge

    return adapted_judge(model, cache)


# Best first: one line a judge. A builder answers None for a model that it has no trained weights for;
# the cosine judge takes every model.
JUDGES: tuple[Callable[[str | Path | None, VectorCache], Judge | None], ...] = (_trained_judge, _cosine_judge)


def _probability(line: tuple[float, float], cosine: Matrix) -> Matrix:
    slope, intercept = line
    return np.asarray(1.0 / (1.0 + np.exp(-(slope * cosine + intercept))))
