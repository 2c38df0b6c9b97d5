"""The result types of the analysis, and the documents that they become.

Everything is frozen. `to_document()` gives plain lists, dictionaries, strings, integers, floats (six
decimal places) and None, ready for JSON; the same input always gives the same document. Pages, exports
and the command line render these documents and compute nothing.

Conventions: people and answers are numbered from 0 in input order; probabilities lie between 0 and 1;
intervals hold 80 % of the probability; None means "not known" and never stands for a number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

ANALYSIS_SCHEMA = "ninefold.analysis/1"
TRACKING_SCHEMA = "ninefold.tracking/1"
PLACES = 6

Matrix: TypeAlias = NDArray[np.float64]
Document: TypeAlias = dict[str, Any]
Reading: TypeAlias = Literal["clear", "hard to read", "no strategy named", "not read"]
Measure: TypeAlias = Literal["agreement", "thesis"]
Direction: TypeAlias = Literal["converge", "diverge", "stall", "wrong thesis", "polarise"]
Verdict: TypeAlias = Literal["converging", "diverging", "no clear change", "cannot tell"]


@dataclass(frozen=True)
class Estimate:
    """A number with its 80 % interval; all three are None where there is too little to tell."""

    estimate: float | None
    low: float | None
    high: float | None

    @property
    def is_known(self) -> bool:
        return self.estimate is not None

    def to_document(self) -> Document:
        return {"estimate": _number(self.estimate), "low": _number(self.low), "high": _number(self.high)}


UNKNOWN = Estimate(None, None, None)


@dataclass(frozen=True)
class Strategies:
    """How many strategies the answers name.

    estimate, low, high: posterior mode and 80 % interval of the number of camps (whole numbers).
    effective: posterior mean of exp(entropy of the camp shares), between 1 (one voice) and n (all differ).
    """

    estimate: int | None
    low: int | None
    high: int | None
    effective: float | None

    def to_document(self) -> Document:
        return {
            "estimate": self.estimate,
            "low": self.low,
            "high": self.high,
            "effective": _number(self.effective),
        }


@dataclass(frozen=True)
class Camp:
    """People who name the same strategy; may be one person. The largest camp comes first.

    representative: the member whose answer stands closest to the others' of the camp.
    cohesion: mean belonging over the pairs of members; None for a camp of one.
    """

    members: tuple[int, ...]
    representative: int
    cohesion: float | None = None

    def to_document(self) -> Document:
        return {
            "members": list(self.members),
            "representative": self.representative,
            "cohesion": _number(self.cohesion),
        }


@dataclass(frozen=True)
class Opposition:
    """Two camps (by position in `camps`) and the mean probability that their answers exclude each other
    (divergence.excluding).

    pair: the two answers, one of each camp, that do so most.
    """

    camps: tuple[int, int]
    probability: float
    pair: tuple[int, int]

    def to_document(self) -> Document:
        return {
            "camps": list(self.camps),
            "probability": _number(self.probability),
            "pair": list(self.pair),
        }


@dataclass(frozen=True)
class Answer:
    """How one answer was read.

    reading: "clear", "hard to read", "no strategy named", or "not read" (then `reason` is one of
        texts.REASONS and `note` says it as a sentence).
    camps: (camp, probability) for every camp that the answer belongs to with at least 0.05, best first.
    """

    reading: Reading
    camps: tuple[tuple[int, float], ...]
    reason: str | None = None
    note: str | None = None

    def to_document(self) -> Document:
        return {
            "reading": self.reading,
            "camps": [[camp, _number(probability)] for camp, probability in self.camps],
            "reason": self.reason,
            "note": self.note,
        }


@dataclass(frozen=True)
class Perception:
    """What people expected against what was measured; the same quantity, so the gap is a difference.

    guess: mean of the guesses, interval by bootstrap over people. gap: guess minus measured agreement.
    n: number of guesses.
    """

    n: int
    guess: Estimate
    gap: Estimate

    def to_document(self) -> Document:
        return {"n": self.n, "guess": self.guess.to_document(), "gap": self.gap.to_document()}


@dataclass(frozen=True)
class Point:
    """One answer on the map, with the box of its label.

    x, y: centre of the point; left, top, width, height: the label's box; all in map units, y downward.
    camp: position in `camps`, or None for an answer without one.
    """

    index: int
    camp: int | None
    x: float
    y: float
    label: str
    left: float
    top: float
    width: float
    height: float

    def to_document(self) -> Document:
        return {
            "index": self.index,
            "camp": self.camp,
            "x": _number(self.x),
            "y": _number(self.y),
            "label": self.label,
            "label_box": [_number(v) for v in (self.left, self.top, self.width, self.height)],
        }


@dataclass(frozen=True)
class Map:
    """The answers on a plane: near means likely the same strategy.

    Points have radius `radius`; no label box overlaps another label box or any point, and all lie
    within (0, 0) to (width, height). fit: share of the distances' structure that two dimensions can
    show, 0 to 1 (None where nothing is to be shown).
    """

    width: float
    height: float
    radius: float
    font_size: float
    points: tuple[Point, ...]
    fit: float | None

    def to_document(self) -> Document:
        return {
            "width": _number(self.width),
            "height": _number(self.height),
            "radius": _number(self.radius),
            "font_size": _number(self.font_size),
            "fit": _number(self.fit),
            "points": [point.to_document() for point in self.points],
        }


@dataclass(frozen=True)
class Headline:
    """The report in one sentence, and its parts for a page that sets the number large.

    sentence: the whole. who: "Nine executives". finding: "six strategies" or what stands instead.
    chance: "18 %" or None. range: "five to seven strategies are plausible" or None.
    """

    sentence: str
    who: str
    finding: str
    chance: str | None
    range: str | None

    def to_document(self) -> Document:
        return {
            "sentence": self.sentence,
            "who": self.who,
            "finding": self.finding,
            "chance": self.chance,
            "range": self.range,
        }


@dataclass(frozen=True)
class Analysis:
    """Everything that one round's answers say.

    same, opposed (n, n): the judge, pair by pair. belonging (n, n): probability that two answers stand
    in one camp. All symmetric; rows and columns of answers that were not read hold NaN (null in the
    document); all three None when there are too many answers to look at every pair (many.py). camps: of the partitions into `strategies.estimate` camps the one that minimises the
    expected variation of information; answers that were not read, or name no strategy, are in none.
    """

    identifier: str | int | None
    n: int
    n_read: int
    agreement: Estimate
    strategies: Strategies
    same: Matrix | None
    opposed: Matrix | None
    belonging: Matrix | None
    camps: tuple[Camp, ...]
    oppositions: tuple[Opposition, ...]
    answers: tuple[Answer, ...]
    perception: Perception | None
    map: Map
    headline: Headline
    method: Mapping[str, Any]
    notes: tuple[str, ...]

    def to_document(self) -> Document:
        """The analysis as `ninefold.analysis/1`; see docs/measures-in-code.md for every key."""
        return {
            "schema": ANALYSIS_SCHEMA,
            "id": self.identifier,
            "n": self.n,
            "n_read": self.n_read,
            "headline": self.headline.to_document(),
            "agreement": self.agreement.to_document(),
            "strategies": self.strategies.to_document(),
            "same": _matrix(self.same),
            "opposed": _matrix(self.opposed),
            "belonging": _matrix(self.belonging),
            "camps": [camp.to_document() for camp in self.camps],
            "opposition": [pair.to_document() for pair in self.oppositions],
            "answers": [answer.to_document() for answer in self.answers],
            "left_out": [
                {"index": index, "reason": answer.reason, "note": answer.note}
                for index, answer in enumerate(self.answers)
                if answer.reading == "not read"
            ],
            "perception": self.perception.to_document() if self.perception else None,
            "map": self.map.to_document(),
            "method": rounded(dict(self.method)),
            "notes": list(self.notes),
        }


@dataclass(frozen=True)
class RoundReading:
    """One round on the way.

    n: answers given; n_read: answers read. quoting: people (by name) whose answer copies a long stretch
    of the thesis; they are left out of the agreement with the thesis.
    """

    label: str
    n: int
    n_read: int
    agreement: Estimate
    thesis: Estimate
    quoting: tuple[str, ...]

    def to_document(self) -> Document:
        return {
            "label": self.label,
            "n": self.n,
            "n_read": self.n_read,
            "agreement": self.agreement.to_document(),
            "thesis": self.thesis.to_document(),
            "quoting": list(self.quoting),
        }


@dataclass(frozen=True)
class Change:
    """Whether one measure moved between two rounds, judged on the people who answered in both.

    difference: later minus earlier, the same people only; None where nobody is in both. p_value:
    two-sided, None under six people in both. joined, left: people in one of the two rounds only.
    """

    earlier: str
    later: str
    measure: Measure
    n_pairs: int
    difference: float | None
    p_value: float | None
    verdict: Verdict
    joined: tuple[str, ...]
    left: tuple[str, ...]

    def to_document(self) -> Document:
        return {
            "from": self.earlier,
            "to": self.later,
            "measure": self.measure,
            "pairs": self.n_pairs,
            "difference": _number(self.difference),
            "p_value": _number(self.p_value),
            "verdict": self.verdict,
            "joined": list(self.joined),
            "left": list(self.left),
        }


@dataclass(frozen=True)
class Movement:
    """Where a whole series goes; see movement.py.

    direction: "converge" toward the thesis, "diverge" from it, "stall", "wrong thesis" (toward each other on something
    else), "polarise" (the thesis and another view both gain). thesis, rival: the rises that decide, -1 to 1.
    """

    direction: Direction
    thesis: float
    rival: float

    def to_document(self) -> Document:
        return {
            "direction": self.direction,
            "thesis": _number(self.thesis),
            "rival": _number(self.rival),
        }


@dataclass(frozen=True)
class Tracking:
    """Several rounds against each other and, where there is one, against the thesis.

    movement: None without a thesis, and where there are too few rounds or too many answers to tell.
    """

    rounds: tuple[RoundReading, ...]
    changes: tuple[Change, ...]
    movement: Movement | None
    method: Mapping[str, Any]
    notes: tuple[str, ...]

    def to_document(self) -> Document:
        """The rounds as `ninefold.tracking/1`; see docs/measures-in-code.md for every key."""
        return {
            "schema": TRACKING_SCHEMA,
            "rounds": [reading.to_document() for reading in self.rounds],
            "changes": [change.to_document() for change in self.changes],
            "movement": self.movement.to_document() if self.movement else None,
            "method": rounded(dict(self.method)),
            "notes": list(self.notes),
        }


def rounded(value: Any) -> Any:
    """A copy of plain nested data with every float rounded to six places.

    >>> rounded({"a": [0.12345678, 1, None]})
    {'a': [0.123457, 1, None]}
    """
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(item) for item in value]
    return value


def _number(value: float | None) -> float | None:
    if value is None or value != value:
        return None
    return round(float(value), PLACES) + 0.0  # adding 0.0 turns -0.0 into 0.0


def _matrix(matrix: Matrix | None) -> list[list[float | None]] | None:
    if matrix is None:
        return None
    return [[_number(cast(float, cell)) for cell in row] for row in matrix.tolist()]
