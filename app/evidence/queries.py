from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from app.evidence.models import Correction, EchoAnswer, EchoCheck, Vote
from app.surveys.kinds import strategy_question
from app.surveys.models import Answer, Question


def find_echo_check(session: Session, *, round_id: int) -> EchoCheck | None:
    return session.get(EchoCheck, round_id)


def lock_echo_check(session: Session, *, round_id: int) -> EchoCheck | None:
    """The check as it is now, locked until the transaction ends: a vote and the end ask here first."""
    return session.scalar(
        select(EchoCheck)
        .where(EchoCheck.round_id == round_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def list_due_echo_checks(session: Session, *, now: datetime) -> list[EchoCheck]:
    """Checks that stand open in the table though their time is over."""
    return list(
        session.scalars(
            select(EchoCheck)
            .where(EchoCheck.ended_at.is_(None), EchoCheck.closes_at <= now)
            .order_by(EchoCheck.round_id)
        )
    )


def list_echo_sheets(session: Session, *, round_id: int) -> list[str]:
    """The sheets that take part, by id."""
    return list(
        session.scalars(
            select(EchoAnswer.sheet_id).where(EchoAnswer.round_id == round_id).order_by(EchoAnswer.sheet_id)
        )
    )


def get_text(session: Session, *, round_id: int, sheet_id: str) -> str:
    """The open answer of a sheet that takes part. Raises NoResultFound for any other."""
    questions = session.scalars(
        select(Question).where(Question.round_id == round_id).order_by(Question.position)
    ).all()
    strategy = strategy_question(questions)
    value = session.scalars(
        select(Answer.value)
        .join(EchoAnswer, EchoAnswer.sheet_id == Answer.sheet_id)
        .where(
            EchoAnswer.round_id == round_id,
            Answer.sheet_id == sheet_id,
            Answer.question_id == (strategy.id if strategy else None),
        )
    ).one()
    return str(value["text"])


def map_own_votes(session: Session, *, round_id: int, voter_id: str) -> dict[str, str]:
    """What this voter has said so far, by the sheet read. For that voter alone."""
    rows = session.execute(
        select(Vote.sheet_id, Vote.verdict).where(Vote.round_id == round_id, Vote.voter_id == voter_id)
    )
    return {row.sheet_id: row.verdict for row in rows}


def find_vote(session: Session, *, round_id: int, voter_id: str, sheet_id: str) -> Vote | None:
    return session.get(Vote, (round_id, voter_id, sheet_id))


def list_votes(session: Session, *, round_id: int) -> list[Vote]:
    return list(
        session.scalars(select(Vote).where(Vote.round_id == round_id).order_by(Vote.voter_id, Vote.sheet_id))
    )


def count_voters(session: Session, *, round_id: int) -> int:
    wanted = select(func.count(func.distinct(Vote.voter_id))).where(Vote.round_id == round_id)
    return session.scalars(wanted).one()


def list_corrections(session: Session, *, round_id: int) -> list[Correction]:
    """Every correction that was ever made, withdrawn ones too, the newest first."""
    return list(
        session.scalars(
            select(Correction)
            .where(Correction.round_id == round_id)
            .order_by(Correction.id.desc())
            .options(joinedload(Correction.made_by), joinedload(Correction.withdrawn_by))
        )
    )


def list_standing_corrections(session: Session, *, round_id: int) -> list[Correction]:
    """Those that count, the oldest first."""
    return list(
        session.scalars(
            select(Correction)
            .where(Correction.round_id == round_id, Correction.withdrawn_at.is_(None))
            .order_by(Correction.id)
            .options(joinedload(Correction.made_by))
        )
    )


def find_correction(session: Session, *, round_id: int, correction_id: int) -> Correction | None:
    return session.scalar(
        select(Correction).where(Correction.id == correction_id, Correction.round_id == round_id)
    )
