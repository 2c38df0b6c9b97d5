"""Tables of the mails that go out.

A mail carries a personal link, and links are kept as hashes only, so every mail is built at the moment at which it is
sent, with a link of its own. While a mail is on its way, its row holds `link_seed`: together with the server's secret
key the seed gives the link, so a mail whose fate is unknown (the worker was killed, the mail server said nothing) can
be sent again as exactly the same mail. Once its fate is known the seed is deleted, and nobody can make that link again.

Nothing is kept of what happens to a mail after the mail server took it: no opening, no click.
"""

from __future__ import annotations

import enum
import secrets
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base, utc_now
from app.people.models import Account
from app.surveys.models import Participant, Round

# How often a mail is tried before the facilitator is asked; a retry by hand allows as many again.
MAX_TRIES = 5
# The first two reminders go out by the clock, the third one by hand.
REMINDER_BY_HAND = 3


class DeliveryKind(enum.StrEnum):
    INVITATION = "invitation"
    REMINDER = "reminder"


class DeliveryState(enum.StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"


class Delivery(Base):
    """One mail to one person; there is at most one of each kind and number."""

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("participant_id", "kind", "number"),
        CheckConstraint("state IN ('queued', 'sending', 'sent', 'failed')", name="state_is_known"),
        CheckConstraint(
            "(kind = 'invitation' AND number = 1) OR (kind = 'reminder' AND number BETWEEN 1 AND 3)",
            name="kind_and_number_are_known",
        ),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_mail_has_time"),
        CheckConstraint(
            "(state = 'sending') = (link_seed IS NOT NULL)", name="only_a_mail_on_its_way_has_a_seed"
        ),
        CheckConstraint("state <> 'failed' OR reason <> ''", name="failed_mail_has_reason"),
        CheckConstraint(
            "bounced_at IS NULL OR (state = 'sent' AND reason <> '')", name="only_a_sent_mail_bounces"
        ),
        CheckConstraint("waits >= 0", name="waits_are_counted"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(10))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(10), default=DeliveryState.QUEUED)
    # Whoever had it sent: the answer to a mail goes to them.
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    # Where the last attempt went; the list of people may be corrected in between.
    address: Mapped[str] = mapped_column(String(254), default="")
    # The Message-ID of every attempt, so that a mail that arrives twice is known to be one.
    message_key: Mapped[str] = mapped_column(String(32), unique=True, default=lambda: secrets.token_hex(16))
    link_seed: Mapped[str | None] = mapped_column(String(64))
    tries: Mapped[int] = mapped_column(default=0)
    tries_allowed: Mapped[int] = mapped_column(default=MAX_TRIES)
    # How often it was put off because as many mails had gone as may go in a day (app/deliveries/limiting.py).
    waits: Mapped[int] = mapped_column(default=0, server_default="0")
    reason: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    sent_at: Mapped[datetime | None]
    # When Ninefold was told that a mail which the mail server had taken came back; `reason` says why.
    bounced_at: Mapped[datetime | None]

    participant: Mapped[Participant] = relationship()
    asked_by: Mapped[Account] = relationship()

    @property
    def job_key(self) -> str:
        """One job for each attempt; a job that runs again is the same attempt."""
        return f"deliver:{self.id}:{self.tries}" + (f":{self.waits}" if self.waits else "")


class ReminderPlan(Base):
    """The round's two automatic reminders are wanted; without this row there are none."""

    __tablename__ = "reminder_plans"

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id", ondelete="CASCADE"), primary_key=True)
    chosen_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    chosen_at: Mapped[datetime] = mapped_column(default=utc_now)

    round: Mapped[Round] = relationship()


class ReminderStop(Base):
    """This person has asked not to be reminded."""

    __tablename__ = "reminder_stops"

    participant_id: Mapped[int] = mapped_column(
        ForeignKey("participants.id", ondelete="CASCADE"), primary_key=True
    )
    stopped_at: Mapped[datetime] = mapped_column(default=utc_now)
