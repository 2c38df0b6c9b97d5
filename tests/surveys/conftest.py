"""Mara's rounds in each state, looked at through a session of its own each time."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.db import Database
from app.people.models import Account
from app.surveys.models import Invitation, Participant, Round
from tests import factories
from tests.pages import Browser, Page

Look = Callable[[int], Round]


@pytest.fixture
def draft(session: Session, facilitator: Account) -> Round:
    made = factories.draft_round(session, organisation_id=facilitator.organisation_id)
    session.commit()
    return made


@pytest.fixture
def open_round(session: Session, facilitator: Account) -> Round:
    made = factories.open_round(session, organisation_id=facilitator.organisation_id)
    session.commit()
    return made


@pytest.fixture
def closed(session: Session, facilitator: Account) -> Round:
    texts = ["We win clinics.", "We win labs.", "We serve both."]
    made = factories.closed_round(session, organisation_id=facilitator.organisation_id, texts=texts)
    session.commit()
    return made


@pytest.fixture
def look(database: Database) -> Look:
    """The round as it stands in the database now."""

    def look(round_id: int) -> Round:
        with database.reading() as session:
            return session.scalars(
                select(Round)
                .where(Round.id == round_id)
                .options(
                    joinedload(Round.series),
                    selectinload(Round.questions),
                    selectinload(Round.participants).selectinload(Participant.invitations),
                )
            ).one()

    return look


def live_links(participant: Participant) -> list[Invitation]:
    return [invitation for invitation in participant.invitations if invitation.revoked_at is None]


def hidden(page: Page, name: str) -> str:
    """The value of a hidden field that every form of the page has alike."""
    values = {field.get("value", "") for field in page.all("input", type="hidden", name=name)}
    assert len(values) == 1, f"{len(values)} values of {name}"
    return values.pop()


def links_on(page: Page) -> list[str]:
    return [
        field.get("value", "")
        for field in page.all("input", type="text")
        if field.get("readonly") is not None
    ]


def launch(browser: Browser, round_id: int) -> tuple[str, Page]:
    """Launch as a person does; the key of the form, and the page with the links."""
    key = hidden(browser.get(f"/rounds/{round_id}/launch"), "key")
    return key, browser.post(f"/rounds/{round_id}/launch", {"key": key}, status=200)
