"""Observers of a round: told about it, shown afterwards what its participants are shown, never asked.

They are no participants: they are not counted as invited, and nothing that looks for answers or reminds finds them.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base, utc_now
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


class ObserverLink(Base):
    """A link that shows an observer the round. Only the SHA-256 of its token is kept."""

    __tablename__ = "observer_links"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    observer_id: Mapped[int] = mapped_column(ForeignKey("observers.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    revoked_at: Mapped[datetime | None]

    observer: Mapped[Observer] = relationship()
