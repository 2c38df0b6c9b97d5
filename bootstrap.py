#!/usr/bin/env python3
"""Make .venv and install Ninefold into it. Needs nothing but Python; safe to stop and to start again.

python3 bootstrap.py            what running needs
python3 bootstrap.py --test     and what testing and linting need
"""

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
TORCH = "torch==2.13.0"
NEEDED_BYTES = 3 * 1024**3
OLDEST = (3, 11)


def main() -> None:
    if sys.version_info < OLDEST:
        found = ".".join(str(part) for part in sys.version_info[:3])
        sys.exit(
            f"Ninefold needs Python 3.11 or newer; this is {found}. Install a newer one "
            "and name it: make run PYTHON=python3.12"
        )
    is_for_tests = "--test" in sys.argv[1:]
    stamp = VENV / ("installed-test" if is_for_tests else "installed")
    wanted = fingerprint()
    installed = [VENV / "installed-test"] if is_for_tests else [VENV / "installed", VENV / "installed-test"]
    if PYTHON.exists() and any(path.is_file() and path.read_text() == wanted for path in installed):
        return
    if shutil.disk_usage(ROOT).free < NEEDED_BYTES and not PYTHON.exists():
        sys.exit(
            "The installation needs about 3 GB of free disk, and there is less. Make room and start again."
        )
    install(is_for_tests)
    stamp.write_text(wanted)


def fingerprint() -> str:
    """Changes when what must be installed changes; a half-way install never writes it."""
    files = b"".join(
        (ROOT / name).read_bytes() for name in ("pyproject.toml", "constraints.txt", "bootstrap.py")
    )
    return hashlib.sha256(files).hexdigest()


def install(is_for_tests: bool) -> None:
    say("Installing Ninefold into .venv (once; two to five minutes, about 1.7 GB).")
    if not runs(PYTHON):
        # A first attempt that was interrupted can leave half a Python behind.
        try:
            venv.EnvBuilder(with_pip=True, clear=True).create(VENV)
        except subprocess.CalledProcessError:
            sys.exit(
                "This Python cannot make virtual environments. On Debian or Ubuntu: apt install python3-venv"
            )
    # Torch first and alone: asked for by another package it would bring gigabytes of GPU libraries along.
    index = os.environ.get("TORCH_INDEX")
    if not torch_is_there():
        say("1 of 2: PyTorch" + (f" from {index}" if index else ""))
        pip("install", TORCH, *(["--index-url", index] if index else []))
    say("2 of 2: everything else")
    extras = "[test,lint]" if is_for_tests else ""
    pip("install", "--constraint", "constraints.txt", "--editable", f".{extras}")


def runs(python: Path) -> bool:
    if not python.exists():
        return False
    done = subprocess.run([str(python), "-m", "pip", "--version"], capture_output=True, check=False)
    return done.returncode == 0


def torch_is_there() -> bool:
    code = "import importlib.metadata as m; print(m.version('torch').split('+')[0])"
    done = subprocess.run([str(PYTHON), "-c", code], capture_output=True, text=True, check=False)
    return done.stdout.strip() == TORCH.partition("==")[2]


def pip(*arguments: str) -> None:
    command = [str(PYTHON), "-m", "pip", *arguments, "--quiet", "--disable-pip-version-check"]
    done = subprocess.run(command, cwd=ROOT, check=False)
    if done.returncode != 0:
        sys.exit(
            "\nThe installation stopped; the lines above say why. Usually the network was away or the disk "
            "is full: mend that and run the same command again, it goes on where it stopped."
        )


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("\nStopped. Run the same command again; it goes on where it stopped.")
