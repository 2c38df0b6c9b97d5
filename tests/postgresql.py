"""A real PostgreSQL server that the suite starts for itself, where its binaries exist."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
from itertools import count
from pathlib import Path
from types import TracebackType

import psycopg


def postgresql_binaries() -> Path | None:
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return versions[-1].parent if versions else None


class PostgresServer:
    """Durability is switched off: what is tested here is the product, not a power cut."""

    def __init__(self, binaries: Path, folder: Path) -> None:
        self.binaries = binaries
        self.folder = folder
        self._names = count(1)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]

    def __enter__(self) -> PostgresServer:
        # The server refuses to run as root; the folder's owner is whoever may run it.
        user = "postgres" if os.geteuid() == 0 else None
        if user:
            entry = pwd.getpwnam(user)
            for path in [self.folder, *self.folder.parents]:
                if path == Path("/tmp") or path == path.parent:  # noqa: S108 - only read here
                    break
                path.chmod(path.stat().st_mode | 0o055)
            os.chown(self.folder, entry.pw_uid, entry.pw_gid)
        data = self.folder / "data"
        self._run(
            "initdb", "-D", str(data), "-U", "ninefold", "-A", "trust", "-E", "UTF8", "--no-sync", user=user
        )
        options = (
            f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off "
            "-c synchronous_commit=off -c full_page_writes=off -c max_connections=200 -c timezone=UTC"
        )
        log = str(self.folder / "log")
        self._run("pg_ctl", "-D", str(data), "-l", log, "-w", "-o", options, "start", user=user)
        self._user = user
        self._admin("CREATE DATABASE template")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # A server that is slow to go is no fault of the tests; its folder is temporary.
        with contextlib.suppress(subprocess.CalledProcessError):
            self._run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "stop", user=self._user)

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://ninefold@127.0.0.1:{self.port}/{name}"

    def new_database_url(self) -> str:
        name = f"test_{next(self._names)}"
        self._admin(f"CREATE DATABASE {name} TEMPLATE template")
        return self.url(name)

    def _admin(self, statement: str) -> None:
        with psycopg.connect(
            f"postgresql://ninefold@127.0.0.1:{self.port}/postgres", autocommit=True
        ) as connection:
            connection.execute(statement)  # type: ignore[call-overload]

    def _run(self, program: str, *arguments: str, user: str | None) -> None:
        subprocess.run(
            [str(self.binaries / program), *arguments],
            check=True,
            user=user,
            group=user,
            extra_groups=[] if user else None,
            cwd="/",
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
