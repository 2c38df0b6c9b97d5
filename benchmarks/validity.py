"""How good are the measures? One table on held-out companies, beside what a reader would try instead.

    python -m benchmarks.validity                 the whole table (some fifteen minutes on two cores)
    python -m benchmarks.validity --quick         fewer teams and resamples
    python -m benchmarks.validity --argkp FOLDER  another question, on public data; see argkp.py

Only companies of the hold-out part are read: nothing was trained, calibrated or chosen on them. The companies of
train.json among them, which are like those that the aims were set for, are shown once more by themselves. Intervals
are 95 % bootstrap intervals over companies. Baselines get the same texts; the two that need a threshold
get the one that is best on the validation companies.
"""

from __future__ import annotations

import argparse
import random
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
from app.analysis.adapted import AdaptedJudge, AdapterWeights
from app.analysis.change import Round, compare_rounds
from app.analysis.encoder import CachedEncoder, Encoder, MemoryCache, MiniLMEncoder
from app.analysis.judge import CosineJudge, Judge
from app.analysis.movement import movement
from benchmarks import argkp
from benchmarks.sequences import KINDS, simulate
from benchmarks.tables import table
from training.calibrate import DiskCache
from training.companies import Company, read_all, split
from training.evaluate import TIERS
from training.head import DIFFERENT, OPPOSED, SAME
from training.losses import truth_of
from training.teams import NINE, Team, draw_many
from training.train import RUNS

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
    draws = [statistic([parts[k] for k in rng.integers(0, len(parts), len(parts))]) for _ in range(resamples)]
    low, high = np.percentile(draws, [2.5, 97.5])
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
    """The product's own way: judge, partition posterior, of the likeliest number of camps those of least variation."""

    def read(texts: list[str]) -> CampReading:
        found = judge.judge(texts)
        posterior = partitions.partition_posterior(found.same, judge.posterior)
        belonging = posterior.belonging()
        labels = np.zeros(len(texts), dtype=np.int64)
        number, low, high = partitions.number_of_strategies(posterior)
        for k, members in enumerate(partitions.central_partition(posterior, belonging, n_camps=number)):
            labels[list(members)] = k
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
        tried = [KMeans(k, n_init=4, random_state=0).fit_predict(rows) for k in range(2, len(rows))]
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
            np.mean(
                [
                    adjusted_rand_score(team.positions, method(texts_of(companies, team)).labels)
                    for team in teams
                ]
            )
        )
    return max(scores, key=lambda cut: scores[cut])


def texts_of(companies: Sequence[Company], team: Team) -> list[str]:
    return [companies[team.company].answers[i].text for i in team.answers]


CAMP_MEASURES = ("ARI", "within one", "80 % interval holds", "effective number, rank r", "Brier gain")


def measured(team: Team, found: CampReading) -> Matrix:
    """One team as numbers: ARI, within one, interval holds, effective number true and read, and for the
    Brier score the sum of squares, the pairs and the pairs that are the same; NaN for what is not stated."""
    holds = squares = float("nan")
    if found.low is not None and found.high is not None:
        holds = float(found.low <= team.n_strategies <= found.high)
    i, j = np.triu_indices(len(team.positions), 1)
    position = np.array(team.positions)
    same = position[i] == position[j]
    if found.same is not None:
        squares = float(((found.same[i, j] - same) ** 2).sum())
    return np.array([
        adjusted_rand_score(team.positions, found.labels),
        abs(found.number - team.n_strategies) <= 1,
        holds,
        team.effective,
        found.effective,
        squares,
        len(same),
        same.sum(),
    ], dtype=np.float64)  # fmt: skip


def camp_measure(companies: list[Matrix], name: str) -> float:
    """One measure over the teams of some companies, each (teams, 8) as `measured` gives them."""
    rows = np.concatenate(companies)
    if name == "effective number, rank r":
        return float(spearmanr(rows[:, 3], rows[:, 4]).statistic)
    if name == "Brier gain":
        base = rows[:, 7].sum() / rows[:, 6].sum()
        return float(1.0 - rows[:, 5].sum() / rows[:, 6].sum() / (base * (1.0 - base)))
    return float(rows[:, CAMP_MEASURES.index(name)].mean())


def camp_rows(
    companies: Sequence[Company], method: Method, tiers: Sequence[str], per_company: int
) -> list[Matrix]:
    """For each company its teams as numbers; the same teams for every method."""
    sizes = NINE if "indirect" in tiers else [s for s in NINE if max(s) <= 4]
    teams = draw_many(companies, per_company=per_company, tiers=tiers, seed=SEED, sizes=sizes)
    rows: list[list[Matrix]] = [[] for _ in companies]
    for team in teams:
        rows[team.company].append(measured(team, method(texts_of(companies, team))))
    return [np.stack(row) for row in rows]


def sequences(
    companies: Sequence[Company], judge: Judge, resamples: int, rng: np.random.Generator
) -> list[str]:
    """Four rounds with a known movement, one of each kind a company, and teams that only reworded."""
    draw = random.Random(SEED)
    parts: list[list[tuple[str, str, float, float]]] = []
    alarms: list[tuple[int, int]] = []
    for company in companies:
        rows = []
        for kind in KINDS:
            made = simulate(company, kind, draw)
            thesis = []
            for texts in made.rounds:
                found = judge.judge([*texts, made.thesis])
                thesis.append(float(found.same[: len(texts), -1].mean()))
            together = judge.judge([text for texts in made.rounds for text in texts] + [made.thesis]).same
            places = [place for place, texts in enumerate(made.rounds) for _ in texts]
            said = movement(together[:-1, :-1], together[:-1, -1], places).direction
            r = float("nan")
            if len(set(made.on_thesis)) > 1:
                r = float(spearmanr(made.on_thesis, thesis).statistic)
            moved = float(np.sign(thesis[-1] - thesis[0]) == np.sign(made.on_thesis[-1] - made.on_thesis[0]))
            rows.append((kind, said, r, moved))
        parts.append(rows)
        alarms.append(reworded(company, judge, draw))

    def share(rows: list[list[tuple[str, str, float, float]]], kind: str | None) -> float:
        return float(np.mean([k == said for row in rows for k, said, _, _ in row if kind in (None, k)]))

    def rank(rows: list[list[tuple[str, str, float, float]]]) -> float:
        return float(np.nanmean([r for row in rows for _, _, r, _ in row]))

    def sign(rows: list[list[tuple[str, str, float, float]]]) -> float:
        moving = ("converge", "diverge", "polarise")
        return float(np.mean([moved for row in rows for kind, _, _, moved in row if kind in moving]))

    found_rows = {
        "thesis, rank r with the truth, mean over sequences that move": [
            cell(bootstrap(parts, rank, resamples, rng))
        ],
        "thesis moves the right way": [cell(bootstrap(parts, sign, resamples, rng))],
        "direction right, all five kinds": [cell(bootstrap(parts, lambda p: share(p, None), resamples, rng))],
        **{
            f"direction right: {kind}": [
                cell(bootstrap(parts, lambda p, k=kind: share(p, k), resamples, rng))
            ]
            for kind in KINDS
        },
        "false alarms on reworded teams": [
            cell(bootstrap(alarms, lambda a: sum(x for x, _ in a) / sum(n for _, n in a), resamples, rng))
        ],
    }
    return [table("Four rounds with a known movement", ["trained judge"], found_rows)]


def reworded(company: Company, judge: Judge, draw: random.Random) -> tuple[int, int]:
    """Verdicts other than "no clear change" between two rounds in which everybody says the same in other
    words, and how many verdicts there were."""
    by_position: dict[int, list[str]] = {}
    for answer in company.of("plain", "indirect"):
        by_position.setdefault(answer.positions[0], []).append(answer.text)
    first, second = [], []
    for position, texts in list(by_position.items())[:4]:
        chosen = draw.sample(texts, min(4, len(texts)))
        take = 3 if position == 0 else 2
        first += chosen[: len(chosen) // 2][:take]
        second += chosen[len(chosen) // 2 :][: len(chosen) // 2][:take]
    people = tuple(f"person {k}" for k in range(len(first)))
    gist = next(answer.text for answer in company.of("gist"))
    rounds = [Round("first", people, tuple(first)), Round("second", people, tuple(second))]
    verdicts = [change.verdict for change in compare_rounds(rounds, judge=judge, thesis=gist).changes]
    return sum(verdict in ("converging", "diverging") for verdict in verdicts), len(verdicts)


def speed(companies: Sequence[Company]) -> str:
    """Processor time, so that another load on the machine does not change it."""
    judge = AdaptedJudge(AdapterWeights())
    judge.judge(["warm up"])
    teams = draw_many(companies, per_company=1, tiers=REALISTIC, seed=3)[:10]
    start = time.process_time()
    for team in teams:
        judge.judge(texts_of(companies, team))
    nine = (time.process_time() - start) / len(teams)
    return f"Processor time of the judge for nine answers, once loaded: {nine:.2f} s.\n"


def cell(found: tuple[float, float, float]) -> str:
    return "-" if np.isnan(found[0]) else f"{found[0]:.2f} ({found[1]:.2f} to {found[2]:.2f})"


def similarities() -> dict[str, argkp.Similarity]:
    """The judge, its vectors alone, and plain MiniLM as similarities of texts."""
    plain = CachedEncoder(MiniLMEncoder(), MemoryCache())
    judge = AdaptedJudge(AdapterWeights(), cache=MemoryCache(), in_parts=False)

    def cosine(encoder: Encoder) -> argkp.Similarity:
        def read(texts: list[str]) -> Matrix:
            rows = encoder.encode(texts).astype(np.float64)
            return np.asarray(rows @ rows.T)

        return read

    return {
        "trained judge": lambda texts: judge.judge(texts).same,
        "its vectors, cosine": cosine(judge.encoder),
        "MiniLM, cosine": cosine(plain),
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="fewer teams and resamples")
    parser.add_argument("--part", default="holdout", choices=("holdout", "validation"))
    parser.add_argument("--out", type=Path, help="also write the tables to this file")
    parser.add_argument("--argkp", type=Path, metavar="FOLDER", help="read ArgKP-2021 instead; see argkp.py")
    args = parser.parse_args()
    if args.argkp:
        print(argkp.report(args.argkp, similarities()))
        return
    teams, resamples = (4, 200) if args.quick else (10, 500)
    rng = np.random.default_rng(SEED)
    parts = split(read_all())
    companies = parts[args.part]
    encoder = CachedEncoder(MiniLMEncoder(), MemoryCache())
    adapted = AdaptedJudge(AdapterWeights(), cache=DiskCache(RUNS / "vectors"), in_parts=False)
    judges: dict[str, Judge] = {"trained judge": adapted, "calibrated cosine": CosineJudge(encoder)}
    report = [
        f"{len(companies)} companies of the {args.part} part; 95 % bootstrap intervals over companies.\n"
    ]

    alike = [company for company in companies if company.source == "train"]
    own = f"trained judge, the {len(alike)} of train.json"
    rows: dict[str, list[str]] = {}
    for name, judge, chosen in (
        ("trained judge", adapted, companies),
        (own, adapted, alike),
        ("calibrated cosine", CosineJudge(encoder), companies),
    ):
        cells = []
        for tiers in TIERS.values():
            found = pair_parts(chosen, judge, tiers)
            cells.append(cell(bootstrap(found, lambda p: pooled_auc(p, "same"), resamples, rng)))
        plain = pair_parts(chosen, judge, TIERS["plain"])
        for question in ("same against opposite", "opposed"):
            cells.append(cell(bootstrap(plain, lambda p, q=question: pooled_auc(p, q), resamples, rng)))
        rows[name] = cells
    header = ["same, plain", "same, realistic", "same, figurative too", "same against opposite, plain",
              "opposed against the rest, plain"]  # fmt: skip
    report.append(table("Pairs within a company: area under the ROC curve", header, rows))
    print(report[-1], flush=True)

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
            shown = {name: found_rows}
            if method is methods["trained judge"]:
                shown[own] = [
                    row
                    for company, row in zip(companies, found_rows, strict=True)
                    if company.source == "train"
                ]
            for title_of, chosen_rows in shown.items():
                rows[title_of] = [
                    cell(bootstrap(chosen_rows, lambda r, m=measure: camp_measure(r, m), resamples, rng))
                    for measure in CAMP_MEASURES
                ]
        report.append(table(f"Teams of nine, {title}: camps", CAMP_MEASURES, rows))
        print(report[-1], flush=True)

    report += sequences(companies, adapted, resamples, rng)
    report.append(speed(companies))
    print("\n".join(report[-2:]))
    text = "\n".join(report)
    if args.out:
        args.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
