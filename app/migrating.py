"""Bring a database to the newest schema."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from app.config import packaged
from app.db import Database


def alembic_config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(packaged("migrations")))
    config.set_main_option("path_separator", "os")
    return config


def upgrade(database: Database, revision: str = "head") -> None:
    config = alembic_config()
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def downgrade(database: Database, revision: str) -> None:
    config = alembic_config()
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, revision)


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
