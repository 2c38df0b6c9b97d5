"""How far people get and how long a question takes: counted as they go, never kept of anybody.

What is stored are counts per question: who reached it, who went on, and how many took up to so many seconds. In
Unattributed mode no time is counted at all. Why: docs/decisions/0008-times-are-learnt-as-counts.md.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.surveys.confidentiality import MIN_ANSWERS_WITHOUT_NAMES
from app.surveys.models import (
    Confidentiality,
    Question,
    QuestionCount,
    QuestionTime,
    Round,
    RoundState,
    Series,
)

# Seconds. Coarse on purpose: a step holds many people, and tells little of one.
STEPS = (5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 300, 420, 600, 900, 1_800)
# Below this many nothing is shown, and nothing is learnt.
MIN_PEOPLE = MIN_ANSWERS_WITHOUT_NAMES


@dataclass(frozen=True)
class QuestionStatistics:
    """How one question went: people who reached it, went on from it, stopped at it, and their median time.

    None: not told, because fewer people are behind it than the round shows answers of, or, where answers have no names, because the round
    still runs and a count that moves by one would tell of one person.
    """

    question: Question
    n_reached: int | None
    n_left: int | None
    n_stopped: int | None
    median_seconds: float | None


def count_reached(session: Session, *, question: Question) -> None:
    """One more person got to this question. The caller has the round locked, as with the other two."""
    count = session.get(QuestionCount, question.id, populate_existing=True)
    if count is None:
        session.add(QuestionCount(question_id=question.id, n_reached=1, n_left=0))
    else:
        count.n_reached += 1
    session.flush()


def count_left(session: Session, *, question: Question, seconds: int | None, mode: str) -> None:
    """One more person went on from this question, after so many seconds where that is known."""
    count = session.get(QuestionCount, question.id, populate_existing=True)
    if count is not None and count.n_left < count.n_reached:
        count.n_left += 1
    if seconds is None or mode == Confidentiality.UNATTRIBUTED or not 0 < seconds <= STEPS[-1]:
        return
    step = STEPS[bisect_left(STEPS, seconds)]
    time = session.get(QuestionTime, (question.id, step), populate_existing=True)
    if time is None:
        session.add(QuestionTime(question_id=question.id, up_to=step, n=1))
    else:
        time.n += 1
    session.flush()


def question_statistics(session: Session, *, round_: Round) -> list[QuestionStatistics]:
    """Drop-off and median time for each question of the round, in its order."""
    counts = {
        count.question_id: count
        for count in session.scalars(
            select(QuestionCount).join(Question).where(Question.round_id == round_.id)
        )
    }
    times: dict[int, dict[int, int]] = defaultdict(dict)
    for time in session.scalars(select(QuestionTime).join(Question).where(Question.round_id == round_.id)):
        times[time.question_id][time.up_to] = time.n
    may_tell = round_.confidentiality == Confidentiality.NAMED or round_.state == RoundState.CLOSED
    told = []
    for question in round_.questions:
        count = counts.get(question.id)
        if count is None or not may_tell or count.n_reached < round_.min_answers:
            told.append(QuestionStatistics(question, None, None, None, None))
            continue
        told.append(
            QuestionStatistics(
                question=question,
                n_reached=count.n_reached,
                n_left=count.n_left,
                n_stopped=count.n_reached - count.n_left,
                median_seconds=median_of(times[question.id], fewest=round_.min_answers),
            )
        )
    return told


def paces_of(session: Session, *, organisation_id: int) -> dict[str, float]:
    """The median seconds for each kind of question over the organisation's closed rounds, where enough is known."""
    rows = session.execute(
        select(Question.kind, QuestionTime.up_to, func.sum(QuestionTime.n))
        .join(Question, Question.id == QuestionTime.question_id)
        .join(Round, Round.id == Question.round_id)
        .join(Series, Series.id == Round.series_id)
        .where(Series.organisation_id == organisation_id, Round.state == RoundState.CLOSED)
        .group_by(Question.kind, QuestionTime.up_to)
    )
    by_kind: dict[str, dict[int, int]] = defaultdict(dict)
    for kind, up_to, n in rows:
        by_kind[kind][up_to] = int(n)
    medians = {kind: median_of(counts) for kind, counts in by_kind.items()}
    return {kind: median for kind, median in medians.items() if median is not None}


def median_of(counts: Mapping[int, int], *, fewest: int = MIN_PEOPLE) -> float | None:
    """The median of times that were counted in `STEPS`, as if spread evenly in each; None below `fewest`.

    >>> median_of({30: 4, 60: 4})
    30.0
    >>> median_of({5: 1, 30: 8, 1800: 1})
    25.0
    """
    total = sum(counts.values())
    if total < fewest:
        return None
    so_far = 0
    for place, up_to in enumerate(STEPS):
        n = counts.get(up_to, 0)
        if so_far + n >= total / 2:
            low = STEPS[place - 1] if place else 0
            return low + (up_to - low) * (total / 2 - so_far) / n
        so_far += n
    return None
