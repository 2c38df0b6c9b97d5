from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.reports.models import Report, ReportEdit, ReportSection, Reveal
from app.surveys.models import Answer, Round, RoundState, Sheet


def find_latest_report(session: Session, *, round_id: int) -> Report | None:
    """The report that stands: built last, or become right again last (a correction that was taken back)."""
    return session.scalar(
        select(Report)
        .where(Report.round_id == round_id)
        .order_by(Report.built_at.desc(), Report.id.desc())
        .limit(1)
    )


def find_report(session: Session, *, round_id: int, input_hash: str) -> Report | None:
    return session.scalar(select(Report).where(Report.round_id == round_id, Report.input_hash == input_hash))


def revealed_sections(session: Session, *, round_: Round) -> frozenset[ReportSection]:
    """The sections of the round's report that the team may see; empty before the reveal.

    Whatever shows a report, or a part of it, to anybody but the facilitator asks here first.
    """
    if round_.revealed_at is None:
        return frozenset()
    return frozenset(
        ReportSection(section)
        for section in session.scalars(select(Reveal.section).where(Reveal.round_id == round_.id))
    )


def list_reveals(session: Session, *, round_id: int) -> list[Reveal]:
    """Who showed which section and when, the earliest first."""
    return list(
        session.scalars(
            select(Reveal)
            .where(Reveal.round_id == round_id)
            .options(joinedload(Reveal.revealed_by))
            .order_by(Reveal.revealed_at, Reveal.section)
        )
    )


def list_sheet_values(session: Session, *, round_id: int) -> dict[str, dict[int, dict[str, Any]]]:
    """Everything that was submitted in this round: by sheet, then by question. For building the report alone."""
    values: dict[str, dict[int, dict[str, Any]]] = {}
    for answer in session.scalars(
        select(Answer)
        .join(Sheet, Sheet.id == Answer.sheet_id)
        .where(Sheet.round_id == round_id, Sheet.is_submitted)
    ):
        values.setdefault(answer.sheet_id, {})[answer.question_id] = answer.value
    return values


def list_edits(session: Session, *, round_id: int) -> list[ReportEdit]:
    """The log of the facilitator's edits, the undone included, the earliest first."""
    return list(
        session.scalars(
            select(ReportEdit)
            .where(ReportEdit.round_id == round_id)
            .options(joinedload(ReportEdit.made_by), joinedload(ReportEdit.undone_by))
            .order_by(ReportEdit.made_at, ReportEdit.id)
        )
    )


def find_edit(session: Session, *, round_id: int, edit_id: int) -> ReportEdit | None:
    return session.scalar(select(ReportEdit).where(ReportEdit.round_id == round_id, ReportEdit.id == edit_id))


def find_round_before(session: Session, *, round_: Round) -> Round | None:
    """The closed round of the same series that was last before this one."""
    return session.scalar(
        select(Round)
        .where(
            Round.series_id == round_.series_id,
            Round.number < round_.number,
            Round.state == RoundState.CLOSED,
        )
        .order_by(Round.number.desc())
        .limit(1)
    )
