"""How many mails leave for an organisation in a day: over that number a mail waits its turn.

A guard against a list pasted by mistake, and against a stolen account: mail servers shut out whoever sends thousands.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.deliveries.models import Delivery, DeliveryState
from app.people.models import Organisation
from app.surveys.models import Participant, Round, Series

DAY = timedelta(days=1)
# While the last places of the day are taken by mails that are being sent just now.
SOON = timedelta(minutes=1)


def count_gone(session: Session, *, organisation_id: int, now: datetime) -> int:
    """Invitations and reminders that the mail server took for this organisation in the 24 hours up to now."""
    return len(_times_gone(session, organisation_id=organisation_id, now=now))


def waits_until(
    session: Session, *, delivery: Delivery, organisation_id: int, a_day: int, now: datetime
) -> datetime | None:
    """When this mail may be tried again; None when it may go now. Locks the organisation against a second worker."""
    session.execute(select(Organisation.id).where(Organisation.id == organisation_id).with_for_update())
    gone = _times_gone(session, organisation_id=organisation_id, now=now)
    being_sent = session.scalar(
        select(func.count())
        .select_from(Delivery)
        .join(Delivery.participant)
        .join(Round, Round.id == Participant.round_id)
        .join(Series, Series.id == Round.series_id)
        .where(
            Series.organisation_id == organisation_id,
            Delivery.state == DeliveryState.SENDING,
            Delivery.id != delivery.id,
        )
    )
    free = a_day - len(gone) - int(being_sent or 0)
    if free > 0:
        return None
    return gone[len(gone) - a_day] + DAY if len(gone) >= a_day else now + SOON


def _times_gone(session: Session, *, organisation_id: int, now: datetime) -> list[datetime]:
    return [
        at
        for at in session.scalars(
            select(Delivery.sent_at)
            .join(Delivery.participant)
            .join(Round, Round.id == Participant.round_id)
            .join(Series, Series.id == Round.series_id)
            .where(Series.organisation_id == organisation_id, Delivery.sent_at > now - DAY)
            .order_by(Delivery.sent_at)
        )
        if at is not None
    ]
