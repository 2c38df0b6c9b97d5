"""Taking a closed round up again, as long as nobody can have learnt anything from its close."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.evidence.queries import find_echo_check, list_corrections
from app.jobs.models import Job, JobState
from app.jobs.services import enqueue
from app.languages import gettext as _
from app.reports.models import Report
from app.reports.queries import find_latest_report
from app.running.queries import list_rounds
from app.surveys.confidentiality import is_withheld
from app.surveys.models import Confidentiality, ParticipantState, Round, RoundState
from app.surveys.queries import count_participants_by_state, lock_round
from app.surveys.services import WrongState


class ReopeningRefused(Exception):
    """The round stays closed; the message says why."""


def why_closed_for_good(session: Session, *, round_: Round) -> str | None:
    """Why this closed round cannot be taken up again; None when it can."""
    if round_.revealed_at is not None:
        return _(
            "Its report has been shown to the team, so what people would write now is no longer their own view."
        )
    if find_echo_check(session, round_id=round_.id) is not None:
        return _("Its echo check has begun, so people have read each other's answers.")
    if list_corrections(session, round_id=round_.id):
        return _(
            "Pairs of its answers have been corrected by hand, and an answer that changes would take that away."
        )
    rounds = list_rounds(session, series_id=round_.series_id)
    if any(other.number > round_.number and other.state != RoundState.DRAFT for other in rounds):
        return _("The next round is out already.")
    if round_.confidentiality == Confidentiality.UNATTRIBUTED and _can_be_compared(session, round_):
        return _(
            "Its report has been built, and nobody may look up who wrote what: comparing it with the next one "
            "would tell whose the added answers are."
        )
    return None


def reopen_round(
    session: Session, *, round_: Round, closes_at: datetime, time_zone: str, now: datetime
) -> None:
    """Open a closed round again until `closes_at`. Every answer stays; the next close builds a new report.

    Raises WrongState or ReopeningRefused.
    """
    lock_round(session, round_id=round_.id)
    if round_.state != RoundState.CLOSED:
        raise WrongState
    refusal = why_closed_for_good(session, round_=round_)
    if refusal is not None:
        raise ReopeningRefused(refusal)
    round_.state, round_.closed_at = RoundState.OPEN, None
    round_.closes_at, round_.time_zone = closes_at, time_zone
    session.flush()
    # A report of half the answers must not stand beside the open round; one that is being built now sees that the
    # round is open, and keeps nothing (reports.tasks.build_report).
    session.execute(delete(Report).where(Report.round_id == round_.id))
    session.execute(
        delete(Job).where(
            Job.key.startswith(f"build_report:{round_.id}:", autoescape=True), Job.state != JobState.RUNNING
        )
    )
    enqueue(
        session,
        kind="build_convergence",
        key=f"build_convergence:{round_.series_id}:reopened:{round_.id}:{now.isoformat()}",
        payload={"series_id": round_.series_id},
    )


def _can_be_compared(session: Session, round_: Round) -> bool:
    """Is there a report that shows answers?"""
    n = count_participants_by_state(session, round_id=round_.id)[ParticipantState.SUBMITTED]
    is_built = find_latest_report(session, round_id=round_.id) is not None
    return is_built and not is_withheld(round_.confidentiality, n, minimum=round_.min_answers)
