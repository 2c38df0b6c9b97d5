"""What `make run` prints: how to get in, on both sides."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.config import Settings
from app.db import Database, utc_now
from app.demo.content import MERROWBY
from app.demo.services import PASSWORD
from app.people import queries as people
from app.surveys import links
from app.surveys import services as surveys
from app.surveys.models import Participant, Round, RoundState


def welcome(database: Database, settings: Settings) -> str:
    """The demo's ways in; empty where the demo company is not loaded."""
    asker = MERROWBY.person(MERROWBY.facilitator)
    with database.reading() as session:
        if people.find_account_by_email(session, email=asker.email) is None:
            return ""
    lines = [
        "  The demo company Merrowby Ropeworks is here: four quarters of answers and one open round.",
        "",
        f"  Sign in      {settings.base_url}/sign-in",
        f"    as         {asker.email}",
        f"    password   {PASSWORD}",
    ]
    link = fresh_visitor_link(database, settings)
    if link:
        lines.append(f"  Answer as    {MERROWBY.person(MERROWBY.visitor).name}: {link}")
    return "\n".join(lines) + "\n"


def fresh_visitor_link(database: Database, settings: Settings) -> str:
    """A new personal link each time, as only hashes of the earlier ones are kept; empty once the round has closed."""
    with database.writing() as session:
        visitor = _find_visitor(session)
        if visitor is None:
            return ""
        key = links.new_key()
        surveys.reissue_link(session, participant=visitor, key=key, now=utc_now())
        token = links.token_for(key=key, round_id=visitor.round_id, participant_id=visitor.id)
    return f"{settings.base_url}/r/{token}"


def _find_visitor(session: Session) -> Participant | None:
    return session.scalar(
        select(Participant)
        .join(Participant.round)
        .where(Participant.email == MERROWBY.person(MERROWBY.visitor).email, Round.state == RoundState.OPEN)
        .limit(1)
    )
