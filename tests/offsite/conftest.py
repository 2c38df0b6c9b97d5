"""A meeting of six people who stand in camps, two of which exclude each other; built without a model."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.db import utc_now
from app.offsite import services
from app.offsite.models import Meeting, Showing
from app.people.models import Account
from app.reports.models import Report
from app.reports.presenting import present
from tests.exports.conftest import Build, Built, build, built, judge, make, sqlite

__all__ = ["Begin", "Build", "Built", "begin", "build", "built", "judge", "make", "sqlite"]

Begin = Callable[..., Meeting]


@pytest.fixture
def begin(built: Built, facilitator: Account) -> Begin:
    """Begin a meeting of the built report, and commit it."""

    def of(showing: Showing = Showing.AT_ONCE) -> Meeting:
        report = built.session.scalars(select(Report).where(Report.round_id == built.round_id)).one()
        meeting = services.begin_meeting(
            built.session,
            round_=built.round,
            report=report,
            view=present(report),
            showing=showing,
            by=facilitator,
            now=utc_now(),
        )
        built.session.commit()
        return meeting

    return of
