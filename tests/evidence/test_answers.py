"""Which of a round's answers everybody speaks of: the strategy, wherever it stands among the questions."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.evidence import queries
from app.evidence.answers import list_labelled_answers
from app.evidence.models import EchoAnswer, EchoCheck
from app.people.models import Account
from app.surveys.models import Answer, Question, QuestionKind
from tests import factories


def test_report_and_echo_check_read_the_question_named_strategy_and_not_the_first_text(
    session: Session, facilitator: Account
) -> None:
    round_ = factories.closed_round(
        session, organisation_id=facilitator.organisation_id, texts=["We win clinics.", "We win labs."]
    )
    session.execute(update(Question).values(position=Question.position + 10))
    obstacle = Question(
        round_id=round_.id,
        position=1,
        key="obstacle",
        kind=QuestionKind.OPEN_TEXT,
        prompt="What stands in the way?",
    )
    session.add(obstacle)
    session.flush()
    answers = list_labelled_answers(session, round_=round_)
    session.add_all(
        Answer(sheet_id=answer.sheet_id, question_id=obstacle.id, value={"text": "Money."})
        for answer in answers
    )
    session.add(
        EchoCheck(
            round_id=round_.id, opened_at=round_.closed_at, closes_at=round_.closed_at.replace(year=2099)
        )
    )
    session.flush()
    session.add(EchoAnswer(round_id=round_.id, sheet_id=answers[0].sheet_id))
    session.flush()
    session.expire_all()

    read = list_labelled_answers(session, round_=round_)

    assert {answer.text for answer in read} == {"We win clinics.", "We win labs."}
    assert queries.get_text(session, round_id=round_.id, sheet_id=answers[0].sheet_id) == answers[0].text
