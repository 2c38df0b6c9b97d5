"""What is not ours is what we say it is."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

VENDOR = Path(__file__).parents[2] / "app" / "static" / "vendor"
LISTED = dict(
    re.findall(
        r"^\| `([^`]+)` \|.*\| `([0-9a-f]{64})` \|$", (VENDOR / "VENDORED.md").read_text(), re.MULTILINE
    )
)


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_every_vendored_file_is_listed_with_its_sum() -> None:
    found = {
        str(path.relative_to(VENDOR)): digest(path)
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name != "VENDORED.md" and not path.name.startswith("LICENSE")
    }
    assert found == LISTED


def test_every_vendored_folder_brings_its_licence() -> None:
    folders = {(VENDOR / name).parent for name in LISTED}
    assert all(any(folder.glob("LICENSE*")) for folder in folders)


def test_every_font_is_addressed_by_its_content() -> None:
    used = re.findall(
        r'url\("vendor/([^"?]+)\?v=([0-9a-f]{12})"\)', (VENDOR.parent / "tokens.css").read_text()
    )
    assert dict(used) == {name: total[:12] for name, total in LISTED.items() if name.endswith(".woff2")}
