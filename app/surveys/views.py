"""The facilitator's pages of a round: prepare, launch, watch, close, ask again."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

from app.access import current_account, sign_in_required
from app.db import utc_now
from app.languages import gettext as _
from app.languages import lazy_gettext as _l
from app.languages import ngettext
from app.people.queries import has_organisation
from app.surveys import queries, roster_views, services, testing_views, wording
from app.surveys.answering.pace import question_statistics
from app.surveys.answering.queries import is_alive
from app.surveys.answering.turnout import list_answer_days
from app.surveys.checklist import checklist, may_launch
from app.surveys.confidentiality import (
    PROMISES,
    UNTIL_THE_CLOSE,
    is_withheld,
    promise_of,
    shows_who_answered,
)
from app.surveys.design.beginnings import list_starting_points, name_words, summary_words
from app.surveys.design.wording import condition_words, digest_of
from app.surveys.forms import ExtendForm, KeyForm, NewRoundForm, RoundForm
from app.surveys.links import KeyRefused, new_key
from app.surveys.models import ParticipantState, Round, RoundState
from app.surveys.observers import observer_words, observers_of
from app.surveys.owned import owned_round
from app.surveys.participant_views import RULES, links_page
from app.web import session

blueprint = Blueprint("surveys", __name__)
blueprint.add_app_template_filter(observer_words)
blueprint.add_app_template_filter(observers_of)
blueprint.add_app_template_filter(wording.in_zone)
blueprint.add_app_template_filter(wording.closing_words)
blueprint.add_app_template_filter(wording.distance_words)

for _rule, _view, _methods in (*RULES, *roster_views.RULES, *testing_views.RULES):
    blueprint.add_url_rule(_rule, view_func=_view, methods=_methods)

Answer = str | Response | tuple[str, int]


@blueprint.app_context_processor
def _navigation() -> dict[str, object]:
    is_here = (request.endpoint or "").partition(".")[0] in {
        "surveys",
        "design",
        "deliveries",
        "evidence",
        "reports",
        "tracking",
        "theses",
        "running",
        "observing",
    }
    in_directory = (request.endpoint or "").startswith("directory.")
    return {
        "navigation": [
            {"label": _("Rounds"), "url": url_for("surveys.home"), "current": is_here},
            {"label": _("People"), "url": url_for("directory.people"), "current": in_directory},
        ]
    }


@blueprint.errorhandler(services.WrongState)
def _moved_on(_error: services.WrongState) -> Response:
    session().rollback()
    round_ = owned_round((request.view_args or {})["round_id"])
    why = {
        RoundState.DRAFT: _l("%(round)s is still a draft, so this cannot be done. Nothing was changed."),
        RoundState.OPEN: _l(
            "%(round)s is open: its links are out and its texts stand, so this cannot be done. Nothing was changed."
        ),
        RoundState.CLOSED: _l("%(round)s has closed, so this cannot be done. Nothing was changed."),
    }[RoundState(round_.state)]
    flash(str(why) % {"round": round_.label}, "warning")
    return redirect(url_for("surveys.show", round_id=round_.id))


@blueprint.errorhandler(KeyRefused)
def _key_refused(_error: KeyRefused) -> Response:
    session().rollback()
    flash(_("The page was out of date, so no link was made. Please try again."), "warning")
    return redirect(url_for("surveys.show", round_id=(request.view_args or {})["round_id"]))


@blueprint.get("/")
def home() -> Answer:
    """Every series of the organisation with its rounds; for strangers the way to sign in."""
    if not current_user.is_authenticated:
        is_started = has_organisation(session())
        return redirect(url_for("people.sign_in" if is_started else "people.start"))
    series = queries.list_series(session(), organisation_id=current_account().organisation_id)
    return render_template("surveys/home.html", all_series=series, now=utc_now())


# --- Prepare -----------------------------------------------------------------------------------------------------


@blueprint.route("/rounds/new", methods=["GET", "POST"])
@sign_in_required
def new_round() -> Answer:
    account = current_account()
    points = list_starting_points(session(), organisation_id=account.organisation_id)
    form = NewRoundForm()
    form.starting_point.choices = [SelectChoice(point.key, name_words(point)) for point in points.values()]
    if form.validate_on_submit():
        round_ = services.create_round(
            session(),
            organisation_id=account.organisation_id,
            settings=form.settings,
            starting_point=points[form.starting_point.data],
        )
        flash(_("%(round)s is kept as a draft. Now say who is asked.", round=round_.label), "success")
        return redirect(url_for("surveys.participants", round_id=round_.id))
    if not form.is_submitted():
        wanted = request.args.get("template", "")
        form.starting_point.data = wanted if wanted in points else form.starting_point.default
        last = queries.find_last_round(session(), organisation_id=account.organisation_id)
        form.label.data = wording.quarter_label(utc_now().date())
        form.asked_by.data = last.asked_by if last else account.name
        form.confidentiality.data = last.confidentiality if last else None
        form.show_closing_time(None, zone=last.time_zone if last else "UTC")
    summaries = {point.key: summary_words(point) for point in points.values()}
    return _page(form, "surveys/new_round.html", promises=PROMISES, summaries=summaries)


@blueprint.route("/rounds/<int:round_id>/edit", methods=["GET", "POST"])
@sign_in_required
def edit_round(round_id: int) -> Answer:
    round_ = _draft(round_id)
    form = RoundForm()
    if form.validate_on_submit():
        services.change_settings(session(), round_=round_, settings=form.settings)
        flash(_("The round is changed."), "success")
        return redirect(url_for("surveys.show", round_id=round_id))
    if not form.is_submitted():
        form.show_round(round_)
    return _page(form, "surveys/edit_round.html", round=round_, promises=PROMISES)


@blueprint.get("/rounds/<int:round_id>/preview")
@sign_in_required
def preview(round_id: int) -> Answer:
    """The pages of somebody who answers, to be read and not filled in."""
    round_ = owned_round(round_id)
    return render_template(
        "surveys/preview.html",
        round=round_,
        promise=promise_of(round_),
        until_the_close=UNTIL_THE_CLOSE,
        condition_words=condition_words,
        digest=digest_of(round_.questions),
        now=utc_now(),
    )


@blueprint.route("/rounds/<int:round_id>/discard", methods=["GET", "POST"])
@sign_in_required
def discard(round_id: int) -> Answer:
    round_ = _draft(round_id)
    if request.method == "POST":
        services.discard_round(session(), round_=round_)
        flash(_("The draft %(round)s is deleted.", round=round_.label), "success")
        return redirect(url_for("surveys.home"))
    return render_template("surveys/discard.html", round=round_)


# --- Launch, watch, close -------------------------------------------------------------------------------------------


@blueprint.get("/rounds/<int:round_id>")
@sign_in_required
def show(round_id: int) -> Answer:
    round_ = owned_round(round_id)
    now = utc_now()
    checks = checklist(round_, now=now)
    return render_template(
        "surveys/show.html",
        round=round_,
        promise=promise_of(round_),
        checks=checks,
        may_launch=may_launch(checks),
        next_round=queries.find_next_round(session(), round_=round_),
        are_links_alive=is_alive(round_, now),
        now=now,
        **_progress(round_),
    )


@blueprint.get("/rounds/<int:round_id>/progress")
@sign_in_required
def progress(round_id: int) -> Answer:
    """Who has answered, for the open page of the round that asks every few seconds."""
    round_ = owned_round(round_id)
    return render_template("surveys/_progress.html", round=round_, now=utc_now(), **_progress(round_))


@blueprint.route("/rounds/<int:round_id>/launch", methods=["GET", "POST"])
@sign_in_required
def launch(round_id: int) -> Answer:
    """Ask once more, then open the round, and go on to the mail or show its links, this one time."""
    round_ = owned_round(round_id)
    form = KeyForm()
    now = utc_now()
    if form.validate_on_submit():
        key = form.key.data or ""
        is_by_mail = request.form.get("then") == "mail"
        try:
            services.launch_round(session(), round_=round_, key=key, now=now)
        except services.NotReady as problem:
            flash(str(problem), "warning")
            return redirect(url_for("surveys.show", round_id=round_id))
        except services.WrongState:
            # A double click, or the answer loaded again: the same key shows the same links.
            if is_by_mail and round_.is_open(now):
                return redirect(url_for("deliveries.invite", round_id=round_id))
            page = links_page(round_, key=key)
            if page is None:
                raise
            return page
        if is_by_mail:
            return redirect(url_for("deliveries.invite", round_id=round_id))
        page = links_page(round_, key=key)
        assert page is not None, "a launched round has links"
        return page
    if form.is_submitted():
        raise KeyRefused
    if round_.state != RoundState.DRAFT:
        raise services.WrongState
    checks = checklist(round_, now=now)
    if not may_launch(checks):
        flash(_("Something is missing before the launch: see the list."), "warning")
        return redirect(url_for("surveys.show", round_id=round_id))
    form.key.data, form.key.raw_data = new_key(), None
    return render_template(
        "surveys/launch.html", round=round_, promise=promise_of(round_), form=form, now=now
    )


@blueprint.route("/rounds/<int:round_id>/extend", methods=["GET", "POST"])
@sign_in_required
def extend(round_id: int) -> Answer:
    round_ = _open(round_id)
    now = utc_now()
    assert round_.closes_at is not None, "the schema gives every open round a closing time"
    form = ExtendForm(later_than=round_.closes_at)
    if form.validate_on_submit() and form.closes_at is not None:
        services.extend_round(
            session(), round_=round_, closes_at=form.closes_at, time_zone=form.time_zone.data or "UTC"
        )
        words = wording.closing_words(form.closes_at, zone=round_.time_zone, now=now)
        flash(_("The round now %(closing)s.", closing=words), "success")
        return redirect(url_for("surveys.show", round_id=round_id))
    if not form.is_submitted():
        form.show_closing_time(round_.closes_at, zone=round_.time_zone)
    return _page(form, "surveys/extend.html", round=round_, now=now)


@blueprint.route("/rounds/<int:round_id>/close", methods=["GET", "POST"])
@sign_in_required
def close(round_id: int) -> Answer:
    round_ = _open(round_id)
    if request.method == "POST":
        services.close_round(session(), round_=round_, now=utc_now())
        flash(_("%(round)s has closed. The report is being built.", round=round_.label), "success")
        return redirect(url_for("surveys.show", round_id=round_id))
    counts = _progress(round_)
    n = counts["n_submitted"]
    is_guessable = n > 0 and is_withheld(round_.confidentiality, n, minimum=round_.min_answers)
    return render_template(
        "surveys/close.html", round=round_, now=utc_now(), is_guessable=is_guessable, **counts
    )


@blueprint.post("/rounds/<int:round_id>/next")
@sign_in_required
def next_round(round_id: int) -> Answer:
    round_ = owned_round(round_id)
    following = services.start_next_round(session(), round_=round_, now=utc_now())
    if following.state == RoundState.DRAFT:
        n = len(following.participants)
        words = ngettext(
            "%(round)s is a draft with the same %(n)s person and the same questions.",
            "%(round)s is a draft with the same %(n)s people and the same questions.",
            n,
            n=wording.number(n),
            round=following.label,
        )
        flash(words, "success")
    return redirect(url_for("surveys.show", round_id=following.id))


def _draft(round_id: int) -> Round:
    return _in_state(round_id, RoundState.DRAFT)


def _open(round_id: int) -> Round:
    return _in_state(round_id, RoundState.OPEN)


def _in_state(round_id: int, state: RoundState) -> Round:
    round_ = owned_round(round_id)
    if round_.state != state:
        raise services.WrongState
    return round_


def _progress(round_: Round) -> dict[str, Any]:
    """How many have answered, by day too; who has, where the mode lets a page say so."""
    states = [participant.state for participant in round_.participants]
    return {
        "n_submitted": states.count(ParticipantState.SUBMITTED),
        "n_people": len(states),
        "days": list_answer_days(session(), round_=round_, now=utc_now()),
        "statistics": question_statistics(session(), round_=round_),
        "shows_states": shows_who_answered(round_),
    }


def _page(form: FlaskForm, template: str, **context: object) -> Answer:
    """The form's page: as it was, or with what is wrong and every character that was typed."""
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_submitted() else HTTPStatus.OK
    return render_template(template, form=form, **context), status
