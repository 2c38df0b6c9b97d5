"""Stopping the reminders of a round from the mail: a page for people, and the one click of a mail program.

The POST of RFC 8058 comes from a mail provider, without a cookie and without a token of ours, so this one address is
exempt from that check (docs/decisions/0013). The key in the address is the whole permission; opening it changes nothing.
"""

from __future__ import annotations

from http import HTTPStatus

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.db import utc_now
from app.deliveries import queries, services
from app.deliveries.stops import find_person
from app.languages.views import narrow
from app.surveys.models import Participant, RoundState
from app.surveys.translations import languages_of
from app.web import NotHere, csrf, session, settings

Answer = str | tuple[str, int] | AnyResponse


def show_stop(key: str) -> Answer:
    participant = _person(key)
    return render_template(
        "deliveries/stop.html",
        participant=participant,
        round=participant.round,
        key=key,
        is_stopped=queries.find_stop(session(), participant_id=participant.id) is not None,
        is_over=participant.round.state == RoundState.CLOSED,
    )


def stop_by_mail(key: str) -> Answer:
    participant = _person(key)
    if request.form.get("List-Unsubscribe") != "One-Click":
        abort(HTTPStatus.BAD_REQUEST)
    services.stop_reminders(session(), participant=participant, is_stopped=True, now=utc_now())
    return redirect(url_for("deliveries.show_stop", key=key))


def undo_stop(key: str) -> Answer:
    participant = _person(key)
    services.stop_reminders(session(), participant=participant, is_stopped=False, now=utc_now())
    return redirect(url_for("deliveries.show_stop", key=key))


def _person(key: str) -> Participant:
    config = settings()
    found = find_person(session(), key=key, secret_keys=(config.secret_key, *config.secret_key_fallbacks))
    if found is None:
        raise NotHere
    narrow(languages_of(found.round))
    return found


csrf.exempt(stop_by_mail)

ROUTES = (
    ("/no-reminders/<key>", show_stop, ["GET"]),
    ("/no-reminders/<key>", stop_by_mail, ["POST"]),
    ("/no-reminders/<key>/undo", undo_stop, ["POST"]),
)
