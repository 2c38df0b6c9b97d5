"""Who reads which answers in the echo check, in which order, and how long that takes. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from app.languages import gettext as _

MAX_OTHERS = 12
SECONDS_EACH = 10


def reading_list(voter: str, everybody: Iterable[str]) -> list[str]:
    """The answers that the author of `voter` reads, by sheet id, in an order of their own that a reload keeps.

    All the others; where there are more than MAX_OTHERS, a sample. All sheets stand in a circle and each author reads
    the MAX_OTHERS that follow, so every answer is read equally often. Sheet ids are random, so the circle is too.
    """
    circle = sorted(everybody)
    here = circle.index(voter)
    others = circle[here + 1 :] + circle[:here]
    return sorted(
        others[:MAX_OTHERS], key=lambda sheet_id: hashlib.sha256(f"{voter} {sheet_id}".encode()).digest()
    )


def time_left(n_left: int) -> str:
    """Reading and judging one answer of one to three sentences takes some ten seconds.

    >>> [time_left(n) for n in (1, 4, 8, 12)]
    ['less than a minute left', 'about a minute left', 'about a minute left', 'about two minutes left']
    """
    seconds = n_left * SECONDS_EACH
    if seconds < 40:
        return _("less than a minute left")
    return _("about a minute left") if seconds < 100 else _("about two minutes left")


def takes_words(n: int) -> str:
    """How long it takes to read n answers, and how long at most."""
    seconds = n * SECONDS_EACH
    if seconds < 40:
        return _("less than a minute, two at most")
    return _("about a minute, two at most") if seconds < 100 else _("two minutes at most")
