from __future__ import annotations

from app.jobs.handling import JobContext, JobRefused
from app.reports.services import judge_for
from app.surveys.models import Series
from app.tracking import queries, services


def build_convergence(context: JobContext) -> None:
    """Read all closed rounds of a series against each other and the thesis. Safe to repeat."""
    series_id = int(context.payload["series_id"])
    with context.database.reading() as session:
        series = session.get(Series, series_id)
        if series is None:
            raise JobRefused("The series is not there any more.")
        given = services.read_series(session, series=series)
    if not given.rounds:
        return
    context.tell_progress(5, "Loading the language model")
    judge = judge_for(context.database, context.settings.model)
    input_hash = services.input_hash(given, judge)
    with context.database.reading() as session:
        standing = queries.find_convergence(session, series_id=series_id)
        if standing is not None and standing.input_hash == input_hash:
            return
    document = services.make_document(given, judge, context.tell_progress)
    with context.database.writing() as session:
        services.keep_convergence(session, series_id=series_id, input_hash=input_hash, document=document)
