"""Meetings: which slide is shown, what the clock says, and how many hands each fork got. Never whose hands."""

from __future__ import annotations

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base, utc_now
from app.people.models import Account
from app.reports.models import Report
from app.surveys.models import Round


class Showing(enum.StrEnum):
    """What opening the meeting shows the team, on their own pages, of a report that they do not know yet."""

    AT_ONCE = "at_once"
    AS_IT_GOES = "as_it_goes"
    REHEARSAL = "rehearsal"


class Meeting(Base):
    """One meeting, or the rehearsal of one. It speaks of the report that stood when it began, even if a newer one is
    built meanwhile. changes: goes up with every move and every touch of the clock, so that windows know what is newer.
    """

    __tablename__ = "meetings"
    __table_args__ = (
        CheckConstraint("showing IN ('at_once', 'as_it_goes', 'rehearsal')", name="showing_is_known"),
        CheckConstraint("clock_spent >= 0", name="clock_runs_forward"),
        CheckConstraint("clock_started_at IS NULL OR clock_step <> ''", name="running_clock_has_a_step"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id", ondelete="CASCADE"), index=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("reports.id", ondelete="CASCADE"))
    showing: Mapped[str] = mapped_column(String(20))
    begun_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    begun_at: Mapped[datetime] = mapped_column(default=utc_now)
    slide: Mapped[str] = mapped_column(String(20), default="cover")
    changes: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime] = mapped_column(default=utc_now)
    # The step of the time plan that the clock belongs to; whole seconds that it ran before it was last started.
    clock_step: Mapped[str] = mapped_column(String(20), default="")
    clock_spent: Mapped[int] = mapped_column(default=0)
    clock_started_at: Mapped[datetime | None]
    # What the team wrote on the blank thesis, and when it wants to be asked again.
    only: Mapped[str] = mapped_column(Text, default="")
    whose: Mapped[str] = mapped_column(Text, default="")
    for_whom: Mapped[str] = mapped_column(Text, default="")
    not_doing: Mapped[str] = mapped_column(Text, default="")
    next_on: Mapped[date | None]

    round: Mapped[Round] = relationship()
    report: Mapped[Report] = relationship()
    begun_by: Mapped[Account] = relationship()
    forks: Mapped[list[MeetingFork]] = relationship(
        order_by="MeetingFork.number", cascade="all, delete-orphan", passive_deletes=True
    )

    @property
    def is_rehearsal(self) -> bool:
        return self.showing == Showing.REHEARSAL

    def clock_seconds(self, now: datetime) -> int:
        """How long the clock has run."""
        if self.clock_started_at is None:
            return self.clock_spent
        return self.clock_spent + max(0, int((now - self.clock_started_at).total_seconds()))


class MeetingFork(Base):
    """A fork that the meeting talks through: the two answers that speak for its sides (by their numbers in the
    report), and the show of hands once it was counted. counts: how often it was kept; a correction is one more."""

    __tablename__ = "meeting_forks"
    __table_args__ = (
        CheckConstraint("left_answer <> right_answer", name="sides_are_two"),
        CheckConstraint("n_left >= 0 AND n_right >= 0 AND n_undecided >= 0", name="hands_are_counts"),
        CheckConstraint(
            "(counts = 0) = (n_left IS NULL) AND (counts = 0) = (n_right IS NULL) AND "
            "(counts = 0) = (n_undecided IS NULL) AND (counts = 0) = (counted_at IS NULL)",
            name="hands_are_counted_together",
        ),
    )

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    left_answer: Mapped[int]
    right_answer: Mapped[int]
    counts: Mapped[int] = mapped_column(default=0)
    n_left: Mapped[int | None]
    n_right: Mapped[int | None]
    n_undecided: Mapped[int | None]
    counted_at: Mapped[datetime | None]

    @property
    def is_counted(self) -> bool:
        return self.counts > 0
