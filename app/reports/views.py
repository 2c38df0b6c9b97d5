from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from app.access import sign_in_required
from app.jobs import queries as jobs
from app.jobs.models import JobState
from app.jobs.services import enqueue
from app.reports import queries, services
from app.reports.presenting import interval, percent, points, present
from app.surveys.owned import owned_round
from app.surveys.answering import queries as answering
from app.surveys.models import Confidentiality, Round, RoundState
from app.web import NotHere, session

blueprint = Blueprint("reports", __name__)
for _filter in (percent, interval, points):
    blueprint.add_app_template_filter(_filter)



@blueprint.get("/rounds/<int:round_id>/report")
@sign_in_required
def report(round_id: int) -> str | Redirect:
    round_ = owned_round(round_id)
    if round_.state != RoundState.CLOSED:
        flash("The report is built when the round has closed.", "info")
        return redirect(url_for("surveys.show", round_id=round_id))
    found = queries.find_latest_report(session(), round_id=round_id)
    if found is None:
        job = jobs.find_latest_job(session(), key_prefix=f"build_report:{round_id}:")
        if request.headers.get("HX-Request"):
            return render_template("reports/_building.html", round=round_, job=job)
        return render_template("reports/building.html", round=round_, job=job)
    return render_template("reports/report.html", round=round_, report=present(found))


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
    return Response(
        services.as_json(found.document),
        mimetype="application/json",
        headers={"Content-Disposition": f'attachment; filename="ninefold-round-{round_.number}.json"'},
    )


@blueprint.get("/rounds/<int:round_id>/answers")
@sign_in_required
def answers(round_id: int) -> str:
    """Who wrote what, for the facilitator alone, where the mode allows it and the round has closed."""
    round_ = owned_round(round_id)
    if round_.state != RoundState.CLOSED or round_.confidentiality == Confidentiality.UNATTRIBUTED:
        raise NotHere
    sheets = answering.list_submitted_sheets(session(), round_id=round_id)
    return render_template("reports/answers.html", round=round_, sheets=sheets)
