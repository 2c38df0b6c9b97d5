"""Building the report of a round: read the rows, judge them outside any transaction, keep one document."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from sqlalchemy.orm import Session

from app.analysis import Analysis, Judge, analyse, default_judge
from app.db import Database
from app.reports import queries
from app.reports.models import Report
from app.reports.vectors import StoredVectors
from app.surveys.answering import queries as answering
from app.surveys.models import Confidentiality, ParticipantState, QuestionKind, Round

SCHEMA = "ninefold.report/1"
# Below this many answers, a report without names would still tell who said what.
MIN_ANSWERS_WITHOUT_NAMES = 5


@dataclass(frozen=True)
class Statement:
    """One answer as the report shows it."""

    label: str
    name: str | None
    role: str | None
    text: str
    percent: int | None
    # The stable identity of the author, for comparing rounds; None in Unattributed mode, and never in a document.
    author: str | None


@dataclass(frozen=True)
class RoundInput:
    """All that a report depends on: the same input gives the same document, to the byte."""

    series_title: str
    label: str
    number: int
    asked_by: str
    confidentiality: str
    question: str
    closed_at: str
    time_zone: str
    n_invited: int
    n_answered: int
    statements: tuple[Statement, ...]

    @property
    def is_withheld(self) -> bool:
        return (
            self.confidentiality != Confidentiality.NAMED
            and self.n_answered < MIN_ANSWERS_WITHOUT_NAMES
        )


@cache
def judge_for(database: Database, model: str | None) -> Judge:
    """The judge of this process: the model is loaded once, at the first report."""
    return default_judge(model=model, cache=StoredVectors(database))


def read_input(session: Session, *, round_: Round) -> RoundInput:
    sheets = answering.list_submitted_sheets(session, round_id=round_.id)
    is_named = round_.confidentiality == Confidentiality.NAMED
    if not is_named:
        # In the order of a hash of the text: the order of a list must not tell who wrote what.
        sheets = sorted(sheets, key=lambda sheet: hashlib.sha256(sheet.text.encode()).hexdigest())
    labels = _labels([sheet.role or sheet.name or "" for sheet in sheets]) if is_named else [
        f"Answer {number}" for number in range(1, len(sheets) + 1)
    ]  # fmt: skip
    strategy = next(q for q in round_.questions if q.kind == QuestionKind.OPEN_TEXT)
    identities = {person.id: person.identity for person in round_.participants}
    assert round_.closed_at is not None
    return RoundInput(
        series_title=round_.series.title,
        label=round_.label,
        number=round_.number,
        asked_by=round_.asked_by,
        confidentiality=round_.confidentiality,
        question=strategy.prompt,
        closed_at=round_.closed_at.isoformat(),
        time_zone=round_.time_zone,
        n_invited=len(round_.participants),
        n_answered=sum(person.state == ParticipantState.SUBMITTED for person in round_.participants),
        statements=tuple(
            Statement(
                label=label,
                name=sheet.name if is_named else None,
                role=sheet.role if is_named else None,
                text=sheet.text,
                percent=sheet.percent,
                author=identities.get(sheet.participant_id) if sheet.participant_id else None,
            )
            for label, sheet in zip(labels, sheets, strict=True)
        ),
    )


def _labels(wanted: list[str]) -> list[str]:
    """Short names for the map and the matrix, each one only once: "Regional MD", "Regional MD 2"."""
    counts: Counter[str] = Counter()
    labels = []
    for text in wanted:
        counts[text] += 1
        labels.append(text if counts[text] == 1 else f"{text} {counts[text]}")
    return labels


def input_hash(given: RoundInput, judge: Judge) -> str:
    content = json.dumps([SCHEMA, judge.fingerprint, asdict(given)], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()


def make_document(
    given: RoundInput, judge: Judge, tell_progress: Callable[[int, str], None]
) -> dict[str, Any]:
    """Read the answers. Minutes for a large round; holds no transaction."""
    facts = {key: value for key, value in asdict(given).items() if key != "statements"}
    if given.is_withheld:
        return {"schema": SCHEMA, "round": facts, "is_withheld": True, "statements": [], "analysis": None}
    analysis: Analysis = analyse(
        [statement.text for statement in given.statements],
        judge=judge,
        guesses=[statement.percent for statement in given.statements],
        labels=[statement.label for statement in given.statements],
        # The first ten points are the loading of the model, the last five the keeping of the report.
        progress=lambda what, share: tell_progress(10 + int(share * 85), what),
    )
    return {
        "schema": SCHEMA,
        "round": facts,
        "is_withheld": False,
        "statements": [
            {key: value for key, value in asdict(statement).items() if key != "author"}
            for statement in given.statements
        ],
        "analysis": analysis.to_document(),
    }


def keep_report(session: Session, *, round_id: int, input_hash: str, document: dict[str, Any]) -> Report:
    """Store the report once: a second run of the same job finds it there."""
    found = queries.find_report(session, round_id=round_id, input_hash=input_hash)
    if found is not None:
        return found
    report = Report(round_id=round_id, input_hash=input_hash, document=document)
    session.add(report)
    session.flush()
    return report


def as_json(document: dict[str, Any]) -> str:
    """The document as a file: the same report is the same bytes."""
    return json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
