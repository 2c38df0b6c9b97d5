"""Bring a database to the newest schema."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from app.config import packaged
from app.db import Database


def alembic_config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(packaged("migrations")))
    config.set_main_option("path_separator", "os")
    return config


def upgrade(database: Database, revision: str = "head") -> None:
    config = alembic_config()
    with _changing_tables(database) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def downgrade(database: Database, revision: str) -> None:
    config = alembic_config()
    with _changing_tables(database) as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, revision)


@contextmanager
def _changing_tables(database: Database) -> Iterator[Connection]:
    """One transaction in which tables may be written anew.

    SQLite changes a constraint by making the table again under its old name, and dropping the old one would delete
    every row that points to it, answers included. So foreign keys rest meanwhile, which can only be said outside a
    transaction, and all of them are looked at before it ends.
    """
    with database.engine.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        if database.is_sqlite:
            raw.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                yield connection
                if database.is_sqlite and (
                    broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all()
                ):
                    raise RuntimeError(f"rows of {sorted({row[0] for row in broken})} would point to nothing")
        finally:
            if database.is_sqlite:
                raw.execute("PRAGMA foreign_keys=ON")


def is_current(database: Database) -> bool:
    newest = ScriptDirectory.from_config(alembic_config()).get_current_head()
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == newest


def revise(database: Database, message: str) -> str:
    """Write the migration that takes an empty `database` from the newest revision to the models; return its path."""
    upgrade(database)
    config = alembic_config()
    newest = ScriptDirectory.from_config(config).get_current_head() or "0000"
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        script = command.revision(config, message, autogenerate=True, rev_id=f"{int(newest) + 1:04}")
    assert script is not None
    assert not isinstance(script, list)
    return str(script.path)
