"""The command as a person starts it: in a process of its own, with an environment of its own."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(data: Path, **settings: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NINEFOLD_")}
    return kept | {"NINEFOLD_DATA": str(data), "PYTHONUNBUFFERED": "1"} | settings


def ninefold(
    data: Path, *arguments: str, given: str = "", **settings: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "app.cli", *arguments],
        cwd=ROOT,
        env=environment(data, **settings),
        input=given,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_help_lists_every_command(tmp_path: Path) -> None:
    done = ninefold(tmp_path, "--help")
    for command in ("serve", "worker", "demo", "db", "backup", "restore", "account", "analyse", "track"):
        assert re.search(rf"^  {command} ", done.stdout, re.MULTILINE), command


def test_a_refused_setting_is_one_sentence_and_no_trace(tmp_path: Path) -> None:
    done = ninefold(tmp_path, "db", "upgrade", NINEFOLD_PORT="eighty")
    assert done.returncode == 1
    assert done.stderr == "Error: NINEFOLD_PORT must be a whole number from 1 to 65535, not 'eighty'.\n"


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = ninefold(tmp_path / "file" / "data", "db", "upgrade")
    assert done.returncode == 1
    assert done.stderr.startswith("Error: NINEFOLD_DATA: cannot make the folder")
    assert "Traceback" not in done.stderr


def test_the_schema_is_brought_up_to_date_once(tmp_path: Path) -> None:
    assert "newest schema now" in ninefold(tmp_path, "db", "upgrade").stdout
    assert "already" in ninefold(tmp_path, "db", "upgrade").stdout


def test_an_account_is_added_and_a_second_one_with_its_address_refused(tmp_path: Path) -> None:
    arguments = (
        "account", "add", "--organisation", "Halden", "--name", "Mara", "--email", "Mara@halden.example.com",
        "--password", "nine gulls over a pier",
    )  # fmt: skip
    assert "mara@halden.example.com" in ninefold(tmp_path, *arguments).stdout
    again = ninefold(tmp_path, *arguments)
    assert again.returncode == 1
    assert "Traceback" not in again.stderr


def test_a_weak_password_is_refused_with_the_reason(tmp_path: Path) -> None:
    done = ninefold(
        tmp_path, "account", "add", "--organisation", "Halden", "--name", "Mara",
        "--email", "mara@halden.example.com", "--password", "short",
    )  # fmt: skip
    assert done.returncode == 1
    assert "15" in done.stderr


def test_a_backup_can_be_made_and_restored(tmp_path: Path) -> None:
    ninefold(tmp_path / "data", "db", "upgrade")
    made = ninefold(tmp_path / "data", "backup", str(tmp_path / "backup.db"))
    assert made.returncode == 0, made.stderr
    back = ninefold(tmp_path / "data", "restore", "--yes", str(tmp_path / "backup.db"))
    assert back.returncode == 0, back.stderr


def test_the_demo_is_refused_where_others_can_reach_it(tmp_path: Path) -> None:
    done = ninefold(tmp_path, "demo", NINEFOLD_BASE_URL="https://ninefold.example.com")
    assert done.returncode == 1
    assert "public password" in done.stderr


def test_a_taken_port_is_said_in_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = ninefold(tmp_path, "serve", NINEFOLD_PORT=port)
    assert done.returncode == 1
    assert f"Port {port} is taken" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals")
def test_serving_the_demo_prints_the_ways_in_and_keeps_everything(tmp_path: Path) -> None:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    links = []
    for _ in range(2):
        process = subprocess.Popen(
            [sys.executable, "-m", "app.cli", "serve", "--demo", "--no-worker"],
            cwd=ROOT,
            env=environment(tmp_path, NINEFOLD_PORT=str(port)),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        try:
            assert _answers(f"{address}/readyz")
            assert process.stdout is not None
            printed = ""
            while "Ctrl+C" not in printed:
                printed += process.stdout.readline()
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=30)
        assert process.returncode == 0
        links += re.findall(r"(/r/[\w-]{43})\b", printed)
        assert f"{address}/sign-in" in printed
    assert len(set(links)) == 2


def _answers(url: str) -> bool:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310
                return bool(response.status == 200)
        except OSError:
            time.sleep(0.1)
    return False
