"""Where the facilitator says that a mail came back: most learn it from their own mailbox."""

from __future__ import annotations

from http import HTTPStatus

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.access import sign_in_required
from app.db import utc_now
from app.deliveries import queries
from app.deliveries.bounces import record_bounce
from app.deliveries.forms import BounceForm
from app.deliveries.models import Delivery, DeliveryKind, DeliveryState
from app.languages import gettext as _
from app.surveys.confidentiality import shows_who_answered
from app.surveys.models import Round, RoundState
from app.surveys.owned import owned_round
from app.web import NotHere, session

Answer = str | tuple[str, int] | AnyResponse


@sign_in_required
def mark_bounced(round_id: int, delivery_id: int) -> Answer:
    """Say that this mail came back, and why; then it can be tried again at the corrected address."""
    round_ = owned_round(round_id)
    delivery = _sent_mail(round_, delivery_id)
    form = BounceForm()
    if form.validate_on_submit():
        record_bounce(session(), delivery=delivery, reason=form.reason.data or "", now=utc_now())
        flash(
            _("It is written down that this mail came back. Mend the address, then try it again."), "success"
        )
        return redirect(url_for("deliveries.mail", round_id=round_id))
    page = render_template(
        "deliveries/bounced.html", round=round_, participant=delivery.participant, form=form
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK


def _sent_mail(round_: Round, delivery_id: int) -> Delivery:
    if queries.find_round_id(session(), delivery_id=delivery_id) != round_.id:
        raise NotHere
    delivery = queries.get_delivery(session(), delivery_id=delivery_id)
    is_shown = shows_who_answered(round_) or delivery.kind == DeliveryKind.INVITATION
    is_back = delivery.bounced_at is not None
    if not is_shown or delivery.state != DeliveryState.SENT or is_back or round_.state == RoundState.CLOSED:
        raise NotHere
    return delivery


ROUTES = (
    ("/rounds/<int:round_id>/mail/deliveries/<int:delivery_id>/bounced", mark_bounced, ["GET", "POST"]),
)
