"""Who reads a report without an account, and whose slides a presentation is made on."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base, utc_now
from app.people.models import Account
from app.surveys.models import Round


class ReaderLink(Base):
    """A link by which one named person reads what the team has been shown of one round's report.

    Only the SHA-256 of its token is kept. It ends by itself (`expires_at`) or by hand (`revoked_at`), at once.
    """

    __tablename__ = "reader_links"
    __table_args__ = (
        CheckConstraint("name <> ''", name="name_is_not_empty"),
        CheckConstraint("expires_at > created_at", name="link_ends_after_it_begins"),
        CheckConstraint("(opened_count = 0) = (last_opened_at IS NULL)", name="opened_link_has_time"),
        CheckConstraint("opened_count >= 0", name="opened_count_is_a_count"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    # Counted when the reader presses the button, not when a mail scanner opens the address.
    opened_count: Mapped[int] = mapped_column(default=0)
    last_opened_at: Mapped[datetime | None]

    round: Mapped[Round] = relationship()
    created_by: Mapped[Account] = relationship()

    def is_alive(self, now: datetime) -> bool:
        return self.revoked_at is None and now < self.expires_at


class HouseTemplate(Base):
    """The organisation's own PowerPoint file, on whose layouts its presentations are made; at most one."""

    __tablename__ = "house_templates"
    __table_args__ = (CheckConstraint("file_name <> ''", name="file_name_is_not_empty"),)

    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisations.id", ondelete="CASCADE"), primary_key=True
    )
    file_name: Mapped[str] = mapped_column(String(200))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    uploaded_at: Mapped[datetime] = mapped_column(default=utc_now)

    uploaded_by: Mapped[Account] = relationship()
