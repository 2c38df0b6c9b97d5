"""Observers of a round: told about it, shown afterwards what its participants are shown, never asked.

They are no participants: they are not counted as invited, and nothing that looks for answers or reminds finds them.
What an observer is sent and shown: app/observing.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, object_session, relationship

from app.db import Base
from app.languages import gettext as _
from app.surveys.models import Round


class Observer(Base):
    __tablename__ = "observers"
    __table_args__ = (
        UniqueConstraint("round_id", "identity"),
        CheckConstraint("name <> ''", name="name_is_not_empty"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254), default="")
    role: Mapped[str] = mapped_column(String(200), default="")
    identity: Mapped[str] = mapped_column(String(254))
    # When the mail server took the mail that tells them; why it did not, if it did not.
    told_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text, default="")

    round: Mapped[Round] = relationship()

    @property
    def name_and_role(self) -> str:
        return f"{self.name} ({self.role})" if self.role else self.name


def observers_of(round_: Round) -> list[Observer]:
    """Everybody who observes this round, in the order of names."""
    session = object_session(round_)
    if session is None or round_.id is None:
        return []  # a round that is in no database has nobody
    found = session.scalars(select(Observer).where(Observer.round_id == round_.id))
    return sorted(found, key=lambda observer: (observer.name.casefold(), observer.id))


def observer_words(round_: Round) -> str | None:
    """What every participant reads of the observers, in the mail and before writing; None where there are none."""
    names = ", ".join(observer.name_and_role for observer in observers_of(round_))
    if not names:
        return None
    return _(
        "Told of this round without being asked, and shown afterwards what you are shown: %(names)s.",
        names=names,
    )
