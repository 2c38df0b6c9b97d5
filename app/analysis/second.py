"""Would another judge tell the same story? The plain encoder's own reading, beside the judge's, for the method card."""

from __future__ import annotations

from itertools import combinations
from typing import Any

from app.analysis.judge import Judge
from app.analysis.result import Estimate, Strategies

MOST_ANSWERS = 60  # of more, a second reading would double the wait


def second_judge(judge: Judge) -> Judge | None:
    """The judge to compare with; None for a judge that has none."""
    found: Judge | None = getattr(judge, "second", None)
    return found


def beside(
    judge: Judge,
    first: tuple[Estimate, Strategies, list[int]],
    second: tuple[Estimate, Strategies, list[int]],
) -> dict[str, Any]:
    """Both readings side by side, as plain facts.

    first, second: agreement, number of strategies, and the camp of every answer that names a strategy. alike: the share
    of pairs that both put alike, together or apart (Rand 1971). same_story: the 80 % intervals overlap, of the number of
    strategies and of the agreement.
    """
    (agreement, strategies, camps), (others_agreement, others_strategies, others_camps) = first, second
    pairs = list(combinations(range(len(camps)), 2))
    alike = [(camps[i] == camps[j]) == (others_camps[i] == others_camps[j]) for i, j in pairs]
    return {
        "judge": judge.name,
        "fingerprint": judge.fingerprint,
        "model": judge.facts.get("model"),
        "strategies": others_strategies.to_document(),
        "agreement": others_agreement.to_document(),
        "alike": sum(alike) / len(alike) if alike else None,
        "same_story": overlap(
            (strategies.low, strategies.high), (others_strategies.low, others_strategies.high)
        )
        and overlap((agreement.low, agreement.high), (others_agreement.low, others_agreement.high)),
    }


def overlap(first: tuple[float | None, float | None], second: tuple[float | None, float | None]) -> bool:
    """Two intervals have a value in common; False where one is not known.

    >>> overlap((1, 3), (3, 5)), overlap((1, 2), (3, 5)), overlap((None, None), (3, 5))
    (True, False, False)
    """
    if first[0] is None or first[1] is None or second[0] is None or second[1] is None:
        return False
    return first[0] <= second[1] and second[0] <= first[1]
