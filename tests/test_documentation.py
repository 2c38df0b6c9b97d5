from __future__ import annotations

import re
from pathlib import Path

import click

from app.cli import ninefold
from app.config import SETTINGS

ROOT = Path(__file__).parent.parent


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_configuration_table_in_the_readme_is_complete_and_true() -> None:
    rows = re.findall(r"^\| `(NINEFOLD_\w+)` \| (.*?) \| (.*?) \|$", text_of("README.md"), re.MULTILINE)
    wanted = [
        (setting.name, f"`{setting.default}`" if setting.default else "", setting.meaning)
        for setting in SETTINGS
    ]
    assert rows == wanted


def test_the_readme_names_every_command() -> None:
    readme = text_of("README.md")
    for name, command in ninefold.commands.items():
        subcommands = command.commands.items() if isinstance(command, click.Group) else []
        names = [f"{name} {sub}" for sub, found in subcommands if not found.hidden] or [name]
        for full in names:
            assert f"ninefold {full}" in readme, f"README.md says nothing of `ninefold {full}`"


def test_every_link_in_the_documents_leads_somewhere() -> None:
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "training").glob("*.md")]
    for document in documents:
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8")):
            if "://" not in target and not target.startswith("mailto:"):
                assert (document.parent / target).exists(), f"{document.name} points to {target}"


def test_every_path_in_the_tree_of_the_architecture_exists() -> None:
    tree = text_of("docs/architecture.md").split("```")[1]
    folders: list[str] = []
    for line in tree.strip().splitlines():
        name = line.split()[0]
        depth = (len(line) - len(line.lstrip())) // 2
        folders[depth:] = [name]
        assert (ROOT / "".join(folders)).exists(), (
            f"{''.join(folders)} is in docs/architecture.md, not in the tree"
        )


def test_every_make_target_that_is_explained_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):.*## ", text_of("Makefile"), re.MULTILINE))
    assert {"help", "setup", "run", "test", "lint", "bench", "screens", "migrate"} <= targets
    for document in ("README.md", "CONTRIBUTING.md"):
        for used in re.findall(r"`?make ([a-z-]+)", text_of(document)):
            assert used in targets, f"{document} names `make {used}`"
