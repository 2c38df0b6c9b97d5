"""Key points of arguments (ArgKP-2021) read by a judge that was trained on strategies: python -m benchmarks.validity --argkp FOLDER

FOLDER holds arguments_<part>.csv, key_points_<part>.csv and labels_<part>.csv of the data set (Bar-Haim et al. 2020, and
the shared task on key point analysis, Friedman et al. 2021; CDLA-Sharing 1.0, not part of this project), in it or below
it. The test part is read, or the development part where there is none. Nothing here was trained on arguments.

Two questions. Within one topic: do two arguments make the same point, against pairs of the same stance that make other
points, and against pairs of opposite stance? (Area under the ROC curve.) And key point matching as the shared task defines
it: every argument gets its best key point of the same topic and stance; of each topic and stance the half with the highest
scores is kept; average precision times the share that is right, so that precision and yield both count; the mean over
topics and stances. A pair that the annotators left undecided counts as wrong (strict) or as right (relaxed).
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score, roc_auc_score

from benchmarks.tables import table

Matrix = NDArray[np.float64]
Similarity = Callable[[list[str]], Matrix]
PARTS = ("test", "dev")


@dataclass(frozen=True)
class Topic:
    """One topic: arguments and key points of both stances (+1, -1), and labels[argument, key point]: 1, 0, or -1."""

    name: str
    arguments: tuple[str, ...]
    argument_stance: NDArray[np.int64]
    key_points: tuple[str, ...]
    key_point_stance: NDArray[np.int64]
    labels: NDArray[np.int64]


def read_topics(folder: Path) -> list[Topic]:
    """The topics of the first part found; ValueError where the folder holds none."""
    for part in PARTS:
        found = sorted(folder.rglob(f"arguments_{part}.csv"))
        if found:
            return _read(found[0].parent, part)
    raise ValueError(f"There is no arguments_test.csv or arguments_dev.csv in {folder} or below it.")


def _read(folder: Path, part: str) -> list[Topic]:
    arguments, key_points, labels = (
        _rows(folder / f"{name}_{part}.csv") for name in ("arguments", "key_points", "labels")
    )
    said = {(row["arg_id"], row["key_point_id"]): int(float(row["label"])) for row in labels}
    by_topic: dict[str, tuple[list[dict[str, str]], list[dict[str, str]]]] = defaultdict(lambda: ([], []))
    for row in arguments:
        by_topic[row["topic"]][0].append(row)
    for row in key_points:
        by_topic[row["topic"]][1].append(row)
    return [
        Topic(
            name,
            tuple(row["argument"] for row in args),
            np.array([int(row["stance"]) for row in args]),
            tuple(row["key_point"] for row in points),
            np.array([int(row["stance"]) for row in points]),
            np.array(
                [[said.get((a["arg_id"], k["key_point_id"]), -1) for k in points] for a in args]
            ).reshape(len(args), len(points)),
        )
        for name, (args, points) in sorted(by_topic.items())
    ]


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def pair_auc(topics: Sequence[Topic], similarity: Similarity) -> tuple[float, float]:
    """Mean over topics of the AUC of pairs that make one point: against other points, and against the other stance."""
    other, opposite = [], []
    for topic in topics:
        score = similarity(list(topic.arguments))
        makes = (topic.labels == 1).astype(np.int64)
        i, j = np.triu_indices(len(makes), 1)
        both = (makes.sum(axis=1)[i] > 0) & (makes.sum(axis=1)[j] > 0)
        same = both & ((makes @ makes.T)[i, j] > 0)
        stance = topic.argument_stance[i] == topic.argument_stance[j]
        for negatives, found in ((both & ~same & stance, other), (~stance, opposite)):
            kept = same | negatives
            if same.any() and negatives.any():
                found.append(float(roc_auc_score(same[kept], score[i, j][kept])))
    return float(np.mean(other)), float(np.mean(opposite))


def matching(topics: Sequence[Topic], similarity: Similarity) -> tuple[float, float]:
    """Mean average precision of key point matching, strict and relaxed; see the top of this file."""
    strict, relaxed = [], []
    for topic in topics:
        for stance in (1, -1):
            mine = np.flatnonzero(topic.argument_stance == stance)
            points = np.flatnonzero(topic.key_point_stance == stance)
            if not len(mine) or not len(points):
                continue
            texts = [topic.arguments[i] for i in mine] + [topic.key_points[k] for k in points]
            score = similarity(texts)[: len(mine), len(mine) :]
            best = score.argmax(axis=1)
            label = topic.labels[mine, points[best]]
            strict.append(upper_half_precision(score.max(axis=1), label == 1))
            relaxed.append(upper_half_precision(score.max(axis=1), label != 0))
    return float(np.mean(strict)), float(np.mean(relaxed))


def upper_half_precision(score: Matrix, right: NDArray[np.bool_]) -> float:
    """Average precision over the half with the highest scores, times the share of it that is right.

    >>> upper_half_precision(np.array([0.9, 0.8, 0.2, 0.1]), np.array([True, False, True, True]))
    0.5
    """
    kept = np.argsort(-score, kind="stable")[: len(score) // 2]
    if not right[kept].any():
        return 0.0
    return float(average_precision_score(right[kept], score[kept]) * right[kept].mean())


def report(folder: Path, methods: dict[str, Similarity]) -> str:
    topics = read_topics(folder)
    rows = {
        name: [f"{value:.2f}" for value in (*pair_auc(topics, similar), *matching(topics, similar))]
        for name, similar in methods.items()
    }
    header = ["same point against another", "against the other stance", "matching, strict", "relaxed"]
    n = sum(len(topic.arguments) for topic in topics)
    return table(f"ArgKP-2021: {n} arguments on {len(topics)} topics, none seen in training", header, rows)
