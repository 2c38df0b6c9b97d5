"""Backup and restore: one file that holds everything, taken while the server runs."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from sqlalchemy.engine import make_url

from app.db import Database


class OperationRefused(Exception):
    """The backup or restore was not begun, or not finished; the message says why and what is untouched."""


def back_up(database: Database, file: Path) -> None:
    """Write a consistent copy of the database to `file`, readable by its owner alone."""
    if file.exists():
        raise OperationRefused(
            f"{file} exists already; choose another name, so that no backup is overwritten."
        )
    part = file.with_name(f"{file.name}.part")
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        if database.is_sqlite:
            _copy_sqlite(_sqlite_path(database), part)
            check_backup(part)
        else:
            _run_postgresql_tool("pg_dump", "--format=custom", f"--file={part}", _libpq_url(database))
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)


def check_backup(file: Path) -> None:
    """Refuse a file that is not a sound Ninefold database."""
    if not file.is_file():
        raise OperationRefused(f"There is no file {file}.")
    try:
        connection = sqlite3.connect(f"file:{quote(str(file))}?mode=ro&immutable=1", uri=True)
        try:
            (verdict,) = connection.execute("PRAGMA integrity_check").fetchone()
            versions = connection.execute("SELECT version_num FROM alembic_version").fetchall()
        finally:
            connection.close()
    except sqlite3.DatabaseError as problem:
        raise OperationRefused(f"{file} is not a Ninefold backup: {problem}.") from problem
    if verdict != "ok" or len(versions) != 1:
        raise OperationRefused(f"{file} is damaged: {verdict}.")


def restore(database: Database, file: Path, *, now: datetime) -> Path | None:
    """Put the backup in the place of the present data. Returns where the present data was kept (SQLite)."""
    if not database.is_sqlite:
        if not file.is_file():
            raise OperationRefused(f"There is no file {file}.")
        _run_postgresql_tool(
            "pg_restore", "--clean", "--if-exists", "--single-transaction", "--no-owner",
            f"--dbname={_libpq_url(database)}", str(file),
        )  # fmt: skip
        return None
    check_backup(file)
    path = _sqlite_path(database)
    kept = path.with_name(f"before-restore-{now:%Y%m%d-%H%M%S}.db")
    back_up(database, kept)
    # SQLite's own backup writes into the live file under its locks: a running server sees the old data or the new.
    _copy_sqlite(file, path)
    return kept


def _sqlite_path(database: Database) -> Path:
    return Path(make_url(database.url).database or "")


def _copy_sqlite(source: Path, target: Path) -> None:
    read = sqlite3.connect(f"file:{quote(str(source))}?mode=ro", uri=True)
    write = sqlite3.connect(target, timeout=10)
    try:
        read.backup(write)
    except sqlite3.OperationalError as problem:
        raise OperationRefused(f"{target} could not be written: {problem}. Nothing was changed.") from problem
    finally:
        write.close()
        read.close()


def _libpq_url(database: Database) -> str:
    return database.url.replace("postgresql+psycopg://", "postgresql://")


def _run_postgresql_tool(program: str, *arguments: str) -> None:
    found = shutil.which(program) or _newest_debian_binary(program)
    if found is None:
        raise OperationRefused(
            f"{program} is not installed here; it comes with PostgreSQL's client programs."
        )
    done = subprocess.run([found, *arguments], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise OperationRefused(
            f"{program} stopped: {done.stderr.strip().splitlines()[-1:] or ['no reason given']}"
        )


def _newest_debian_binary(program: str) -> str | None:
    # Debian keeps the server's programs off the PATH.
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"), key=lambda path: int(path.parts[-3]))
    return str(found[-1]) if found else None
