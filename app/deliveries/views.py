"""The facilitator's pages of the mails of a round. They never talk to the mail server: the worker does."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.access import current_account, sign_in_required
from app.db import utc_now
from app.deliveries import (
    bounce_pages,
    limiting,
    mail_pages,
    outbox_pages,
    posting,
    queries,
    services,
    stop_pages,
    timing,
)
from app.deliveries.forms import PlanForm
from app.deliveries.models import REMINDER_BY_HAND
from app.deliveries.posting import Way
from app.deliveries.telling import last_check, last_test, mail_checks, mail_states, mail_way
from app.languages import gettext as _
from app.languages import ngettext
from app.surveys.confidentiality import shows_who_answered
from app.surveys.models import ParticipantState, Round, RoundState
from app.surveys.owned import owned_participant, owned_round
from app.surveys.services import WrongState
from app.surveys.wording import moment_words, number
from app.web import session, settings

blueprint = Blueprint("deliveries", __name__)

Answer = str | AnyResponse

for _name, _said in (("mail_way", mail_way), ("mail_states", mail_states), ("mail_checks", mail_checks)):
    blueprint.add_app_template_global(_said, _name)


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
        n_unfinished=sum(person.state != ParticipantState.SUBMITTED for person in round_.participants),
        n_without_address=sum(not person.email for person in round_.participants),
        stopped=queries.list_stopped_ids(session(), round_id=round_id),
        plan=plan,
        reminder_times=_reminder_words(round_, now),
        last_check=last_check(round_, now),
        last_test=last_test(round_, now),
        account=current_account(),
        a_day=settings().mails_a_day,
        n_gone=limiting.count_gone(session(), organisation_id=round_.series.organisation_id, now=now),
        is_open=round_.is_open(now),
        shows_states=shows_who_answered(round_),
        now=now,
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


def _back(round_id: int) -> Answer:
    return redirect(url_for("deliveries.mail", round_id=round_id))


def _reminder_words(round_: Round, now: datetime) -> list[str]:
    """When the automatic reminders go out; for a draft as if it were launched now."""
    if round_.closes_at is None or round_.state == RoundState.CLOSED:
        return []
    times = timing.reminder_times(round_.opened_at or now, round_.closes_at, zone=round_.time_zone)
    return [moment_words(at, zone=round_.time_zone, now=now) for at in times]


for _rule, _view, _methods in (
    *mail_pages.ROUTES,
    *bounce_pages.ROUTES,
    *stop_pages.ROUTES,
    *outbox_pages.ROUTES,
):
    blueprint.add_url_rule(_rule, view_func=_view, methods=_methods)
