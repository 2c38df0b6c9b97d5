"""A real mail server on loopback that behaves as badly as a test asks for."""

from __future__ import annotations

import asyncio
import socket
import ssl
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

USER, PASSWORD = "ninefold", "a password for tests"


@dataclass
class Post:
    """The handler: keeps what it accepts. Set a behaviour to have it answer otherwise."""

    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    # Each gets the address or the content and returns a reply, or None for "accepted".
    at_rcpt: Callable[[str], str | None] = lambda _address: None
    at_data: Callable[[bytes], str | None] = lambda _content: None
    # Accept, keep, and then cut the line instead of saying so.
    drops_after_data: int = 0
    stalls: bool = False
    is_signed_in: bool = False

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        self.is_signed_in = bool(session.authenticated)
        refusal = self.at_rcpt(address)
        if refusal:
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        if self.stalls:
            await asyncio.sleep(3600)
        refusal = self.at_data(content)
        if refusal:
            return refusal
        mail = message_from_bytes(content, policy=default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        self.recipients += envelope.rcpt_tos
        if self.drops_after_data > 0:
            self.drops_after_data -= 1
            assert server.transport is not None
            server.transport.abort()
        return "250 taken"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class _Controller(Controller):
    def _trigger_server(self) -> None:
        """The first connection sets the server up. Theirs would check the certificate; a bare one does as well."""
        with socket.create_connection((self.hostname, self.port), timeout=5):
            pass


@contextmanager
def running(post: Post, **options: Any) -> Iterator[int]:
    """The server on a free port; it is up when this returns."""
    port = free_port()
    controller = _Controller(post, hostname="127.0.0.1", port=port, enable_SMTPUTF8=True, **options)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


@contextmanager
def silent_port() -> Iterator[int]:
    """A port that takes connections and never says a word."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(8)
        yield int(listener.getsockname()[1])


def authenticator(_server: SMTP, _session: Session, _envelope: Envelope, _way: str, data: Any) -> AuthResult:
    is_right = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    # Not handled: the server itself says 535.
    return AuthResult(success=is_right, handled=False)


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that signs itself: (certificate, key)."""
    made, key = folder / "certificate.pem", folder / "key.pem"
    if made.exists():
        return made, key
    subprocess.run(
        [
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
            "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(made),
        ],
        check=True,
        capture_output=True,
    )  # fmt: skip
    return made, key


def server_context(folder: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate(folder))
    return context
