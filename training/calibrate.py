"""Fit probabilities and the posterior on companies that the weights were not trained on.

    python -m training.calibrate

Reads app/analysis/weights/pair-judge.safetensors, draws teams from the validation companies, and writes
pair-judge.json beside it: hashes, calibration, posterior settings. The hold-out is not touched.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from app.analysis import partitions
from app.analysis.adapted import NAME, AdaptedEncoder, AdapterWeights
from app.analysis.calibration import Calibration, pair_terms, sigmoid
from app.analysis.encoder import MINILM_SHA256, CachedEncoder
from app.analysis.judge import PosteriorSettings
from app.analysis.pair_head import Head, PairReading
from training.companies import Company, read_all, split
from training.compress import WEIGHTS
from training.growth import draw_larger, with_growth
from training.head import OPPOSED, SAME
from training.losses import truth_of
from training.teams import NINE, OTHER, Team, draw_many
from training.train import RUNS

PLAIN = ("plain", "gist")
REALISTIC = (*PLAIN, "indirect")
ALL = (*REALISTIC, "figurative")
MOST_PLAIN = 4  # three plain answers a position and its gist

Matrix = NDArray[np.float64]


class DiskCache:
    """A vector cache in a folder, one file per encoder, so that a second calibration encodes nothing."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._read: dict[str, dict[str, Any]] = {}

    def get(self, fingerprint: str, hashes: Sequence[str]) -> dict[str, Any]:
        known = self._all(fingerprint)
        return {h: known[h] for h in hashes if h in known}

    def put(self, fingerprint: str, vectors: dict[str, Any]) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._all(fingerprint).update(vectors)
        np.savez(self._path(fingerprint), **self._all(fingerprint))

    def _all(self, fingerprint: str) -> dict[str, Any]:
        if fingerprint not in self._read:
            path = self._path(fingerprint)
            self._read[fingerprint] = {}
            if path.exists():
                with np.load(path) as kept:
                    self._read[fingerprint] = dict(kept)
        return self._read[fingerprint]

    def _path(self, fingerprint: str) -> Path:
        return self.folder / (hashlib.sha256(fingerprint.encode()).hexdigest()[:16] + ".npz")


class Vectors:
    """The companies' texts encoded once, and their pairs read team by team."""

    def __init__(self, companies: Sequence[Company], weights: AdapterWeights) -> None:
        self.companies = companies
        self.head = Head(weights.part("head"))
        encoder = CachedEncoder(AdaptedEncoder(weights), DiskCache(RUNS / "vectors"))
        texts = [answer.text for company in companies for answer in company.answers]
        ends = np.cumsum([len(company.answers) for company in companies])[:-1]
        self.rows = np.split(encoder.encode(texts), ends)
        self.kinds = [truth_of(company).kind.numpy() for company in companies]

    def read(self, company: int, answers: Sequence[int]) -> PairReading:
        return self.head.read(self.rows[company][list(answers)])


def text_lines(vectors: Vectors) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Logistic lines for "names a strategy" (vague ones counted as a tenth) and "is figurative"."""
    names, figurative, tiers = [], [], []
    for index, company in enumerate(vectors.companies):
        keep = [i for i, answer in enumerate(company.answers) if answer.tier != "gist"]
        reading = vectors.read(index, keep)
        names += reading.names.tolist()
        figurative += reading.figurative.tolist()
        tiers += [company.answers[i].tier for i in keep]
    vague = np.array([tier == "vague" for tier in tiers])
    weight = np.where(vague, 0.1 / vague.mean(), 0.9 / (~vague).mean())
    is_figurative = np.array([tier == "figurative" for tier in tiers])
    return line(np.array(names), ~vague, weight), line(np.array(figurative)[~vague], is_figurative[~vague])


def line(x: Matrix, truth: NDArray[np.bool_], weight: Matrix | None = None) -> tuple[float, ...]:
    fitted = LogisticRegression(C=100.0).fit(x[:, None], truth, sample_weight=weight)
    return float(fitted.intercept_[0]), float(fitted.coef_[0, 0])


def draw_teams(companies: Sequence[Company], per_company: int, seed: int) -> list[Team]:
    """Teams of nine, plain, with indirect answers, and with figurative ones too; and fewer of other sizes."""
    kinds = [
        (tiers, [sizes for sizes in every if tiers is not PLAIN or max(sizes) <= MOST_PLAIN], count)
        for every, count in ((NINE, per_company), (OTHER, max(1, per_company // 4)))
        for tiers in (PLAIN, REALISTIC, ALL)
    ]
    return [
        team
        for part, (tiers, sizes, count) in enumerate(kinds)
        for team in draw_many(companies, per_company=count, tiers=tiers, seed=seed * 10 + part, sizes=sizes)
    ]


def pair_weights(
    vectors: Vectors, teams: Sequence[Team], figurative: tuple[float, ...]
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Logistic weights of pair_terms for "same" and "opposed", every team counting alike."""
    rows: dict[str, list[Matrix]] = {"same": [], "opposed": []}
    kinds, weights = [], []
    whole = [
        Team(k, tuple(i for i, a in enumerate(c.answers) if a.tier in tiers), ())
        for k, c in enumerate(vectors.companies)
        for tiers in (REALISTIC, ALL)
    ]
    for team in [*teams, *whole]:
        reading = vectors.read(team.company, team.answers)
        at = np.array(team.answers)
        i, j = np.triu_indices(len(at), 1)
        f = sigmoid(figurative[0] + figurative[1] * reading.figurative)
        for name, x in (("same", reading.same), ("opposed", reading.opposed)):
            rows[name].append(np.stack(pair_terms(x[i, j], (f[i] + f[j]) / 2, len(at)), axis=1))
        kinds.append(vectors.kinds[team.company][np.ix_(at, at)][i, j])
        weights.append(np.full(len(i), (9.0 if len(at) > 12 else 1.0) / len(i)))
    kind, weight = np.concatenate(kinds), np.concatenate(weights)
    found = []
    for name, target in (("same", SAME), ("opposed", OPPOSED)):
        x = np.concatenate(rows[name])
        fitted = LogisticRegression(C=1000.0, fit_intercept=False, max_iter=500)
        fitted.fit(x, kind == target, sample_weight=weight / weight.mean())
        found.append(tuple(float(w) for w in fitted.coef_[0]))
    return found[0], found[1]


def fit_posterior(sames: Sequence[Matrix], truths: Sequence[Sequence[int]]) -> PosteriorSettings:
    """The settings under which the true partitions are likeliest; exact up to nine answers.

    Maximising the probability of the truth is a proper scoring rule, so the posterior is as sharp as it
    may be and no sharper.
    """
    small = [(s, t) for s, t in zip(sames, truths, strict=True) if len(t) <= 9]
    prepared = [_prepared(same, truth) for same, truth in small]

    def loss(p: NDArray[np.float64]) -> float:
        total = 0.0
        for logits, pairs, camps, at, weight in prepared:
            scores = (logits + p[1] * pairs) / np.exp(p[0]) + p[2] * camps
            top = scores.max()
            total -= weight * (scores[at] - top - np.log(np.exp(scores - top).sum()))
        return total / len(prepared)

    best = minimize(loss, np.array([0.3, 0.5, 0.0]), method="Nelder-Mead",
                    options={"maxiter": 120, "xatol": 0.01, "fatol": 1e-4})  # fmt: skip
    temperature, offset, camp_weight = float(np.exp(best.x[0])), float(best.x[1]), float(best.x[2])
    print(
        f"posterior: T {temperature:.3f} offset {offset:.3f} camp weight {camp_weight:.3f} loss {best.fun:.4f}"
    )
    return PosteriorSettings(round(temperature, 4), round(offset, 4), round(camp_weight, 4))


def _prepared(same: Matrix, truth: Sequence[int]) -> tuple[Any, ...]:
    n = len(truth)
    labels, together = partitions._enumerated(n)
    i, j = np.triu_indices(n, 1)
    bounded = np.clip(same[i, j], 1.0 - partitions.SURE, partitions.SURE)
    true = np.array(truth)
    at = int(np.flatnonzero((together == (true[i] == true[j])).all(axis=1))[0])
    logits = (together @ np.log(bounded / (1.0 - bounded))).astype(np.float32)
    weight = 1.0 if n == 9 else 0.5
    pairs, camps = together.sum(axis=1).astype(np.float32), (labels.max(axis=1) + 1.0).astype(np.float32)
    return logits, pairs, camps, at, weight


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--weights", type=Path, default=WEIGHTS)
    parser.add_argument("--teams", type=int, default=8, help="teams of nine a company and kind")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    digest = hashlib.sha256(args.weights.read_bytes()).hexdigest()
    path = args.weights.with_name(f"{NAME}.json")
    known = json.loads(path.read_text()) if path.exists() else {}
    manifest: dict[str, Any] = {
        "format": 1,
        "base": "all-MiniLM-L6-v2",
        "base_sha256": MINILM_SHA256,
        "weights_sha256": digest,
        **{key: known[key] for key in ("width", "bits", "trained_on") if key in known},
    }
    path.write_text(json.dumps(manifest, indent=2) + "\n")
    random.seed(args.seed)
    companies = split(read_all())["validation"]
    vectors = Vectors(companies, AdapterWeights(args.weights.parent))
    names, figurative = text_lines(vectors)
    teams = draw_teams(companies, args.teams, args.seed)
    same, opposed = pair_weights(vectors, teams, figurative)
    manifest["calibration"] = {"same": same, "opposed": opposed, "names": names, "figurative": figurative}
    manifest["calibrated_on"] = f"teams drawn from {len(companies)} fictional companies held out of training"
    calibration = Calibration.of(manifest["calibration"])
    sames = [calibration.judgements(vectors.read(team.company, team.answers)).same for team in teams]
    settings = fit_posterior(sames, [team.positions for team in teams])
    larger = [team for tiers in (REALISTIC, ALL) for team in draw_larger(companies, tiers, args.seed)]
    sames = [calibration.judgements(vectors.read(team.company, team.answers)).same for team in larger]
    settings = with_growth(settings, sames, [team.positions for team in larger])
    manifest["posterior"] = {
        "temperature": settings.temperature,
        "offset": settings.offset,
        "camp_weight": settings.camp_weight,
        "crowding": settings.crowding,
        "camp_growth": settings.camp_growth,
    }
    path.write_text(json.dumps(manifest, indent=2) + "\n")
    print(json.dumps(manifest, indent=2))


if __name__ == "__main__":
    main()
