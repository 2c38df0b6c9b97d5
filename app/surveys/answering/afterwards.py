"""What a respondent can still do once the round has closed.

Features that come later in the import arrow offer it when the app is wired (app/__init__.py); the pages here only ask
whether there is something, because they know nothing of those features.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import Flask, current_app
from sqlalchemy.orm import Session

from app.surveys.models import Round

_KEY = "ninefold_afterwards"


@dataclass(frozen=True)
class NextStep:
    """title, words: what it is, for the page behind the personal link; label: of its button; url: where it leads."""

    title: str
    words: str
    label: str
    url: str


Finder = Callable[[Session, Round, datetime], NextStep | None]


def offer(app: Flask, finder: Finder) -> None:
    app.extensions.setdefault(_KEY, []).append(finder)


def find_next_step(session: Session, *, round_: Round, now: datetime) -> NextStep | None:
    """The first thing that is open to those who answered this round; None while it takes answers, or after all."""
    finders: list[Finder] = current_app.extensions.get(_KEY, [])
    return next((step for finder in finders if (step := finder(session, round_, now)) is not None), None)
