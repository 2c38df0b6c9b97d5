"""Numbers, shares and lists as the report says them, in the language that is spoken; in English in the words of analysis."""

from __future__ import annotations

from collections.abc import Sequence

from babel.numbers import get_decimal_symbol

from app.analysis import wording
from app.analysis.wording import capital
from app.languages import LANGUAGES, SOURCE, language
from app.languages import gettext as _
from app.languages import lazy_gettext as _l
from app.surveys.confidentiality import PROMISES
from app.surveys.models import Confidentiality
from app.surveys.wording import number as in_figures

__all__ = [
    "NO_NUMBER",
    "capital",
    "decimals",
    "interval",
    "listed",
    "mode_name",
    "number",
    "percent",
    "points",
    "progress_words",
]

# As files say it, which are in English.
NO_NUMBER = "not known"

_NUMBERS = (
    *(_l("no"), _l("one"), _l("two"), _l("three"), _l("four"), _l("five"), _l("six")),
    *(_l("seven"), _l("eight"), _l("nine"), _l("ten"), _l("eleven"), _l("twelve")),
)

# What the worker says while it works is kept with the job, in English: these are the sentences that there are.
_PROGRESS = {
    "Loading the language model": _l("Loading the language model"),
    "Reading the answers": _l("Reading the answers"),
    "Judging the answers, pair by pair": _l("Judging the answers, pair by pair"),
    "Drawing the map": _l("Drawing the map"),
    "Comparing the rounds": _l("Comparing the rounds"),
    "Looking for what several people say": _l("Looking for what several people say"),
}


def number(n: int) -> str:
    """Numbers to twelve in words."""
    return str(_NUMBERS[n]) if 0 <= n < len(_NUMBERS) else in_figures(n)


def listed(items: Sequence[str]) -> str:
    """ "A, B and C"."""
    if len(items) < 2:
        return "".join(items)
    return _("%(items)s and %(last)s", items=", ".join(items[:-1]), last=items[-1])


def percent(value: float | None) -> str:
    """A share between 0 and 1 in whole per cent: 0.183 is "18 %"."""
    if value is None:
        return _("not known")
    words, _space, share = wording.percent(value).replace(" %", "\N{NO-BREAK SPACE}%").rpartition(" ")
    if words == "under":
        return _("under %(share)s", share=share)
    if words == "over":
        return _("over %(share)s", share=share)
    return share


def interval(estimate: dict[str, float | None]) -> str:
    """The 80 % interval in words: "12 to 25 %"."""
    low, high = estimate["low"], estimate["high"]
    if low is None or high is None:
        return _("not known")
    return _("%(low)s to %(high)s", low=f"{low * 100:.0f}", high=f"{high * 100:.0f}\N{NO-BREAK SPACE}%")


def points(value: float | None) -> str:
    """A signed difference of two shares in percentage points."""
    if value is None:
        return _("not known")
    return _("%(n)s points", n=f"{value * 100:+.0f}".replace("-", "\N{MINUS SIGN}"))


def decimals(text: str) -> str:
    """Figures with the decimal mark of the language: "2.3" or "2,3"."""
    code = language()
    return text.replace(".", get_decimal_symbol(code if code in LANGUAGES else SOURCE))


def mode_name(mode: str) -> str:
    """ "Named", "Confidential" or "Unattributed"."""
    return str(PROMISES[Confidentiality(mode)].name)


def progress_words(note: str) -> str:
    """What a job says about how far it is; a sentence that is not known is said as it is."""
    return str(_PROGRESS.get(note, note))
