from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, StatementError

from app.db import SQLITE_PRAGMAS, Database, utc_now
from app.people.models import Organisation


def test_a_reading_session_cannot_write(database: Database) -> None:
    with database.reading() as session, pytest.raises(DBAPIError):
        session.add(Organisation(name="Halden Instruments"))
        session.flush()


def test_a_writing_session_can_write_after_a_reading_one_used_its_connection(database: Database) -> None:
    with database.reading() as session:
        session.execute(text("SELECT 1"))
    with database.writing() as session:
        session.add(Organisation(name="Halden Instruments"))
    with database.reading() as session:
        assert session.query(Organisation).one().name == "Halden Instruments"


def test_a_block_that_fails_leaves_nothing_behind(database: Database) -> None:
    with pytest.raises(RuntimeError), database.writing() as session:
        session.add(Organisation(name="Halden Instruments"))
        session.flush()
        raise RuntimeError
    with database.reading() as session:
        assert session.query(Organisation).count() == 0


def test_times_come_back_aware_and_in_utc(database: Database) -> None:
    now = utc_now()
    with database.writing() as session:
        session.add(Organisation(name="Halden Instruments", created_at=now))
    with database.reading() as session:
        assert session.query(Organisation).one().created_at == now


def test_a_time_without_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError), database.writing() as session:
        session.add(Organisation(name="Halden Instruments", created_at=datetime(2027, 1, 1)))  # noqa: DTZ001
        session.flush()


def test_every_sqlite_connection_has_the_settings_that_keep_answers_safe(database: Database) -> None:
    if not database.is_sqlite:
        pytest.skip("about SQLite")
    with database.reading() as first, database.reading() as second:
        for session in (first, second):
            for name, value in SQLITE_PRAGMAS.items():
                assert session.execute(text(f"PRAGMA {name}")).scalar() == value


def test_an_error_does_not_quote_what_was_written(database: Database) -> None:
    with database.open_session() as session:
        session.add(Organisation(name="the canary sings", id=1))
        session.flush()
        with pytest.raises(DBAPIError) as caught:
            session.execute(
                text("INSERT INTO organisations (id, name, created_at) VALUES (1, :name, :now)"),
                {"name": "the canary sings", "now": "2027-01-01"},
            )
    assert "canary" not in str(caught.value)
