"""A round of each mode with its link, and a person who walks through it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.db import Database
from app.people.models import Account
from app.surveys.models import Confidentiality, Participant, Round, Sheet
from tests import factories
from tests.pages import Browser, Page

STRATEGY = "We win clinics that cannot afford a day without their analyser."


@dataclass
class Asked:
    """Anna Berg is asked: her round and her link."""

    database: Database
    session: Session
    round: Round
    anna: Participant
    token: str

    @property
    def link(self) -> str:
        return f"/r/{self.token}"

    def path(self, end: str) -> str:
        return f"/answer/{self.round.id}/{end}"

    def sheets(self) -> list[Sheet]:
        with self.database.reading() as session:
            return list(
                session.scalars(
                    select(Sheet)
                    .where(Sheet.round_id == self.round.id)
                    .options(selectinload(Sheet.answers), selectinload(Sheet.drafts))
                )
            )

    def texts(self) -> list[str]:
        """The open answers that are recorded."""
        strategy = self.round.questions[0].id
        return [
            answer.value["text"]
            for sheet in self.sheets()
            if sheet.is_submitted
            for answer in sheet.answers
            if answer.question_id == strategy
        ]

    def state(self) -> str:
        with self.database.reading() as session:
            return session.get_one(Participant, self.anna.id).state


def ask(database: Database, session: Session, facilitator: Account, mode: Confidentiality) -> Asked:
    round_ = factories.open_round(session, organisation_id=facilitator.organisation_id, confidentiality=mode)
    anna = round_.participants[0]
    token = factories.personal_link(session, anna)
    session.commit()
    assert [question.position for question in round_.questions] == [1, 2]
    session.commit()
    return Asked(database=database, session=session, round=round_, anna=anna, token=token)


@pytest.fixture
def named(database: Database, session: Session, facilitator: Account) -> Asked:
    return ask(database, session, facilitator, Confidentiality.NAMED)


@pytest.fixture
def confidential(database: Database, session: Session, facilitator: Account) -> Asked:
    return ask(database, session, facilitator, Confidentiality.CONFIDENTIAL)


@pytest.fixture
def unattributed(database: Database, session: Session, facilitator: Account) -> Asked:
    return ask(database, session, facilitator, Confidentiality.UNATTRIBUTED)


# Confidential is stored as Named is: the two differ in what the report shows. It is walked through on its own.
@pytest.fixture(params=[Confidentiality.NAMED, Confidentiality.UNATTRIBUTED])
def asked(
    request: pytest.FixtureRequest, database: Database, session: Session, facilitator: Account
) -> Asked:
    """The same where a sheet has a participant, and where it has none."""
    return ask(database, session, facilitator, request.param)


@pytest.fixture
def second_browser(app: Flask) -> Browser:
    return Browser(app)


def begin(browser: Browser, asked: Asked) -> Page:
    """Open the link and press Begin; the page that comes then."""
    browser.get(asked.link)
    started = browser.post(asked.link, status=303)
    return browser.follow(browser.follow(started, status=303))


def answer(browser: Browser, asked: Asked, text: str = STRATEGY, guess: str = "70") -> Page:
    """Everything from the link to the done page."""
    begin(browser, asked)
    write(browser, asked, text, guess)
    return send(browser, asked)


def write(browser: Browser, asked: Asked, text: str = STRATEGY, guess: str = "70") -> Page:
    """Both questions, up to the review page."""
    browser.get(asked.path("1"))
    browser.post(asked.path("1"), {"answer": text}, status=303)
    browser.get(asked.path("2"))
    return browser.follow(browser.post(asked.path("2"), {"answer": guess}, status=303))


def send(browser: Browser, asked: Asked) -> Page:
    """Press the button of the review page, which carries the texts."""
    page = browser.get(asked.path("review"))
    fields = {
        field.get("name", ""): field.get("value", "")
        for field in page.all("input", type="hidden")
        if field.get("name", "").startswith("answer-")
    }
    return browser.follow(browser.post(asked.path("review"), fields, status=303))
