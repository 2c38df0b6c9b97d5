"""The outbox of development mode: where mails are kept as files on this machine instead of being sent.

A kept mail holds a working link, like a sent one; that is why the outbox exists in development mode only.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from app.config import Settings, prepare_data_folder

_KEY = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Kept:
    key: str
    at: datetime
    to: str
    subject: str
    text: str


def keep(settings: Settings, *, organisation_id: int, key: str, content: bytes) -> None:
    """Write the mail to its file; the same mail again is the same file."""
    folder = _folder(settings, organisation_id)
    prepare_data_folder(folder)
    unfinished = folder / f"{key}.part"
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    unfinished.replace(folder / f"{key}.eml")


def list_kept(settings: Settings, *, organisation_id: int) -> list[Kept]:
    """The newest first."""
    files = _folder(settings, organisation_id).glob("*.eml")
    return sorted((_read(file) for file in files), key=lambda kept: (kept.at, kept.key), reverse=True)


def find_content(settings: Settings, *, organisation_id: int, key: str) -> bytes | None:
    file = _folder(settings, organisation_id) / f"{key}.eml"
    return file.read_bytes() if _KEY.fullmatch(key) and file.is_file() else None


def _read(file: Path) -> Kept:
    mail = message_from_bytes(file.read_bytes(), policy=SMTP)
    assert isinstance(mail, EmailMessage)
    body = mail.get_body(("plain",))
    return Kept(
        key=file.stem,
        at=datetime.fromtimestamp(file.stat().st_mtime, UTC),
        to=str(mail["To"]),
        subject=str(mail["Subject"]),
        text=body.get_content() if body is not None else "",
    )


def _folder(settings: Settings, organisation_id: int) -> Path:
    return settings.data / "outbox" / str(organisation_id)
