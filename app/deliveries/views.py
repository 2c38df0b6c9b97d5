"""The facilitator's pages of the mails of a round. They never talk to the mail server: the worker does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.access import current_account, sign_in_required
from app.db import utc_now
from app.deliveries import letters, outbox, posting, queries, services, timing
from app.deliveries.forms import PlanForm, SendForm
from app.deliveries.letters import EXAMPLE_TOKEN, Facts, Person
from app.deliveries.models import REMINDER_BY_HAND, Delivery, DeliveryKind, DeliveryState
from app.deliveries.posting import Way
from app.jobs.models import Job, JobState
from app.jobs.queries import find_latest_job
from app.languages import gettext as _
from app.languages import lazy_gettext as _l
from app.languages import ngettext
from app.surveys.answering.pace import paces_of
from app.surveys.checklist import Check, Verdict
from app.surveys.confidentiality import shows_who_answered
from app.surveys.models import Participant, ParticipantState, Round, RoundState
from app.surveys.owned import owned_participant, owned_round
from app.surveys.services import WrongState
from app.surveys.wording import moment_words, number
from app.web import NotHere, session, settings

blueprint = Blueprint("deliveries", __name__)

Answer = str | AnyResponse

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
}
_REMINDER = {
    "sent": _l("Reminder sent %(moment)s"),
    "failed": _l("Reminder failed"),
    "waiting": _l("Reminder will be tried again"),
    "sending": _l("Reminder is being sent"),
    "queued": _l("Reminder queued"),
}

REMINDER_RULES = _l(
    "A reminder goes only to somebody who has not finished, has a mail address and wants reminders; by hand once, two "
    "days after the last mail or link at the earliest, and never in the last two hours."
)


@dataclass(frozen=True)
class MailState:
    """One mail in words: "Reminder sent Fri 12 Dec 10:02 Berlin". `reason` says why it failed, or waits."""

    words: str
    tone: str
    reason: str
    is_reminder: bool


@dataclass(frozen=True)
class LastJob:
    """How the last check of the mail server, or the last test mail, ended."""

    is_running: bool
    is_well: bool
    words: str
    is_old: bool = False


# --- What the pages of a round show of its mails ------------------------------------------------------------------


@blueprint.app_template_global("mail_way")
def mail_way() -> str:
    return posting.way_of(settings())


@blueprint.app_template_global("mail_states")
def mail_states(round_: Round, now: datetime) -> dict[int, list[MailState]]:
    """The mails of each participant of the round, by their id, the newest first."""
    states: dict[int, list[MailState]] = {}
    for delivery in queries.list_deliveries(session(), round_id=round_.id):
        states.setdefault(delivery.participant_id, []).insert(0, _state_of(delivery, round_, now))
    return states


@blueprint.app_template_global("mail_checks")
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
    last = _last_check(round_, now)
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
    is_waiting = delivery.state != DeliveryState.FAILED and delivery.tries > 0
    if delivery.state == DeliveryState.SENT and delivery.sent_at is not None:
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
        else _TONES[DeliveryState(delivery.state)]
    )
    is_reminder = delivery.kind == DeliveryKind.REMINDER
    return MailState(words=words, tone=tone, reason=delivery.reason, is_reminder=is_reminder)


# --- The mail of a round ------------------------------------------------------------------------------------------


@blueprint.errorhandler(WrongState)
def _moved_on(_error: WrongState) -> Answer:
    session().rollback()
    flash(_("The round is not open any more, or not open yet, so no mail was sent."), "warning")
    return redirect(url_for("surveys.show", round_id=(request.view_args or {})["round_id"]))


@blueprint.get("/rounds/<int:round_id>/mail")
@sign_in_required
def mail(round_id: int) -> Answer:
    """Where the mails stand, and everything that can be done about them."""
    round_ = owned_round(round_id)
    now = utc_now()
    states = mail_states(round_, now)
    failed = queries.list_failed(session(), round_id=round_id)
    plan = PlanForm(formdata=None)
    plan.is_wanted.data = queries.find_plan(session(), round_id=round_id) is not None
    return render_template(
        "deliveries/mail.html",
        round=round_,
        way=posting.way_of(settings()),
        sender=posting.sender_of(settings()),
        states=states,
        n_failed=len([delivery for delivery in failed if delivery.participant.email]),
        n_to_invite=len(queries.list_to_invite(session(), round_id=round_id)),
        n_to_remind=len(services.list_to_remind(session(), round_=round_, number=REMINDER_BY_HAND, now=now)),
        n_without_address=sum(not person.email for person in round_.participants),
        stopped=queries.list_stopped_ids(session(), round_id=round_id),
        plan=plan,
        reminder_times=_reminder_words(round_, now),
        last_check=_last_check(round_, now),
        last_test=_last_test(round_, now),
        account=current_account(),
        is_open=round_.is_open(now),
        shows_states=shows_who_answered(round_),
        now=now,
    )


@blueprint.route("/rounds/<int:round_id>/mail/invitations", methods=["GET", "POST"])
@sign_in_required
def invite(round_id: int) -> Answer:
    """The invitation as it will arrive; sent once its number of people is confirmed."""
    round_ = owned_round(round_id)
    now = utc_now()
    _require_open(round_, now)
    people = queries.list_to_invite(session(), round_id=round_id)
    form = SendForm()
    if form.validate_on_submit() and mail_way() != Way.NONE:
        try:
            n = services.queue_invitations(
                session(),
                round_=round_,
                account_id=current_account().id,
                n_expected=form.count.data or 0,
                now=now,
            )
        except services.CountChanged:
            flash(
                _("The list has changed since you opened the page, so nothing was sent. Look again."),
                "warning",
            )
        else:
            words = ngettext(
                "%(n)s invitation is on the way.", "%(n)s invitations are on the way.", n, n=number(n)
            )
            flash(words, "success")
            return redirect(url_for("deliveries.mail", round_id=round_id))
    return _send_page(round_, people, DeliveryKind.INVITATION, now)


@blueprint.route("/rounds/<int:round_id>/mail/reminder", methods=["GET", "POST"])
@sign_in_required
def remind(round_id: int) -> Answer:
    """The one reminder by hand, as it will arrive, and to whom."""
    round_ = owned_round(round_id)
    now = utc_now()
    _require_open(round_, now)
    form = SendForm()
    if form.validate_on_submit() and mail_way() != Way.NONE:
        try:
            n = services.queue_reminder(
                session(),
                round_=round_,
                account_id=current_account().id,
                n_expected=form.count.data or 0,
                now=now,
            )
        except services.CountChanged:
            flash(
                _("The list has changed since you opened the page, so nothing was sent. Look again."),
                "warning",
            )
        else:
            words = ngettext(
                "%(n)s reminder is on the way.", "%(n)s reminders are on the way.", n, n=number(n)
            )
            flash(words, "success")
            return redirect(url_for("deliveries.mail", round_id=round_id))
    people = services.list_to_remind(session(), round_=round_, number=REMINDER_BY_HAND, now=now)
    return _send_page(round_, people, DeliveryKind.REMINDER, now)


@blueprint.get("/rounds/<int:round_id>/mail/<any(invitation, reminder):kind>.eml")
@sign_in_required
def example(round_id: int, kind: str) -> Answer:
    """The mail as a file for one's own mail program, with the example in the place of the link."""
    round_ = owned_round(round_id)
    if round_.closes_at is None or not round_.participants:
        raise NotHere
    now = utc_now()
    facts = _facts(round_, round_.participants[0], DeliveryKind(kind), now)
    message = letters.message(
        letters.write(facts),
        facts,
        sender=posting.sender_of(settings()),
        message_key="example",
        now=now,
    )
    return Response(
        message.as_bytes(),
        mimetype="message/rfc822",
        headers={"Content-Disposition": f'attachment; filename="{kind}.eml"'},
    )


@blueprint.post("/rounds/<int:round_id>/mail/reminders")
@sign_in_required
def plan_reminders(round_id: int) -> Answer:
    round_ = owned_round(round_id)
    form = PlanForm()
    if form.validate_on_submit():
        is_wanted = bool(form.is_wanted.data)
        services.plan_reminders(
            session(), round_=round_, account_id=current_account().id, is_wanted=is_wanted, now=utc_now()
        )
        flash(_("Automatic reminders are on.") if is_wanted else _("Automatic reminders are off."), "success")
    return _back(round_id)


@blueprint.post("/rounds/<int:round_id>/mail/people/<int:participant_id>")
@sign_in_required
def stop_reminders(round_id: int, participant_id: int) -> Answer:
    """Leave one person alone, or remind them again."""
    participant = owned_participant(owned_round(round_id), participant_id)
    is_stopped = queries.find_stop(session(), participant_id=participant.id) is None
    services.stop_reminders(session(), participant=participant, is_stopped=is_stopped, now=utc_now())
    words = (
        _("%(name)s gets no more reminders.", name=participant.name)
        if is_stopped
        else _("%(name)s is reminded again.", name=participant.name)
    )
    flash(words, "success")
    return _back(round_id)


@blueprint.route("/rounds/<int:round_id>/mail/people/<int:participant_id>/remind", methods=["GET", "POST"])
@sign_in_required
def remind_one(round_id: int, participant_id: int) -> Answer:
    """The reminder by hand to one person, as it will arrive; sent once it is confirmed."""
    round_ = owned_round(round_id)
    participant = owned_participant(round_, participant_id)
    now = utc_now()
    _require_open(round_, now)
    if request.method == "POST":
        is_queued = mail_way() != Way.NONE and services.remind_one(
            session(), round_=round_, participant=participant, account_id=current_account().id, now=now
        )
        if not shows_who_answered(round_):
            # The same words for whoever has answered: the page must not tell.
            flash(
                _("If %(name)s may be reminded now, the reminder is on the way.", name=participant.name),
                "info",
            )
        elif is_queued:
            flash(_("The reminder to %(name)s is on the way.", name=participant.name), "success")
        else:
            words = _("%(name)s cannot be reminded now.", name=participant.name)
            flash(f"{words} {REMINDER_RULES}", "warning")
        return _back(round_id)
    may = services.list_to_remind(session(), round_=round_, number=REMINDER_BY_HAND, now=now)
    is_known = shows_who_answered(round_)
    return render_template(
        "deliveries/remind_one.html",
        round=round_,
        participant=participant,
        may_remind=bool(participant.email)
        and (not is_known or participant.id in {person.id for person in may}),
        is_known=is_known,
        rules=REMINDER_RULES,
        written=letters.write(_facts(round_, participant, DeliveryKind.REMINDER, now)),
        way=posting.way_of(settings()),
    )


@blueprint.post("/rounds/<int:round_id>/mail/retry")
@sign_in_required
def retry(round_id: int) -> Answer:
    round_ = owned_round(round_id)
    n = services.retry_failed(session(), round_=round_, now=utc_now())
    flash(ngettext("%(n)s mail is tried again.", "%(n)s mails are tried again.", n, n=number(n)), "info")
    return _back(round_id)


@blueprint.post("/rounds/<int:round_id>/mail/test")
@sign_in_required
def send_test(round_id: int) -> Answer:
    round_ = owned_round(round_id)
    if mail_way() != Way.NONE and round_.closes_at is not None:
        services.ask_for_test(session(), round_=round_, account_id=current_account().id, now=utc_now())
        flash(_("A test is on its way to %(address)s.", address=current_account().email), "info")
    return _back(round_id)


@blueprint.post("/rounds/<int:round_id>/mail/check")
@sign_in_required
def check_server(round_id: int) -> Answer:
    owned_round(round_id)
    if mail_way() == Way.SERVER:
        services.ask_for_check(session(), now=utc_now())
        flash(_("The mail server is being tried; load this page again in a few seconds."), "info")
    return _back(round_id)


# --- The outbox of development mode -----------------------------------------------------------------------------


@blueprint.get("/outbox")
@sign_in_required
def show_outbox() -> Answer:
    _require_outbox()
    kept = outbox.list_kept(settings(), organisation_id=current_account().organisation_id)
    return render_template("deliveries/outbox.html", kept=kept)


@blueprint.get("/outbox/<key>.eml")
@sign_in_required
def outbox_file(key: str) -> Answer:
    _require_outbox()
    content = outbox.find_content(settings(), organisation_id=current_account().organisation_id, key=key)
    if content is None:
        raise NotHere
    return Response(
        content,
        mimetype="message/rfc822",
        headers={"Content-Disposition": f'attachment; filename="{key}.eml"'},
    )


def _require_outbox() -> None:
    if posting.way_of(settings()) != Way.OUTBOX:
        raise NotHere


def _require_open(round_: Round, now: datetime) -> None:
    if not round_.is_open(now):
        raise WrongState


def _back(round_id: int) -> Answer:
    return redirect(url_for("deliveries.mail", round_id=round_id))


def _send_page(round_: Round, people: Sequence[Participant], kind: DeliveryKind, now: datetime) -> Answer:
    names_people = kind == DeliveryKind.INVITATION or shows_who_answered(round_)
    # Where no page says who has not answered, the mail is shown as the first on the list would get it.
    shown = people if names_people else [person for person in round_.participants if person.email]
    facts = _facts(round_, shown[0], kind, now) if people else None
    unfinished = [person for person in round_.participants if person.state != ParticipantState.SUBMITTED]
    left_out = [person for person in unfinished if person.id not in {chosen.id for chosen in people}]
    return render_template(
        "deliveries/send.html",
        round=round_,
        people=people,
        left_out=left_out,
        kind=kind,
        letter=facts,
        written=letters.write(facts) if facts else None,
        sender=posting.sender_of(settings()),
        way=posting.way_of(settings()),
        days_apart=timing.APART.days,
        names_people=names_people,
        now=now,
    )


def _facts(round_: Round, participant: Participant, kind: DeliveryKind, now: datetime) -> Facts:
    account = current_account()
    return letters.facts_for(
        round_,
        participant,
        kind=kind,
        organisation=account.organisation.name,
        reply_to=Person(name=account.name, address=account.email),
        n_people=len(round_.participants),
        base_url=settings().base_url,
        token=EXAMPLE_TOKEN,
        now=now,
        paces=paces_of(session(), organisation_id=account.organisation_id),
    )


def _reminder_words(round_: Round, now: datetime) -> list[str]:
    """When the automatic reminders go out; for a draft as if it were launched now."""
    if round_.closes_at is None or round_.state == RoundState.CLOSED:
        return []
    times = timing.reminder_times(round_.opened_at or now, round_.closes_at, zone=round_.time_zone)
    return [moment_words(at, zone=round_.time_zone, now=now) for at in times]


def _last_check(round_: Round, now: datetime) -> LastJob | None:
    job = find_latest_job(session(), key_prefix="check_mail_server:")
    return _last(job, round_, now, well=_l("The mail server answered %(moment)s."))


def _last_test(round_: Round, now: datetime) -> LastJob | None:
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
        return LastJob(is_running=False, is_well=False, words=job.error)
    return LastJob(is_running=True, is_well=False, words=_("Not finished yet."))
