"""The page "My answer and the team", behind a personal link, once something of the report is shown."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, render_template, url_for
from sqlalchemy.orm import Session

from app.evidence.answers import list_labelled_answers
from app.exports.figures import LARGEST_GRID
from app.exports.sections import build_sections
from app.exports.views import MOST_QUOTES
from app.languages import gettext as _
from app.places.place import OwnPlace, find_place
from app.reports import queries as reports
from app.reports.meetings import find_meetings
from app.reports.models import ReportSection
from app.reports.presenting import present
from app.surveys.answering import queries as answering
from app.surveys.answering.afterwards import NextStep
from app.surveys.answering.pages import Answered, respondent_of, stopped
from app.surveys.answering.queries import Respondent
from app.surveys.models import Confidentiality, Round
from app.web import session

blueprint = Blueprint("places", __name__)


@blueprint.get("/answer/<int:round_id>/team")
def own_place(round_id: int) -> Answered:
    respondent = respondent_of(round_id)
    if respondent is None:
        return stopped("unknown")
    round_ = respondent.round
    shown = reports.revealed_sections(session(), round_=round_)
    found = reports.find_latest_report(session(), round_id=round_id) if shown else None
    if found is None or found.document["is_withheld"]:
        return render_template("places/not_yet.html", round=round_)
    report = present(
        found,
        reports.list_edits(session(), round_id=round_id),
        find_meetings(session(), round_id=round_id),
    )
    desk = answering.get_desk(session(), respondent=respondent)
    why_not, place, percent = _place_of(respondent, desk.is_recorded, found.document, report, shown)
    return render_template(
        "places/own_place.html",
        round=round_,
        participant=respondent.participant,
        report=report,
        place=place,
        why_not=why_not,
        # The guess is shown to the browser that sent it, and never without what was measured.
        percent=percent if ReportSection.PERCEPTION in shown and desk.is_own else None,
        has_guesses=ReportSection.PERCEPTION in shown,
        tells={section.value: section in shown for section in ReportSection},
        is_own=desk.is_own,
        sections=build_sections(report, shown),
        largest_grid=LARGEST_GRID,
        most_quotes=MOST_QUOTES,
    )


def offer_own_place(opened: Session, round_: Round, _now: datetime) -> NextStep | None:
    """For the page behind a personal link: once something is shown, the link leads to it."""
    if not reports.revealed_sections(opened, round_=round_):
        return None
    return NextStep(
        title=_("The report is shown to the team"),
        words=_("Read what the team has been shown, and where your own answer stands in it."),
        label=_("My answer and the team"),
        url=url_for("places.own_place", round_id=round_.id),
    )


def _place_of(
    respondent: Respondent,
    is_recorded: bool,
    document: dict[str, Any],
    report: Any,
    shown: frozenset[ReportSection],
) -> tuple[str | None, OwnPlace | None, int | None]:
    """(why there is none, the place, the own guess). A link alone tells it only where the report has names anyway."""
    if not is_recorded:
        return "silent", None, None
    sheet = answering.find_sheet(session(), respondent=respondent)
    is_own = sheet is not None and sheet.id == respondent.browser
    if sheet is None or not (is_own or respondent.round.confidentiality == Confidentiality.NAMED):
        return "elsewhere", None, None
    answers = list_labelled_answers(session(), round_=respondent.round)
    number = next((n for n, answer in enumerate(answers) if answer.sheet_id == sheet.id), None)
    if number is None or not document["statements"]:
        return "not in it", None, None
    statement = document["statements"][number] if number < len(document["statements"]) else None
    if statement is None or statement["text"] != answers[number].text:
        return "being built", None, None
    return None, find_place(report, answer=number, shown=shown), answers[number].percent
