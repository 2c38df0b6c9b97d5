"""A report of six people who stand in three camps, built without a model."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import utc_now
from app.jobs.services import enqueue
from app.people.models import Account
from app.reports.models import Report, ReportSection
from app.reports.presenting import ReportView, present
from app.reports.revealing import reveal_report
from app.surveys.models import Confidentiality, Round
from tests import factories
from tests.reports.conftest import Build, build, judge

__all__ = ["Build", "build", "judge", "sqlite"]

# A file made from a document knows no database: one is enough, but for the rows that this feature keeps.
sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

TEXTS = [
    "North we go: we serve hospitals, and nobody else.",
    "North where the hospitals are; we decline all other work.",
    "South we win: the cheapest supplier for anybody who asks.",
    "South of every competitor's price, in every market.",
    "Speed is what our customers pay us for: <b>24 hours</b> & no less, from Łódź to Kraków.",
    '=HYPERLINK("http://evil.example") is how this answer begins, and it says: price.',
]


@dataclass
class Built:
    session: Session
    round: Round
    round_id: int
    account: Account

    @property
    def view(self) -> ReportView:
        self.session.expire_all()
        view = present(self.session.scalars(select(Report).where(Report.round_id == self.round_id)).one())
        # An open transaction of the test would keep the app from writing.
        self.session.commit()
        return view

    def path(self, end: str = "") -> str:
        return f"/rounds/{self.round_id}/exports{end}"

    def reveal(self, *sections: ReportSection) -> None:
        reveal_report(
            self.session,
            round_=self.round,
            sections=sections or tuple(ReportSection),
            by=self.account,
            now=utc_now(),
        )
        self.session.commit()


def make(
    session: Session,
    account: Account,
    build: Build,
    texts: list[str] = TEXTS,
    mode: Confidentiality = Confidentiality.NAMED,
) -> Built:
    round_ = factories.closed_round(
        session, organisation_id=account.organisation_id, texts=texts, confidentiality=mode
    )
    enqueue(
        session, kind="build_report", key=f"build_report:{round_.id}:test", payload={"round_id": round_.id}
    )
    session.commit()
    build()
    session.expire_all()
    made = Built(session, round_, round_.id, account)
    session.commit()
    return made


@pytest.fixture
def built(session: Session, facilitator: Account, build: Build) -> Built:
    return make(session, facilitator, build)
