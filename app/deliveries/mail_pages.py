"""The pages that show a mail as it will arrive, and send it once its number of people is confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask import Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.access import current_account, sign_in_required
from app.db import utc_now
from app.deliveries import letters, posting, queries, services, timing
from app.deliveries.forms import SendForm
from app.deliveries.letters import EXAMPLE_TOKEN, Facts, Person
from app.deliveries.models import REMINDER_BY_HAND, DeliveryKind
from app.deliveries.posting import Way
from app.deliveries.telling import mail_way
from app.languages import gettext as _
from app.languages import lazy_gettext as _l
from app.languages import ngettext
from app.surveys.answering.pace import paces_of
from app.surveys.confidentiality import shows_who_answered
from app.surveys.models import Participant, ParticipantState, Round
from app.surveys.owned import owned_participant, owned_round
from app.surveys.services import WrongState
from app.surveys.wording import number
from app.web import NotHere, session, settings

Answer = str | AnyResponse

REMINDER_RULES = _l(
    "A reminder goes only to somebody who has not finished, has a mail address and wants reminders; by hand once, two "
    "days after the last mail or link at the earliest, and never in the last two hours."
)


@sign_in_required
def invite(round_id: int) -> Answer:
    """The invitation as it will arrive; sent once its number of people is confirmed."""
    return _send(round_id, DeliveryKind.INVITATION)


@sign_in_required
def remind(round_id: int) -> Answer:
    """The one reminder by hand, as it will arrive, and to whom."""
    return _send(round_id, DeliveryKind.REMINDER)


def _send(round_id: int, kind: DeliveryKind) -> Answer:
    round_ = owned_round(round_id)
    now = utc_now()
    _require_open(round_, now)
    queue = services.queue_invitations if kind == DeliveryKind.INVITATION else services.queue_reminder
    form = SendForm()
    if form.validate_on_submit() and mail_way() != Way.NONE:
        try:
            n = queue(
                session(),
                round_=round_,
                account_id=current_account().id,
                n_expected=form.count.data or 0,
                now=now,
            )
        except services.CountChanged:
            words = _("The list has changed since you opened the page, so nothing was sent. Look again.")
            flash(words, "warning")
        else:
            flash(_on_the_way(kind, n), "success")
            return _back(round_id)
    people = (
        queries.list_to_invite(session(), round_id=round_id)
        if kind == DeliveryKind.INVITATION
        else services.list_to_remind(session(), round_=round_, number=REMINDER_BY_HAND, now=now)
    )
    return _send_page(round_, people, kind, now)


def _on_the_way(kind: DeliveryKind, n: int) -> str:
    if kind == DeliveryKind.INVITATION:
        return ngettext(
            "%(n)s invitation is on the way.", "%(n)s invitations are on the way.", n, n=number(n)
        )
    return ngettext("%(n)s reminder is on the way.", "%(n)s reminders are on the way.", n, n=number(n))


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


_MAIL = "/rounds/<int:round_id>/mail"
ROUTES = (
    (f"{_MAIL}/invitations", invite, ["GET", "POST"]),
    (f"{_MAIL}/reminder", remind, ["GET", "POST"]),
    (f"{_MAIL}/<any(invitation, reminder):kind>.eml", example, ["GET"]),
    (f"{_MAIL}/people/<int:participant_id>/remind", remind_one, ["GET", "POST"]),
)
