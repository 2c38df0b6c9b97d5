"""A judge that knows the truth, for tests that are about what follows from a judgement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from app.analysis.judge import PairJudgements, PosteriorSettings


class FirstWordJudge:
    """Answers with the same first word state the same strategy.

    The word "vague" names no strategy, "riddle" is hard to read, and "north" and "south" exclude each other.
    `sure` is P(same) for the same first word, and 1 - P(same) for another.
    """

    def __init__(self, sure: float = 0.9, assesses: bool = False) -> None:
        self.sure = sure
        self.assesses = assesses
        self.posterior = PosteriorSettings(temperature=1.0, offset=0.0)
        self.facts: dict[str, Any] = {"model": "none", "caveats": ["This judge looks at the first word."]}
        self.name = "first word"
        self.fingerprint = f"first-word:{sure}"

    def judge(self, texts: Sequence[str]) -> PairJudgements:
        first = np.array([text.split()[0].casefold().strip(".") for text in texts], dtype=object)
        same = np.where(first[:, None] == first[None, :], self.sure, 1.0 - self.sure).astype(float)
        opposed = np.full(same.shape, 0.05)
        for i, a in enumerate(first):
            for j, b in enumerate(first):
                if {a, b} == {"north", "south"}:
                    opposed[i, j] = 0.8
        np.fill_diagonal(same, 1.0)
        np.fill_diagonal(opposed, 0.0)
        if not self.assesses:
            return PairJudgements(same, opposed)
        names = np.where(first == "vague", 0.1, 0.95).astype(float)
        legible = np.where(first == "riddle", 0.2, 0.9).astype(float)
        return PairJudgements(same, opposed, names, legible)
