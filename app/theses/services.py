from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.db import utc_now
from app.jobs.services import enqueue
from app.people.models import Account
from app.theses import queries
from app.theses.models import ThesisVersion


class NothingChanged(Exception):
    """The text is the one that stands already."""


def write_version(
    session: Session,
    *,
    series_id: int,
    text: str,
    account: Account,
    based_on: int,
    written_at: datetime | None = None,
) -> ThesisVersion:
    """Add a version of the thesis and have every round measured against it.

    based_on: the number of the version that the writer had before them (0 for none). When somebody else was
    faster, the unique number refuses the second one instead of hiding the first.
    """
    current = queries.find_current_version(session, series_id=series_id)
    if current is not None and current.text == text.strip():
        raise NothingChanged
    version = ThesisVersion(
        series_id=series_id,
        number=based_on + 1,
        text=text.strip(),
        written_by_id=account.id,
        written_at=written_at or utc_now(),
    )
    session.add(version)
    session.flush()
    enqueue(
        session,
        kind="build_convergence",
        key=f"build_convergence:{series_id}:thesis:{version.number}",
        payload={"series_id": series_id},
    )
    return version
