from __future__ import annotations

from flask import Blueprint, Response, render_template, request

from app.access import sign_in_required
from app.jobs import queries as jobs
from app.jobs.models import JobState
from app.reports import queries as reports
from app.reports.models import ReportSection
from app.reports.services import as_json
from app.surveys.owned import owned_series
from app.theses import queries as theses
from app.tracking import queries
from app.web import NotHere, session

blueprint = Blueprint("tracking", __name__)


@blueprint.get("/series/<int:series_id>/convergence")
@sign_in_required
def convergence(series_id: int) -> str:
    series = owned_series(series_id)
    found = queries.find_convergence(session(), series_id=series_id)
    job = jobs.find_latest_job(session(), key_prefix=f"build_convergence:{series_id}:")
    is_building = job is not None and job.state in {JobState.QUEUED, JobState.RUNNING}
    if request.headers.get("HX-Request"):
        return render_template("tracking/_building.html", series=series, job=job)
    # The rounds on this page whose number the team may not see yet.
    on_page = {entry["id"] for entry in found.document["rounds"]} if found else set()
    unrevealed = [
        round_
        for round_ in series.rounds
        if round_.id in on_page
        and ReportSection.NUMBER not in reports.revealed_sections(session(), round_=round_)
    ]
    return render_template(
        "tracking/convergence.html",
        unrevealed=unrevealed,
        series=series,
        document=found.document if found else None,
        thesis=theses.find_current_version(session(), series_id=series_id),
        job=job,
        is_building=is_building,
    )


@blueprint.get("/series/<int:series_id>/convergence.json")
@sign_in_required
def convergence_document(series_id: int) -> Response:
    owned_series(series_id)
    found = queries.find_convergence(session(), series_id=series_id)
    if found is None:
        raise NotHere
    return Response(
        as_json(found.document),
        mimetype="application/json",
        headers={"Content-Disposition": 'attachment; filename="ninefold-convergence.json"'},
    )
