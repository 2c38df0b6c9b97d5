from __future__ import annotations

import stat
import threading
from pathlib import Path

import pytest

from app.db import Database, utc_now
from app.operating import OperationRefused, back_up, restore
from app.people.models import Organisation
from tests import factories


def names(database: Database) -> set[str]:
    with database.reading() as session:
        return {organisation.name for organisation in session.query(Organisation)}


def add(database: Database, name: str) -> None:
    with database.writing() as session:
        factories.organisation(session, name)


def test_a_backup_restores_what_was_there(database: Database, tmp_path: Path) -> None:
    add(database, "Halden Instruments")
    back_up(database, tmp_path / "backup")
    add(database, "Brandt Logistics")
    database.dispose()
    restore(database, tmp_path / "backup", now=utc_now())
    assert names(database) == {"Halden Instruments"}


def test_a_backup_is_readable_by_its_owner_alone(database: Database, tmp_path: Path) -> None:
    back_up(database, tmp_path / "backup")
    assert stat.S_IMODE((tmp_path / "backup").stat().st_mode) == 0o600


def test_a_backup_never_overwrites_another(database: Database, tmp_path: Path) -> None:
    back_up(database, tmp_path / "backup")
    before = (tmp_path / "backup").read_bytes()
    with pytest.raises(OperationRefused, match="exists already"):
        back_up(database, tmp_path / "backup")
    assert (tmp_path / "backup").read_bytes() == before


def test_a_backup_holds_every_row_written_before_it_began(database: Database, tmp_path: Path) -> None:
    written: list[str] = []
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            name = f"organisation {len(written)}"
            add(database, name)
            written.append(name)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(5):
            before = set(written)
            back_up(database, tmp_path / f"backup {number}")
            stop_after = number == 4
            if stop_after:
                stop.set()
    finally:
        stop.set()
        writer.join()
    database.dispose()
    restore(database, tmp_path / "backup 4", now=utc_now())
    assert before <= names(database)


def test_restoring_keeps_the_data_from_before(database: Database, tmp_path: Path) -> None:
    if not database.is_sqlite:
        pytest.skip("on PostgreSQL the operator makes a dump first")
    back_up(database, tmp_path / "backup")
    add(database, "Brandt Logistics")
    kept = restore(database, tmp_path / "backup", now=utc_now())
    assert kept is not None
    assert names(Database(f"sqlite:///{kept}")) == {"Brandt Logistics"}


@pytest.mark.parametrize("content", [b"", b"not a database", b"SQLite format 3\x00 but cut"])
def test_a_file_that_is_no_backup_is_refused_and_changes_nothing(
    database: Database, tmp_path: Path, content: bytes
) -> None:
    add(database, "Halden Instruments")
    (tmp_path / "backup").write_bytes(content)
    with pytest.raises(OperationRefused):
        restore(database, tmp_path / "backup", now=utc_now())
    assert names(database) == {"Halden Instruments"}


def test_a_missing_backup_is_named(database: Database, tmp_path: Path) -> None:
    with pytest.raises(OperationRefused, match="There is no file"):
        restore(database, tmp_path / "nothing here", now=utc_now())
