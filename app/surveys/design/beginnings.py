"""What a new round may begin with: the templates of the product, and those that the organisation kept."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.languages import gettext as _
from app.languages import marked
from app.surveys.answering.values import minutes_for
from app.surveys.design import queries
from app.surveys.design.exchange import read_document
from app.surveys.models import SurveyTemplate
from app.surveys.starting_points import STARTING_POINTS, StartingPoint
from app.surveys.strict import DataRefused
from app.surveys.wording import counted

DEFAULT = "strategy"


def list_starting_points(session: Session, *, organisation_id: int) -> dict[str, StartingPoint]:
    """By key, those of the product first. A template that this version cannot read is left out."""
    own = [
        point
        for template in queries.list_templates(session, organisation_id=organisation_id)
        if (point := _starting_point(template)) is not None
    ]
    return STARTING_POINTS | {point.key: point for point in own}


def _starting_point(template: SurveyTemplate) -> StartingPoint | None:
    try:
        survey = read_document(template.document)
    except DataRefused:
        return None
    return StartingPoint(
        key=f"own-{template.id}",
        name=template.name,
        summary=marked("A template of your own."),
        title=survey.title,
        questions=lambda: survey.questions,
        introduction=survey.introduction,
        language=survey.language,
    )


def name_words(point: StartingPoint) -> str:
    """The name of a template: those of the product are said in every language, the others as they were written."""
    return _(point.name) if point.key in STARTING_POINTS else point.name


def summary_words(point: StartingPoint) -> str:
    """What the template asks, how many questions that are, and how long they take."""
    questions = point.questions()
    n = counted(len(questions), "question", "questions")
    minutes = counted(minutes_for(questions), "minute", "minutes")
    return _(
        "%(summary)s %(questions)s, about %(minutes)s.",
        summary=_(point.summary),
        questions=n,
        minutes=minutes,
    )
