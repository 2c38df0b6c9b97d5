"""The answers of a closed round as everybody sees them: in one order, each under one label.

The report, the echo check and the corrections speak of the same answers by the same numbers and labels; so these come
from here.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.analysis.texts import screen
from app.surveys.answering.queries import list_submitted_sheets
from app.surveys.models import Confidentiality, Round


@dataclass(frozen=True)
class LabelledAnswer:
    """name and role are None unless the round is Named; participant_id is for joining, never for showing."""

    sheet_id: str
    label: str
    name: str | None
    role: str | None
    text: str
    percent: int | None
    participant_id: int | None


def list_labelled_answers(session: Session, *, round_: Round) -> tuple[LabelledAnswer, ...]:
    sheets = list_submitted_sheets(session, round_id=round_.id)
    is_named = round_.confidentiality == Confidentiality.NAMED
    if is_named:
        labels = _labels([sheet.role or sheet.name or "" for sheet in sheets])
    else:
        # In the order of a hash of the text: the order of a list must not tell who wrote what.
        sheets = sorted(
            sheets, key=lambda sheet: (hashlib.sha256(sheet.text.encode()).digest(), sheet.sheet_id)
        )
        labels = [f"Answer {number}" for number in range(1, len(sheets) + 1)]
    return tuple(
        LabelledAnswer(
            sheet_id=sheet.sheet_id,
            label=label,
            name=sheet.name if is_named else None,
            role=sheet.role if is_named else None,
            text=sheet.text,
            percent=sheet.percent,
            participant_id=sheet.participant_id,
        )
        for label, sheet in zip(labels, sheets, strict=True)
    )


def only_readable(answers: tuple[LabelledAnswer, ...]) -> tuple[LabelledAnswer, ...]:
    """Without those that the analysis leaves out: what people say about them could not enter any number."""
    screened = screen([answer.text for answer in answers])
    return tuple(answer for answer, found in zip(answers, screened, strict=True) if found.is_readable)


def _labels(wanted: list[str]) -> list[str]:
    """Short names for the map and the matrix, each one only once: "Regional MD", "Regional MD 2"."""
    counts: Counter[str] = Counter()
    labels = []
    for text in wanted:
        counts[text] += 1
        labels.append(text if counts[text] == 1 else f"{text} {counts[text]}")
    return labels
