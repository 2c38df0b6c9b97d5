from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
BANNED_NAMES = {"utils", "util", "helpers", "common", "misc", "manager", "base"}


def test_no_file_is_named_for_nothing_in_particular() -> None:
    found = [path for path in (ROOT / "app").rglob("*.py") if path.stem in BANNED_NAMES]
    assert found == []


def test_the_web_process_never_imports_torch() -> None:
    code = (
        "import sys; from app import create_app; from app.config import Settings; import tempfile;"
        "folder = tempfile.mkdtemp();"
        "create_app(Settings.from_environment({'NINEFOLD_DATA': folder}));"
        "print([name for name in ('torch', 'sentence_transformers', 'transformers') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_web_process_starts_without_what_makes_files() -> None:
    code = (
        "import sys; from app import create_app; from app.config import Settings; import tempfile;"
        "folder = tempfile.mkdtemp();"
        "create_app(Settings.from_environment({'NINEFOLD_DATA': folder}));"
        "print([n for n in ('weasyprint', 'pptx', 'xlsxwriter', 'pypdfium2', 'fontTools', 'PIL') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_analysis_alone_brings_neither_web_nor_database() -> None:
    code = (
        "import sys, app.analysis;"
        "print([name for name in ('flask', 'sqlalchemy', 'torch', 'app.db') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_services_never_commit() -> None:
    for path in (ROOT / "app").rglob("services.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
            assert not (is_call and node.func.attr == "commit"), f"{path} commits"  # type: ignore[attr-defined]


def test_no_template_marks_text_as_safe() -> None:
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\|\s*safe\b|autoescape\s+false", text), f"{path} switches escaping off"
    # Sentences of our own catalogues, as Jinja's translations take them; values are escaped when they are put in.
    catalogues = ROOT / "app" / "languages" / "templates.py"
    for path in set((ROOT / "app").rglob("*.py")) - {catalogues}:
        assert "Markup(" not in path.read_text(encoding="utf-8"), f"{path} makes markup by hand"


def test_nothing_is_fetched_from_elsewhere() -> None:
    pattern = re.compile(r"""(?:src|href|action)=["']https?://|@import\s+url|url\(["']?https?:""")
    for folder in ("templates", "app/static"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in {".html", ".css", ".js"} and "vendor" not in path.parts:
                assert not pattern.search(path.read_text(encoding="utf-8")), path
