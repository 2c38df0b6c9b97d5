from __future__ import annotations

from app.jobs.handling import JobContext, JobRefused
from app.jobs.services import enqueue
from app.reports import queries, services
from app.surveys.models import Round, RoundState
from app.surveys.queries import lock_round


def build_report(context: JobContext) -> None:
    """Read a closed round and keep its report. Safe to repeat: the same input is the same report."""
    round_id = int(context.payload["round_id"])
    with context.database.reading() as session:
        round_ = session.get(Round, round_id)
        if round_ is None or round_.state != RoundState.CLOSED:
            raise JobRefused("The round is not closed, so there is nothing to report yet.")
        series_id = round_.series_id
        given = services.read_input(session, round_=round_)
    context.tell_progress(5, "Loading the language model")
    judge = services.judge_for(context.database, context.settings.model)
    input_hash = services.input_hash(given, judge)
    with context.database.reading() as session:
        found = queries.find_report(session, round_id=round_id, input_hash=input_hash)
        document = found.document if found is not None else None
    if document is None:
        document = services.make_document(given, judge, context.tell_progress)
    with context.database.writing() as session:
        round_ = lock_round(session, round_id=round_id)
        if round_.state != RoundState.CLOSED:
            # Somebody took the round up again meanwhile. Its next close has a report of its own built.
            return
        if services.input_hash(services.read_input(session, round_=round_), judge) != input_hash:
            # Somebody corrected a pair meanwhile. The job of that correction builds what is right now.
            return
        report = services.keep_report(session, round_id=round_id, input_hash=input_hash, document=document)
        enqueue(
            session,
            kind="build_convergence",
            key=f"build_convergence:{series_id}:report:{report.id}:{report.built_at.isoformat()}",
            payload={"series_id": series_id},
        )
