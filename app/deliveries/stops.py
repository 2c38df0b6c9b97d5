"""The address in a mail under which reminders are stopped, also by a mail program itself (RFC 8058).

It is made of the person's row and the server's secret, and kept nowhere: it can stop the reminders of one person in one
round, and let them come again, and nothing else.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable

from sqlalchemy.orm import Session

from app.surveys.models import Participant


def stop_key(secret_key: str, *, participant_id: int) -> str:
    message = f"ninefold no reminders {participant_id}".encode()
    digest = hmac.new(secret_key.encode(), message, hashlib.sha256).digest()
    return f"{participant_id}-{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"


def find_person(session: Session, *, key: str, secret_keys: Iterable[str]) -> Participant | None:
    """Whose reminders this address stops; a former secret of the server still counts."""
    number, _, _mac = key.partition("-")
    if not (number.isascii() and number.isdigit() and len(number) < 10) or not key.isascii():
        return None
    known = [stop_key(secret, participant_id=int(number)) for secret in secret_keys]
    if not any(hmac.compare_digest(each, key) for each in known):
        return None
    return session.get(Participant, int(number))
