"""Rows for tests, with defaults that read like real life. They flush; the test commits."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import utc_now
from app.people.models import Account, Organisation
from app.surveys.models import (
    Answer,
    Confidentiality,
    Invitation,
    Participant,
    ParticipantState,
    Question,
    QuestionKind,
    Round,
    RoundState,
    Series,
    Sheet,
)

PASSWORD = "a long pass phrase for tests"

EXECUTIVES = (
    ("Anna Berg", "CEO"),
    ("Ben Okafor", "CFO"),
    ("Carla Ruiz", "CRO"),
    ("Dai Nakamura", "COO"),
    ("Elif Kaya", "CTO"),
    ("Frank Weiss", "CHRO"),
    ("Grace Adeyemi", "Head of Product"),
    ("Hugo Laurent", "Regional MD"),
    ("Ines Costa", "General Counsel"),
)


def organisation(session: Session, name: str) -> Organisation:
    found = session.scalar(select(Organisation).where(Organisation.name == name))
    if found is None:
        found = Organisation(name=name)
        session.add(found)
        session.flush()
    return found


def account(session: Session, *, name: str, organisation: str) -> Account:
    owner = globals()["organisation"](session, organisation)
    made = Account(
        organisation_id=owner.id,
        name=name,
        email=f"{name.split()[0].lower()}@{organisation.split()[0].lower()}.example",
        password_hash=_cheap_hash(PASSWORD),
    )
    session.add(made)
    session.flush()
    return made


def _cheap_hash(password: str) -> str:
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(password)


def draft_round(
    session: Session,
    *,
    organisation_id: int,
    confidentiality: Confidentiality = Confidentiality.NAMED,
    n_participants: int = 9,
    label: str = "Q1 2027",
    series: Series | None = None,
) -> Round:
    if series is None:
        series = Series(organisation_id=organisation_id, title="What is our strategy?")
        session.add(series)
        session.flush()
    number = len(session.scalars(select(Round.id).where(Round.series_id == series.id)).all()) + 1
    made = Round(
        series_id=series.id,
        number=number,
        label=label,
        asked_by="Mara Lind, CMO",
        confidentiality=confidentiality,
        time_zone="Europe/Berlin",
        closes_at=utc_now() + timedelta(days=7),
    )
    made.questions = [
        Question(
            position=1,
            key="strategy",
            kind=QuestionKind.OPEN_TEXT,
            prompt="In one to three sentences: what is our strategy?",
            hint="The unique value we provide to our market; who it is for; what we choose not to do.",
        ),
        Question(
            position=2,
            key="perception",
            kind=QuestionKind.PERCEPTION_GUESS,
            prompt="How likely is it that a colleague described the same strategy as you?",
        ),
    ]
    made.participants = [
        Participant(
            name=name,
            role=role,
            email=f"{name.split()[0].lower()}@halden.example",
            identity=f"{name.split()[0].lower()}@halden.example",
        )
        for name, role in EXECUTIVES[:n_participants]
    ]
    session.add(made)
    session.flush()
    return made


def open_round(session: Session, *, organisation_id: int, **options: object) -> Round:
    made = draft_round(session, organisation_id=organisation_id, **options)  # type: ignore[arg-type]
    made.state = RoundState.OPEN
    made.opened_at = utc_now()
    session.flush()
    return made


def personal_link(session: Session, participant: Participant) -> str:
    """The token of a fresh personal link for this participant."""
    token = secrets.token_urlsafe(32)
    session.add(
        Invitation(token_hash=hashlib.sha256(token.encode()).hexdigest(), participant_id=participant.id)
    )
    session.flush()
    return token


def submitted_sheet(
    session: Session, *, round_: Round, participant: Participant | None, text: str, percent: int = 70
) -> Sheet:
    """An answer that was sent. In Unattributed mode pass participant=None."""
    strategy, perception = round_.questions
    sheet = Sheet(
        id=secrets.token_hex(32),
        round_id=round_.id,
        confidentiality=round_.confidentiality,
        participant_id=participant.id if participant else None,
        is_submitted=True,
        answers=[
            Answer(question_id=strategy.id, value={"text": text}),
            Answer(question_id=perception.id, value={"percent": percent}),
        ],
    )
    if participant is not None:
        participant.state = ParticipantState.SUBMITTED
    session.add(sheet)
    session.flush()
    return sheet


def closed_round(session: Session, *, organisation_id: int, texts: list[str], **options: object) -> Round:
    """A round that was answered with `texts`, in the order of its participants, and has closed."""
    made = open_round(session, organisation_id=organisation_id, n_participants=len(texts), **options)
    for participant, text in zip(made.participants, texts, strict=True):
        is_named = made.confidentiality != Confidentiality.UNATTRIBUTED
        submitted_sheet(session, round_=made, participant=participant if is_named else None, text=text)
        participant.state = ParticipantState.SUBMITTED
    made.state = RoundState.CLOSED
    made.closed_at = utc_now()
    session.flush()
    return made
