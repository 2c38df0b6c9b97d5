"""A short mail of plain text, for somebody who is not asked anything: a facilitator or an observer."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from app.config import Settings
from app.deliveries import posting
from app.deliveries.letters import Person, address_of
from app.texts import clean_line


def post_note(
    settings: Settings,
    *,
    organisation_id: int,
    name: str,
    to: Person,
    reply_to: Person | None = None,
    subject: str,
    text: str,
    now: datetime,
) -> None:
    """Send it. `name` says which note this is: sent again, it has the same Message-ID.

    Raises sending.Refused or sending.Unanswered.
    """
    key = hashlib.sha256(f"ninefold note {name}".encode()).hexdigest()[:32]
    sender = posting.sender_of(settings)
    note = EmailMessage(policy=SMTP.clone(cte_type="7bit", utf8=not to.address.isascii()))
    note["From"] = address_of(sender)
    note["To"] = address_of(to)
    if reply_to is not None:
        note["Reply-To"] = address_of(reply_to)
    note["Subject"] = clean_line(subject)
    note["Date"] = format_datetime(now.astimezone(UTC))
    note["Message-ID"] = f"<{key}@{sender.address.rpartition('@')[2]}>"
    note["Auto-Submitted"] = "auto-generated"
    note.set_content(text)
    posting.post(
        settings, organisation_id=organisation_id, key=key, recipient=to.address, content=note.as_bytes()
    )
