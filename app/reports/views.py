from __future__ import annotations

from functools import partial

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from app.access import sign_in_required
from app.db import utc_now
from app.evidence import queries as evidence
from app.jobs import queries as jobs
from app.jobs.models import JobState
from app.jobs.services import enqueue
from app.languages import SOURCE, speaking
from app.languages import gettext as _
from app.reports import edit_views, hand_views, queries, services
from app.reports.agenda import plan_of
from app.reports.meetings import find_meetings
from app.reports.numbers import decimals, interval, mode_name, percent, points, progress_words
from app.reports.presenting import present
from app.reports.reading_order import reading_order
from app.surveys.answering import queries as answering
from app.surveys.confidentiality import is_withheld
from app.surveys.models import Confidentiality, RoundState
from app.surveys.owned import owned_round
from app.web import NotHere, session

blueprint = Blueprint("reports", __name__)
for _rule, _view, _methods in (*hand_views.RULES, *edit_views.RULES):
    blueprint.add_url_rule(_rule, view_func=_view, methods=_methods)
for _filter in (percent, interval, points, decimals, mode_name, progress_words):
    blueprint.add_app_template_filter(_filter)

# What a page can hold; the rest is folded or counted, and the JSON file has it all.
MOST_CAMPS = 12
MOST_THEMES = 20
MOST_PEOPLE = 40


@blueprint.get("/rounds/<int:round_id>/report")
@sign_in_required
def report(round_id: int) -> str | Redirect:
    """The report that stands; while a newer one is built, with that said at its top."""
    round_ = owned_round(round_id)
    if round_.state != RoundState.CLOSED:
        flash(_("The report is built when the round has closed."), "info")
        return redirect(url_for("surveys.show", round_id=round_id))
    job = jobs.find_latest_job(session(), key_prefix=f"build_report:{round_id}:")
    if request.headers.get("HX-Request"):
        # An open page asks every two seconds; once the report is there it loads itself anew.
        is_ready = job is not None and job.state == JobState.DONE
        return Response(
            render_template("reports/_building.html", round=round_, job=job),
            headers={"HX-Refresh": "true"} if is_ready else {},
        )
    found = queries.find_latest_report(session(), round_id=round_id)
    if found is None:
        return render_template("reports/building.html", round=round_, job=job)
    check = evidence.find_echo_check(session(), round_id=round_id)
    view = present(
        found,
        queries.list_edits(session(), round_id=round_id),
        find_meetings(session(), round_id=round_id),
    )
    shown = queries.revealed_sections(session(), round_=round_)
    return render_template(
        "reports/report.html",
        round=round_,
        report=view,
        order=reading_order(view, shown),
        is_revealed=bool(shown),
        minutes={} if view.is_withheld else {step.key: step.minutes for step in plan_of(view)},
        shown_camps=MOST_CAMPS,
        shown_themes=MOST_THEMES,
        most_people=MOST_PEOPLE,
        figure_links=partial(_figure_links, round_id, view.shows_people),
        job=job if job is not None and job.state != JobState.DONE else None,
        has_open_echo_check=check is not None and check.ended_at is None,
        may_start_echo_check=check is None and answering.is_alive(round_, utc_now()),
    )


def _figure_links(round_id: int, shows_people: bool, key: str) -> list[tuple[str, str]]:
    """The ways out of a figure (app/exports): its numbers, and its picture, as a drawing where it is one."""
    kinds = ("png", "csv") if key == "themes" and not shows_people else ("svg", "png", "csv")
    return [
        (kind.upper(), url_for("exports.figure", round_id=round_id, key=key, kind=kind)) for kind in kinds
    ]


@blueprint.post("/rounds/<int:round_id>/report")
@sign_in_required
def build_report(round_id: int) -> Redirect:
    """Try again after a failure."""
    round_ = owned_round(round_id)
    job = jobs.find_latest_job(session(), key_prefix=f"build_report:{round_.id}:")
    if job is not None and job.state == JobState.FAILED:
        enqueue(session(), kind=job.kind, key=job.key, payload=job.payload)
    return redirect(url_for("reports.report", round_id=round_id))


@blueprint.get("/rounds/<int:round_id>/report.json")
@sign_in_required
def report_document(round_id: int) -> Response:
    round_ = owned_round(round_id)
    found = queries.find_latest_report(session(), round_id=round_id)
    if found is None:
        raise NotHere
    # Programs read one language: the log of edits in the file is in English like everything else in it.
    with speaking(SOURCE):
        document = present(found, queries.list_edits(session(), round_id=round_id)).document
    return Response(
        services.as_json(document),
        mimetype="application/json",
        headers={"Content-Disposition": f'attachment; filename="ninefold-round-{round_.number}.json"'},
    )


@blueprint.get("/rounds/<int:round_id>/answers")
@sign_in_required
def answers(round_id: int) -> str:
    """Who wrote what, for the facilitator alone: where the mode allows it and the report shows the answers."""
    round_ = owned_round(round_id)
    if round_.state != RoundState.CLOSED or round_.confidentiality == Confidentiality.UNATTRIBUTED:
        raise NotHere
    sheets = answering.list_submitted_sheets(session(), round_id=round_id)
    if is_withheld(round_.confidentiality, len(sheets), minimum=round_.min_answers):
        raise NotHere
    return render_template("reports/answers.html", round=round_, sheets=sheets)
