"""What the worker does with mail. A job's payload is row ids; the mail itself exists only while it is sent."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.db import utc_now
from app.deliveries import letters, posting, queries, sending, services
from app.deliveries.letters import EXAMPLE_STOP, Person
from app.deliveries.models import DeliveryKind
from app.deliveries.stops import stop_key
from app.jobs.handling import JobContext, JobRefused
from app.languages import gettext as _
from app.surveys.answering.pace import paces_of
from app.surveys.models import Participant, Round


def deliver(context: JobContext) -> None:
    """One attempt to send one mail.

    Safe to repeat: a mail that was sent, or is not wanted any more, is left alone; one whose fate is unknown is sent
    again as the same mail, with the same link and the same Message-ID.
    """
    settings, delivery_id = context.settings, int(context.payload["delivery_id"])
    secret_key = settings.secret_key
    with context.database.writing() as session:
        if services.wait_for_room(
            session, delivery_id=delivery_id, a_day=settings.mails_a_day, now=utc_now()
        ):
            return
        parcel = services.begin_attempt(
            session, delivery_id=delivery_id, secret_key=secret_key, now=utc_now()
        )
        if parcel is None:
            return
        delivery = parcel.delivery
        content = _content(
            context,
            session,
            round_=parcel.round,
            participant=parcel.participant,
            kind=DeliveryKind(delivery.kind),
            reply_to=Person(name=delivery.asked_by.name, address=delivery.asked_by.email),
            token=parcel.token,
            message_key=delivery.message_key,
        )
        organisation_id = parcel.round.series.organisation_id
        recipient, key = delivery.address, delivery.message_key
    try:
        posting.post(settings, organisation_id=organisation_id, key=key, recipient=recipient, content=content)
    except sending.Refused as refusal:
        with context.database.writing() as session:
            services.record_refused(
                session,
                delivery_id=delivery_id,
                secret_key=secret_key,
                reason=refusal.reason,
                may_pass=refusal.may_pass,
                now=utc_now(),
            )
    except sending.Unanswered as silence:
        with context.database.writing() as session:
            services.record_unanswered(session, delivery_id=delivery_id, reason=silence.reason, now=utc_now())
    else:
        with context.database.writing() as session:
            services.record_accepted(session, delivery_id=delivery_id, secret_key=secret_key, now=utc_now())


def send_test_mail(context: JobContext) -> None:
    """The invitation of a round to whoever asked for it, with an example in the place of the link.

    Safe to repeat: the mail says that it is a test, and has the same Message-ID.
    """
    settings = context.settings
    with context.database.reading() as session:
        round_ = session.get(Round, int(context.payload["round_id"]))
        account = queries.find_account(session, account_id=int(context.payload["account_id"]))
        if round_ is None or account is None:
            raise JobRefused(_("The round is not there any more."))
        if round_.closes_at is None:
            raise JobRefused(_("The round has no closing time yet, so the mail cannot be written."))
        key = str(context.payload["key"])
        content = _content(
            context,
            session,
            round_=round_,
            participant=Participant(name=account.name, email=account.email),
            kind=DeliveryKind.INVITATION,
            reply_to=Person(name=account.name, address=account.email),
            token=letters.EXAMPLE_TOKEN,
            message_key=key,
            is_test=True,
        )
        organisation_id, recipient = round_.series.organisation_id, account.email
    try:
        posting.post(settings, organisation_id=organisation_id, key=key, recipient=recipient, content=content)
    except (sending.Refused, sending.Unanswered) as problem:
        raise JobRefused(problem.reason) from problem


def check_mail_server(context: JobContext) -> None:
    """Connect to the mail server and sign in, as for a mail. Safe to repeat: nothing is sent."""
    if context.settings.mail_server is None:
        raise JobRefused(_(posting.NO_WAY))
    try:
        sending.check(context.settings.mail_server)
    except sending.Refused as refusal:
        raise JobRefused(refusal.reason) from refusal


def send_due_reminders(session: Session, now: datetime) -> None:
    """Queue the automatic reminders whose time has come. Safe to repeat: nobody gets the same one twice."""
    for plan in queries.list_plans_of_open_rounds(session, now=now):
        services.queue_due_reminders(session, plan=plan, now=now)


def end_stranded_deliveries(session: Session, now: datetime) -> None:
    """Say so where a mail waits for a job that was given up. Safe to repeat."""
    services.end_stranded(session)


def _content(
    context: JobContext,
    session: Session,
    *,
    round_: Round,
    participant: Participant,
    kind: DeliveryKind,
    reply_to: Person,
    token: str,
    message_key: str,
    is_test: bool = False,
) -> bytes:
    now = utc_now()
    facts = letters.facts_for(
        round_,
        participant,
        kind=kind,
        organisation=queries.get_organisation(session, round_=round_).name,
        reply_to=reply_to,
        n_people=queries.count_people(session, round_id=round_.id),
        base_url=context.settings.base_url,
        token=token,
        stop=stop_key(context.settings.secret_key, participant_id=participant.id)
        if participant.id
        else EXAMPLE_STOP,
        now=now,
        paces=paces_of(session, organisation_id=round_.series.organisation_id),
    )
    letter = letters.write(facts, is_test=is_test)
    message = letters.message(
        letter, facts, sender=posting.sender_of(context.settings), message_key=message_key, now=now
    )
    return message.as_bytes()
