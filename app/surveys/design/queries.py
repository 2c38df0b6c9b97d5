from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.surveys.models import Question, Round, RoundState, SurveyTemplate


def map_trends(session: Session, *, round_: Round) -> dict[str, str]:
    """The trend questions that earlier rounds of the series have asked: by key, the round that asked first."""
    rows = session.execute(
        select(Question.key, Round.label)
        .join(Round, Round.id == Question.round_id)
        .where(
            Round.series_id == round_.series_id,
            Round.number < round_.number,
            Round.state != RoundState.DRAFT,
            Question.is_trend,
        )
        .order_by(Round.number.desc())
    )
    return {row.key: row.label for row in rows}


def map_trend_languages(session: Session, *, round_: Round) -> dict[str, set[str]]:
    """In which languages earlier rounds of the series have asked their trend questions: by key."""
    rows = session.execute(
        select(Question.key, Round.languages)
        .join(Round, Round.id == Question.round_id)
        .where(
            Round.series_id == round_.series_id,
            Round.number < round_.number,
            Round.state != RoundState.DRAFT,
            Question.is_trend,
        )
    )
    found: dict[str, set[str]] = {}
    for row in rows:
        found.setdefault(row.key, set()).update(row.languages)
    return found


def list_keys(session: Session, *, series_id: int) -> set[str]:
    """Every key that a question of this series has or had."""
    rows = session.scalars(
        select(Question.key).join(Round, Round.id == Question.round_id).where(Round.series_id == series_id)
    )
    return set(rows)


def list_templates(session: Session, *, organisation_id: int) -> list[SurveyTemplate]:
    return list(
        session.scalars(
            select(SurveyTemplate)
            .where(SurveyTemplate.organisation_id == organisation_id)
            .order_by(SurveyTemplate.id.desc())
        )
    )


def find_template(session: Session, *, organisation_id: int, template_id: int) -> SurveyTemplate | None:
    return session.scalar(
        select(SurveyTemplate).where(
            SurveyTemplate.organisation_id == organisation_id, SurveyTemplate.id == template_id
        )
    )
