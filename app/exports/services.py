"""Letting named people read a report, and keeping an organisation's own template."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.exports import house_templates, queries
from app.exports.models import HouseTemplate, ReaderLink
from app.people.models import Account
from app.surveys.links import KeyRefused
from app.surveys.models import Round
from app.surveys.queries import hash_token

USUAL_DAYS, MOST_DAYS = 14, 90
_KEY_BYTES = 32


def reader_token(*, key: str, round_id: int) -> str:
    """The token that this form makes: 32 bytes that nobody can guess without the form's key (see surveys/links.py).

    So the form sent twice shows the same link again, and the database keeps nothing but a hash. Raises KeyRefused.
    """
    try:
        secret = base64.urlsafe_b64decode(key + "=" * (-len(key) % 4))
    except ValueError as problem:
        raise KeyRefused from problem
    if len(secret) != _KEY_BYTES:
        raise KeyRefused
    digest = hmac.new(secret, f"ninefold reader link {round_id}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def admit_reader(
    session: Session, *, round_: Round, name: str, days: int, key: str, by: Account, now: datetime
) -> tuple[ReaderLink, str]:
    """Make a link for this person; return it with its token, which is kept nowhere. Sent twice, it is one link."""
    token = reader_token(key=key, round_id=round_.id)
    found = session.scalar(select(ReaderLink).where(ReaderLink.token_hash == hash_token(token)))
    if found is None:
        found = ReaderLink(
            round_id=round_.id,
            name=name,
            token_hash=hash_token(token),
            created_by_id=by.id,
            created_at=now,
            expires_at=now + timedelta(days=days),
        )
        session.add(found)
        session.flush()
    return found, token


def end_reader_link(session: Session, *, link: ReaderLink, now: datetime) -> None:
    """At once, everywhere; ended twice it stays as it was."""
    if link.revoked_at is None:
        link.revoked_at = now
        session.flush()


def count_reading(session: Session, *, link: ReaderLink, now: datetime) -> None:
    """The reader pressed the button: counted with its time, so that the facilitator sees who has read."""
    link.opened_count += 1
    link.last_opened_at = now
    session.flush()


def keep_house_template(
    session: Session, *, organisation_id: int, file_name: str, content: bytes, by: Account, now: datetime
) -> HouseTemplate:
    """Check the file and keep it in place of the one before. Raises house_templates.TemplateRefused."""
    house_templates.check(content)
    found = queries.find_house_template(session, organisation_id=organisation_id)
    if found is None:
        found = HouseTemplate(organisation_id=organisation_id)
        session.add(found)
    found.file_name = file_name
    found.content = content
    found.uploaded_by_id = by.id
    found.uploaded_at = now
    session.flush()
    return found


def remove_house_template(session: Session, *, organisation_id: int) -> None:
    found = queries.find_house_template(session, organisation_id=organisation_id)
    if found is not None:
        session.delete(found)
        session.flush()
