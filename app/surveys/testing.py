"""Trying a draft out: the facilitator answers it as a test person, before anybody is asked.

A test person is a row of `participants` that is marked, in a draft and nowhere else. The launch deletes it with all that
it wrote, in its own transaction; a trigger refuses a launch that would not (migrations/versions/0005).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, selectinload

from app.languages import gettext as _
from app.people.models import Account
from app.surveys.models import Invitation, Participant, Round, RoundState, Sheet
from app.surveys.queries import hash_token, lock_round


class TestRefused(Exception):
    """The round cannot be tried out now; the message says why."""

    __test__ = False


@dataclass(frozen=True)
class TestPerson:
    __test__ = False

    participant: Participant
    # The hash of the link that nobody was given; a browser that tries the round out goes by it.
    link: str


def begin_test(session: Session, *, round_: Round, account: Account, now: datetime) -> TestPerson:
    """The test person of this account in this draft, made if need be, with a link of its own."""
    lock_round(session, round_id=round_.id)
    if round_.state != RoundState.DRAFT:
        raise TestRefused(_("Only a draft can be tried out."))
    if round_.closes_at is None:
        raise TestRefused(_("Set the closing time first: the pages that people read name it."))
    if not round_.questions:
        raise TestRefused(_("The round has no question yet."))
    identity = f"test person {account.id}"
    participant = session.scalar(
        select(Participant).where(Participant.round_id == round_.id, Participant.identity == identity)
    )
    if participant is None:
        participant = Participant(
            round_id=round_.id, name=f"{account.name} (test)"[:200], identity=identity, is_test=True
        )
        session.add(participant)
        session.flush()
    link = hash_token(secrets.token_urlsafe(32))
    session.add(Invitation(token_hash=link, participant_id=participant.id, created_at=now))
    session.flush()
    return TestPerson(participant=participant, link=link)


def list_test_sheets(session: Session, *, round_: Round) -> list[Sheet]:
    """What was sent in trying this draft out; nothing for a round that was launched."""
    if round_.state != RoundState.DRAFT:
        return []
    return list(
        session.scalars(
            select(Sheet)
            .where(Sheet.round_id == round_.id, Sheet.is_submitted)
            .order_by(Sheet.id)
            .options(selectinload(Sheet.answers))
        )
    )


def purge_tests(session: Session, *, round_: Round) -> None:
    """Delete the test people of a draft and everything that they wrote. The caller has it locked as a draft."""
    assert round_.state == RoundState.DRAFT, "a launched round has real answers"
    session.flush()
    session.execute(delete(Sheet).where(Sheet.round_id == round_.id))
    session.execute(delete(Participant).where(Participant.round_id == round_.id, Participant.is_test))
