"""Where people stood on the map of the round before, so that the next map can be turned to it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.evidence.answers import LabelledAnswer, list_labelled_answers
from app.reports import queries
from app.surveys.models import Confidentiality, Round

Anchors = tuple[tuple[int, float, float], ...]


def earlier_places(
    session: Session, *, round_: Round, answers: Sequence[LabelledAnswer]
) -> tuple[Anchors, str | None]:
    """(answer, x, y) for everybody who is on the map of the round before, and the label of that round.

    Only between Named rounds: in the others a map that remembers people would tell who wrote what. Nothing where
    fewer than two people are on both maps, or the round before has no report.
    """
    nothing: tuple[Anchors, str | None] = ((), None)
    if round_.confidentiality != Confidentiality.NAMED:
        return nothing
    before = queries.find_round_before(session, round_=round_)
    if before is None or before.confidentiality != Confidentiality.NAMED:
        return nothing
    report = queries.find_latest_report(session, round_id=before.id)
    if report is None or report.document["analysis"] is None:
        return nothing
    known = {person.id: person.identity for person in (*before.participants, *round_.participants)}
    earlier = list_labelled_answers(session, round_=before)
    points = {point["index"]: point for point in report.document["analysis"]["map"]["points"]}
    stood = {
        known[answer.participant_id]: points[index]
        for index, answer in enumerate(earlier)
        if answer.participant_id in known and index in points
    }
    anchors = tuple(
        (index, stood[person]["x"], stood[person]["y"])
        for index, answer in enumerate(answers)
        if (person := known.get(answer.participant_id or 0)) in stood
    )
    return (anchors, before.label) if len(anchors) > 1 else nothing
