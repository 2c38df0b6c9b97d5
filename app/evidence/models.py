"""Tables of the echo check and of the corrections.

A vote joins two sheets and no person. In Unattributed mode a sheet names nobody (app/surveys/models.py), and so no
vote does; in every mode a vote has no time, and its table keeps no order of rows (WITHOUT ROWID). That both sheets are
of one round, and were shown in its echo check, is a foreign key.
"""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base, utc_now
from app.people.models import Account


class Verdict(enum.StrEnum):
    SAME = "same"
    DIFFERENT = "different"
    OPPOSITE = "opposite"
    UNSURE = "unsure"


class EchoCheck(Base):
    """The echo check of one round; there is at most one."""

    __tablename__ = "echo_checks"
    __table_args__ = (
        CheckConstraint("closes_at > opened_at", name="closes_after_it_opens"),
        CheckConstraint("ended_at IS NULL OR ended_at >= opened_at", name="ends_after_it_opens"),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id", ondelete="CASCADE"), primary_key=True)
    opened_at: Mapped[datetime] = mapped_column(default=utc_now)
    closes_at: Mapped[datetime]
    # By hand or by the clock; from then on the votes count.
    ended_at: Mapped[datetime | None]

    def is_open(self, now: datetime) -> bool:
        """May answers be read and votes be cast? The clock decides, even before the worker has written the end."""
        return self.ended_at is None and now < self.closes_at


class EchoAnswer(Base):
    """An answer that takes part: its author may vote, and it is read by others. Fixed when the check opens."""

    __tablename__ = "echo_answers"
    __table_args__ = ({"sqlite_with_rowid": False},)

    round_id: Mapped[int] = mapped_column(
        ForeignKey("echo_checks.round_id", ondelete="CASCADE"), primary_key=True
    )
    sheet_id: Mapped[str] = mapped_column(
        String(64), ForeignKey("sheets.id", ondelete="CASCADE"), primary_key=True
    )


class Vote(Base):
    """What the author of one answer says of another one."""

    __tablename__ = "echo_votes"
    __table_args__ = (
        ForeignKeyConstraint(
            ["round_id", "voter_id"], ["echo_answers.round_id", "echo_answers.sheet_id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(
            ["round_id", "sheet_id"], ["echo_answers.round_id", "echo_answers.sheet_id"], ondelete="CASCADE"
        ),
        CheckConstraint("verdict IN ('same', 'different', 'opposite', 'unsure')", name="verdict_is_known"),
        CheckConstraint("voter_id <> sheet_id", name="nobody_votes_on_their_own_answer"),
        {"sqlite_with_rowid": False},
    )

    round_id: Mapped[int] = mapped_column(primary_key=True)
    # The voter's own sheet, and the sheet that was read.
    voter_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    sheet_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    verdict: Mapped[str] = mapped_column(String(10))


class Correction(Base):
    """What the facilitator says of two answers, and why. A log: a row is never changed but to withdraw it, once
    (a trigger refuses the rest: migrations/versions/0002, `corrections_are_a_log`)."""

    __tablename__ = "corrections"
    __table_args__ = (
        CheckConstraint("verdict IN ('same', 'different', 'opposite')", name="verdict_is_known"),
        CheckConstraint("reason <> ''", name="reason_is_not_empty"),
        CheckConstraint("first_id < second_id", name="pair_is_two_answers_in_order"),
        CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by_id IS NULL)", name="withdrawn_correction_has_both"
        ),
        # One standing correction a pair; a newer one withdraws the former.
        Index(
            "uq_corrections_standing_pair",
            "round_id",
            "first_id",
            "second_id",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id", ondelete="CASCADE"), index=True)
    first_id: Mapped[str] = mapped_column(String(64), ForeignKey("sheets.id", ondelete="CASCADE"))
    second_id: Mapped[str] = mapped_column(String(64), ForeignKey("sheets.id", ondelete="CASCADE"))
    verdict: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(Text)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    made_at: Mapped[datetime] = mapped_column(default=utc_now)
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    withdrawn_at: Mapped[datetime | None]

    made_by: Mapped[Account] = relationship(foreign_keys=made_by_id)
    withdrawn_by: Mapped[Account | None] = relationship(foreign_keys=withdrawn_by_id)
