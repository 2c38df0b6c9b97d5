"""Tables of what happens by the clock, and of what the facilitator is told about it."""

from __future__ import annotations

from datetime import date, datetime, time

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, Time
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base, utc_now
from app.people.models import Account
from app.surveys.models import Round, Series


class ScheduledOpening(Base):
    """This draft opens by itself. The row ends with the opening; one that was refused stays and says why."""

    __tablename__ = "scheduled_openings"
    __table_args__ = (CheckConstraint("(refused_at IS NULL) = (refusal = '')", name="refusal_has_reason"),)

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id", ondelete="CASCADE"), primary_key=True)
    opens_at: Mapped[datetime]
    # Are the invitations sent at the opening? Otherwise the facilitator makes the links afterwards.
    is_mailing: Mapped[bool]
    chosen_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    chosen_at: Mapped[datetime] = mapped_column(default=utc_now)
    refused_at: Mapped[datetime | None]
    refusal: Mapped[str] = mapped_column(Text, default="")

    round: Mapped[Round] = relationship()
    chosen_by: Mapped[Account] = relationship()


class QuarterlySchedule(Base):
    """A series asks again every three months, on the day of the month and at the time of `begins_on`.

    What is kept is what people chose, a day and a time on the clocks of a place; the moment is worked out anew each
    time, so a change of the clocks moves nothing.
    """

    __tablename__ = "quarterly_schedules"
    __table_args__ = (
        CheckConstraint("number >= 0", name="number_is_not_negative"),
        CheckConstraint("days_open BETWEEN 1 AND 60", name="days_open_are_few"),
    )

    series_id: Mapped[int] = mapped_column(ForeignKey("series.id", ondelete="CASCADE"), primary_key=True)
    begins_on: Mapped[date] = mapped_column(Date)
    # How many quarters after `begins_on` the next opening is.
    number: Mapped[int] = mapped_column(default=0)
    opens_at_time: Mapped[time] = mapped_column(Time)
    days_open: Mapped[int]
    closes_at_time: Mapped[time] = mapped_column(Time)
    time_zone: Mapped[str] = mapped_column(String(64))
    is_mailing: Mapped[bool]
    is_reminding: Mapped[bool]
    is_paused: Mapped[bool] = mapped_column(default=False)
    chosen_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    chosen_at: Mapped[datetime] = mapped_column(default=utc_now)

    series: Mapped[Series] = relationship()
    chosen_by: Mapped[Account] = relationship()


class Notice(Base):
    """What happened by itself, for the facilitator who had asked for it: on the home page until read, and by mail."""

    __tablename__ = "notices"
    __table_args__ = (Index("ix_notices_organisation_id", "organisation_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    round_id: Mapped[int | None] = mapped_column(ForeignKey("rounds.id", ondelete="CASCADE"))
    # One notice for each event, however often the clock is looked at.
    key: Mapped[str] = mapped_column(String(200), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    words: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    dismissed_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship()
    round: Mapped[Round | None] = relationship()
