"""What the meetings about a report said: hands, as counts, and the next date.

The feature that runs meetings comes later in the import arrow; it says where they are found when the app is wired
(app/__init__.py), and reports know nothing of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from flask import Flask, current_app
from sqlalchemy.orm import Session

_KEY = "ninefold_meetings"


@dataclass(frozen=True)
class Hands:
    """A show of hands on one fork. left, right: what the two sides are called now."""

    left: str
    right: str
    n_left: int
    n_right: int
    n_undecided: int

    @property
    def question(self) -> str:
        return f"“{self.left}” or “{self.right}”?"

    @property
    def n(self) -> int:
        return self.n_left + self.n_right + self.n_undecided


@dataclass(frozen=True)
class MeetingView:
    """held_at: in the zone of the round."""

    held_at: datetime
    hands: tuple[Hands, ...]
    next_on: date | None


Finder = Callable[[Session, int], tuple[MeetingView, ...]]


def offer(app: Flask, finder: Finder) -> None:
    app.extensions[_KEY] = finder


def find_meetings(session: Session, *, round_id: int) -> tuple[MeetingView, ...]:
    """The meetings that said something about this round's report, the earliest first."""
    finder: Finder | None = current_app.extensions.get(_KEY)
    return finder(session, round_id) if finder else ()
