"""The languages of the interface: which there are, which one is spoken now, and the words of each.

A sentence of the interface is written in English where it is used and is looked up in a catalogue when it is said:

    gettext("Nobody has answered yet.")
    gettext("%(name)s has answered.", name=person.name)
    counted(3, "person", "people")                              # in app/surveys/wording.py, '3 people'
    lazy_gettext("Your name")                                   # said once the language is known: labels of forms

Catalogues are the `.po` files of `catalogues/`, read as they are; there is nothing to compile. `python -m
app.languages.extract` brings them up to date with the sentences in the code (docs/languages.md).
"""

from __future__ import annotations

import gettext as standard
import io
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import LazyProxy

from app.languages.pseudo import PSEUDO_LANGUAGES, PseudoTranslations

CATALOGUES = Path(__file__).parent / "catalogues"
DOMAIN = "ninefold"
SOURCE = "en"

# In their own words: whoever looks for a language reads no other.
LANGUAGES = {SOURCE: "English", "de": "Deutsch"}
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur", "ar-XB"})

_spoken: ContextVar[str] = ContextVar("language", default=SOURCE)


def language() -> str:
    """The language that is spoken now, as the web writes it ("de")."""
    return _spoken.get()


def direction(code: str | None = None) -> str:
    """ "rtl" where the language is written from right to left, else "ltr"."""
    return "rtl" if (code or language()) in RIGHT_TO_LEFT else "ltr"


def speak(code: str) -> None:
    """From here on, in this request or job. An unknown language is English."""
    _spoken.set(code if code in LANGUAGES or code in PSEUDO_LANGUAGES else SOURCE)


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """For a part of the work: a mail in the language of the round."""
    before = _spoken.set(code if code in LANGUAGES or code in PSEUDO_LANGUAGES else SOURCE)
    try:
        yield
    finally:
        _spoken.reset(before)


@cache
def catalogue(code: str) -> standard.NullTranslations:
    """The words of a language; a sentence that it lacks is said in English."""
    if code in PSEUDO_LANGUAGES:
        return PseudoTranslations(is_mirrored=code in RIGHT_TO_LEFT)
    if code == SOURCE:
        return standard.NullTranslations()
    compiled = io.BytesIO()
    with (CATALOGUES / f"{code}.po").open("rb") as source:
        write_mo(compiled, read_po(source, locale=code, domain=DOMAIN))
    compiled.seek(0)
    return standard.GNUTranslations(compiled)


def gettext(message: str, /, **values: Any) -> str:
    said = catalogue(language()).gettext(message)
    return said % values if values else said


def ngettext(one: str, many: str, n: int, /, **values: Any) -> str:
    """The form that the language has for n things: "%(n)s answer" or "%(n)s answers"."""
    return catalogue(language()).ngettext(one, many, n) % {"n": n, **values}


def pgettext(context: str, message: str, /, **values: Any) -> str:
    """A word that other languages tell apart where English does not: "open" of a round and of a door."""
    said = catalogue(language()).pgettext(context, message)
    return said % values if values else said


def marked(message: str) -> str:
    """For the catalogue, and said later with `gettext`: words of a constant that is also data."""
    return message


def lazy_gettext(message: str, /, **values: Any) -> Any:
    """Said when it is shown, not when it is written: what stands at the top of a module or in a form's class."""
    return LazyProxy(gettext, message, enable_cache=False, **values)
