"""Showing a report to the team: at once or section by section. Before that nobody but the facilitator sees any of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from app.evidence import queries as evidence
from app.languages import gettext as _
from app.people.models import Account
from app.reports import queries
from app.reports.models import ReportSection, Reveal
from app.surveys.models import Round, RoundState
from app.surveys.queries import lock_round


class RevealRefused(Exception):
    """It cannot be shown now; the message says why."""


def reveal_report(
    session: Session, *, round_: Round, sections: Iterable[ReportSection], by: Account, now: datetime
) -> tuple[ReportSection, ...]:
    """Show these sections of the round's report to the team; return those that were not shown before.

    The first section sets `round_.revealed_at`, after which the round cannot be reopened. Raises RevealRefused when
    there is no report that may be shown. The log is the table itself: who, when, which section.
    """
    wanted = [section for section in ReportSection if section in set(sections)]
    if not wanted:
        raise RevealRefused(_("Choose at least one section."))
    round_ = lock_round(session, round_id=round_.id)
    reason = why_not(session, round_=round_)
    if reason is not None:
        raise RevealRefused(reason)
    already = queries.revealed_sections(session, round_=round_)
    fresh = tuple(section for section in wanted if section not in already)
    session.add_all(
        Reveal(round_id=round_.id, section=section, revealed_by_id=by.id, revealed_at=now)
        for section in fresh
    )
    if round_.revealed_at is None:
        round_.revealed_at = now
    session.flush()
    return fresh


def why_not(session: Session, *, round_: Round) -> str | None:
    """Why the report cannot be shown to the team yet; None when it can."""
    if round_.state != RoundState.CLOSED:
        return _("The round has not closed, so there is no report to show.")
    report = queries.find_latest_report(session, round_id=round_.id)
    if report is None:
        return _("The report has not been built yet.")
    if report.document["is_withheld"]:
        return _("Too few people answered: in this mode nothing of the report may be shown to anybody.")
    check = evidence.find_echo_check(session, round_id=round_.id)
    if check is not None and check.ended_at is None:
        return _(
            "The echo check is open. Whoever saw the report now would vote with it in mind: end the check first."
        )
    return None
