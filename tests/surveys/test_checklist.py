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


def test_unfinished_questions_keep_a_round_from_its_launch(session: Session, facilitator: Account) -> None:
    round_ = factories.draft_round(session, organisation_id=facilitator.organisation_id)
    strategy, perception = round_.questions
    strategy.kind, strategy.settings = "fork", {"left": "Grow", "right": ""}
    perception.kind, perception.settings = "ranking", {"items": [{"key": "a", "label": "A"}]}

    (check,) = [check for check in checklist(round_, now=NOW) if check.endpoint == "design.questions"]

    assert check.verdict == "needed"
    assert check.words == (
        "Question 1 is a fork without its right pole. "
        "Question 2 is a ranking with one item; it needs two or more."
    )
    round_.questions.clear()
    assert "The round has no question yet." in [check.words for check in checklist(round_, now=NOW)]


def test_questions_want_to_be_previewed_as_they_stand(session: Session, facilitator: Account) -> None:
    round_ = factories.draft_round(session, organisation_id=facilitator.organisation_id)

    def verdict() -> tuple[str, str]:
        (check,) = [check for check in checklist(round_, now=NOW) if check.endpoint == "surveys.preview"]
        return check.verdict, check.words

    assert verdict() == ("warning", "2 questions: nobody has read the preview yet.")
    round_.questions[0].is_previewed = True
    assert verdict() == ("warning", "1 question has changed since somebody read the preview.")
    round_.questions[1].is_previewed = True
    assert verdict() == ("done", "2 questions, previewed as people will read them.")
