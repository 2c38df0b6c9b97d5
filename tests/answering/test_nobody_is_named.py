"""Unattributed: nothing that is stored joins an answer to a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.db import Database, utc_now
from app.people.models import Account
from app.surveys import services as rounds
from app.surveys.answering import queries
from app.surveys.answering.respondents import Entry
from app.surveys.answering.services import settle_sheets, submit
from app.surveys.models import Answer, Confidentiality, Draft, Round, Sheet
from app.surveys.queries import hash_token
from tests import factories
from tests.answering.conftest import Asked, ask, begin, write
from tests.answering.databases import rows_of
from tests.pages import Browser

WHO = {"participants", "invitations", "jobs", "accounts", "sign_ins"}
WHAT = {"sheets", "answers", "drafts"}


def everybody_answers(asked: Asked) -> dict[str, str]:
    """Nine people, each from their own browser, in an order that is not the list's; name to text."""
    texts = {}
    for number, participant in enumerate(reversed(asked.round.participants)):
        token = factories.personal_link(asked.session, participant)
        asked.session.commit()
        texts[participant.name] = f"The strategy according to number {number}."
        entry = Entry(round_id=asked.round.id, link=hash_token(token), secret=f"of browser {number}")
        with asked.database.writing() as session:
            respondent = queries.find_respondent(session, entry=entry, now=utc_now())
            assert respondent is not None
            submit(session, respondent=respondent, typed={1: texts[participant.name], 2: "70"})
    return texts


def values_in(rows: dict[str, list[tuple[Any, ...]]]) -> set[str]:
    return {str(value) for table in rows.values() for row in table for value in row}


def test_no_value_is_shared_between_who_and_what(unattributed: Asked, database: Database) -> None:
    everybody_answers(unattributed)

    who, what = values_in(rows_of(database, tables=WHO)), values_in(rows_of(database, tables=WHAT))

    # Small numbers are ids of rounds and questions; no id of a person is in what was answered (see the columns).
    assert {value for value in who & what if len(value) > 2} <= {"None", "True"}


def test_columns_of_a_sheet_hold_no_time_and_no_order() -> None:
    columns = {column.name for table in (Sheet, Answer, Draft) for column in table.__table__.columns}

    assert columns == {
        *("id", "round_id", "confidentiality", "participant_id", "is_submitted"),
        *("sheet_id", "question_id", "value"),
    }


def test_order_of_the_rows_says_nothing_after_the_close(unattributed: Asked, database: Database) -> None:
    everybody_answers(unattributed)
    with database.writing() as session:
        rounds.close_round(session, round_=session.get_one(Round, unattributed.round.id), now=utc_now())

    with database.engine.connect() as connection:
        sheets = [row[0] for row in connection.execute(text("SELECT id FROM sheets"))]
        participants = [row[0] for row in connection.execute(text("SELECT id FROM participants"))]

    assert len(sheets) == 9
    assert sheets == sorted(sheets)
    assert participants == sorted(participants)


def test_transactions_that_wrote_the_rows_say_nothing_after_the_close(
    unattributed: Asked, database: Database
) -> None:
    everybody_answers(unattributed)
    with database.writing() as session:
        rounds.close_round(session, round_=session.get_one(Round, unattributed.round.id), now=utc_now())

    if database.is_sqlite:
        return  # SQLite's tables have no such column
    with database.engine.connect() as connection:
        writers = {
            table: {row[0] for row in connection.execute(text(f"SELECT xmin FROM {table}"))}
            for table in ("sheets", "answers", "participants")
        }

    assert [len(writer) for writer in writers.values()] == [1, 1, 1]


def test_settling_keeps_every_answer_that_was_sent_and_nothing_else(
    browser: Browser, unattributed: Asked, database: Database
) -> None:
    begin(browser, unattributed)
    write(browser, unattributed, text="Never sent.")
    texts = everybody_answers(unattributed)

    for _ in range(2):
        with database.writing() as session:
            settle_sheets(session, round_=session.get_one(Round, unattributed.round.id))

    with database.reading() as session:
        found = queries.list_submitted_sheets(session, round_id=unattributed.round.id)
    assert sorted(each.text for each in found) == sorted(texts.values())
    assert len(unattributed.sheets()) == 9
    assert all(sheet.drafts == [] for sheet in unattributed.sheets())


def test_settling_leaves_other_modes_alone(browser: Browser, named: Asked, database: Database) -> None:
    begin(browser, named)
    write(browser, named)
    before = rows_of(database)

    with database.writing() as session:
        settle_sheets(session, round_=session.get_one(Round, named.round.id))

    assert rows_of(database) == before


def test_report_reads_sheets_of_an_unattributed_round_without_people(
    unattributed: Asked, database: Database
) -> None:
    texts = everybody_answers(unattributed)

    with database.reading() as session:
        found = queries.list_submitted_sheets(session, round_id=unattributed.round.id)

    assert {(each.participant_id, each.name, each.role) for each in found} == {(None, None, None)}
    by_id = sorted(unattributed.sheets(), key=lambda sheet: sheet.id)
    strategy = unattributed.round.questions[0].id
    order = [
        next(each.value["text"] for each in sheet.answers if each.question_id == strategy) for sheet in by_id
    ]
    assert [each.text for each in found] == order
    assert sorted(order) == sorted(texts.values())


def test_report_reads_named_sheets_by_name(
    database: Database, session: Session, facilitator: Account
) -> None:
    asked = ask(database, session, facilitator, Confidentiality.CONFIDENTIAL)
    texts = everybody_answers(asked)

    with database.reading() as reading:
        found = queries.list_submitted_sheets(reading, round_id=asked.round.id)

    assert [each.name for each in found] == sorted(texts)
    assert {each.name: each.text for each in found if each.name} == texts
    assert {each.percent for each in found} == {70}
    assert found[0].role == "CEO"


def test_report_does_not_read_drafts(browser: Browser, asked: Asked, database: Database) -> None:
    begin(browser, asked)
    write(browser, asked)

    with database.reading() as session:
        assert queries.list_submitted_sheets(session, round_id=asked.round.id) == []
