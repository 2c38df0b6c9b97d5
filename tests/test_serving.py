from __future__ import annotations

import socket
import sys
import time
from pathlib import Path

import click
import pytest

from app.config import Settings
from app.serving import WorkerKeeper, check_port


def test_a_taken_port_is_named_with_what_to_do(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        settings = Settings.from_environment({"NINEFOLD_DATA": str(tmp_path), "NINEFOLD_PORT": str(port)})
        with pytest.raises(click.ClickException, match=f"Port {port} is taken") as refusal:
            check_port(settings)
    assert f"NINEFOLD_PORT={port + 1}" in refusal.value.message


def lives(mark: Path, n: int) -> bool:
    """Has the child started n times, within ten seconds?"""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if mark.exists() and len(mark.read_text()) >= n:
            return True
        time.sleep(0.05)
    return False


CHILD = "import sys; open(sys.argv[1], 'a').write('.'); sys.stdin.buffer.read()"


def test_a_worker_that_dies_is_started_again(tmp_path: Path) -> None:
    mark = tmp_path / "starts"
    keeper = WorkerKeeper([sys.executable, "-c", CHILD, str(mark)])
    keeper.start()
    assert lives(mark, 1)
    assert keeper.child is not None
    keeper.child.kill()
    assert lives(mark, 2)
    keeper.stop()


def test_the_worker_ends_with_the_server(tmp_path: Path) -> None:
    mark = tmp_path / "starts"
    keeper = WorkerKeeper([sys.executable, "-c", CHILD, str(mark)])
    keeper.start()
    assert lives(mark, 1)
    keeper.stop()
    assert keeper.child is not None
    assert keeper.child.poll() == 0
