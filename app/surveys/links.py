"""Personal links: how a token comes about, and what is made of it: an address, a QR code, a row for a mail merge.

A link is shown once, in answer to the form that made it. The form carries a random key (32 bytes) that only the
facilitator's page knows; each token is derived from that key and the participant. So the same form sent twice (a
double click, a reload of the answer) shows the same links again instead of losing them, while the database keeps
nothing but hashes.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass

import segno

from app.surveys.models import Participant

_KEY_BYTES = 32


class KeyRefused(Exception):
    """The form's key is not one that this server made."""


@dataclass(frozen=True)
class PersonalLink:
    participant: Participant
    url: str


@dataclass(frozen=True)
class QrCode:
    """A QR code as the path of an SVG: dark squares on a field of `size` by `size`, quiet zone included."""

    size: int
    path: str


def new_key() -> str:
    return secrets.token_urlsafe(_KEY_BYTES)


def token_for(*, key: str, round_id: int, participant_id: int) -> str:
    """The token of this participant under this key: 32 bytes that nobody can guess without the key."""
    try:
        secret = base64.urlsafe_b64decode(key + "=" * (-len(key) % 4))
    except ValueError as problem:
        raise KeyRefused from problem
    if len(secret) != _KEY_BYTES:
        raise KeyRefused
    message = f"ninefold personal link {round_id} {participant_id}".encode()
    digest = hmac.new(secret, message, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def qr_code(url: str) -> QrCode:
    code = segno.make(url, error="m", micro=False)
    border = 4
    path = []
    for y, row in enumerate(code.matrix, start=border):
        x = 0
        while x < len(row):
            width = 1
            while row[x] and x + width < len(row) and row[x + width]:
                width += 1
            if row[x]:
                path.append(f"M{x + border} {y}h{width}v1h-{width}z")
            x += width
    return QrCode(size=len(code.matrix) + 2 * border, path="".join(path))
