"""The facilitator's edits of a report as verbs: each is tried on the report as it stands, and refused if it changes
nothing. They change how the report reads; the frozen document and its numbers stay (replay.py)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.languages import gettext as _
from app.people.models import Account
from app.reports import queries
from app.reports.edits import LONGEST_LABEL, EditRefused, record_edit
from app.reports.models import EditKind, Report, ReportEdit, ReportSection
from app.reports.replay import NO_CAMP, OWN_CAMP, Edit, Reading, apply_edits, reference, standing
from app.surveys.models import Round
from app.surveys.queries import lock_round
from app.surveys.wording import number

LONGEST_COMMENT = 2_000


@dataclass(frozen=True)
class Making:
    """Who edits which report, why and when: what every verb here takes."""

    session: Session
    round: Round
    report: Report
    reason: str
    by: Account
    now: datetime


def state_mark(report: Report, edits: Sequence[ReportEdit]) -> str:
    """Tells a page that was opened before another edit, or before another report, from one that is up to date."""
    said = f"{report.id} {report.built_at.isoformat()} {[edit.id for edit in standing(edits)]}"
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def move_answer(making: Making, *, answer: int, to: int | None, is_own: bool = False) -> ReportEdit:
    """To the camp of the answer `to`, to a camp of its own, or to none."""
    numbers = _numbers(making)
    payload: dict[str, Any] = {
        "answer": reference(making.report.document, answer),
        "to": reference(making.report.document, to) if to is not None else OWN_CAMP if is_own else NO_CAMP,
        "from_number": numbers.get(answer),
        "to_number": numbers.get(to) if to is not None else None,
    }
    return _make(making, EditKind.MOVE_ANSWER, payload["answer"]["text"], payload)


def merge_camps(making: Making, *, stays: int, goes: int) -> ReportEdit:
    """The camp of the answer `goes` becomes part of that of `stays`, which keeps its number and name."""
    numbers, document = _numbers(making), making.report.document
    payload: dict[str, Any] = {
        "camp": reference(document, stays),
        "with": reference(document, goes),
        "number": numbers.get(stays),
        "with_number": numbers.get(goes),
    }
    return _make(making, EditKind.MERGE_CAMPS, payload["camp"]["text"], payload)


def split_camp(making: Making, *, leaving: Sequence[int]) -> ReportEdit:
    """These answers of one camp become a camp of their own."""
    if not leaving:
        raise EditRefused(_("Tick at least one answer."))
    if len({_numbers(making).get(answer) for answer in leaving}) > 1:
        raise EditRefused(_("Tick answers of one strategy."))
    document = making.report.document
    payload: dict[str, Any] = {
        "answers": [reference(document, answer) for answer in leaving],
        "number": _numbers(making).get(leaving[0]),
    }
    return _make(making, EditKind.SPLIT_CAMP, payload["answers"][0]["text"], payload)


def rename_camp(making: Making, *, camp_of: int, name: str) -> ReportEdit:
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_LABEL:
        raise EditRefused(_("A name has 1 to %(n)s characters.", n=LONGEST_LABEL))
    payload: dict[str, Any] = {
        "camp": reference(making.report.document, camp_of),
        "name": name,
        "number": _numbers(making).get(camp_of),
    }
    return _make(making, EditKind.RENAME_CAMP, payload["camp"]["text"], payload)


def hide_answer(making: Making, *, answer: int, words: str = "") -> ReportEdit:
    """Show these words of the answer nowhere, or none of it; it counts as before."""
    document = making.report.document
    if words and words not in document["statements"][answer]["text"]:
        raise EditRefused(
            _("These words do not stand in the answer like that. Copy them from it, to the letter.")
        )
    payload: dict[str, Any] = {"answer": reference(document, answer), "words": words or None}
    return _make(making, EditKind.HIDE_QUOTE, payload["answer"]["text"], payload)


def hide_text(making: Making, *, question: str, text: str) -> ReportEdit:
    """Show this text, given to a further question, nowhere."""
    return _make(making, EditKind.HIDE_QUOTE, text, {"question": question})


def comment(making: Making, *, section: ReportSection, text: str) -> ReportEdit:
    text = text.strip()
    if not text or len(text) > LONGEST_COMMENT:
        raise EditRefused(_("A comment has 1 to %(n)s characters.", n=number(LONGEST_COMMENT)))
    return _make(making, EditKind.COMMENT, section.value, {"text": text})


def _make(making: Making, kind: EditKind, subject: str, payload: dict[str, Any]) -> ReportEdit:
    lock_round(making.session, round_id=making.round.id)
    tried = Edit(0, kind, subject, payload)
    skipped = _reading(making, tried).skipped.get(0)
    if skipped is not None:
        raise EditRefused(skipped)
    return record_edit(
        making.session,
        round_=making.round,
        kind=kind,
        subject=subject,
        payload=payload,
        reason=making.reason,
        by=making.by,
        now=making.now,
    )


def _reading(making: Making, *more: Edit) -> Reading:
    edits = queries.list_edits(making.session, round_id=making.round.id)
    return apply_edits(making.report.document, [*standing(edits), *more])


def _numbers(making: Making) -> dict[int, int]:
    """The number of the camp in which each answer stands, as edited."""
    camps = _reading(making).camps
    if camps is not None:
        return {member: camp.number for camp in camps for member in camp.members}
    return {
        member: number
        for number, camp in enumerate(making.report.document["analysis"]["camps"], start=1)
        for member in camp["members"]
    }
