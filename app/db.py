"""The database: engine, sessions, column types and the rules every connection must satisfy.

Two kinds of session share one pool. A *reading* session refuses writes in the database itself, so that a
GET cannot change anything; a *writing* session takes SQLite's write lock at once, so that two writers queue
instead of failing half-way.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, DateTime, Dialect, Engine, MetaData, TypeDecorator, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker

from app.config import prepare_data_folder

SQLITE_PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": 2,  # FULL: an acknowledged answer is on the disk
    "busy_timeout": 5000,
    "foreign_keys": 1,
    "secure_delete": 1,
    "trusted_schema": 0,
}


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC time. SQLite keeps no zone, so the zone is checked going in and put back coming out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("times in the database must be aware")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime}


def utc_now() -> datetime:
    return datetime.now(UTC)


class Database:
    """One engine and its two session makers."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = _make_engine(url)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        reading_options: dict[str, Any] = (
            {"ninefold_reading": True} if self.is_sqlite else {"postgresql_readonly": True}
        )
        self._writing: Callable[[], Session] = sessionmaker(self.engine, expire_on_commit=False)
        self._reading: Callable[[], Session] = sessionmaker(
            self.engine.execution_options(**reading_options), expire_on_commit=False
        )

    def open_session(self, *, is_reading: bool = False) -> Session:
        return self._reading() if is_reading else self._writing()

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction that commits at the end of the block, or not at all."""
        with self._writing() as session:
            yield session
            session.commit()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with self._reading() as session:
            yield session

    def dispose(self) -> None:
        self.engine.dispose()

    def empty_log(self) -> bool:
        """Write what stands in SQLite's log into the database and empty the log; was nobody in the way?

        The log keeps the pages of each transaction together, so it could tell which sheet was written with whose "has
        answered", long after both tables have forgotten. PostgreSQL's log is its operator's (SECURITY.md).
        """
        if not self.is_sqlite:
            return True
        connection = self.engine.raw_connection()
        try:
            # Whoever reads or writes now is not made to wait: it is tried again a few seconds later.
            cursor = connection.cursor()
            cursor.execute("PRAGMA busy_timeout=0")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            (is_busy, *_pages) = cursor.fetchone() or (1,)
            return not is_busy
        except sqlite3.OperationalError:
            return False
        finally:
            connection.cursor().execute(f"PRAGMA busy_timeout={SQLITE_PRAGMAS['busy_timeout']}")
            connection.close()


def _make_engine(url: str) -> Engine:
    parsed = make_url(url)
    # Bound parameters hold answers and token hashes: they must not reach a log with an error.
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, hide_parameters=True, pool_pre_ping=True)
    path = Path(parsed.database or "")
    prepare_data_folder(path.parent)
    engine = create_engine(parsed, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite_connection)
    event.listen(engine, "begin", _begin_sqlite_transaction)
    if not path.exists():
        path.touch(mode=0o600)
    os.chmod(path, 0o600)
    return engine


def _prepare_sqlite_connection(connection: Any, _record: Any) -> None:
    # The driver's own transaction handling would begin late and silently; we begin ourselves, below.
    connection.isolation_level = None
    for name, value in SQLITE_PRAGMAS.items():
        connection.execute(f"PRAGMA {name}={value}")
        (read_back,) = connection.execute(f"PRAGMA {name}").fetchone()
        if read_back != value:
            raise RuntimeError(
                f"SQLite refused PRAGMA {name}={value} (it says {read_back}); "
                "is the database on a network drive? It must be on a local disk."
            )


def _begin_sqlite_transaction(connection: Connection) -> None:
    is_reading = connection.get_execution_options().get("ninefold_reading", False)
    connection.exec_driver_sql(f"PRAGMA query_only={'ON' if is_reading else 'OFF'}")
    connection.exec_driver_sql("BEGIN" if is_reading else "BEGIN IMMEDIATE")
