"""Mails that came back: what a delivery status message (RFC 3464) says of a mail of ours.

A mail is known by its Message-ID, which is random and opens nothing. Of what the other server says only the code is
kept: its words may quote the mail.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import Message

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.deliveries.models import Delivery, DeliveryState
from app.languages import gettext as _
from app.languages import marked

MOST_BYTES = 10 * 1024 * 1024
_MESSAGE_KEY = re.compile(r"<([0-9a-f]{32})@")
_STATUS = re.compile(r"([245])\.(\d{1,3})\.(\d{1,3})")

_REASONS = (
    ("1.", marked("The address does not exist, or is written wrongly.")),
    ("2.2", marked("The mailbox is full.")),
    ("2.", marked("The mailbox takes no mail.")),
    ("4.", marked("The mail could not be brought to the other mail server.")),
    ("7.", marked("The other mail server refused the mail.")),
)


class NoBounce(Exception):
    """Not a message that says that a mail of ours came back; why, in words for whoever handed it in."""


@dataclass(frozen=True)
class Returned:
    """message_key: of the mail that came back. code: such as 5.1.1; empty where the message has none."""

    message_key: str
    code: str

    @property
    def reason(self) -> str:
        detail = self.code.partition(".")[2]
        words = next((words for begin, words in _REASONS if detail.startswith(begin)), "")
        said = _(words) if words else _("The mail came back.")
        return _("%(words)s (code %(code)s)", words=said, code=self.code) if self.code else said


def read_bounce(content: bytes) -> Returned:
    """Raises NoBounce."""
    parts = list(message_from_bytes(content[:MOST_BYTES], policy=policy.compat32).walk())
    reports = [
        str(block["Action"]).strip().lower() for block in _blocks_of(parts) if block["Action"] is not None
    ]
    if not reports:
        raise NoBounce("This is no delivery status message: it does not say what became of a mail.")
    if "failed" not in reports:
        raise NoBounce("The mail has not come back: it was delivered, or is still being tried.")
    # The returned mail is the last part; the message about it has a Message-ID of its own, in another form.
    for part in reversed(parts):
        for header in ("Message-ID", "References", "In-Reply-To"):
            found = _MESSAGE_KEY.search(str(part.get(header, "")))
            if found:
                return Returned(message_key=found[1], code=_code_of(parts))
        if part.get_content_type() == "text/rfc822-headers":
            found = re.search(r"(?im)^message-id:\s*<([0-9a-f]{32})@", _text_of(part))
            if found:
                return Returned(message_key=found[1], code=_code_of(parts))
    raise NoBounce("This message does not hold the Message-ID of a mail from Ninefold.")


def find_returned(session: Session, *, returned: Returned) -> Delivery | None:
    return session.scalars(select(Delivery).where(Delivery.message_key == returned.message_key)).first()


def record_bounce(session: Session, *, delivery: Delivery, reason: str, now: datetime) -> bool:
    """Write down that a mail which the mail server had taken came back; was it news?

    A mail that is tried again in the meantime has a fate of its own: what came back is the attempt before.
    """
    if delivery.state != DeliveryState.SENT or delivery.bounced_at is not None:
        return False
    delivery.bounced_at, delivery.reason = now, reason
    session.flush()
    return True


def _blocks_of(parts: list[Message]) -> Iterator[Message]:
    """The blocks of every delivery status: one about the message, one for each address."""
    for part in parts:
        if part.get_content_type() == "message/delivery-status" and part.is_multipart():
            yield from (block for block in part.get_payload() if isinstance(block, Message))


def _code_of(parts: list[Message]) -> str:
    for block in _blocks_of(parts):
        found = _STATUS.search(str(block.get("Status", "")))
        if found and found[1] != "2" and str(block.get("Action", "")).strip().lower() == "failed":
            return found[0]
    return ""


def _text_of(part: Message) -> str:
    payload = part.get_payload(decode=True)
    return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
