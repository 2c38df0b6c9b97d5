"""The facilitator's page of a round's observers, and the page behind an observer's link."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_limiter.util import get_remote_address
from werkzeug.wrappers import Response

from app.access import current_account, sign_in_required
from app.db import utc_now
from app.deliveries import posting
from app.deliveries.posting import Way
from app.deliveries.sending import reason_words
from app.exports.figures import LARGEST_GRID
from app.exports.sections import build_sections
from app.exports.views import MOST_QUOTES, view_of
from app.languages import SOURCE, ngettext
from app.languages import gettext as _
from app.languages.views import narrow
from app.observing import queries, services
from app.observing.forms import ObserverForm, TellForm
from app.people.models import Organisation
from app.reports import queries as reports
from app.reports.models import ReportSection
from app.surveys.answering.queries import is_alive
from app.surveys.answering.views import UNKNOWN_LINKS
from app.surveys.confidentiality import promise_of
from app.surveys.models import Confidentiality, RoundState
from app.surveys.observers import Observer
from app.surveys.owned import owned_round
from app.surveys.translations import languages_of
from app.web import NotHere, limiter, session, settings

blueprint = Blueprint("observing", __name__)

blueprint.add_app_template_filter(reason_words)

Answer = str | Response | tuple[str, int]


@blueprint.route("/rounds/<int:round_id>/observers", methods=["GET", "POST"])
@sign_in_required
def observers(round_id: int) -> Answer:
    round_ = owned_round(round_id)
    form = ObserverForm()
    if form.validate_on_submit():
        try:
            observer = services.add_observer(
                session(),
                round_=round_,
                name=form.name.data or "",
                email=form.email.data or "",
                role=form.role.data or "",
            )
        except services.ObserverTaken as taken:
            form.name.errors = [str(taken)]
        else:
            flash(_("%(name)s observes this round.", name=observer.name), "success")
            return redirect(url_for("observing.observers", round_id=round_id))
    page = render_template(
        "observing/observers.html",
        round=round_,
        form=form,
        n_untold=len(queries.list_untold(session(), round_id=round_id)),
        way=posting.way_of(settings()),
        now=utc_now(),
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if form.is_submitted() else HTTPStatus.OK


@blueprint.post("/rounds/<int:round_id>/observers/tell")
@sign_in_required
def tell(round_id: int) -> Answer:
    round_ = owned_round(round_id)
    form = TellForm()
    if round_.state != RoundState.DRAFT and posting.way_of(settings()) != Way.NONE:
        try:
            n = services.tell_observers(
                session(),
                round_=round_,
                account_id=current_account().id,
                n_expected=form.count.data or 0,
                now=utc_now(),
            )
        except services.CountChanged:
            flash(
                _("The list has changed since you opened the page, so nobody was told. Look again."),
                "warning",
            )
        else:
            flash(ngettext("%(n)s mail is on the way.", "%(n)s mails are on the way.", n), "success")
    return redirect(url_for("observing.observers", round_id=round_id))


@blueprint.post("/rounds/<int:round_id>/observers/<int:observer_id>/remove")
@sign_in_required
def remove(round_id: int, observer_id: int) -> Answer:
    observer = _owned_observer(round_id, observer_id)
    services.remove_observer(session(), observer=observer)
    flash(_("%(name)s observes this round no more.", name=observer.name), "success")
    return redirect(url_for("observing.observers", round_id=round_id))


@blueprint.post("/rounds/<int:round_id>/observers/<int:observer_id>/link")
@sign_in_required
def make_link(round_id: int, observer_id: int) -> Answer:
    """A link to hand over, shown this one time; those from before end."""
    observer = _owned_observer(round_id, observer_id)
    token = services.make_link(session(), observer=observer, now=utc_now())
    url = settings().base_url + url_for("observing.observe", token=token)
    return render_template("observing/link.html", round=observer.round, observer=observer, url=url)


@blueprint.get("/observe/<token>")
def observe(token: str) -> Answer:
    """What an observer is shown: until the close that the team is asked, afterwards what participants are shown."""
    now = utc_now()
    observer = queries.find_by_token(session(), token=token)
    if observer is None or not is_alive(observer.round, now):
        if not limiter.limiter.hit(UNKNOWN_LINKS, "unknown-link", get_remote_address()):
            abort(HTTPStatus.TOO_MANY_REQUESTS)
        return render_template("answering/unknown_link.html"), HTTPStatus.NOT_FOUND
    round_ = observer.round
    shown = reports.revealed_sections(session(), round_=round_)
    if shown:
        return _report(observer, shown)
    narrow(languages_of(round_))
    return render_template(
        "observing/observe.html",
        round=round_,
        observer=observer,
        organisation=session().get_one(Organisation, round_.series.organisation_id).name,
        promise=promise_of(round_),
        is_over=queries.is_over(round_, now),
        is_unattributed=round_.confidentiality == Confidentiality.UNATTRIBUTED,
        now=now,
    )


def _report(observer: Observer, shown: frozenset[ReportSection]) -> str:
    """The sections that the team has been shown, and nothing else: in English, as a named reader gets them."""
    narrow([SOURCE])
    report = view_of(observer.round)
    return render_template(
        "observing/report.html",
        round=observer.round,
        observer=observer,
        report=report,
        sections=build_sections(report, shown),
        largest_grid=LARGEST_GRID,
        most_quotes=MOST_QUOTES,
    )


def _owned_observer(round_id: int, observer_id: int) -> Observer:
    round_ = owned_round(round_id)
    found = queries.find_observer(session(), round_id=round_.id, observer_id=observer_id)
    if found is None:
        raise NotHere
    return found
