"""The fixtures everybody needs: a migrated database of each kind, the app, and the people of a test."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy.orm import Session

from app import create_app
from app.config import Settings
from app.db import Database
from app.migrating import upgrade
from app.people.models import Account
from app.web import limiter
from tests import factories
from tests.pages import Browser
from tests.postgresql import PostgresServer, postgresql_binaries

# How long one example takes says something about the machine's other work, and nothing about the code.
hypothesis.settings.register_profile("ninefold", deadline=None)
hypothesis.settings.load_profile("ninefold")

DATABASES = [
    "sqlite",
    pytest.param("postgresql", marks=pytest.mark.postgresql),
]


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty database file that each test copies: migrating once is enough."""
    path = tmp_path_factory.mktemp("template") / "ninefold.db"
    database = Database(f"sqlite:///{path}")
    upgrade(database)
    database.dispose()
    return path


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgresServer]:
    binaries = postgresql_binaries()
    if binaries is None:
        pytest.skip("no PostgreSQL binaries on this machine")
    # Not in pytest's own folder: each session that starts makes that one private again, to the server's dismay.
    with (
        tempfile.TemporaryDirectory(prefix="ninefold-postgresql-") as folder,
        PostgresServer(binaries, Path(folder)) as server,
    ):
        database = Database(server.url("template"))
        upgrade(database)
        database.dispose()
        yield server


@pytest.fixture(params=DATABASES)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A migrated, empty database; every test that uses it runs on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        path = tmp_path / "data" / "ninefold.db"
        path.parent.mkdir(mode=0o700)
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        url = f"sqlite:///{path}"
    else:
        url = request.getfixturevalue("postgresql_server").new_database_url()
    opened = Database(url)
    yield opened
    opened.dispose()


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> Settings:
    return Settings.from_environment(
        {"NINEFOLD_DATA": str(tmp_path / "data"), "NINEFOLD_DATABASE_URL": _plain_url(database)}
    )


def _plain_url(database: Database) -> str:
    return database.url.replace("postgresql+psycopg://", "postgresql://")


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Each test has an app of its own; compiling the templates once is enough for all of them."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def app(settings: Settings, database: Database, compiled_templates: FileSystemBytecodeCache) -> Flask:
    made = create_app(settings, database)
    made.jinja_env.bytecode_cache = compiled_templates
    made.testing = True
    limiter.reset()
    return made


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A session of the test's own: commit what the app should see, and expire before looking again."""
    with database.open_session() as opened:
        yield opened


@pytest.fixture
def browser(app: Flask) -> Browser:
    """A browser that is not signed in and checks every page it gets."""
    return Browser(app)


@pytest.fixture
def facilitator(session: Session) -> Account:
    """Mara Lind, who runs the survey at Halden Instruments."""
    account = factories.account(session, name="Mara Lind", organisation="Halden Instruments")
    session.commit()
    return account


@pytest.fixture
def outsider(session: Session) -> Account:
    """Otto Falk, a facilitator of another organisation: may see nothing of Mara's."""
    account = factories.account(session, name="Otto Falk", organisation="Brandt Logistics")
    session.commit()
    return account


@pytest.fixture
def facilitator_browser(app: Flask, facilitator: Account) -> Browser:
    return Browser(app).sign_in(facilitator)


@pytest.fixture
def outsider_browser(app: Flask, outsider: Account) -> Browser:
    return Browser(app).sign_in(outsider)
