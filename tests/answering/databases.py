"""What a whole database holds, so that a test can say that nothing, or only one thing, has changed."""

from __future__ import annotations

import hashlib
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.engine import make_url

from app.db import Database
from app.models import metadata


def rows_of(database: Database, *, tables: set[str] | None = None) -> dict[str, list[tuple[object, ...]]]:
    with database.engine.connect() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(*table.c))]
            for table in metadata.sorted_tables
            if tables is None or table.name in tables
        }


def dump_of(database: Database) -> str:
    return repr(rows_of(database))


def bytes_of(database: Database) -> str:
    """The hash of SQLite's files; elsewhere of all rows."""
    if not database.is_sqlite:
        return hashlib.sha256(dump_of(database).encode()).hexdigest()
    path = make_url(database.url).database or ""
    contents = [Path(path + end).read_bytes() for end in ("", "-wal") if Path(path + end).exists()]
    return hashlib.sha256(b"".join(contents)).hexdigest()
