"""How the measures grow with the number of answers: python -m benchmarks.scale [--sizes 100 1000 10000]

Each size runs in a process of its own, so that its largest memory can be read off. Answers come from the training and
validation companies: so many of them that every answer is a real text ("many strategies"), or one company's answers
again and again with slips, slogans and dropped sentences ("few strategies"). Then two agreements: the exact posterior
against the sampled one on teams of ten, and near pairs against all pairs on some 250 answers. The hold-out is not read.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
from scipy.stats import spearmanr
from sklearn.metrics import adjusted_rand_score

from app.analysis import analyse, many, partitions
from app.analysis.adapted import AdaptedJudge, AdapterWeights
from app.analysis.encoder import MemoryCache
from app.analysis.result import Analysis
from benchmarks.tables import table
from training.augment import disturb
from training.companies import Company, read_all, split
from training.teams import draw_many

REALISTIC = ("plain", "indirect")
SEED = 20250901
MEGABYTE = 1024.0  # ru_maxrss is in kilobytes


def answers(companies: list[Company], n: int, kind: str, seed: int = SEED) -> tuple[list[str], list[int]]:
    """n texts and the strategy of each."""
    rng = random.Random(seed)
    rows: list[tuple[str, int]] = []
    order = rng.sample(companies, len(companies))
    if kind == "few strategies":
        own = order[0].of(*REALISTIC)
        while len(rows) < n:
            texts = disturb([a.text for a in own], company=order[0].name, rng=rng)
            rows += list(zip(texts, (a.positions[0] for a in own), strict=True))
    else:
        for place, company in enumerate(order):
            if len(rows) >= n:
                break
            rows += [
                (a.text, 100 * place + a.positions[0]) for a in company.of(*REALISTIC, "figurative", "mixed")
            ]
    rng.shuffle(rows)
    return [text for text, _ in rows[:n]], [position for _, position in rows[:n]]


def camp_labels(found: Analysis) -> np.ndarray:
    labels = np.full(found.n, -1)
    for k, camp in enumerate(found.camps):
        labels[list(camp.members)] = k
    return labels


def one_size(n: int, kind: str) -> dict[str, object]:
    """Time and memory of one analysis, after the model is loaded."""
    parts = split(read_all())
    texts, truth = answers(parts["train"] + parts["validation"], n, kind)
    judge = AdaptedJudge(AdapterWeights(), cache=MemoryCache())
    judge.judge(["Warm up the model.", "And read two clauses, too; that is another path."])
    loaded = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    judge.encoder.encode(texts)
    encoded = time.process_time()
    found = analyse(texts, judge=judge)
    done = time.process_time()
    document = json.dumps(found.to_document())
    return {
        "n": len(texts),
        "encoding": encoded - start,
        "analysis": done - encoded,
        "memory": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - loaded) / MEGABYTE,
        "document": len(document) / 1e6,
        "strategies": found.strategies.estimate,
        "truth": len(set(truth)),
        "rand": adjusted_rand_score(truth, camp_labels(found)),
    }


def exact_against_sampled(companies: list[Company]) -> list[str]:
    """Teams of ten read both ways: what differs of belonging, agreement and the number of strategies."""
    judge = AdaptedJudge(AdapterWeights(), cache=MemoryCache(), in_parts=False)
    teams = draw_many(
        companies[:20],
        per_company=1,
        tiers=REALISTIC,
        seed=SEED,
        sizes=((4, 3, 2, 1), (3, 3, 2, 2), (5, 4, 1)),
    )
    belonging, agreement, number, intervals = [], [], [], []
    for team in teams:
        same = judge.judge([companies[team.company].answers[i].text for i in team.answers]).same
        exact = partitions.partition_posterior(same, judge.posterior, exact_limit=10)
        drawn = partitions.partition_posterior(same, judge.posterior, exact_limit=9)
        belonging.append(np.abs(exact.belonging() - drawn.belonging()).max())
        agreement.append(
            abs((partitions.agreement(exact).estimate or 0) - (partitions.agreement(drawn).estimate or 0))
        )
        a, b = partitions.number_of_strategies(exact), partitions.number_of_strategies(drawn)
        number.append(a[0] == b[0])
        intervals.append(a[1:] == b[1:])
    return [
        str(len(teams)), f"{np.mean(belonging):.3f} ({np.max(belonging):.3f})",
        f"{np.mean(agreement):.4f} ({np.max(agreement):.4f})", f"{np.mean(number):.0%}", f"{np.mean(intervals):.0%}",
    ]  # fmt: skip


def near_against_all(companies: list[Company], kind: str) -> list[str]:
    """The same 250 answers with all pairs and with near ones only."""
    texts, truth = answers(companies, 250, kind)
    judge = AdaptedJudge(AdapterWeights(), cache=MemoryCache(), in_parts=False)
    limit = many.MOST_IN_FULL
    whole = analyse(texts, judge=judge)
    try:
        many.MOST_IN_FULL = 100
        near = analyse(texts, judge=judge)
        reading = many.read_crowd(judge, texts, evidence=[], names_none=0.5)
    finally:
        many.MOST_IN_FULL = limit
    a, b = camp_labels(whole), camp_labels(near)
    assert whole.belonging is not None
    mine = np.array(reading.on_map)
    upper = np.triu_indices(len(mine), 1)
    rank = spearmanr(whole.belonging[np.ix_(mine, mine)][upper], reading.belonging_on_map[upper]).statistic
    return [
        kind, f"{whole.agreement.estimate:.3f} / {near.agreement.estimate:.3f}",
        f"{whole.strategies.estimate} / {near.strategies.estimate} (true {len(set(truth))})",
        f"{adjusted_rand_score(a, b):.2f}",
        f"{adjusted_rand_score(truth, a):.2f} / {adjusted_rand_score(truth, b):.2f}", f"{rank:.2f}",
    ]  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 1_000, 10_000])
    parser.add_argument("--kinds", nargs="+", default=["many strategies", "few strategies"])
    parser.add_argument("--one", nargs=2, metavar=("N", "KIND"), help="one size in this process, as JSON")
    parser.add_argument("--out", type=Path, help="also write the tables to this file")
    args = parser.parse_args()
    if args.one:
        print(json.dumps(one_size(int(args.one[0]), args.one[1])))
        return
    rows: dict[str, list[str]] = {}
    for kind in args.kinds:
        for n in args.sizes:
            command = [sys.executable, "-m", "benchmarks.scale", "--one", str(n), kind]
            said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            found = json.loads(said.strip().splitlines()[-1])
            rows[f"{found['n']:,} answers, {kind}"] = [
                f"{found['encoding']:.1f} s", f"{found['n'] / found['encoding']:.0f} a second",
                f"{found['analysis']:.1f} s", f"{found['memory']:.0f} MB", f"{found['document']:.2f} MB",
                f"{found['strategies']} ({found['truth']})", f"{found['rand']:.2f}",
            ]  # fmt: skip
            print(list(rows.items())[-1], flush=True)
    header = [
        "encoding",
        "throughput",
        "the rest",
        "memory above the model's",
        "document",
        "strategies (true)",
        "ARI",
    ]
    report = [table("Time and memory by number of answers, processor time of one core", header, rows)]
    companies = split(read_all())["validation"]
    report.append(table(
        "Exact against sampled posterior, teams of ten: mean (largest) difference",
        ["teams", "belonging", "agreement", "same number", "same interval"],
        {"exact / sampled": exact_against_sampled(companies)},
    ))  # fmt: skip
    report.append(table(
        "All pairs against near pairs, 250 answers",
        ["kind", "agreement", "strategies", "ARI between them", "ARI with the truth", "belonging, rank r"],
        {str(k + 1): near_against_all(companies, kind) for k, kind in enumerate(args.kinds)},
    ))  # fmt: skip
    text = "\n".join(report)
    print(text)
    if args.out:
        args.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
