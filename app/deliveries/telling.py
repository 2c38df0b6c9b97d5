"""Where the mails of a round stand, in words: for its own page, for the list of people and for the checklist."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.access import current_account
from app.deliveries import posting, queries
from app.deliveries.models import Delivery, DeliveryKind, DeliveryState
from app.deliveries.posting import Way
from app.deliveries.sending import reason_words
from app.jobs.models import Job, JobState
from app.jobs.queries import find_latest_job
from app.languages import gettext as _
from app.languages import lazy_gettext as _l
from app.surveys.checklist import Check, Verdict
from app.surveys.models import Round
from app.surveys.wording import moment_words
from app.web import session, settings

_TONES = {
    DeliveryState.QUEUED: "idle",
    DeliveryState.SENDING: "active",
    DeliveryState.SENT: "done",
    DeliveryState.FAILED: "wrong",
}


# A mail server that answered yesterday may have another password today.
FRESH = timedelta(days=1)

_INVITATION = {
    "sent": _l("Invitation sent %(moment)s"),
    "failed": _l("Invitation failed"),
    "waiting": _l("Invitation will be tried again"),
    "sending": _l("Invitation is being sent"),
    "queued": _l("Invitation queued"),
    "put off": _l("Invitation waits for its day"),
    "came back": _l("Invitation came back"),
}
_REMINDER = {
    "sent": _l("Reminder sent %(moment)s"),
    "failed": _l("Reminder failed"),
    "waiting": _l("Reminder will be tried again"),
    "sending": _l("Reminder is being sent"),
    "queued": _l("Reminder queued"),
    "put off": _l("Reminder waits for its day"),
    "came back": _l("Reminder came back"),
}


@dataclass(frozen=True)
class MailState:
    """One mail in words: "Reminder sent Fri 12 Dec 10:02 Berlin". `reason` says why it failed, or waits. `delivery_id`: of a mail that may still
    come back."""

    words: str
    tone: str
    reason: str
    is_reminder: bool
    delivery_id: int | None = None


@dataclass(frozen=True)
class LastJob:
    """How the last check of the mail server, or the last test mail, ended."""

    is_running: bool
    is_well: bool
    words: str
    is_old: bool = False


def mail_way() -> str:
    return posting.way_of(settings())


def mail_states(round_: Round, now: datetime) -> dict[int, list[MailState]]:
    """The mails of each participant of the round, by their id, the newest first."""
    states: dict[int, list[MailState]] = {}
    for delivery in queries.list_deliveries(session(), round_id=round_.id):
        states.setdefault(delivery.participant_id, []).insert(0, _state_of(delivery, round_, now))
    return states


def mail_checks(round_: Round, now: datetime) -> list[Check]:
    """The line of the checklist that is about mail."""
    page = ("deliveries.mail", _("Look at the mail"))
    way = posting.way_of(settings())
    if way == Way.NONE:
        return [Check(Verdict.DONE, _("No mail server is set up: you hand out the links yourself."), *page)]
    if way == Way.OUTBOX:
        return [
            Check(Verdict.WARNING, _("Development mode: mails stay in the outbox of this server."), *page)
        ]
    last = last_check(round_, now)
    if last is None:
        return [Check(Verdict.WARNING, _("The mail server has not been tried yet."), *page)]
    if last.is_running:
        return [Check(Verdict.WARNING, _("The mail server is being tried."), *page)]
    if last.is_well and last.is_old:
        return [
            Check(Verdict.WARNING, _("%(words)s Try it again before you launch.", words=last.words), *page)
        ]
    return [Check(Verdict.DONE if last.is_well else Verdict.WARNING, last.words, *page)]


def _state_of(delivery: Delivery, round_: Round, now: datetime) -> MailState:
    said = _INVITATION if delivery.kind == DeliveryKind.INVITATION else _REMINDER
    is_put_off = delivery.state == DeliveryState.QUEUED and delivery.waits > 0 and delivery.reason != ""
    is_waiting = is_put_off or (delivery.state != DeliveryState.FAILED and delivery.tries > 0)
    if delivery.bounced_at is not None:
        words = str(said["came back"])
    elif is_put_off:
        words = str(said["put off"])
    elif delivery.state == DeliveryState.SENT and delivery.sent_at is not None:
        words = str(said["sent"]) % {"moment": moment_words(delivery.sent_at, zone=round_.time_zone, now=now)}
    elif delivery.state == DeliveryState.FAILED:
        words = str(said["failed"])
    elif is_waiting:
        words = str(said["waiting"])
    else:
        words = str(said["sending" if delivery.state == DeliveryState.SENDING else "queued"])
    tone = (
        "waiting"
        if is_waiting and delivery.state != DeliveryState.SENT
        else _TONES[DeliveryState.FAILED if delivery.bounced_at else DeliveryState(delivery.state)]
    )
    may_come_back = delivery.state == DeliveryState.SENT and delivery.bounced_at is None
    is_reminder = delivery.kind == DeliveryKind.REMINDER
    return MailState(
        words=words,
        tone=tone,
        reason=reason_words(delivery.reason),
        is_reminder=is_reminder,
        delivery_id=delivery.id if may_come_back else None,
    )


def last_check(round_: Round, now: datetime) -> LastJob | None:
    job = find_latest_job(session(), key_prefix="check_mail_server:")
    return _last(job, round_, now, well=_l("The mail server answered %(moment)s."))


def last_test(round_: Round, now: datetime) -> LastJob | None:
    job = find_latest_job(session(), key_prefix=f"send_test_mail:{round_.id}:{current_account().id}:")
    return _last(job, round_, now, well=_l("The test mail was accepted %(moment)s."))


def _last(job: Job | None, round_: Round, now: datetime, *, well: Any) -> LastJob | None:
    if job is None:
        return None
    if job.state == JobState.DONE and job.ended_at is not None:
        at = moment_words(job.ended_at, zone=round_.time_zone, now=now)
        is_old = now - job.ended_at > FRESH
        return LastJob(is_running=False, is_well=True, words=str(well) % {"moment": at}, is_old=is_old)
    if job.state == JobState.FAILED:
        return LastJob(is_running=False, is_well=False, words=reason_words(job.error))
    return LastJob(is_running=True, is_well=False, words=_("Not finished yet."))
