"""What every template and every sheet must satisfy, read from the files themselves."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "app" / "static"
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SHEETS = sorted(STATIC.glob("*.css"))
SCRIPTS = sorted((STATIC / "js").glob("*.js"))

RAW_COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|rgba|hsl|hsla|oklch|oklab|lab|lch|color)\(")
PHYSICAL = re.compile(
    r"(?:margin|padding|border)-(?:left|right|top|bottom)\b|\b(?:float|text-align):\s*(?:left|right)\b"
)
# Classes that colleagues hang tests or scripts on need no rule of their own.
HOOKS = {"definition", "figure-data", "chart-series", "chart-gap"}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def without_comments(text: str) -> str:
    return re.sub(r"/\*.*?\*/|\{#.*?#\}", "", text, flags=re.DOTALL)


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_has_no_inline_style_or_script(path: Path) -> None:
    text = without_comments(path.read_text(encoding="utf-8"))
    assert not re.search(r"\sstyle\s*=", text), "no style attribute: the security policy refuses it"
    assert "<style" not in text
    assert not re.search(r"<[^>{]+\son[a-z]+\s*=", text), "no event attribute"
    assert not re.search(r"\shx-on", text), "htmx would have to evaluate it"
    for script in re.findall(r"<script\b[^>]*>(.*?)</script>", text, flags=re.DOTALL):
        assert not script.strip(), "scripts are files"


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_loads_nothing_from_elsewhere(path: Path) -> None:
    text = without_comments(path.read_text(encoding="utf-8"))
    loaded = re.findall(r"<(?:script|link|img|source|iframe)\b[^>]*?(?:src|href)\s*=\s*[\"']([^\"']*)", text)
    assert not [target for target in loaded if re.match(r"(?:https?:)?//", target)]


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_uses_only_classes_that_a_sheet_knows(path: Path) -> None:
    known = set(re.findall(r"\.([a-zA-Z][\w-]*)", "".join(sheet.read_text() for sheet in SHEETS))) | HOOKS
    # What a template computes stands as "~"; a name that is put together cannot be checked here.
    text = re.sub(
        r"\{\{.*?\}\}|\{%.*?%\}", "~", without_comments(path.read_text(encoding="utf-8")), flags=re.DOTALL
    )
    words = " ".join(re.findall(r'class="([^"]*)"', text)).split()
    used = {word for word in words if "~" not in word}
    assert used <= known, f"no rule for {sorted(used - known)}: a typing error, or a class nobody styled"


@pytest.mark.parametrize("path", [s for s in SHEETS if s.name != "tokens.css"], ids=name_of)
def test_a_sheet_takes_every_colour_from_the_tokens(path: Path) -> None:
    assert not RAW_COLOUR.findall(without_comments(path.read_text()))


@pytest.mark.parametrize("path", SHEETS, ids=name_of)
def test_a_sheet_names_sides_by_reading_direction(path: Path) -> None:
    assert not PHYSICAL.findall(without_comments(path.read_text())), "start and end, so that Arabic works too"


@pytest.mark.parametrize("path", SHEETS, ids=name_of)
def test_a_sheet_uses_only_tokens_that_exist(path: Path) -> None:
    text = "".join(sheet.read_text() for sheet in SHEETS)
    defined = set(re.findall(r"(--[\w-]+)\s*:", text))
    assert set(re.findall(r"var\((--[\w-]+)", path.read_text())) <= defined


@pytest.mark.parametrize("path", SCRIPTS, ids=name_of)
def test_a_script_stays_small_and_evaluates_nothing(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    # Saving an answer, and what the questions can do, are each one thing and read best in one place.
    assert len(text.splitlines()) < 150
    assert not re.search(
        r"\beval\(|new Function|innerHTML|insertAdjacentHTML|document\.write|setAttribute\(.style", text
    )
