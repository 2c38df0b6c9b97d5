from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.db import utc_now
from app.people.models import Account
from app.surveys.checklist import checklist, may_launch
from app.surveys.models import Confidentiality
from tests import factories

NOW = utc_now()


@pytest.mark.parametrize(
    ("n", "verdict"), [(0, "needed"), (1, "needed"), (2, "needed"), (3, "done"), (9, "done")]
)
def test_three_people_are_needed(session: Session, facilitator: Account, n: int, verdict: str) -> None:
    round_ = factories.draft_round(session, organisation_id=facilitator.organisation_id, n_participants=n)

    checks = checklist(round_, now=NOW)

    assert checks[0].verdict == verdict
    assert may_launch(checks) == (n > 2)


@pytest.mark.parametrize(("n", "verdict"), [(4, "needed"), (5, "done")])
def test_a_mode_without_names_needs_as_many_people_as_its_report(
    session: Session, facilitator: Account, n: int, verdict: str
) -> None:
    round_ = factories.draft_round(
        session,
        organisation_id=facilitator.organisation_id,
        n_participants=n,
        confidentiality=Confidentiality.CONFIDENTIAL,
    )

    assert checklist(round_, now=NOW)[0].verdict == verdict


def test_missing_addresses_are_counted(session: Session, facilitator: Account) -> None:
    round_ = factories.draft_round(session, organisation_id=facilitator.organisation_id)
    round_.participants[0].email = ""

    check = checklist(round_, now=NOW)[1]

    assert (check.verdict, check.words) == (
        "warning",
        "1 person has no mail address: you hand them their link yourself.",
    )


def test_closing_time_must_be_there_and_to_come(session: Session, facilitator: Account) -> None:
    round_ = factories.draft_round(session, organisation_id=facilitator.organisation_id)

    assert may_launch(checklist(round_, now=NOW))
    round_.closes_at = NOW - timedelta(seconds=1)
    assert not may_launch(checklist(round_, now=NOW))
    round_.closes_at = None
    assert not may_launch(checklist(round_, now=NOW))
