"""A closed round whose answers were each written in a browser that the tests can open again."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.db import utc_now
from app.evidence import services
from app.evidence.models import Verdict, Vote
from app.people.models import Account
from app.surveys.models import (
    Answer,
    Confidentiality,
    Invitation,
    ParticipantState,
    Round,
    RoundState,
    Sheet,
)
from tests import factories
from tests.pages import Browser, Page

TEXTS = [
    "Clinics are who we serve, and nobody else.",
    "Clinics come first in everything that we do here.",
    "Speed is what our customers pay us for.",
    "Speed beats price in our market every day.",
    "Price is how we win against everybody.",
    "Price must fall each year, so we cut costs.",
]


@dataclass
class Answered:
    """The round, and by the order of its participants the sheet, the link and the secret of each."""

    app: Flask
    session: Session
    round: Round
    # Kept here, because asking an expired row for it would begin a transaction.
    round_id: int
    sheets: list[str] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    secrets: list[str] = field(default_factory=list)

    def path(self, end: str = "") -> str:
        return f"/answer/{self.round_id}/echo{end}"

    def link(self, person: int) -> str:
        return f"/r/{self.tokens[person]}"

    def own_browser(self, person: int) -> Browser:
        """The browser in which this person wrote their answer."""
        browser = Browser(self.app)
        with browser.client.session_transaction() as cookie:
            link = hashlib.sha256(self.tokens[person].encode()).hexdigest()
            cookie["respondent"] = {str(self.round_id): {"link": link, "secret": self.secrets[person]}}
        return browser

    def other_browser(self, person: int) -> Browser:
        """A browser that came by the same link, later."""
        browser = Browser(self.app)
        browser.get(self.link(person))
        browser.post(self.link(person), status=303)
        return browser

    def start(self, days: int = 2) -> None:
        now = utc_now()
        services.start_echo_check(
            self.session, round_=self.round, closes_at=now + timedelta(days=days), now=now
        )
        self.session.commit()

    def end(self) -> None:
        services.end_echo_check(self.session, round_id=self.round_id, now=utc_now())
        self.session.commit()

    def vote(self, person: int, other: int, verdict: Verdict) -> None:
        services.cast_vote(
            self.session,
            round_id=self.round_id,
            voter_id=self.sheets[person],
            sheet_id=self.sheets[other],
            verdict=verdict,
            now=utc_now(),
        )
        self.session.commit()

    def votes(self) -> set[tuple[int, int, str]]:
        """(voter, read, verdict) by person, as the database has them now."""
        self.session.rollback()
        self.session.expire_all()
        rows = self.session.query(Vote).all()
        found = {(self.sheets.index(v.voter_id), self.sheets.index(v.sheet_id), v.verdict) for v in rows}
        self.session.rollback()
        return found


def answered_round(
    app: Flask, session: Session, facilitator: Account, mode: Confidentiality, texts: list[str]
) -> Answered:
    round_ = factories.open_round(
        session, organisation_id=facilitator.organisation_id, confidentiality=mode, n_participants=len(texts)
    )
    made = Answered(app, session, round_, round_.id)
    strategy, perception = round_.questions
    for participant, text in zip(list(round_.participants), texts, strict=True):
        secret, token = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        sheet_id = hashlib.sha256(secret.encode()).hexdigest()
        session.add(
            Sheet(
                id=sheet_id,
                round_id=round_.id,
                confidentiality=mode,
                participant_id=None if mode == Confidentiality.UNATTRIBUTED else participant.id,
                is_submitted=True,
                answers=[
                    Answer(question_id=strategy.id, value={"text": text}),
                    Answer(question_id=perception.id, value={"percent": 60}),
                ],
            )
        )
        session.add(
            Invitation(token_hash=hashlib.sha256(token.encode()).hexdigest(), participant_id=participant.id)
        )
        participant.state = ParticipantState.SUBMITTED
        made.sheets.append(sheet_id)
        made.tokens.append(token)
        made.secrets.append(secret)
    round_.state, round_.closed_at = RoundState.CLOSED, utc_now()
    session.commit()
    return made


@pytest.fixture
def named(app: Flask, session: Session, facilitator: Account) -> Answered:
    return answered_round(app, session, facilitator, Confidentiality.NAMED, TEXTS)


@pytest.fixture
def confidential(app: Flask, session: Session, facilitator: Account) -> Answered:
    return answered_round(app, session, facilitator, Confidentiality.CONFIDENTIAL, TEXTS)


@pytest.fixture
def unattributed(app: Flask, session: Session, facilitator: Account) -> Answered:
    return answered_round(app, session, facilitator, Confidentiality.UNATTRIBUTED, TEXTS)


def shown_text(page: Page) -> str:
    """The answer that a page of the echo check shows."""
    quote = page.one("blockquote")
    return " ".join("".join(quote.itertext()).split())
