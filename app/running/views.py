"""The facilitator's pages of what happens by the clock, of what they were told, and of reopening."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from http import HTTPStatus
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from app.access import current_account, sign_in_required
from app.db import utc_now
from app.deliveries.posting import Way, way_of
from app.deliveries.services import ask_for_check
from app.languages import gettext as _
from app.running import queries, reopening, services
from app.running.forms import OpeningForm, ReopenForm, ScheduleForm
from app.running.models import Notice, QuarterlySchedule, ScheduledOpening
from app.surveys.models import Round, RoundState
from app.surveys.owned import owned_round, owned_series
from app.surveys.services import WrongState
from app.surveys.wording import closing_words, moment_words
from app.web import NotHere, session, settings

blueprint = Blueprint("running", __name__)

Answer = str | Response | tuple[str, int]

MORNING = time(9)
USUAL_DAYS_OPEN = 10


@dataclass(frozen=True)
class ScheduleState:
    schedule: QuarterlySchedule
    next_opening: datetime


# --- What other pages show ---------------------------------------------------------------------------------------


@blueprint.app_template_global("opening_of")
def opening_of(round_: Round) -> ScheduledOpening | None:
    """When this draft opens by itself."""
    return queries.find_opening(session(), round_id=round_.id)


@blueprint.app_template_global("schedule_of")
def schedule_of(series_id: int) -> ScheduleState | None:
    """When this series asks again by itself."""
    schedule = queries.find_schedule(session(), series_id=series_id)
    return ScheduleState(schedule, services.next_opening(schedule)) if schedule is not None else None


@blueprint.app_template_global("notices")
def notices() -> list[Notice]:
    """What happened by itself and was not read yet."""
    if not current_user.is_authenticated:
        return []
    return queries.list_notices(session(), organisation_id=current_account().organisation_id)


@blueprint.app_template_global("why_closed_for_good")
def why_closed_for_good(round_: Round) -> str | None:
    return reopening.why_closed_for_good(session(), round_=round_)


@blueprint.errorhandler(WrongState)
def _moved_on(_error: WrongState) -> Answer:
    session().rollback()
    flash(_("The round has moved on since you opened the page, so nothing was changed."), "warning")
    return redirect(url_for("surveys.home"))


# --- One round ---------------------------------------------------------------------------------------------------


@blueprint.route("/rounds/<int:round_id>/opening", methods=["GET", "POST"])
@sign_in_required
def schedule_opening(round_id: int) -> Answer:
    """Choose when a draft opens by itself."""
    round_ = owned_round(round_id)
    if round_.state != RoundState.DRAFT:
        raise WrongState
    now = utc_now()
    form = OpeningForm(zone=round_.time_zone)
    opening = queries.find_opening(session(), round_id=round_id)
    if form.validate_on_submit() and form.opens_at is not None:
        try:
            services.schedule_opening(
                session(),
                round_=round_,
                account_id=current_account().id,
                opens_at=form.opens_at,
                is_mailing=bool(form.is_mailing.data) and way_of(settings()) != Way.NONE,
                now=now,
            )
        except services.OpeningRefused as refusal:
            form.opens_at_time.errors = [str(refusal)]
        else:
            if form.is_mailing.data and way_of(settings()) == Way.SERVER:
                ask_for_check(session(), now=now)
            words = moment_words(form.opens_at, zone=round_.time_zone, now=now)
            flash(_("%(round)s opens by itself %(moment)s.", round=round_.label, moment=words), "success")
            return redirect(url_for("surveys.show", round_id=round_id))
    if not form.is_submitted():
        form.is_mailing.data = opening.is_mailing if opening else way_of(settings()) != Way.NONE
        form.show_opening(opening.opens_at if opening else _next_morning(now, round_.time_zone))
    return _page(form, "running/opening.html", round=round_, opening=opening, now=now)


@blueprint.post("/rounds/<int:round_id>/opening/cancel")
@sign_in_required
def cancel_opening(round_id: int) -> Answer:
    round_ = owned_round(round_id)
    services.cancel_opening(session(), round_=round_)
    flash(_("%(round)s does not open by itself any more.", round=round_.label), "success")
    return redirect(url_for("surveys.show", round_id=round_id))


@blueprint.route("/rounds/<int:round_id>/reopen", methods=["GET", "POST"])
@sign_in_required
def reopen(round_id: int) -> Answer:
    """Take a closed round up again, or read why that cannot be."""
    round_ = owned_round(round_id)
    if round_.state != RoundState.CLOSED:
        raise WrongState
    now = utc_now()
    refusal = reopening.why_closed_for_good(session(), round_=round_)
    form = ReopenForm()
    if refusal is None and form.validate_on_submit() and form.closes_at is not None:
        zone = form.time_zone.data or "UTC"
        try:
            reopening.reopen_round(
                session(), round_=round_, closes_at=form.closes_at, time_zone=zone, now=now
            )
        except reopening.ReopeningRefused as problem:
            refusal = str(problem)
        else:
            words = closing_words(form.closes_at, zone=zone, now=now)
            flash(_("%(round)s is open again and %(closing)s.", round=round_.label, closing=words), "success")
            return redirect(url_for("surveys.show", round_id=round_id))
    if not form.is_submitted():
        form.show_closing_time(None, zone=round_.time_zone)
    return _page(form, "running/reopen.html", round=round_, refusal=refusal, now=now)


# --- A series ----------------------------------------------------------------------------------------------------


@blueprint.route("/series/<int:series_id>/schedule", methods=["GET", "POST"])
@sign_in_required
def schedule(series_id: int) -> Answer:
    """Ask this series again every quarter, by itself."""
    series = owned_series(series_id)
    now = utc_now()
    form = ScheduleForm()
    there = schedule_of(series_id)
    if form.validate_on_submit():
        kept = services.keep_schedule(
            session(), series=series, account_id=current_account().id, plan=form.plan, now=now
        )
        words = moment_words(services.next_opening(kept), zone=kept.time_zone, now=now)
        flash(
            _("The next round opens by itself %(moment)s, and then every quarter.", moment=words), "success"
        )
        return redirect(url_for("running.schedule", series_id=series_id))
    if not form.is_submitted():
        _show_schedule(form, there, zone=series.rounds[-1].time_zone if series.rounds else "UTC", now=now)
    return _page(form, "running/schedule.html", series=series, there=there, now=now)


@blueprint.post("/series/<int:series_id>/schedule/pause")
@sign_in_required
def pause_schedule(series_id: int) -> Answer:
    """Pause the schedule, or go on with it."""
    schedule = _owned_schedule(series_id)
    is_paused = not schedule.is_paused
    services.pause_schedule(session(), schedule=schedule, is_paused=is_paused, now=utc_now())
    flash(_("The schedule is paused.") if is_paused else _("The schedule goes on."), "success")
    return redirect(url_for("running.schedule", series_id=series_id))


@blueprint.post("/series/<int:series_id>/schedule/end")
@sign_in_required
def end_schedule(series_id: int) -> Answer:
    services.end_schedule(session(), schedule=_owned_schedule(series_id))
    flash(_("The schedule has ended. Rounds are started by hand again."), "success")
    return redirect(url_for("running.schedule", series_id=series_id))


@blueprint.post("/notices/<int:notice_id>/dismiss")
@sign_in_required
def dismiss_notice(notice_id: int) -> Answer:
    notice = queries.find_notice(
        session(), organisation_id=current_account().organisation_id, notice_id=notice_id
    )
    if notice is None:
        raise NotHere
    services.dismiss_notice(session(), notice=notice, now=utc_now())
    return redirect(url_for("surveys.home"))


def _owned_schedule(series_id: int) -> QuarterlySchedule:
    owned_series(series_id)
    found = queries.lock_schedule(session(), series_id=series_id)
    if found is None:
        raise NotHere
    return found


def _show_schedule(form: ScheduleForm, there: ScheduleState | None, *, zone: str, now: datetime) -> None:
    if there is not None:
        form.show_schedule(there.schedule, there.next_opening)
        return
    form.begins_on.data = now.astimezone(ZoneInfo(zone)).date() + timedelta(days=91)
    form.opens_at_time.data, form.closes_at_time.data = MORNING, time(17)
    form.time_zone.data, form.days_open.data = zone, USUAL_DAYS_OPEN
    form.is_mailing.data = form.is_reminding.data = way_of(settings()) != Way.NONE


def _next_morning(now: datetime, zone: str) -> datetime:
    there = ZoneInfo(zone)
    return datetime.combine(now.astimezone(there).date() + timedelta(days=1), MORNING, tzinfo=there)


def _page(form: OpeningForm | ReopenForm | ScheduleForm, template: str, **context: object) -> Answer:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_submitted() else HTTPStatus.OK
    return render_template(template, form=form, way=way_of(settings()), **context), status
