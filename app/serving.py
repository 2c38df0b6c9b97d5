"""`ninefold serve`: the web server, and beside it the worker as a child that is started again when it dies."""

from __future__ import annotations

import errno
import signal
import socket
import subprocess
import sys
import threading
import time
from types import FrameType

import click
import structlog
from waitress import create_server

from app import create_app
from app.config import Settings
from app.db import Database

log = structlog.get_logger("ninefold.serve")

RESTART_SECONDS = (1.0, 2.0, 5.0, 15.0)
STEADY_SECONDS = 60.0
STOP_SECONDS = 20.0


def check_port(settings: Settings) -> None:
    """Refuse a taken port before anything else has started."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as probe:
        if sys.platform != "win32":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as problem:
            raise click.ClickException(_bind_problem(settings, problem)) from problem


def _bind_problem(settings: Settings, problem: OSError) -> str:
    if problem.errno == errno.EADDRINUSE:
        return (
            f"Port {settings.port} is taken: another program (perhaps another Ninefold) listens there. "
            f"Stop it, or choose another port: NINEFOLD_PORT={settings.port + 1 if settings.port < 65535 else 8000} "
            "and the same command again."
        )
    if problem.errno == errno.EACCES:
        return f"This account may not listen on port {settings.port}; choose NINEFOLD_PORT above 1023."
    return f"Cannot listen on {settings.host}:{settings.port}: {problem.strerror}. Check NINEFOLD_HOST."


class WorkerKeeper:
    """Starts the worker, and starts it again when it ends, a little later each time that it fails at once."""

    def __init__(self, command: list[str] | None = None) -> None:
        self.command = command or [sys.executable, "-m", "app.cli", "worker", "--supervised"]
        self.child: subprocess.Popen[bytes] | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="worker-keeper", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Let the worker finish what it does; then end it."""
        self._stopping.set()
        self._thread.join()

    def _keep(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            begun = time.monotonic()
            # The pipe is how the child learns that this process has ended, even by kill -9.
            self.child = subprocess.Popen(self.command, stdin=subprocess.PIPE)
            while self.child.poll() is None and not self._stopping.wait(0.2):
                pass
            if self._stopping.is_set():
                self._end_child()
                return
            assert self.child.stdin is not None
            self.child.stdin.close()
            failures = 0 if time.monotonic() - begun > STEADY_SECONDS else failures + 1
            pause = RESTART_SECONDS[min(failures, len(RESTART_SECONDS)) - 1] if failures else 0.0
            log.error("worker ended", code=self.child.returncode, restart_in_seconds=pause)
            self._stopping.wait(pause)

    def _end_child(self) -> None:
        assert self.child is not None
        assert self.child.stdin is not None
        self.child.stdin.close()
        try:
            self.child.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            # The job's lease runs out and the next worker does it again.
            self.child.kill()
            self.child.wait()


def serve(settings: Settings, database: Database, *, is_worker_wanted: bool = True) -> None:
    """Serve until interrupted. The database must be at the newest schema."""
    app = create_app(settings, database)
    try:
        server = create_server(
            app,
            host=settings.host,
            port=settings.port,
            threads=settings.threads,
            ident="",
            clear_untrusted_proxy_headers=settings.proxy_hops == 0,
            max_request_body_size=1_048_576,
        )
    except OSError as problem:
        raise click.ClickException(_bind_problem(settings, problem)) from problem
    keeper = WorkerKeeper() if is_worker_wanted else None

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    if keeper:
        keeper.start()
    try:
        server.run()
    except KeyboardInterrupt:
        pass
    finally:
        server.close()
        if keeper:
            keeper.stop()
        database.dispose()
