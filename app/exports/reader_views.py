"""Links for named readers: the facilitator's list of them, and the two pages that a reader sees."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from zoneinfo import ZoneInfo

from flask import abort, flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask_limiter.util import get_remote_address
from limits import parse as parse_limit

from app.access import current_account, sign_in_required
from app.db import utc_now
from app.exports import queries, services
from app.exports.figures import LARGEST_GRID
from app.exports.forms import ReaderForm
from app.exports.models import ReaderLink
from app.exports.sections import build_sections
from app.exports.views import MOST_QUOTES, Answer, blueprint, view_of
from app.languages import SOURCE
from app.languages import gettext as _
from app.languages.views import narrow
from app.reports import queries as reports
from app.surveys.links import KeyRefused, new_key
from app.surveys.models import Round
from app.surveys.owned import owned_round
from app.web import NotHere, limiter, session, settings

# Counted for unknown links alone, as with personal links.
UNKNOWN_LINKS = parse_limit("30 per 5 minutes")
COOKIE = "reader"


# --- The facilitator -------------------------------------------------------------------------------------------------


@blueprint.route("/rounds/<int:round_id>/readers", methods=["GET", "POST"])
@sign_in_required
def readers(round_id: int) -> Answer:
    """Who may read this report, until when, and who has; and the form for one more."""
    round_ = owned_round(round_id)
    now = utc_now()
    form = ReaderForm()
    if form.validate_on_submit():
        try:
            link, token = services.admit_reader(
                session(),
                round_=round_,
                name=form.name.data,
                days=form.days.data,
                key=form.key.data,
                by=current_account(),
                now=now,
            )
        except KeyRefused:
            form.name.errors = [
                *form.name.errors,
                _("This form is damaged. Here is a fresh one; send it again."),
            ]
        else:
            url = settings().base_url + url_for("exports.begin_reading", token=token)
            return render_template(
                "exports/reader_link.html", round=round_, link=_seen(link, round_, now), url=url
            )
    form.key.data = new_key()
    page = render_template(
        "exports/readers.html",
        round=round_,
        form=form,
        links=[_seen(link, round_, now) for link in queries.list_reader_links(session(), round_id=round_id)],
        is_revealed=round_.revealed_at is not None,
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK


@blueprint.post("/rounds/<int:round_id>/readers/<int:reader_id>/end")
@sign_in_required
def end_reader_link(round_id: int, reader_id: int) -> Answer:
    round_ = owned_round(round_id)
    link = queries.find_reader_link(session(), round_id=round_.id, reader_id=reader_id)
    if link is None:
        raise NotHere
    services.end_reader_link(session(), link=link, now=utc_now())
    flash(_("The link of %(name)s opens nothing any more.", name=link.name), "success")
    return redirect(url_for("exports.readers", round_id=round_id), HTTPStatus.SEE_OTHER)


def _seen(link: ReaderLink, round_: Round, now: datetime) -> dict[str, object]:
    """A link as the list shows it, its times where the round is."""
    zone = ZoneInfo(round_.time_zone)
    return {
        "id": link.id,
        "name": link.name,
        "is_alive": link.is_alive(now),
        "state": "open" if link.is_alive(now) else "ended" if link.revoked_at else "expired",
        "expires_at": link.expires_at.astimezone(zone),
        "opened_count": link.opened_count,
        "last_opened_at": link.last_opened_at.astimezone(zone) if link.last_opened_at else None,
    }


# --- The reader ------------------------------------------------------------------------------------------------------


@blueprint.route("/shared/<token>", methods=["GET", "POST"])
def begin_reading(token: str) -> Answer:
    """Behind the link. Opening it changes nothing, so that no mail scanner counts as a reader; the button does."""
    now = utc_now()
    link = queries.find_open_link(session(), token=token, now=now)
    if link is None:
        return _unknown()
    if request.method == "POST":
        services.count_reading(session(), link=link, now=now)
        known = cookie.get(COOKIE)
        cookie[COOKIE] = {**(known if isinstance(known, dict) else {}), str(link.id): link.token_hash}
        return redirect(url_for("exports.shared_report", link_id=link.id), HTTPStatus.SEE_OTHER)
    return render_template("exports/begin_reading.html", round=link.round, link=_seen(link, link.round, now))


@blueprint.get("/shared-report/<int:link_id>")
def shared_report(link_id: int) -> Answer:
    """What the team has been shown of the report, and nothing else; before that, that it is not yet time."""
    now = utc_now()
    known = cookie.get(COOKIE)
    token_hash = known.get(str(link_id)) if isinstance(known, dict) else None
    link = (
        queries.find_open_link_by_hash(session(), token_hash=token_hash, now=now)
        if isinstance(token_hash, str)
        else None
    )
    if link is None or link.id != link_id:
        return _unknown()
    shown = reports.revealed_sections(session(), round_=link.round)
    if not shown:
        return render_template("exports/not_yet.html", round=link.round, link=_seen(link, link.round, now))
    # What is shared is what the files say, and they are in English: the whole page is, not half of it.
    narrow([SOURCE])
    report = view_of(link.round)
    return render_template(
        "exports/shared_report.html",
        round=link.round,
        link=_seen(link, link.round, now),
        report=report,
        sections=build_sections(report, shown),
        largest_grid=LARGEST_GRID,
        most_quotes=MOST_QUOTES,
    )


def _unknown() -> tuple[str, int]:
    if not limiter.limiter.hit(UNKNOWN_LINKS, "unknown-reader-link", get_remote_address()):
        abort(HTTPStatus.TOO_MANY_REQUESTS)
    return render_template("exports/unknown_reader.html"), HTTPStatus.NOT_FOUND
