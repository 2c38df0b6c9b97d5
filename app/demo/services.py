"""Loads the demo company into an empty database."""

from __future__ import annotations

import secrets
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.config import Settings
from app.db import Database, utc_now
from app.demo.content import MERROWBY, Company, Quarter, day
from app.directory import services as directory
from app.directory.pasting import Person
from app.jobs.services import enqueue
from app.people import queries as people_queries
from app.people import services as people
from app.surveys.models import (
    Answer,
    Confidentiality,
    Participant,
    ParticipantState,
    Question,
    Round,
    RoundState,
    Series,
    Sheet,
)
from app.surveys.starting_points import default_questions
from app.theses import services as theses

# Public on purpose: the demo is refused wherever Ninefold is reachable from outside (app/cli.py).
PASSWORD = "nine answers to one question"  # noqa: S105
OPENING_TIME = time(9, 0)
CLOSING_TIME = time(17, 0)


def load_when_empty(database: Database, settings: Settings) -> bool:
    """Load the demo company unless somebody is here already. The reports are built by the worker."""
    with database.writing() as session:
        if people_queries.has_organisation(session):
            return False
        load(session, company=MERROWBY, now=utc_now())
    return True


def load(session: Session, *, company: Company, now: datetime) -> Series:
    organisation = people.create_organisation(session, name=company.name)
    asker = company.person(company.facilitator)
    account = people.add_account(
        session, organisation=organisation, name=asker.name, email=asker.email, password=PASSWORD
    )
    directory.add_people(
        session,
        organisation_id=organisation.id,
        people=[
            Person(line, person.name, person.email, person.role, person.function, person.level)
            for line, person in enumerate(company.people, start=1)
        ],
    )
    series = Series(organisation_id=organisation.id, title=company.series_title)
    session.add(series)
    session.flush()
    today = now.astimezone(ZoneInfo(company.time_zone)).date()
    for number, quarter in enumerate(company.quarters, start=1):
        round_ = _round(company, quarter, number=number, series=series, today=today)
        session.add(round_)
        session.flush()
        _add_sheets(session, company, quarter, round_=round_)
        if round_.state == RoundState.CLOSED:
            assert round_.closed_at is not None
            enqueue(
                session,
                kind="build_report",
                key=f"build_report:{round_.id}:{round_.closed_at.isoformat()}",
                payload={"round_id": round_.id},
            )
    for number, version in enumerate(company.theses):
        theses.write_version(
            session,
            series_id=series.id,
            text=version.text,
            account=account,
            based_on=number,
            written_at=_moment(company, version.written_on_day, OPENING_TIME, today),
        )
    return series


def _moment(company: Company, number: int, at: time, today: date) -> datetime:
    return datetime.combine(day(number, loaded_on=today), at, tzinfo=ZoneInfo(company.time_zone))


def _round(company: Company, quarter: Quarter, *, number: int, series: Series, today: date) -> Round:
    closes_at = _moment(company, quarter.closes_on_day, CLOSING_TIME, today)
    asker = company.person(company.facilitator)
    return Round(
        series_id=series.id,
        number=number,
        label=quarter.label,
        asked_by=f"{asker.name}, {asker.role}",
        introduction=quarter.introduction,
        confidentiality=Confidentiality.NAMED,
        time_zone=company.time_zone,
        state=RoundState.OPEN if quarter.is_open else RoundState.CLOSED,
        opened_at=_moment(company, quarter.opens_on_day, OPENING_TIME, today),
        closes_at=closes_at,
        closed_at=None if quarter.is_open else closes_at + timedelta(minutes=2),
        questions=_questions(quarter),
        participants=[
            Participant(name=person.name, email=person.email, role=person.role, identity=person.email)
            for person in map(company.person, quarter.invited)
        ],
    )


def _questions(quarter: Quarter) -> list[Question]:
    strategy, perception = default_questions()
    asked = [
        strategy,
        perception,
        *(
            Question(
                key=further.key,
                kind=further.kind,
                prompt=further.prompt,
                hint=further.hint,
                settings=further.settings,
            )
            for further in quarter.further
        ),
    ]
    for position, question in enumerate(asked, start=1):
        question.position = position
    return asked


def _add_sheets(session: Session, company: Company, quarter: Quarter, *, round_: Round) -> None:
    participants = {participant.email: participant for participant in round_.participants}
    strategy, perception, *others = round_.questions
    for answer in quarter.answers:
        participant = participants[company.person(answer.person).email]
        participant.state = ParticipantState.SUBMITTED
        session.add(
            Sheet(
                id=secrets.token_hex(32),
                round_id=round_.id,
                confidentiality=round_.confidentiality,
                participant_id=participant.id,
                is_submitted=True,
                answers=[
                    Answer(question_id=strategy.id, value={"text": answer.text}),
                    Answer(question_id=perception.id, value={"percent": answer.guess}),
                    *(
                        Answer(question_id=question.id, value=further.answers[answer.person])
                        for question, further in zip(others, quarter.further, strict=True)
                        if answer.person in further.answers
                    ),
                ],
            )
        )
    session.flush()
