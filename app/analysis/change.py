"""Rounds against each other and against the thesis: did the team really move?

Only people who answered in both rounds are compared, so that turnover neither looks like movement nor
hides it. If somebody merely found other words, it is chance which of the two wordings came first; so the
test swaps each person's two answers between the rounds, in every possible way, and asks how often chance
alone moves the team as far (a paired sign-flip permutation test). It holds its level whatever the judge
does, because the judge never learns which round an answer is from.

For the thesis the statistic is the sum over people of P(later answer = thesis) - P(earlier = thesis).
For agreement the pairs share people, and are no separate witnesses. But swapping answers makes the change
in summed similarity

    D = sum over i < j of S(later i, later j) - S(earlier i, earlier j)

a sum over people, D = sum over i of sign_i * c_i, with

    c_i = 1/2 * sum over j != i of [S(later i, later j) + S(later i, earlier j)
                                  - S(earlier i, earlier j) - S(earlier i, later j)]

where S is P(same), judged for all answers of both rounds together: how much closer a person's later
answer is to everybody else's answers, early and late, than the earlier one was. So one test serves both.
With hundreds of people everybody else is a sample of them: c_i changes its sign with person i's swap and
with nobody else's, whoever the others are, so that the test holds its level all the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from app.analysis import many, partitions
from app.analysis.divergence import (
    FEWEST,
    NAMES_NONE,
    SEED,
    Progress,
    agreement_among,
    judged_texts,
    method_card,
)
from app.analysis.judge import Judge, PairJudgements
from app.analysis.movement import FEWEST_ROUNDS, MOST_ANSWERS, movement
from app.analysis.result import (
    UNKNOWN,
    Change,
    Estimate,
    Matrix,
    Measure,
    Movement,
    RoundReading,
    Tracking,
    Verdict,
)
from app.analysis.texts import Screened, readable_part, same_words, screen

FEWEST_PAIRS = 6  # with five pairs the smallest two-sided p is 2/32, above the level
LEVEL = 0.05
EXACT_PAIRS = 16
RESAMPLES = 20_000
REFERENCE = 100  # people that each is compared with, where there are too many for all

QUOTED_RUN = 6  # so many words in a row, word for word as in the thesis, are a quotation
QUOTED_SHARE = 0.5  # an answer that consists of quotations by this share is quoting

Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Round:
    """One round of answers. people: who wrote which, by any stable name; None where it is not known."""

    label: str
    people: tuple[str | None, ...]
    texts: tuple[str, ...]

    def __post_init__(self) -> None:
        if len(self.people) != len(self.texts):
            raise ValueError(f"Round {self.label}: {len(self.texts)} answers but {len(self.people)} people.")
        twice = [name for name, times in Counter(self.people).items() if name is not None and times > 1]
        if twice:
            raise ValueError(f"Round {self.label}: {twice[0]} has more than one answer.")


def compare_rounds(
    rounds: Sequence[Round],
    *,
    judge: Judge,
    thesis: str | None = None,
    progress: Progress | None = None,
) -> Tracking:
    """Read every round, and every change between neighbours and from the first to the last.

    rounds: in the order of time. thesis: the agreed text, or None (then nothing is said about it).

    Each round: agreement as in divergence.analyse; agreement with the thesis as the mean P(answer and
    thesis state the same strategy), its interval the 10 % and 90 % points of the share of people who
    state the thesis when each does with that probability; answers that quote the thesis are marked and
    left out of it. Unknown under three answers.

    Each change: the difference (same people only, from three people on), a two-sided p value (from six
    people on), and the verdict: "converging" or "diverging" where p <= 0.05, otherwise "no clear change",
    or "cannot tell" under six people. Every change is tested on its own.

    From three rounds on, with a thesis: the movement of the whole series (movement.py). It is no test.
    """
    report = progress or (lambda _what, _share: None)
    target = _screened_thesis(thesis)
    agreements = _Agreements(judge)
    readings = []
    for place, round_ in enumerate(rounds):
        report(f"Reading {round_.label}", place / (2 * len(rounds)))
        readings.append(_read(round_, target, judge, agreements))
    changes: list[Change] = []
    steps = list(pairwise(range(len(rounds))))
    if len(rounds) > 2:
        steps.append((0, len(rounds) - 1))
    for place, (a, b) in enumerate(steps):
        report("Comparing the rounds", 0.5 + place / (2 * len(steps)))
        changes += _compare(rounds[a], rounds[b], target, judge, agreements)
    report("Done", 1.0)
    n = sum(len(round_.texts) for round_ in rounds)
    card = method_card(judge, n=n, n_read=sum(reading.n_read for reading in readings), exact=None)
    for key in ("posterior", "temperature", "camp_weight", "evidence"):
        del card[key]  # these differ from round to round
    card |= {"test": "paired sign flip, same people, two-sided", "level": LEVEL, "fewest_pairs": FEWEST_PAIRS}
    return Tracking(
        tuple(readings),
        tuple(changes),
        _movement(rounds, target, judge),
        card,
        tuple(_notes(readings, changes, thesis, target, judge)),
    )


def sign_flip(contributions: Vector) -> float:
    """Two-sided p value of a sum whose terms could each as well have had the other sign.

    contributions (n,): each person's part of the change. Exact over all 2^n signs up to 16 people,
    20,000 seeded draws above. 1 when nothing moved; never below 2 / 2^n.

    >>> sign_flip(np.ones(9)) == 2 / 512
    True
    """
    n = len(contributions)
    total = abs(float(contributions.sum()))
    slack = 1e-9 * float(np.abs(contributions).sum()) + 1e-15
    if n <= EXACT_PAIRS:
        signs = 1.0 - 2.0 * ((np.arange(2**n)[:, None] >> np.arange(n)) & 1)
        return float(np.mean(np.abs(signs @ contributions) >= total - slack))
    rng = np.random.default_rng(SEED)
    signs = rng.integers(0, 2, (RESAMPLES, n)) * 2.0 - 1.0
    as_far = int(np.sum(np.abs(signs @ contributions) >= total - slack))
    return (as_far + 1) / (RESAMPLES + 1)


def contributions_to_agreement(pooled: Matrix) -> Vector:
    """Each person's part c_i of the change in agreement, (n,); see the top of this file.

    pooled (2n, 2n): P(same) for the earlier answers of n people, then their later ones.
    """
    return contributions_beside(pooled, range(len(pooled) // 2))


def contributions_beside(pooled: Matrix, others: Sequence[int]) -> Vector:
    """Each person's part c_i with some people as everybody else, in the size that all would give it, (n,).

    pooled (2n, 2m): P(same) of the earlier answers of n people, then their later ones, with the earlier answers of
    `others` (m of the n), then their later ones. Needs a person beside each.
    """
    n, m = len(pooled) // 2, len(others)
    mine = np.asarray(others)[None] == np.arange(n)[:, None]
    rows = np.where(np.tile(mine, (2, 2)), 0.0, pooled).sum(axis=1)
    return np.asarray((rows[n:] - rows[:n]) / 2.0 * (n - 1) / (m - mine.sum(axis=1)))


def quoted_share(answer: str, thesis: str) -> float:
    """Share of an answer's words that stand in runs of six or more as in the thesis, 0 to 1.

    >>> thesis = "We are the only paper supplier whose customers always reach a person."
    >>> quoted_share("the only paper supplier whose customers always reach a person!", thesis)
    1.0
    >>> quoted_share("Answer the phone, always.", thesis)
    0.0
    """
    mine, theirs = same_words(answer).split(), same_words(thesis).split()
    if not mine or not theirs:
        return 0.0
    least = min(QUOTED_RUN, len(theirs))
    blocks = SequenceMatcher(None, mine, theirs, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks if block.size >= least) / len(mine)


def share_interval(chances: Vector) -> Estimate:
    """The share of people who do a thing that each does with a chance of their own, independently.

    estimate: the mean chance. Interval: 10 % and 90 % points of the Poisson binomial distribution.

    >>> share_interval(np.array([1.0, 1.0, 0.0, 0.0]))
    Estimate(estimate=0.5, low=0.5, high=0.5)
    """
    distribution = np.ones(1)
    for chance in chances:
        distribution = np.convolve(distribution, [1.0 - chance, chance])
    n = len(chances)
    low, high = partitions.weighted_interval(np.arange(n + 1) / n, distribution)
    mean = float(np.mean(chances))
    return Estimate(mean, min(low, mean), max(high, mean))


class _Agreements:
    """The agreement among answers, read once: where nobody came or went, a round and its changes ask for the same."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self._known: dict[tuple[str, ...], Estimate] = {}

    def among(self, screened: Sequence[Screened]) -> Estimate:
        key = tuple(item.text for item in screened if item.is_readable)
        if key not in self._known:
            self._known[key] = agreement_among(screened, judge=self._judge)
        return self._known[key]


def _screened_thesis(thesis: str | None) -> Screened | None:
    if thesis is None:
        return None
    (screened,) = screen([thesis])
    return screened if screened.is_readable else None


def _read(round_: Round, thesis: Screened | None, judge: Judge, agreements: _Agreements) -> RoundReading:
    screened = screen(round_.texts)
    agreement = agreements.among(screened)
    quoting: list[str] = []
    with_thesis = UNKNOWN
    if thesis is not None:
        is_quoting = [_is_quoting(item, thesis) for item in screened]
        quoting = [
            name or f"answer {place + 1}"
            for place, (name, quotes) in enumerate(zip(round_.people, is_quoting, strict=True))
            if quotes
        ]
        own = [item for item, q in zip(screened, is_quoting, strict=True) if item.is_readable and not q]
        if len(own) >= FEWEST:
            with_thesis = share_interval(_with_thesis(judge, own, thesis))
    n_read = sum(item.is_readable for item in screened)
    return RoundReading(round_.label, len(screened), n_read, agreement, with_thesis, tuple(quoting))


def _compare(
    earlier: Round, later: Round, thesis: Screened | None, judge: Judge, agreements: _Agreements
) -> list[Change]:
    before, after = _by_person(earlier), _by_person(later)
    joined = tuple(name for name in after if name not in before)
    left = tuple(name for name in before if name not in after)
    both = [name for name in before if name in after]

    def change(measure: Measure, usable: list[str], difference: float | None, parts: Vector | None) -> Change:
        p_value = None if parts is None else sign_flip(parts)
        verdict = _verdict(difference, parts, p_value)
        return Change(
            earlier.label, later.label, measure, len(usable), difference, p_value, verdict, joined, left
        )

    readable = [name for name in both if before[name].is_readable and after[name].is_readable]
    changes = [change("agreement", readable, *_agreement_change(readable, before, after, judge, agreements))]
    if thesis is not None:
        own = [n for n in readable if not (_is_quoting(before[n], thesis) or _is_quoting(after[n], thesis))]
        changes.append(change("thesis", own, *_thesis_change(own, before, after, thesis, judge)))
    return changes


def _agreement_change(
    people: list[str],
    before: dict[str, Screened],
    after: dict[str, Screened],
    judge: Judge,
    agreements: _Agreements,
) -> tuple[float | None, Vector | None]:
    if len(people) < FEWEST:
        return None, None
    first = [before[name] for name in people]
    second = [after[name] for name in people]
    was, now = agreements.among(first).estimate, agreements.among(second).estimate
    difference = None if was is None or now is None else now - was
    if len(people) < FEWEST_PAIRS:
        return difference, None
    if len(first) + len(second) > many.MOST_IN_FULL:
        texts = [readable_part(item) for item in (*first, *second)]
        n = len(first)
        others = many.drawn([" ".join(sorted((texts[i], texts[n + i]))) for i in range(n)], REFERENCE)
        few = [*others, *(n + i for i in others)]
        return difference, contributions_beside(
            many.same_as_few(judge, texts, few, names_none=NAMES_NONE), others
        )
    judged = judged_texts(judge, [*first, *second])
    return difference, contributions_to_agreement(judged.same * np.outer(*[_strategic(judged)] * 2))


def _thesis_change(
    people: list[str],
    before: dict[str, Screened],
    after: dict[str, Screened],
    thesis: Screened,
    judge: Judge,
) -> tuple[float | None, Vector | None]:
    if len(people) < FEWEST:
        return None, None
    # All in one judgement: a judge that reads answers in the light of the others must not see two lights.
    both = [*(before[name] for name in people), *(after[name] for name in people)]
    was, now = np.split(_with_thesis(judge, both, thesis), 2)
    parts = np.asarray(now - was)
    return float(parts.mean()), parts if len(people) >= FEWEST_PAIRS else None


def _with_thesis(judge: Judge, answers: Sequence[Screened], thesis: Screened) -> Vector:
    """P(the answer states the thesis), (n,); 0 for answers that name no strategy."""
    if len(answers) >= many.MOST_IN_FULL:
        texts = [readable_part(item) for item in (*answers, thesis)]
        return many.same_as_few(judge, texts, [len(answers)], names_none=NAMES_NONE)[:-1, 0]
    judged = judged_texts(judge, [*answers, thesis])
    return np.asarray(judged.same[:-1, -1] * _strategic(judged)[:-1])


def _strategic(judged: PairJudgements) -> Vector:
    if judged.names_strategy is None:
        return np.ones(len(judged.same))
    return (judged.names_strategy >= NAMES_NONE).astype(np.float64)


def _movement(rounds: Sequence[Round], thesis: Screened | None, judge: Judge) -> Movement | None:
    """Where the whole series goes, by what people say in their own words; None where that cannot be told."""
    if thesis is None or len(rounds) < FEWEST_ROUNDS:
        return None
    kept = [
        (place, item)
        for place, round_ in enumerate(rounds)
        for item in screen(round_.texts)
        if item.is_readable and not _is_quoting(item, thesis)
    ]
    sizes = Counter(place for place, _ in kept)
    if len(kept) > MOST_ANSWERS or any(sizes[place] < FEWEST for place in range(len(rounds))):
        return None
    judged = judged_texts(judge, [*(item for _, item in kept), thesis])
    same = judged.same * np.outer(*[_strategic(judged)] * 2)
    return movement(same[:-1, :-1], same[:-1, -1], [place for place, _ in kept])


def _verdict(difference: float | None, parts: Vector | None, p_value: float | None) -> Verdict:
    if difference is None or parts is None or p_value is None:
        return "cannot tell"
    direction = float(parts.sum())
    # The difference and the test read the same answers in two ways; where they point apart, neither counts.
    if p_value > LEVEL or direction * difference <= 0:
        return "no clear change"
    return "converging" if direction > 0 else "diverging"


def _is_quoting(answer: Screened, thesis: Screened) -> bool:
    return answer.is_readable and quoted_share(answer.text, thesis.text) >= QUOTED_SHARE


def _by_person(round_: Round) -> dict[str, Screened]:
    screened = screen(round_.texts)
    return {name: item for name, item in zip(round_.people, screened, strict=True) if name is not None}


def _notes(
    readings: Sequence[RoundReading],
    changes: Sequence[Change],
    thesis: str | None,
    target: Screened | None,
    judge: Judge,
) -> list[str]:
    notes = [
        f"{reading.label}: {reading.n - reading.n_read} of {reading.n} answers could not be read."
        for reading in readings
        if reading.n_read < reading.n
    ]
    if thesis is not None and target is None:
        notes.append("The thesis could not be read, so nothing is said about agreement with it.")
    for reading in readings:
        if reading.quoting:
            notes.append(
                f"{reading.label}: {', '.join(reading.quoting)} quoted the thesis word for word; that is not counted "
                "as agreement with it."
            )
    if any(change.verdict == "cannot tell" for change in changes):
        notes.append("A change can be told from chance only when six people or more answered in both rounds.")
    if readings:
        notes += [str(note) for note in judge.facts.get("caveats", ())]
    return notes
