"""The facilitator's hand on a report: an append-only log beside the frozen document, applied when it is shown.

An edit has a kind, a subject (verbatim text of the report, so that it is found again when the report is built anew),
a payload, a reason, and who made it when. Undone edits stay in the log. The measured reading stays beside the edited.

A new kind of edit: a value of `EditKind`, a verb that checks and records it, and what it does in replay.py.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.languages import gettext as _
from app.people.models import Account
from app.reports.models import EditKind, ReportEdit
from app.surveys.models import Round
from app.surveys.queries import lock_round

LONGEST_LABEL = 120


class EditRefused(Exception):
    """The message says why."""


def rename_theme(
    session: Session, *, round_: Round, central: str, label: str, reason: str, by: Account, now: datetime
) -> ReportEdit:
    """Give the theme around this sentence another label; a label that it was given before is undone by it."""
    label = " ".join(label.split())
    if not label or len(label) > LONGEST_LABEL:
        raise EditRefused(_("A label has 1 to %(n)s characters.", n=LONGEST_LABEL))
    lock_round(session, round_id=round_.id)
    former_edits = select(ReportEdit).where(
        ReportEdit.round_id == round_.id,
        ReportEdit.kind == EditKind.RENAME_THEME,
        ReportEdit.subject == central,
        ReportEdit.undone_at.is_(None),
    )
    for former in session.scalars(former_edits).all():
        undo_edit(session, edit=former, by=by, now=now)
    return record_edit(
        session,
        round_=round_,
        kind=EditKind.RENAME_THEME,
        subject=central,
        payload={"label": label},
        reason=reason,
        by=by,
        now=now,
    )


def record_edit(
    session: Session,
    *,
    round_: Round,
    kind: EditKind,
    subject: str,
    payload: dict[str, Any],
    reason: str,
    by: Account,
    now: datetime,
) -> ReportEdit:
    """Add one line to the log. Raises EditRefused without a reason: whoever reads the report must be able to follow."""
    if not reason.strip():
        raise EditRefused(_("Write why."))
    edit = ReportEdit(
        round_id=round_.id,
        kind=kind,
        subject=subject,
        payload=payload,
        reason=reason.strip(),
        made_by_id=by.id,
        made_at=now,
    )
    session.add(edit)
    session.flush()
    return edit


def undo_edit(session: Session, *, edit: ReportEdit, by: Account, now: datetime) -> None:
    """Take it back; it stays in the log. Undone twice, the first time stands."""
    if edit.undone_at is None:
        edit.undone_at, edit.undone_by_id = now, by.id
        session.flush()
