"""Which way mail goes on this server: to the mail server, into the development outbox, or nowhere."""

from __future__ import annotations

import enum

from app.config import Settings
from app.deliveries import outbox, sending
from app.deliveries.letters import Person
from app.languages import gettext as _
from app.languages import marked

NO_WAY = marked("No mail server is set up on this server.")


class Way(enum.StrEnum):
    SERVER = "server"
    OUTBOX = "outbox"
    NONE = "none"


def way_of(settings: Settings) -> Way:
    if settings.mail_server is not None:
        return Way.SERVER
    return Way.OUTBOX if settings.is_development else Way.NONE


def sender_of(settings: Settings) -> Person:
    server = settings.mail_server
    if server is None:
        return Person(name="Ninefold", address="ninefold@localhost")
    return Person(name=server.sender_name, address=server.sender_address)


def post(settings: Settings, *, organisation_id: int, key: str, recipient: str, content: bytes) -> None:
    """Send the mail, or keep it in the outbox. Raises sending.Refused or sending.Unanswered."""
    if settings.mail_server is not None:
        sending.send(settings.mail_server, content, recipient=recipient)
    elif settings.is_development:
        outbox.keep(settings, organisation_id=organisation_id, key=key, content=content)
    else:
        raise sending.Refused(_(NO_WAY), may_pass=False)
