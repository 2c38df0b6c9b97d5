from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload

from app.deliveries.models import Delivery, DeliveryKind, DeliveryState, ReminderPlan, ReminderStop
from app.jobs.models import Job, JobState
from app.people.models import Account, Organisation
from app.surveys.models import Invitation, Participant, ParticipantState, Round, RoundState, Series

ON_THEIR_WAY = (DeliveryState.QUEUED, DeliveryState.SENDING)


def list_deliveries(session: Session, *, round_id: int) -> list[Delivery]:
    """Every mail of the round, in the order in which they were asked for."""
    return list(
        session.scalars(
            select(Delivery)
            .join(Delivery.participant)
            .where(Participant.round_id == round_id)
            .order_by(Delivery.id)
        )
    )


def find_round_id(session: Session, *, delivery_id: int) -> int | None:
    return session.scalar(
        select(Participant.round_id).join(Delivery.participant).where(Delivery.id == delivery_id)
    )


def get_delivery(session: Session, *, delivery_id: int) -> Delivery:
    """The mail as it stands now, with its person and whoever had it sent."""
    return session.scalars(
        select(Delivery)
        .where(Delivery.id == delivery_id)
        .options(joinedload(Delivery.participant), joinedload(Delivery.asked_by))
        .execution_options(populate_existing=True)
    ).one()


def get_organisation(session: Session, *, round_: Round) -> Organisation:
    return session.scalars(
        select(Organisation)
        .join(Series, Series.organisation_id == Organisation.id)
        .where(Series.id == round_.series_id)
    ).one()


def find_account(session: Session, *, account_id: int) -> Account | None:
    return session.get(Account, account_id)


def count_people(session: Session, *, round_id: int) -> int:
    return session.scalar(select(func.count()).where(Participant.round_id == round_id)) or 0


def list_to_invite(session: Session, *, round_id: int) -> list[Participant]:
    """Who has an address, has not answered and was never sent an invitation, in the order of names."""
    return _unfinished_without(session, round_id=round_id, kind=DeliveryKind.INVITATION, number=1)


def list_unreminded(session: Session, *, round_id: int, number: int) -> list[Participant]:
    """Who has an address, has not answered, wants reminders and has not had the one with this number."""
    stopped = set(session.scalars(select(ReminderStop.participant_id)))
    found = _unfinished_without(session, round_id=round_id, kind=DeliveryKind.REMINDER, number=number)
    return [participant for participant in found if participant.id not in stopped]


def _unfinished_without(
    session: Session, *, round_id: int, kind: DeliveryKind, number: int
) -> list[Participant]:
    has_it = (
        select(Delivery.id)
        .where(Delivery.participant_id == Participant.id, Delivery.kind == kind, Delivery.number == number)
        .exists()
    )
    return list(
        session.scalars(
            select(Participant)
            .where(
                Participant.round_id == round_id,
                Participant.email != "",
                Participant.state != ParticipantState.SUBMITTED,
                ~has_it,
            )
            .order_by(Participant.name, Participant.id)
        )
    )


def map_last_contact(session: Session, *, round_id: int) -> dict[int, datetime]:
    """When each person was last given a link, by mail or by hand, as far as the link still stands."""
    rows = session.execute(
        select(Invitation.participant_id, func.max(Invitation.created_at))
        .join(Invitation.participant)
        .where(Participant.round_id == round_id, Invitation.revoked_at.is_(None))
        .group_by(Invitation.participant_id)
    )
    return {row[0]: row[1] for row in rows}


def list_ids_on_their_way(session: Session, *, round_id: int) -> set[int]:
    """The people to whom a mail is on its way now."""
    return set(
        session.scalars(
            select(Delivery.participant_id)
            .join(Delivery.participant)
            .where(Participant.round_id == round_id, Delivery.state.in_(ON_THEIR_WAY))
        )
    )


def list_failed(session: Session, *, round_id: int) -> list[Delivery]:
    """The mails that nobody has: refused, given up, or come back."""
    return list(
        session.scalars(
            select(Delivery)
            .join(Delivery.participant)
            .where(
                Participant.round_id == round_id,
                or_(Delivery.state == DeliveryState.FAILED, Delivery.bounced_at.is_not(None)),
            )
            .order_by(Delivery.id)
        )
    )


def find_plan(session: Session, *, round_id: int) -> ReminderPlan | None:
    return session.get(ReminderPlan, round_id)


def list_plans_of_open_rounds(session: Session, *, now: datetime) -> list[ReminderPlan]:
    return list(
        session.scalars(
            select(ReminderPlan)
            .join(ReminderPlan.round)
            .where(Round.state == RoundState.OPEN, Round.closes_at > now)
            .order_by(ReminderPlan.round_id)
            .options(joinedload(ReminderPlan.round))
        )
    )


def find_stop(session: Session, *, participant_id: int) -> ReminderStop | None:
    return session.get(ReminderStop, participant_id)


def list_stopped_ids(session: Session, *, round_id: int) -> set[int]:
    return set(
        session.scalars(
            select(ReminderStop.participant_id)
            .join(Participant, Participant.id == ReminderStop.participant_id)
            .where(Participant.round_id == round_id)
        )
    )


def list_stranded(session: Session) -> Sequence[Delivery]:
    """Mails that wait for a job that has been given up."""
    waiting = session.scalars(select(Delivery).where(Delivery.state.in_(ON_THEIR_WAY))).all()
    keys = {delivery.job_key: delivery for delivery in waiting}
    if not keys:
        return []
    given_up = session.scalars(
        select(Job.key).where(Job.key.in_(list(keys)), Job.state.in_((JobState.FAILED, JobState.DONE)))
    )
    return [keys[key] for key in given_up]
