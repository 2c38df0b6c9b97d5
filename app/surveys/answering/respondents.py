"""What a browser that answers keeps in its signed cookie: for each round the hash of its personal link, and a secret.

The link's token itself is never in the cookie or in a page. The secret's hash is the id of the sheet that this
browser writes, so only the browser that sent an answer is shown it again.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

from flask import session as cookie

# A cookie has room for about four kilobytes; nobody answers more rounds at a time.
MAX_ROUNDS = 8
_KEY = "respondent"


@dataclass(frozen=True)
class Entry:
    """One round that this browser answers, and as whom."""

    round_id: int
    link: str
    secret: str

    @property
    def browser(self) -> str:
        """What the database may know of this browser."""
        return hashlib.sha256(self.secret.encode()).hexdigest()


def recall(round_id: int) -> Entry | None:
    found = _entries().get(str(round_id))
    if not isinstance(found, dict):
        return None
    link, secret = found.get("link"), found.get("secret")
    if not isinstance(link, str) or not isinstance(secret, str):
        return None
    return Entry(round_id=round_id, link=link, secret=secret)


def remember(*, round_id: int, link: str, secret: str | None) -> Entry:
    """Begin: from now on this browser answers this round with this link, with a new secret unless one is given."""
    entry = Entry(round_id=round_id, link=link, secret=secret or secrets.token_urlsafe(32))
    entries = _entries() | {str(round_id): {"link": entry.link, "secret": entry.secret}}
    newest = sorted(entries, key=_number)[-MAX_ROUNDS:]
    cookie[_KEY] = {key: entries[key] for key in {*newest, str(round_id)}}
    set_shared(False)
    return entry


def is_shared() -> bool:
    return not cookie.permanent


def set_shared(is_shared: bool) -> None:
    """Phones end browsers as they like, so the cookie outlives that; on a shared computer it must not."""
    cookie.permanent = not is_shared


def forget_all() -> None:
    cookie.pop(_KEY, None)


def _entries() -> dict[str, dict[str, str]]:
    found = cookie.get(_KEY)
    return dict(found) if isinstance(found, dict) else {}


def _number(key: str) -> int:
    return int(key) if key.isdecimal() else 0
