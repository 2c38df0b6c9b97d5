"""The links of observers. Who observes a round is part of it (app/surveys/observers.py), because its participants are
told before they write."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base, utc_now
from app.surveys.observers import Observer


class ObserverLink(Base):
    """A link that shows an observer the round. Only the SHA-256 of its token is kept."""

    __tablename__ = "observer_links"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    observer_id: Mapped[int] = mapped_column(ForeignKey("observers.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    revoked_at: Mapped[datetime | None]

    observer: Mapped[Observer] = relationship()
