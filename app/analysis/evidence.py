"""What people say about a pair of answers, as evidence beside the judge's.

Two kinds of opinion are worth the same question, "do these two answers state the same strategy?":

- *votes* of the echo check: the author of one answer reads another one and says "the same strategy as mine", "a
  different one", "the opposite of mine" or "can't tell". Both directions of a pair count, as two voters.
- *corrections* by the facilitator, with a reason. One correction counts as CORRECTION_VOTES votes: stronger than
  any two people can be, and still finite, so that many votes and readings against it can outweigh it.

Evidence adds up as log odds:

    logit P(same_ij) = logit(judge_ij) + sum over opinions of votes * log( P(verdict | same) / P(verdict | not same) )

How often a voter says what is fixed by three constants. A voter answers up to two questions and errs alike in both:
"Is it the same?", and if not, "Is it the opposite?". A thing that is so is called so with probability HIT, a thing
that is not is called so with probability FALSE_ALARM. Two answers that are not the same exclude each other with
probability OPPOSED_SHARE: in the training companies 833 of 4,170 pairs of strategies do (six strategies in each of
278 companies). That gives

    | P(verdict given the pair) | same | different | opposite | not same (8 in 10 different, 2 in 10 opposite) |
    |---------------------------|------|-----------|----------|----------------------------------------------|
    | "the same"                | .850 | .100      | .100     | .100                                         |
    | "a different one"         | .135 | .810      | .135     | .675                                         |
    | "the opposite"            | .015 | .090      | .765     | .225                                         |
    | log odds for same         |      |           |          | +2.140, -1.609, -2.708                       |

"Can't tell" says nothing: people who cannot tell do so whatever the pair, so its log odds are 0.

Source: docs/measures-in-code.md, "Evidence from people"; the voter of two rates is the observer model of Dawid & Skene
(1979) with the rates fixed instead of fitted, because a team of nine is too small to fit them.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from app.analysis.divergence import excluding, oppositions
from app.analysis.result import Analysis, Matrix

Verdict: TypeAlias = Literal["same", "different", "opposite", "unsure"]
Truth: TypeAlias = Literal["same", "different", "opposite"]

HIT = 0.85
FALSE_ALARM = 0.10
OPPOSED_SHARE = 0.20
CORRECTION_VOTES = 5.0


@dataclass(frozen=True)
class Opinion:
    """What one person says about two answers, by their numbers; `votes`: how many votes it counts as."""

    first: int
    second: int
    verdict: Verdict
    votes: float = 1.0


def likelihoods() -> dict[Verdict, dict[Truth, float]]:
    """P(verdict | what the pair is), the first three columns of the table above.

    Each column sums to 1 without "unsure", whose row is 1 throughout: it carries no information.

    >>> table = likelihoods()
    >>> [round(table["different"][truth], 3) for truth in ("same", "different", "opposite")]
    [0.135, 0.81, 0.135]
    >>> all(math.isclose(sum(table[v][t] for v in ("same", "different", "opposite")), 1) for t in table["same"])
    True
    """
    says_same: dict[Truth, float] = {"same": HIT, "different": FALSE_ALARM, "opposite": FALSE_ALARM}
    says_opposite: dict[Truth, float] = {"same": FALSE_ALARM, "different": FALSE_ALARM, "opposite": HIT}
    return {
        "same": says_same,
        "different": {truth: (1 - says_same[truth]) * (1 - says_opposite[truth]) for truth in says_same},
        "opposite": {truth: (1 - says_same[truth]) * says_opposite[truth] for truth in says_same},
        "unsure": {"same": 1.0, "different": 1.0, "opposite": 1.0},
    }


def log_odds_of(verdict: Verdict) -> float:
    """log( P(verdict | same) / P(verdict | not same) ) of one vote; natural logarithm, 0 where it says nothing.

    >>> [round(log_odds_of(v), 3) for v in ("same", "different", "opposite", "unsure")]
    [2.14, -1.609, -2.708, 0.0]
    """
    given = likelihoods()[verdict]
    not_same = (1 - OPPOSED_SHARE) * given["different"] + OPPOSED_SHARE * given["opposite"]
    return math.log(given["same"] / not_same)


def evidence_of(opinions: Iterable[Opinion]) -> list[tuple[int, int, float]]:
    """The opinions as `analyse(..., evidence=...)` takes them: (i, j, log odds for same), one entry a pair.

    i < j, in order; opinions on (j, i) count for (i, j). Pairs about which nothing was said that says anything are
    not in it. Raises ValueError for an answer compared with itself.

    >>> evidence = evidence_of([Opinion(0, 2, "same"), Opinion(2, 0, "same"), Opinion(0, 1, "unsure")])
    >>> [(i, j, round(x, 2)) for i, j, x in evidence]  # two voters of 2.14 each
    [(0, 2, 4.28)]
    """
    total: dict[tuple[int, int], list[float]] = {}
    for opinion in opinions:
        if opinion.verdict != "unsure":
            total.setdefault(_pair(opinion), []).append(opinion.votes * log_odds_of(opinion.verdict))
    # fsum, so that the order in which people voted cannot change the last digit.
    return [(i, j, math.fsum(parts)) for (i, j), parts in sorted(total.items())]


def updated_opposed(same: Matrix, opposed: Matrix, opinions: Iterable[Opinion]) -> Matrix:
    """P(opposed) after the opinions, (n, n), symmetric; pairs without an opinion keep the judge's.

    Bayes over the three things that a pair can be, with the judge's (same, different, opposed) as prior:

        P(opposed | verdicts) = opposed * L(opposite) / whole
        whole = same * L(same) + different * L(different) + opposed * L(opposite)

    L: product of the likelihoods, each to the power of its votes. NaN (an answer that was not read) stays NaN.

    >>> import numpy as np
    >>> same, opposed = np.array([[1.0, 0.3], [0.3, 1.0]]), np.array([[0.0, 0.1], [0.1, 0.0]])
    >>> updated_opposed(same, opposed, [Opinion(0, 1, "opposite")])[0, 1].round(3)  # .0765 / (.0045 + .054 + .0765)
    np.float64(0.567)
    """
    logs: dict[tuple[int, int], dict[Truth, list[float]]] = {}
    table = likelihoods()
    for opinion in opinions:
        if opinion.verdict == "unsure":
            continue
        of_pair = logs.setdefault(_pair(opinion), {"same": [], "different": [], "opposite": []})
        for truth, parts in of_pair.items():
            parts.append(opinion.votes * math.log(table[opinion.verdict][truth]))
    result = opposed.copy()
    for (i, j), of_pair in logs.items():
        prior = {"same": same[i, j], "different": 1.0 - same[i, j] - opposed[i, j], "opposite": opposed[i, j]}
        top = max(math.fsum(parts) for parts in of_pair.values())
        weight = {t: max(prior[t], 0.0) * math.exp(math.fsum(parts) - top) for t, parts in of_pair.items()}
        whole = math.fsum(weight.values())
        if whole > 0.0:
            result[i, j] = result[j, i] = weight["opposite"] / whole
    return result


def with_opinions_on_opposites(analysis: Analysis, opinions: Sequence[Opinion]) -> Analysis:
    """The analysis with `opposed`, and the opposition between its camps, brought up to the opinions.

    `analyse` adds log odds for "same" alone; this is the other half. The camps stay as they are. Where there are too
    many answers to look at every pair (many.py) nothing is changed.
    """
    if analysis.same is None or analysis.opposed is None or analysis.belonging is None:
        return analysis
    opinions = tuple(opinions)
    opposed = updated_opposed(analysis.same, analysis.opposed, opinions)
    exclusive = excluding(analysis.same, opposed, analysis.belonging)
    # The opinions have moved `opposed` past what the judge alone left for it: what people said of a pair stands, as
    # far as the posterior leaves room for it.
    for i, j in {_pair(opinion) for opinion in opinions if opinion.verdict != "unsure"}:
        exclusive[i, j] = exclusive[j, i] = min(opposed[i, j], 1.0 - analysis.belonging[i, j])
    return dataclasses.replace(analysis, opposed=opposed, oppositions=oppositions(analysis.camps, exclusive))


def constants() -> Mapping[str, Any]:
    """For the method card: what one opinion is taken to be worth."""
    return {
        "hit": HIT,
        "false_alarm": FALSE_ALARM,
        "opposed_share": OPPOSED_SHARE,
        "correction_votes": CORRECTION_VOTES,
        "log_odds": {
            verdict: round(log_odds_of(verdict), 6) for verdict in ("same", "different", "opposite", "unsure")
        },
    }


def _pair(opinion: Opinion) -> tuple[int, int]:
    if opinion.first == opinion.second:
        raise ValueError(f"Answer {opinion.first} is compared with itself.")
    return (min(opinion.first, opinion.second), max(opinion.first, opinion.second))
