from __future__ import annotations

import pytest
from alembic import command
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from app.db import Database
from app.migrating import alembic_config, downgrade, is_current, upgrade
from app.models import metadata
from app.surveys.models import Confidentiality, Question
from tests import factories


def test_migrations_make_exactly_the_tables_of_the_models(database: Database) -> None:
    config = alembic_config()
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.check(config)


def test_every_named_constraint_of_the_models_is_in_the_database(database: Database) -> None:
    inspector = inspect(database.engine)
    for table in metadata.sorted_tables:
        wanted = {c.name for c in table.constraints if c.__class__.__name__ == "CheckConstraint"}
        there = {check["name"] for check in inspector.get_check_constraints(table.name)}
        assert wanted <= there, table.name


def test_the_schema_goes_down_and_up_again(database: Database) -> None:
    downgrade(database, "base")
    assert set(inspect(database.engine).get_table_names()) <= {"alembic_version"}
    upgrade(database)
    assert is_current(database)


@pytest.mark.parametrize("after", list(Confidentiality))
def test_the_mode_of_a_launched_round_cannot_change_even_by_sql(
    database: Database, after: Confidentiality
) -> None:
    before = Confidentiality.UNATTRIBUTED
    with database.writing() as session:
        account = factories.account(session, name="Mara Lind", organisation="Halden Instruments")
        factories.open_round(session, organisation_id=account.organisation_id, confidentiality=before)
    change = text("UPDATE rounds SET confidentiality = :after")
    with database.open_session() as session:
        if after == before:
            session.execute(change, {"after": after})
            return
        with pytest.raises(DBAPIError, match="confidentiality_is_frozen_at_launch"):
            session.execute(change, {"after": after})


def test_answers_survive_that_the_table_of_questions_is_written_anew(database: Database) -> None:
    with database.writing() as session:
        account = factories.account(session, name="Mara Lind", organisation="Halden Instruments")
        made = factories.closed_round(
            session, organisation_id=account.organisation_id, texts=["We win.", "We serve."]
        )
        question_id = made.questions[0].id
    downgrade(database, "0003")

    upgrade(database)

    with database.reading() as session:
        assert session.execute(text("SELECT count(*) FROM answers")).scalar() == 4
        strategy = session.get_one(Question, question_id)
        assert (strategy.settings, strategy.condition, strategy.is_trend) == ({}, None, False)
        if database.is_sqlite:
            assert session.execute(text("PRAGMA foreign_keys")).scalar() == 1
    with database.writing() as session:
        session.execute(text("DELETE FROM rounds"))
        assert session.execute(text("SELECT count(*) FROM answers")).scalar() == 0


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("kind = 'essay'", "kind_is_known"),
        ("settings = '[]'", "settings_are_an_object"),
        ("settings = 'null'", "settings_are_an_object"),
        ("condition = 'null', position = position + 2", "condition_is_an_object"),
        ("condition = '{}'", "condition_has_a_question_before_it"),
    ],
)
def test_questions_of_another_shape_are_refused_by_the_schema(
    database: Database, change: str, constraint: str
) -> None:
    with database.open_session() as session:
        account = factories.account(session, name="Mara Lind", organisation="Halden Instruments")
        factories.draft_round(session, organisation_id=account.organisation_id)
        with pytest.raises(DBAPIError, match=constraint):
            session.execute(text(f"UPDATE questions SET {change} WHERE position = 1"))


def test_the_mode_of_a_draft_may_still_change(database: Database) -> None:
    with database.writing() as session:
        account = factories.account(session, name="Mara Lind", organisation="Halden Instruments")
        made = factories.draft_round(session, organisation_id=account.organisation_id)
        made.confidentiality = Confidentiality.CONFIDENTIAL
    with database.reading() as session:
        assert session.execute(text("SELECT confidentiality FROM rounds")).scalar() == "confidential"


def test_an_unattributed_sheet_cannot_name_its_author(database: Database) -> None:
    with database.open_session() as session:
        account = factories.account(session, name="Mara Lind", organisation="Halden Instruments")
        made = factories.open_round(
            session,
            organisation_id=account.organisation_id,
            confidentiality=Confidentiality.UNATTRIBUTED,
        )
        with pytest.raises(DBAPIError, match="unattributed_sheet_names_nobody"):
            factories.submitted_sheet(session, round_=made, participant=made.participants[0], text="Grow.")


def test_a_sheet_cannot_claim_another_mode_than_its_round(database: Database) -> None:
    with database.open_session() as session:
        account = factories.account(session, name="Mara Lind", organisation="Halden Instruments")
        made = factories.open_round(session, organisation_id=account.organisation_id)
        with pytest.raises(DBAPIError, match="(?i)foreign"):
            session.execute(
                text(
                    "INSERT INTO sheets (id, round_id, confidentiality, participant_id, is_submitted) "
                    "VALUES ('x', :round, 'unattributed', NULL, true)"
                ),
                {"round": made.id},
            )


def test_sheets_keep_no_order_and_no_time_on_sqlite(database: Database) -> None:
    if not database.is_sqlite:
        pytest.skip("about SQLite")
    with database.reading() as session:
        for table in ("sheets", "answers", "drafts"):
            with pytest.raises(DBAPIError, match="rowid"):
                session.execute(text(f"SELECT rowid FROM {table}"))
            session.rollback()
    columns = {
        f"{table}.{column['name']}"
        for table in ("sheets", "answers", "drafts")
        for column in inspect(database.engine).get_columns(table)
    }
    assert not [name for name in columns if name.endswith(("_at", "_on"))]
