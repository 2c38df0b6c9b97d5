"""Reading data that somebody else wrote: every field is looked at, and every problem gets its place and a sentence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.languages import gettext as _
from app.surveys.wording import number
from app.texts import clean_line, clean_text, is_blank

# Keys name things in kept data, such as an element or a ranked item; they stay when the wording changes.
KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
MAX_PROBLEMS = 50


@dataclass(frozen=True)
class Problem:
    """`place` is a path such as questions[2].settings.left; `words` say what is wrong and what is wanted."""

    place: str
    words: str


class DataRefused(Exception):
    """What was read cannot be used; `problems` says why, field by field."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"{problem.place}: {problem.words}" for problem in problems))
        self.problems = tuple(problems)


@dataclass
class Reader:
    """One object of the data at `place`. Every reader of one document writes into the same list of problems."""

    data: Mapping[str, Any]
    place: str
    problems: list[Problem] = field(default_factory=list)

    @classmethod
    def of(cls, data: Any, place: str, problems: list[Problem]) -> Reader:
        """A reader of this object; anything else is a problem, and then reads as an empty object."""
        reader = cls(data if isinstance(data, Mapping) else {}, place, problems)
        if not isinstance(data, Mapping):
            reader._say(
                place, _("An object in curly brackets is wanted here, not %(what)s.", what=_what(data))
            )
        return reader

    def allow(self, *names: str) -> None:
        """Say of every other field that it is not known."""
        for name in self.data:
            if name not in names:
                known = ", ".join(names) or _("no field at all")
                words = _(
                    "“%(name)s” is not known here. Known: %(known)s.", name=shortened(name), known=known
                )
                self._say(self.place, words)

    def text(self, name: str, *, most: int, is_line: bool = True, is_required: bool = False) -> str:
        """A text of up to `most` characters, cleaned; an absent one is empty."""
        value = self.data.get(name, "")
        if not isinstance(value, str):
            self.problem(
                name, _("A text in quotation marks is wanted here, not %(what)s.", what=_what(value))
            )
            return ""
        text = clean_line(value) if is_line else clean_text(value)
        if len(text) > most:
            words = _(
                "This has %(n)s characters; up to %(most)s are possible.",
                n=number(len(text)),
                most=number(most),
            )
            self.problem(name, words)
            return ""
        if is_blank(text):
            if is_required:
                self.problem(name, _("This may not be empty."))
            return ""
        return text

    def key(self, name: str) -> str:
        value = self.data.get(name)
        if isinstance(value, str) and KEY.fullmatch(value):
            return value
        self.problem(
            name,
            _(
                "A key is wanted here: up to 40 small letters, digits and underscores, beginning with a letter."
            ),
        )
        return ""

    def number(
        self, name: str, *, least: int, most: int, default: int | None = None, is_required: bool = False
    ) -> int | None:
        """A whole number; `default` where it is absent. null is None, unless a number must be there."""
        value = self.data.get(name, default)
        if value is None and default is None and not is_required:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            self.problem(
                name,
                _(
                    "A whole number from %(least)s to %(most)s is wanted here.",
                    least=number(least),
                    most=number(most),
                ),
            )
            return None
        return value

    def boolean(self, name: str, *, default: bool) -> bool:
        value = self.data.get(name, default)
        if not isinstance(value, bool):
            self.problem(name, _("true or false is wanted here, not %(what)s.", what=_what(value)))
            return default
        return value

    def items(self, name: str, *, most: int) -> list[Reader]:
        """A list of objects, each with a reader of its own; an absent list is empty."""
        value = self.data.get(name, [])
        if not isinstance(value, list):
            self.problem(
                name, _("A list in square brackets is wanted here, not %(what)s.", what=_what(value))
            )
            return []
        if len(value) > most:
            words = _(
                "This list has %(n)s entries; up to %(most)s are possible.", n=number(len(value)), most=most
            )
            self.problem(name, words)
            return []
        return [
            Reader.of(entry, f"{self._at(name)}[{number}]", self.problems)
            for number, entry in enumerate(value, start=1)
        ]

    def problem(self, name: str, words: str) -> None:
        self._say(self._at(name), words)

    def _at(self, name: str) -> str:
        return f"{self.place}.{name}" if self.place else name

    def _say(self, place: str, words: str) -> None:
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(Problem(place, words))


def refuse_repeated(readers: list[Reader], name: str) -> None:
    """Say of every second entry with the same key that it is there twice."""
    seen: set[str] = set()
    for reader in readers:
        key = reader.data.get(name)
        if isinstance(key, str) and key in seen:
            reader.problem(
                name, _("“%(name)s” is there twice. Each key may stand once.", name=shortened(key))
            )
        elif isinstance(key, str):
            seen.add(key)


def _what(value: Any) -> str:
    names: dict[type, str] = {
        bool: _("true or false"),
        int: _("a number"),
        float: _("a number"),
        str: _("a text"),
        list: _("a list"),
        dict: _("an object"),
        type(None): "null",
    }
    return names.get(type(value), _("this"))


def shortened(text: str) -> str:
    """What somebody wrote, as it may stand in a sentence about it."""
    shown = clean_line(text)
    return shown if len(shown) <= 40 else f"{shown[:39]}…"
