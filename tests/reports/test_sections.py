"""The sections of the questions beside the strategy, on the page."""

from __future__ import annotations

import re
import secrets
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import utc_now
from app.evidence import services as evidence
from app.jobs.models import Job, JobState
from app.people.models import Account
from app.surveys.kinds import default_settings
from app.surveys.models import (
    Answer,
    Confidentiality,
    ParticipantState,
    Question,
    QuestionKind,
    Round,
    RoundState,
    Sheet,
)
from tests import factories
from tests.pages import Browser
from tests.reports.conftest import Build

ITEMS = [{"key": "a", "label": "Speed"}, {"key": "b", "label": "Price"}]
KINDS: dict[QuestionKind, dict[str, Any]] = {
    QuestionKind.ELEMENTS: {},
    QuestionKind.PRIORITIES: {},
    QuestionKind.FORK: {"left": "Grow <b>now</b>", "right": "Earn now"},
    QuestionKind.RANKING: {"items": ITEMS},
    QuestionKind.STAGE_CHOICE: {},
    QuestionKind.CONFIDENCE: {},
}


def value(kind: QuestionKind, person: int) -> dict[str, Any]:
    match kind:
        case QuestionKind.ELEMENTS:
            return {"elements": {"who_for": f"Clinics of {person} <i>first</i>"}}
        case QuestionKind.PRIORITIES:
            return {"items": [f"Speed of {person}"]}
        case QuestionKind.FORK:
            return {"step": 1 + person}
        case QuestionKind.RANKING:
            return {"order": ["a", "b"] if person % 2 else ["b", "a"]}
        case QuestionKind.STAGE_CHOICE:
            return {"stages": {"strategy_clarity": 1 + person % 2}}
        case _:
            return {"level": 4}


def round_without_statements(session: Session, account: Account, mode: Confidentiality, n: int = 6) -> Round:
    """A closed round that asks one question of every kind, and not for the strategy."""
    made = factories.draft_round(
        session, organisation_id=account.organisation_id, confidentiality=mode, n_participants=n
    )
    made.questions = []
    session.flush()
    made.questions = [
        Question(
            position=position,
            key=kind.value,
            kind=kind,
            prompt=f"The question on {kind.value}?",
            settings={**default_settings(kind), **settings},
        )
        for position, (kind, settings) in enumerate(KINDS.items(), start=1)
    ]
    made.state, made.opened_at, made.closed_at = RoundState.CLOSED, utc_now(), utc_now()
    session.flush()
    for person, participant in enumerate(made.participants):
        participant.state = ParticipantState.SUBMITTED
        session.add(
            Sheet(
                id=secrets.token_hex(32),
                round_id=made.id,
                confidentiality=mode,
                participant_id=None if mode == Confidentiality.UNATTRIBUTED else participant.id,
                is_submitted=True,
                answers=[
                    Answer(question_id=question.id, value=value(QuestionKind(question.kind), person))
                    for question in made.questions
                ],
            )
        )
    session.flush()
    return made


def built(session: Session, round_: Round, build: Build) -> str:
    evidence._rebuild_report(session, round_id=round_.id, because="test")
    path = f"/rounds/{round_.id}/report"
    session.commit()
    build()
    return path


def test_a_round_that_did_not_ask_for_the_strategy_has_a_report_made_of_its_sections(
    facilitator_browser: Browser, session: Session, facilitator: Account, build: Build
) -> None:
    made = round_without_statements(session, facilitator, Confidentiality.NAMED)
    page = facilitator_browser.get(built(session, made, build))
    assert page.heading.startswith("Six executives: one question on the parts of the strategy")
    headings = ["".join(heading.itertext()) for heading in page.all("h2")]
    wanted = ["The parts of the strategy", "Priorities", "Trade-offs", "Rankings", "Maturity", "Confidence"]
    assert [heading for heading in headings if heading in wanted] == wanted
    assert "In your own words" not in headings
    assert "None" not in page.main
    # The movement of the series passes over such a round.
    assert not session.scalars(select(Job).where(Job.state == JobState.FAILED)).all()
    # Each text as it was written, and nothing of it as markup.
    assert "Clinics of 3 <i>first</i>" in page.main
    assert not page.all("i")


@pytest.mark.parametrize("mode", [Confidentiality.CONFIDENTIAL, Confidentiality.UNATTRIBUTED])
def test_without_names_no_name_and_no_role_stands_on_the_page(
    facilitator_browser: Browser,
    session: Session,
    facilitator: Account,
    build: Build,
    mode: Confidentiality,
) -> None:
    made = round_without_statements(session, facilitator, mode)
    people = [(person.name, person.role) for person in made.participants]
    page = facilitator_browser.get(built(session, made, build))
    assert "Trade-offs" in page.main
    assert not [word for person in people for word in person if re.search(rf"\b{word}\b", page.main)]


def test_without_names_four_answers_are_kept_back(
    facilitator_browser: Browser, session: Session, facilitator: Account, build: Build
) -> None:
    made = round_without_statements(session, facilitator, Confidentiality.CONFIDENTIAL, n=4)
    page = facilitator_browser.get(built(session, made, build))
    assert page.heading == "Too few answers to show"
    assert "Clinics of" not in page.main
