"""Asking for mails, and what becomes of each attempt to send one.

An attempt is two transactions around the sending, so that none is held while the mail server is talked to:

1. `begin_attempt` gives the person a second link, beside the one that works already, and says where the mail goes.
2. `record_accepted` supersedes the person's other links; `record_refused` revokes the new one, which nobody has;
   `record_unanswered` leaves both, because the person may have the mail, and the next attempt sends the same mail.

So at every moment, a killed worker included, the newest link that a person can have received works.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.deliveries import limiting, queries, timing
from app.deliveries.models import (
    MAX_TRIES,
    REMINDER_BY_HAND,
    Delivery,
    DeliveryKind,
    DeliveryState,
    ReminderPlan,
    ReminderStop,
)
from app.directory.queries import map_zones
from app.jobs.services import enqueue
from app.languages import gettext as _
from app.languages import marked
from app.surveys.links import token_for
from app.surveys.models import Invitation, Participant, ParticipantState, Round, RoundState
from app.surveys.queries import lock_round
from app.surveys.services import WrongState, add_link, supersede_other_links
from app.surveys.wording import moment_words

# Waits between the tries: a busy server wants minutes, not seconds.
WAITS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=20), timedelta(hours=1))
STOPPED_WORKING = marked("The worker stopped while it sent this mail, more than once.")


class CountChanged(Exception):
    """Not as many people as the page said: nothing is sent before somebody has looked again."""


@dataclass(frozen=True)
class Parcel:
    """One attempt: the rows that the mail is written from, and the token of its link."""

    delivery: Delivery
    round: Round
    participant: Participant
    token: str


# --- Asking for mails ------------------------------------------------------------------------------------------


def queue_invitations(
    session: Session, *, round_: Round, account_id: int, n_expected: int, now: datetime
) -> int:
    """Queue an invitation for everybody who has an address and none yet; their number."""
    _lock_open(session, round_, now)
    people = queries.list_to_invite(session, round_id=round_.id)
    _expect(people, n_expected)
    _queue(session, people=people, kind=DeliveryKind.INVITATION, number=1, account_id=account_id, now=now)
    return len(people)


def queue_reminder(
    session: Session, *, round_: Round, account_id: int, n_expected: int, now: datetime
) -> int:
    """Queue the one reminder that is sent by hand, for those who may be reminded now; their number."""
    _lock_open(session, round_, now)
    people = list_to_remind(session, round_=round_, number=REMINDER_BY_HAND, now=now)
    _expect(people, n_expected)
    _queue(
        session,
        people=people,
        kind=DeliveryKind.REMINDER,
        number=REMINDER_BY_HAND,
        account_id=account_id,
        now=now,
    )
    return len(people)


def remind_one(
    session: Session, *, round_: Round, participant: Participant, account_id: int, now: datetime
) -> bool:
    """Queue the reminder by hand for this person alone, under the rules for everybody; was there one to queue?

    It is their one reminder by hand: the one to everybody leaves them out from then on.
    """
    _lock_open(session, round_, now)
    people = list_to_remind(session, round_=round_, number=REMINDER_BY_HAND, now=now)
    chosen = [person for person in people if person.id == participant.id]
    _queue(
        session,
        people=chosen,
        kind=DeliveryKind.REMINDER,
        number=REMINDER_BY_HAND,
        account_id=account_id,
        now=now,
    )
    return bool(chosen)


def list_to_remind(session: Session, *, round_: Round, number: int, now: datetime) -> list[Participant]:
    """Who gets the reminder with this number if it goes out now.

    Only the unfinished who have an address and have not asked to be left alone; nobody within two days of the last
    link that they were given, nobody to whom a mail is on its way, and nobody at all in the last two hours.
    """
    if not round_.is_open(now) or round_.closes_at is None or round_.opened_at is None:
        return []
    if timing.is_too_late(now, closes_at=round_.closes_at):
        return []
    contacts = queries.map_last_contact(session, round_id=round_.id)
    busy = queries.list_ids_on_their_way(session, round_id=round_.id)
    return [
        participant
        for participant in queries.list_unreminded(session, round_id=round_.id, number=number)
        if participant.id not in busy
        and timing.is_long_enough_ago(
            max(contacts.get(participant.id, round_.opened_at), round_.opened_at), now
        )
    ]


def queue_due_reminders(session: Session, *, plan: ReminderPlan, now: datetime) -> int:
    """Queue the automatic reminder whose time has come; the number of people. Safe to repeat."""
    round_ = lock_round(session, round_id=plan.round_id)
    if not round_.is_open(now):
        return 0
    assert round_.opened_at is not None, "an open round has one"
    assert round_.closes_at is not None, "an open round has one"
    times = timing.reminder_times(round_.opened_at, round_.closes_at, zone=round_.time_zone)
    number = sum(at <= now for at in times)
    if number == 0:
        return 0
    zones = map_zones(session, organisation_id=round_.series.organisation_id)
    people = [
        person
        for person in list_to_remind(session, round_=round_, number=number, now=now)
        # Whose day has not begun yet waits: this runs again every minute.
        if timing.is_working_time(now, zone=zones.get(person.identity, round_.time_zone))
    ]
    _queue(
        session,
        people=people,
        kind=DeliveryKind.REMINDER,
        number=number,
        account_id=plan.chosen_by_id,
        now=now,
    )
    return len(people)


def plan_reminders(
    session: Session, *, round_: Round, account_id: int, is_wanted: bool, now: datetime
) -> None:
    """Switch the automatic reminders of a round on or off."""
    lock_round(session, round_id=round_.id)
    if round_.state == RoundState.CLOSED:
        raise WrongState
    plan = queries.find_plan(session, round_id=round_.id)
    if is_wanted and plan is None:
        session.add(ReminderPlan(round_id=round_.id, chosen_by_id=account_id, chosen_at=now))
    elif not is_wanted and plan is not None:
        session.delete(plan)
    session.flush()


def stop_reminders(session: Session, *, participant: Participant, is_stopped: bool, now: datetime) -> None:
    """Leave this person alone, or remind them again."""
    stop = queries.find_stop(session, participant_id=participant.id)
    if is_stopped and stop is None:
        session.add(ReminderStop(participant_id=participant.id, stopped_at=now))
    elif not is_stopped and stop is not None:
        session.delete(stop)
    session.flush()


def retry_failed(session: Session, *, round_: Round, now: datetime) -> int:
    """Try every failed mail of the round again; their number."""
    _lock_open(session, round_, now)
    failed = [
        delivery
        for delivery in queries.list_failed(session, round_id=round_.id)
        if delivery.participant.email and delivery.participant.state != ParticipantState.SUBMITTED
    ]
    for delivery in failed:
        delivery.state, delivery.reason = DeliveryState.QUEUED, ""
        delivery.sent_at, delivery.bounced_at = None, None
        delivery.tries_allowed = delivery.tries + MAX_TRIES
        _enqueue(session, delivery, due_at=now)
    return len(failed)


def ask_for_test(session: Session, *, round_: Round, account_id: int, now: datetime) -> None:
    enqueue(
        session,
        kind="send_test_mail",
        key=f"send_test_mail:{round_.id}:{account_id}:{now.isoformat()}",
        payload={"round_id": round_.id, "account_id": account_id, "key": secrets.token_hex(16)},
    )


def ask_for_check(session: Session, *, now: datetime) -> None:
    enqueue(session, kind="check_mail_server", key=f"check_mail_server:{now.isoformat()}", payload={})


def _lock_open(session: Session, round_: Round, now: datetime) -> None:
    lock_round(session, round_id=round_.id)
    if not round_.is_open(now):
        raise WrongState


def _expect(people: Sequence[Participant], n_expected: int) -> None:
    if len(people) != n_expected or not people:
        raise CountChanged


def _queue(
    session: Session,
    *,
    people: Sequence[Participant],
    kind: DeliveryKind,
    number: int,
    account_id: int,
    now: datetime,
) -> None:
    deliveries = [
        Delivery(
            participant_id=person.id,
            kind=kind,
            number=number,
            asked_by_id=account_id,
            created_at=now,
            tries=0,
        )
        for person in people
    ]
    session.add_all(deliveries)
    session.flush()
    for delivery in deliveries:
        _enqueue(session, delivery, due_at=now)


def _enqueue(session: Session, delivery: Delivery, *, due_at: datetime) -> None:
    enqueue(
        session,
        kind="deliver",
        key=delivery.job_key,
        payload={"delivery_id": delivery.id},
        due_at=due_at,
    )


# --- One attempt -----------------------------------------------------------------------------------------------


def wait_for_room(session: Session, *, delivery_id: int, a_day: int, now: datetime) -> bool:
    """Put this mail off where as many have gone as may go in a day; was it put off?

    One whose fate is unknown is not: it may have gone already.
    """
    round_id = queries.find_round_id(session, delivery_id=delivery_id)
    if round_id is None:
        return False
    round_ = lock_round(session, round_id=round_id)
    delivery = queries.get_delivery(session, delivery_id=delivery_id)
    if delivery.state != DeliveryState.QUEUED or not round_.is_open(now):
        return False
    organisation_id = round_.series.organisation_id
    at = limiting.waits_until(
        session, delivery=delivery, organisation_id=organisation_id, a_day=a_day, now=now
    )
    if at is None:
        return False
    if delivery.kind == DeliveryKind.REMINDER:
        zones = map_zones(session, organisation_id=organisation_id)
        zone = zones.get(delivery.participant.identity, round_.time_zone)
        at = timing.next_working_time(at, zone=zone)
    delivery.waits += 1
    delivery.reason = _(
        "No more than %(n)s mails leave in a day, so this one waits until %(moment)s.",
        n=a_day,
        moment=moment_words(at, zone=round_.time_zone, now=now),
    )
    _enqueue(session, delivery, due_at=at)
    return True


def begin_attempt(session: Session, *, delivery_id: int, secret_key: str, now: datetime) -> Parcel | None:
    """Make ready what is to be sent; None when this mail is not wanted any more.

    Begun again after an attempt whose fate is unknown, it makes the same mail with the same link.
    """
    round_id = queries.find_round_id(session, delivery_id=delivery_id)
    if round_id is None:
        return None
    round_ = lock_round(session, round_id=round_id)
    delivery = queries.get_delivery(session, delivery_id=delivery_id)
    if delivery.state not in queries.ON_THEIR_WAY:
        return None
    participant = delivery.participant
    if participant.state == ParticipantState.SUBMITTED:
        # Nothing is kept of it: when somebody answered is not to be read off a mail that was not sent.
        _revoke_link_of(session, delivery, secret_key=secret_key, now=now)
        session.delete(delivery)
        return None
    refusal = _why_not(round_, delivery, now)
    if refusal is not None:
        delivery.link_seed, delivery.state, delivery.reason = None, DeliveryState.FAILED, refusal
        return None
    if delivery.link_seed is not None and delivery.address != participant.email:
        # The address was corrected in between; what went to the former one must not open anything.
        _revoke_link_of(session, delivery, secret_key=secret_key, now=now)
        delivery.link_seed = None
    invitation = _link_of(session, delivery, secret_key=secret_key, now=now)
    if invitation is None or invitation.revoked_at is not None:
        delivery.link_seed, delivery.state = secrets.token_urlsafe(32), DeliveryState.SENDING
        _link_of(session, delivery, secret_key=secret_key, now=now)
    delivery.address = participant.email
    session.flush()
    token = token_for(key=_key_of(delivery, secret_key), round_id=round_.id, participant_id=participant.id)
    return Parcel(delivery=delivery, round=round_, participant=participant, token=token)


def record_accepted(session: Session, *, delivery_id: int, secret_key: str, now: datetime) -> None:
    """The mail server has the mail: from now on its link is the one that opens the round."""
    delivery = _find_sending(session, delivery_id)
    if delivery is None:
        return
    invitation = _link_of(session, delivery, secret_key=secret_key, now=now)
    delivery.link_seed, delivery.tries = None, delivery.tries + 1
    if invitation is None or invitation.revoked_at is not None:
        delivery.state = DeliveryState.FAILED
        delivery.reason = _(
            "The link was replaced by hand while the mail was on its way, so the one in it is dead."
        )
        return
    delivery.state, delivery.sent_at, delivery.reason = DeliveryState.SENT, now, ""
    session.flush()
    supersede_other_links(session, invitation=invitation, now=now)


def record_refused(
    session: Session, *, delivery_id: int, secret_key: str, reason: str, may_pass: bool, now: datetime
) -> None:
    """Nobody has this attempt's mail: its link ends, and the person's former one goes on."""
    delivery = _find_sending(session, delivery_id)
    if delivery is None:
        return
    _revoke_link_of(session, delivery, secret_key=secret_key, now=now)
    delivery.link_seed, delivery.state, delivery.tries = None, DeliveryState.QUEUED, delivery.tries + 1
    _try_again_or_fail(session, delivery, reason=reason, may_pass=may_pass, now=now)


def record_unanswered(session: Session, *, delivery_id: int, reason: str, now: datetime) -> None:
    """The person may have the mail: its link stays, and the same mail is sent again."""
    delivery = _find_sending(session, delivery_id)
    if delivery is None:
        return
    delivery.tries += 1
    _try_again_or_fail(session, delivery, reason=reason, may_pass=True, now=now)


def end_stranded(session: Session) -> None:
    """Give up the mails whose job was given up. Safe to repeat."""
    for delivery in queries.list_stranded(session):
        delivery.link_seed, delivery.state, delivery.reason = None, DeliveryState.FAILED, _(STOPPED_WORKING)


def _try_again_or_fail(
    session: Session, delivery: Delivery, *, reason: str, may_pass: bool, now: datetime
) -> None:
    delivery.reason = reason
    tries_left = delivery.tries_allowed - delivery.tries
    if may_pass and tries_left > 0:
        wait = WAITS[min(MAX_TRIES - tries_left, len(WAITS)) - 1]
        _enqueue(session, delivery, due_at=now + wait)
    else:
        delivery.link_seed, delivery.state = None, DeliveryState.FAILED
    session.flush()


def _why_not(round_: Round, delivery: Delivery, now: datetime) -> str | None:
    """Why this mail must not go out now, in words for the facilitator; None when it may."""
    if not round_.is_open(now) or round_.closes_at is None:
        return _("The round closed before this mail went out.")
    if not delivery.participant.email:
        return _("This person has no mail address any more.")
    if delivery.kind == DeliveryKind.REMINDER and timing.is_too_late(now, closes_at=round_.closes_at):
        return _("It was too close to the end of the round for a reminder.")
    return None


def _find_sending(session: Session, delivery_id: int) -> Delivery | None:
    """The mail of the attempt that has just ended, its round locked; None when something else ended it."""
    round_id = queries.find_round_id(session, delivery_id=delivery_id)
    if round_id is None:
        return None
    lock_round(session, round_id=round_id)
    delivery = queries.get_delivery(session, delivery_id=delivery_id)
    return delivery if delivery.state == DeliveryState.SENDING else None


def _key_of(delivery: Delivery, secret_key: str) -> str:
    """The key of this mail's link (app/surveys/links.py): of the seed in the row and the secret of the server.

    Neither is enough alone: a stolen database holds no link, not even while mails are on their way.
    """
    message = f"ninefold mailed link {delivery.id} {delivery.link_seed}".encode()
    digest = hmac.new(secret_key.encode(), message, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _link_of(session: Session, delivery: Delivery, *, secret_key: str, now: datetime) -> Invitation | None:
    if delivery.link_seed is None:
        return None
    return add_link(session, participant=delivery.participant, key=_key_of(delivery, secret_key), now=now)


def _revoke_link_of(session: Session, delivery: Delivery, *, secret_key: str, now: datetime) -> None:
    invitation = _link_of(session, delivery, secret_key=secret_key, now=now)
    if invitation is not None and invitation.revoked_at is None:
        invitation.revoked_at = now
        session.flush()
