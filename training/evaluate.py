"""How well pairs are told apart, tier by tier, on companies that the encoder has not seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from training.companies import Company
from training.head import DIFFERENT, OPPOSED, SAME
from training.losses import truth_of

Scores = NDArray[np.float64]
TIERS = {
    "plain": {"plain"},
    "realistic": {"plain", "indirect"},
    "all": {"plain", "indirect", "figurative"},
}


def pairs_of(
    company: Company, tiers: set[str]
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.int64]]:
    """Row, column and kind of every pair of the company's answers whose tiers are both in `tiers`."""
    kind = truth_of(company).kind.numpy()
    keep = [i for i, answer in enumerate(company.answers) if answer.tier in tiers]
    rows, columns = np.triu_indices(len(keep), 1)
    at = np.array(keep)
    return at[rows], at[columns], kind[at[rows], at[columns]]


def auc_table(
    companies: Sequence[Company], same: Sequence[Scores], opposed: Sequence[Scores] | None = None
) -> dict[str, float]:
    """Areas under the ROC curve over the pairs within companies, pooled over companies.

    same, opposed: one (n, n) matrix of scores a company, in the order of its answers.
    """
    found: dict[str, float] = {}
    for name, tiers in TIERS.items():
        parts = [pairs_of(company, tiers) for company in companies]
        kind = np.concatenate([k for _, _, k in parts])
        score = np.concatenate([s[i, j] for s, (i, j, _) in zip(same, parts, strict=True)])
        found[f"same {name}"] = float(roc_auc_score(kind == SAME, score))
        either = kind != DIFFERENT
        found[f"same/opposed {name}"] = float(roc_auc_score(kind[either] == SAME, score[either]))
        if opposed is not None:
            against = np.concatenate([s[i, j] for s, (i, j, _) in zip(opposed, parts, strict=True)])
            found[f"opposed {name}"] = float(roc_auc_score(kind == OPPOSED, against))
    return found


def text_auc(companies: Sequence[Company], score: Sequence[Scores], is_true: Callable[[str], bool]) -> float:
    """AUC of one score a text for a property of its tier; gists are left out."""
    values, truth = [], []
    for company, row in zip(companies, score, strict=True):
        for answer, value in zip(company.answers, row, strict=True):
            if answer.tier != "gist":
                values.append(value)
                truth.append(is_true(answer.tier))
    return float(roc_auc_score(truth, values))
