"""The people of an organisation. A round copies what it needs, so a change here changes no round that was launched."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, utc_now


class DirectoryPerson(Base):
    __tablename__ = "directory_people"
    __table_args__ = (
        UniqueConstraint("organisation_id", "identity"),
        CheckConstraint("name <> ''", name="name_is_not_empty"),
        CheckConstraint("email = lower(email)", name="email_is_lower_case"),
        Index(
            "uq_directory_people_address",
            "organisation_id",
            "email",
            unique=True,
            sqlite_where=text("email <> ''"),
            postgresql_where=text("email <> ''"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254), default="")
    role: Mapped[str] = mapped_column(String(200), default="")
    function: Mapped[str] = mapped_column(String(200), default="")
    level: Mapped[str] = mapped_column(String(200), default="")
    # Where this person works, for the hours in which they may be reminded; empty: where the round is.
    time_zone: Mapped[str] = mapped_column(String(64), default="", server_default="")
    # Who this is in every round, whatever becomes of the name and the address: never changed.
    identity: Mapped[str] = mapped_column(String(254))
    left_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
