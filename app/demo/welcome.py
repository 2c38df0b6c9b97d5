"""What `make run` prints: how to get in, on both sides."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.config import Settings
from app.db import Database, utc_now
from app.demo.content import MERROWBY
from app.demo.services import PASSWORD
from app.people.models import Account
from app.surveys import links
from app.surveys import services as surveys
from app.surveys.models import Participant, Round, RoundState


def welcome(database: Database, settings: Settings) -> str:
    """The demo's ways in. Makes a fresh personal link each time, as only hashes of the earlier ones are kept."""
    asker = MERROWBY.person(MERROWBY.facilitator)
    with database.writing() as session:
        if session.scalar(select(Account.id).where(Account.email == asker.email)) is None:
            return ""
        lines = [
            "  The demo company Merrowby Ropeworks is loaded: four quarters of answers and one open round.",
            "",
            f"  Sign in         {settings.base_url}/sign-in",
            f"    as            {asker.email}",
            f"    password      {PASSWORD}",
        ]
        visitor = _find_visitor(session)
        if visitor is not None:
            key = links.new_key()
            surveys.reissue_link(session, participant=visitor, key=key, now=utc_now())
            token = links.token_for(key=key, round_id=visitor.round_id, participant_id=visitor.id)
            lines.append(f"  Answer as {visitor.name.split()[0]:<6}{settings.base_url}/r/{token}")
    return "\n".join(lines) + "\n"


def _find_visitor(session: Session) -> Participant | None:
    return session.scalar(
        select(Participant)
        .join(Participant.round)
        .where(Participant.email == MERROWBY.person(MERROWBY.visitor).email, Round.state == RoundState.OPEN)
        .limit(1)
    )
