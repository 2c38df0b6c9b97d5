"""How good are the measures? One table on held-out companies, beside what a reader would try instead.

    python -m benchmarks.validity                 the whole table (some ten minutes on two cores)
    python -m benchmarks.validity --quick         fewer teams and resamples
    python -m benchmarks.validity --argkp FOLDER  also ArgKP-2021, from its unpacked folder

Only companies of the hold-out part are read: nothing was trained, calibrated or chosen on them. Intervals
are 95 % bootstrap intervals over companies. Baselines get the same texts; the two that need a threshold
get the one that is best on the validation companies.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata, spearmanr
from sklearn.cluster import HDBSCAN, AgglomerativeClustering, KMeans
from sklearn.metrics import adjusted_rand_score, silhouette_score

from app.analysis import partitions
from app.analysis.adapted import AdapterWeights, AdaptedJudge
from app.analysis.encoder import CachedEncoder, MemoryCache, MiniLMEncoder
from app.analysis.judge import CosineJudge, Judge
from training.companies import Company, read_all, split
from training.evaluate import TIERS
from training.head import DIFFERENT, OPPOSED, SAME
from training.losses import truth_of
from training.teams import NINE, Team, draw_many

Matrix = NDArray[np.float64]
Labels = NDArray[np.int64]
REALISTIC = ("plain", "indirect", "gist")
SEED = 20250901


@dataclass(frozen=True)
class CampReading:
    """What a method says about one team; `number` and the interval only where it states them."""

    labels: Labels
    number: int
    low: int | None = None
    high: int | None = None
    effective: float | None = None
    same: Matrix | None = None


Method = Callable[[list[str]], CampReading]


def auc(score: Matrix, truth: NDArray[np.bool_]) -> float:
    """Area under the ROC curve by ranks (Mann and Whitney), ties counted half."""
    positive = int(truth.sum())
    negative = len(truth) - positive
    if positive == 0 or negative == 0:
        return float("nan")
    return float((rankdata(score)[truth].sum() - positive * (positive + 1) / 2) / (positive * negative))


def bootstrap(
    parts: Sequence[Any], statistic: Callable[[list[Any]], float], resamples: int, rng: np.random.Generator
) -> tuple[float, float, float]:
    """A statistic over companies with its 95 % interval: whole companies are drawn with replacement."""
    whole = statistic(list(parts))
    draws = [
        statistic([parts[k] for k in rng.integers(0, len(parts), len(parts))]) for _ in range(resamples)
    ]
    low, high = np.nanpercentile(draws, [2.5, 97.5])
    return whole, float(low), float(high)


def pair_parts(
    companies: Sequence[Company], judge: Judge, tiers: set[str]
) -> list[tuple[Matrix, Matrix, Labels]]:
    """Per company: same, opposed and true kind of all pairs of its answers of these tiers, read as one team."""
    parts = []
    for company in companies:
        at = np.array([i for i, answer in enumerate(company.answers) if answer.tier in tiers])
        judged = judge.judge([company.answers[i].text for i in at])
        i, j = np.triu_indices(len(at), 1)
        kind = truth_of(company).kind.numpy()[np.ix_(at, at)]
        parts.append((judged.same[i, j], judged.opposed[i, j], kind[i, j]))
    return parts


def pooled_auc(parts: list[tuple[Matrix, Matrix, Labels]], question: str) -> float:
    same, opposed, kind = (np.concatenate([part[k] for part in parts]) for k in range(3))
    if question == "same":
        return auc(same, kind == SAME)
    if question == "opposed":
        return auc(opposed, kind == OPPOSED)
    either = kind != DIFFERENT
    return auc(same[either], kind[either] == SAME)


def judged(judge: Judge) -> Method:
    """The product's own way: judge, partition posterior, camps of least expected variation."""

    def read(texts: list[str]) -> CampReading:
        found = judge.judge(texts)
        posterior = partitions.partition_posterior(found.same, judge.posterior)
        belonging = posterior.belonging()
        labels = np.zeros(len(texts), dtype=np.int64)
        for k, members in enumerate(partitions.central_partition(posterior, belonging)):
            labels[list(members)] = k
        number, low, high = partitions.number_of_strategies(posterior)
        effective = float(posterior.weights @ posterior.effective_numbers())
        return CampReading(labels, number, low, high, effective, found.same)

    return read


def clustered(labels: NDArray[Any]) -> CampReading:
    """A plain clustering as a reading; HDBSCAN's noise points are camps of one."""
    found = labels.astype(np.int64).copy()
    for place in np.flatnonzero(found < 0):
        found[place] = found.max() + 1
    shares = np.unique(found, return_counts=True)[1] / len(found)
    return CampReading(found, len(shares), effective=float(np.exp(-(shares * np.log(shares)).sum())))


def baselines(encoder: CachedEncoder, threshold: float) -> dict[str, Method]:
    def vectors(texts: list[str]) -> Matrix:
        return np.asarray(encoder.encode(texts), dtype=np.float64)

    def agglomerative(cut: float) -> Method:
        def read(texts: list[str]) -> CampReading:
            model = AgglomerativeClustering(
                n_clusters=None, distance_threshold=1.0 - cut, metric="cosine", linkage="average"
            )
            return clustered(model.fit_predict(vectors(texts)))

        return read

    def k_means(texts: list[str]) -> CampReading:
        rows = vectors(texts)
        tried = [
            KMeans(k, n_init=4, random_state=0).fit_predict(rows) for k in range(2, len(rows))
        ]
        return clustered(max(tried, key=lambda labels: float(silhouette_score(rows, labels))))

    def hdbscan(texts: list[str]) -> CampReading:
        rows = vectors(texts)
        return clustered(HDBSCAN(min_cluster_size=2, metric="cosine", copy=True).fit_predict(rows))

    return {
        "cosine, cut at 0.6": agglomerative(0.6),
        f"agglomerative, best cut ({threshold:.2f})": agglomerative(threshold),
        "k-means, silhouette": k_means,
        "HDBSCAN": hdbscan,
    }


def best_threshold(companies: Sequence[Company], encoder: CachedEncoder, per_company: int) -> float:
    """The single cosine threshold with the best adjusted Rand index on teams of the validation companies."""
    teams = draw_many(companies, per_company=per_company, tiers=REALISTIC, seed=SEED)
    scores: dict[float, float] = {}
    for cut in np.arange(0.2, 0.75, 0.05):
        method = baselines(encoder, float(cut))[f"agglomerative, best cut ({cut:.2f})"]
        scores[float(cut)] = float(
            np.mean([
                adjusted_rand_score(team.positions, method(texts_of(companies, team)).labels) for team in teams
            ])
        )
    return max(scores, key=lambda cut: scores[cut])


def texts_of(companies: Sequence[Company], team: Team) -> list[str]:
    return [companies[team.company].answers[i].text for i in team.answers]


CAMP_MEASURES = ("ARI", "within one", "80 % interval holds", "effective number, rank r", "Brier gain")


def camp_measure(rows: list[list[tuple[Team, CampReading]]], name: str) -> float:
    """One measure over teams, grouped by company; NaN where the method does not state what it needs."""
    flat = [pair for company in rows for pair in company]
    if name == "ARI":
        return float(np.mean([adjusted_rand_score(team.positions, found.labels) for team, found in flat]))
    if name == "within one":
        return float(np.mean([abs(found.number - team.n_strategies) <= 1 for team, found in flat]))
    if name == "80 % interval holds":
        if flat[0][1].low is None:
            return float("nan")
        return float(np.mean([(f.low or 0) <= t.n_strategies <= (f.high or 0) for t, f in flat]))
    if name == "effective number, rank r":
        return float(spearmanr([t.effective for t, _ in flat], [f.effective for _, f in flat]).statistic)
    if flat[0][1].same is None:
        return float("nan")
    chance, truth = [], []
    for team, found in flat:
        assert found.same is not None
        i, j = np.triu_indices(len(team.positions), 1)
        position = np.array(team.positions)
        chance.append(found.same[i, j])
        truth.append(position[i] == position[j])
    p, y = np.concatenate(chance), np.concatenate(truth).astype(float)
    return float(1.0 - np.mean((p - y) ** 2) / (y.mean() * (1 - y.mean())))


def camp_rows(
    companies: Sequence[Company], method: Method, tiers: Sequence[str], per_company: int
) -> list[list[tuple[Team, CampReading]]]:
    sizes = NINE if "indirect" in tiers else [s for s in NINE if max(s) <= 4]
    teams = draw_many(companies, per_company=per_company, tiers=tiers, seed=SEED, sizes=sizes)
    rows: list[list[tuple[Team, CampReading]]] = [[] for _ in companies]
    for team in teams:
        rows[team.company].append((team, method(texts_of(companies, team))))
    return rows


def cell(found: tuple[float, float, float]) -> str:
    return "-" if np.isnan(found[0]) else f"{found[0]:.2f} ({found[1]:.2f} to {found[2]:.2f})"


def table(title: str, header: Sequence[str], rows: dict[str, list[str]]) -> str:
    lines = [f"### {title}", "", "| " + " | ".join(("", *header)) + " |", "|" + "---|" * (len(header) + 1)]
    lines += [f"| {name} | " + " | ".join(cells) + " |" for name, cells in rows.items()]
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer teams and resamples")
    parser.add_argument("--part", default="holdout", choices=("holdout", "validation"))
    parser.add_argument("--argkp", type=Path, help="folder of ArgKP-2021")
    parser.add_argument("--out", type=Path, help="also write the tables to this file")
    args = parser.parse_args()
    teams, resamples = (4, 100) if args.quick else (12, 500)
    rng = np.random.default_rng(SEED)
    parts = split(read_all())
    companies = parts[args.part]
    encoder = CachedEncoder(MiniLMEncoder(), MemoryCache())
    adapted = AdaptedJudge(AdapterWeights(), cache=MemoryCache())
    judges: dict[str, Judge] = {"trained judge": adapted, "calibrated cosine": CosineJudge(encoder)}
    report = [f"{len(companies)} companies of the {args.part} part; 95 % bootstrap intervals over companies.\n"]

    rows: dict[str, list[str]] = {}
    for name, judge in judges.items():
        cells = []
        for tiers in TIERS.values():
            found = pair_parts(companies, judge, tiers)
            cells.append(cell(bootstrap(found, lambda p: pooled_auc(p, "same"), resamples, rng)))
        plain = pair_parts(companies, judge, TIERS["plain"])
        for question in ("same against opposite", "opposed"):
            cells.append(cell(bootstrap(plain, lambda p, q=question: pooled_auc(p, q), resamples, rng)))
        rows[name] = cells
    header = ["same, plain", "same, realistic", "same, figurative too", "same against opposite, plain",
              "opposed against the rest, plain"]  # fmt: skip
    report.append(table("Pairs within a company: area under the ROC curve", header, rows))

    threshold = best_threshold(parts["validation"], encoder, 2)
    methods = {name: judged(judge) for name, judge in judges.items()} | baselines(encoder, threshold)
    for title, tiers in (
        ("realistic (plain and indirect)", REALISTIC),
        ("plain answers only", ("plain", "gist")),
        ("figurative ones too", (*REALISTIC, "figurative")),
    ):
        rows = {}
        for name, method in methods.items():
            found_rows = camp_rows(companies, method, tiers, teams)
            rows[name] = [
                cell(bootstrap(found_rows, lambda r, m=measure: camp_measure(r, m), resamples // 5, rng))
                for measure in CAMP_MEASURES
            ]
        report.append(table(f"Teams of nine, {title}: camps", CAMP_MEASURES, rows))

    start = time.perf_counter()
    fresh = AdaptedJudge(AdapterWeights())
    fresh.judge(["warm up"])
    loaded = time.perf_counter()
    nine = texts_of(companies, draw_many(companies, per_company=1, tiers=REALISTIC, seed=3)[0])
    fresh.judge(nine)
    report.append(
        f"Judge: {loaded - start:.1f} s to load, {time.perf_counter() - loaded:.2f} s for nine answers after that.\n"
    )
    text = "\n".join(report)
    print(text)
    if args.out:
        args.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
