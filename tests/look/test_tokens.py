"""The palettes: equal where they stand twice, and readable by the contrast of WCAG 2.2."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest

TOKENS = (Path(__file__).parents[2] / "app" / "static" / "tokens.css").read_text()


def block(start: str) -> dict[str, str]:
    """The custom properties of the rule that starts with this selector."""
    found = re.search(re.escape(start) + r"\s*\{(.*?)\}", TOKENS, flags=re.DOTALL)
    assert found, start
    return dict(re.findall(r"(--[\w-]+):\s*([^;]+);", found.group(1)))


LIGHT = block(":root")
DARK_BY_SYSTEM = block(':root:not([data-theme="light"])')
DARK_BY_CHOICE = block(':root[data-theme="dark"]')
THEMES = {"light": LIGHT, "dark": DARK_BY_CHOICE}

SURFACES = ("--page", "--surface", "--sunken")
TEXTS = ("--ink", "--ink-soft", "--accent", "--accent-strong", "--danger", "--warning", "--good")
PAIRS = [
    *[(text, surface, 4.5) for text in TEXTS for surface in SURFACES],
    *[("--ink", soft, 4.5) for soft in ("--accent-soft", "--danger-soft", "--warning-soft", "--good-soft")],
    ("--danger", "--danger-soft", 4.5),
    ("--on-accent", "--accent", 4.5),
    ("--on-accent", "--accent-strong", 4.5),
    *[("--on-ramp-low", f"--ramp-{step}", 4.5) for step in (0, 1, 2)],
    ("--on-ramp-3", "--ramp-3", 4.5),
    *[("--on-ramp-high", f"--ramp-{step}", 4.5) for step in (4, 5, 6)],
    *[("--on-camp", f"--camp-{camp}", 4.5) for camp in range(1, 10)],
    *[(f"--camp-{camp}", surface, 3.0) for camp in range(1, 10) for surface in ("--page", "--surface")],
    *[("--line-strong", surface, 3.0) for surface in SURFACES],
    *[("--focus", surface, 3.0) for surface in SURFACES],
]


def luminance(colour: str) -> float:
    """Relative luminance of an sRGB colour, as WCAG 2.2 defines it."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_agrees_with_the_standard_for_black_on_white_and_the_known_grey() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


def test_the_dark_palette_is_the_same_by_system_and_by_choice() -> None:
    assert DARK_BY_SYSTEM == DARK_BY_CHOICE


def test_the_dark_palette_renames_every_colour_of_the_light_one() -> None:
    colours = {name for name, value in LIGHT.items() if value.startswith("#")}
    assert colours <= set(DARK_BY_CHOICE)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("text", "ground", "least"), PAIRS)
def test_text_and_marks_stand_out(theme: str, text: str, ground: str, least: float) -> None:
    palette = THEMES[theme]
    assert contrast(palette[text], palette[ground]) >= least


@pytest.mark.parametrize("theme", THEMES)
def test_the_ramp_moves_evenly_away_from_the_page(theme: str) -> None:
    palette = THEMES[theme]

    # L* of CIELAB, which is what "looks as bright as" means; the same step each time, within a third.
    def lightness(colour: str) -> float:
        y = luminance(colour)
        return 116 * y ** (1 / 3) - 16 if y > 0.008856 else 903.3 * y

    levels = [lightness(palette[f"--ramp-{step}"]) for step in range(7)]
    steps = [abs(after - before) for before, after in itertools.pairwise(levels)]
    assert levels == sorted(levels, reverse=theme == "light")
    mean = sum(steps) / len(steps)
    assert all(mean * 2 / 3 <= step <= mean * 4 / 3 for step in steps), steps
