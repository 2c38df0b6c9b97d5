"""Numbers as the report says them."""

from __future__ import annotations

from app.analysis import wording

NO_NUMBER = "not known"


def percent(value: float | None) -> str:
    """A share between 0 and 1 in whole per cent: 0.183 is "18 %"."""
    return NO_NUMBER if value is None else wording.percent(value).replace(" %", "\N{NO-BREAK SPACE}%")


def interval(estimate: dict[str, float | None]) -> str:
    """The 80 % interval in words: "12 to 25 %"."""
    low, high = estimate["low"], estimate["high"]
    if low is None or high is None:
        return NO_NUMBER
    return f"{low * 100:.0f} to {high * 100:.0f}\N{NO-BREAK SPACE}%"


def points(value: float | None) -> str:
    """A signed difference of two shares in percentage points."""
    return NO_NUMBER if value is None else f"{value * 100:+.0f}".replace("-", "\N{MINUS SIGN}") + " points"
