"""People out of what was pasted: lines of a mail, cells of a spreadsheet, a CSV file. Pure.

Every line that says anything ends up in exactly one place: among the people, among the lines that could not be
read (each with the reason), among those that name somebody twice, or as the heading of the columns. So nothing
that was typed is lost.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from app.languages import gettext as _
from app.languages import lazy_gettext as _l
from app.people.addresses import AddressRefused, checked_address
from app.texts import clean_line

MAX_PEOPLE = 1_000
MAX_NAME = 200
MAX_ROLE = 200
MAX_IDENTITY = 254

_LINE_END = re.compile(r"\r\n|\r|\n")
_BRACKETED = re.compile(r"^(?P<name>.*?)<(?P<address>[^<>]*)>(?P<rest>.*)$")
# A spreadsheet pads empty rows with separators.
_NOTHING = '",; '
# From the beginning of a word: begun at each of its letters, a line of one long word takes minutes.
_ADDRESS = re.compile(r"(?<![^\s<>,;\"])[^\s<>,;\"]+@[^\s<>,;\"]+")
_HEADINGS = {
    "name": {"name", "full name", "person", "participant", "executive", "who", "display name"},
    "first": {"first name", "firstname", "given name", "forename"},
    "last": {"last name", "lastname", "surname", "family name"},
    "email": {"email", "e-mail", "mail", "email address", "e-mail address", "mail address", "address"},
    "role": {"role", "title", "job title", "position", "job"},
    "function": {"function", "department", "area", "business function"},
    "level": {"level", "seniority", "grade", "management level"},
}


@dataclass(frozen=True)
class Person:
    line: int
    name: str
    email: str
    role: str
    function: str = ""
    level: str = ""

    @property
    def identity(self) -> str:
        return identity_of(name=self.name, email=self.email)


@dataclass(frozen=True)
class Refused:
    """A line that adds nobody: what it said and why, in a sentence."""

    line: int
    text: str
    reason: str


@dataclass
class Pasted:
    people: list[Person] = field(default_factory=list)
    bad: list[Refused] = field(default_factory=list)
    duplicates: list[Refused] = field(default_factory=list)
    # The line that named the columns, if there was one.
    heading: Refused | None = None

    @property
    def headings(self) -> list[str]:
        """The columns of the table that shows these people; function and level only where somebody has one."""
        names = {"function": _("Function"), "level": _("Level")}
        return [_("Name"), _("Mail address"), _("Role"), *(names[word] for word in names if self._has(word))]

    @property
    def rows(self) -> list[list[str | None]]:
        """The people as lines of that table, each with the number of its line last; None where there is nothing."""
        told = ["email", "role", *(word for word in ("function", "level") if self._has(word))]
        return [
            [person.name, *(getattr(person, word) or None for word in told), str(person.line)]
            for person in self.people
        ]

    def _has(self, word: str) -> bool:
        return any(getattr(person, word) for person in self.people)

    @property
    def left_over(self) -> str:
        """The lines that could not be read, as they were typed, to be mended."""
        return "\n".join(refused.text for refused in self.bad)


def identity_of(*, name: str, email: str) -> str:
    """Who is the same person in two rounds: the mail address, or the name where there is none."""
    return (email.lower() or clean_line(name).casefold())[:MAX_IDENTITY]


def read_pasted(
    text: str,
    *,
    present: Collection[str] = frozenset(),
    whole: str = "round",
    room: int = MAX_PEOPLE,
) -> Pasted:
    """Read what was pasted.

    present: identities that are in the whole already; whole: what that is; room: how many more people fit.
    """
    result = Pasted()
    columns: list[str] | None = None
    first_lines: dict[str, int] = {}
    is_first = True
    for number, line in enumerate(_LINE_END.split(text.removeprefix("\ufeff")), start=1):
        if not clean_line(line).strip(_NOTHING):
            continue
        if is_first:
            is_first = False
            columns = _columns(line)
            if columns is not None:
                result.heading = Refused(number, line, _("This line names the columns."))
                continue
        try:
            found = _people_of(number, line, columns)
        except _Unreadable as problem:
            result.bad.append(Refused(number, line, str(problem)))
            continue
        for person in found:
            _place(result, person, line, present=present, whole=whole, room=room, first_lines=first_lines)
    return result


def _place(
    result: Pasted,
    person: Person,
    line: str,
    *,
    present: Collection[str],
    whole: str,
    room: int,
    first_lines: dict[str, int],
) -> None:
    if person.identity in present:
        reason = (
            _("%(name)s is in this directory already.", name=person.name)
            if whole == "directory"
            else _("%(name)s is in this round already.", name=person.name)
        )
        result.duplicates.append(Refused(person.line, line, reason))
    elif person.identity in first_lines:
        earlier = first_lines[person.identity]
        reason = _twice(person, None if earlier == person.line else earlier)
        result.duplicates.append(Refused(person.line, line, reason))
    elif len(result.people) >= room:
        most = f"{MAX_PEOPLE:,}".replace(",", _(","))
        reason = (
            _("A directory holds at most %(n)s people.", n=most)
            if whole == "directory"
            else _("A round holds at most %(n)s people.", n=most)
        )
        result.bad.append(Refused(person.line, line, reason))
    else:
        first_lines[person.identity] = person.line
        result.people.append(person)


def _twice(person: Person, earlier: int | None) -> str:
    """Why this person is not added again; `earlier` is the line of the first time, None where it is this one."""
    said = {"name": person.name, "n": earlier}
    if person.email:
        if earlier is None:
            return _("%(name)s has the same mail address as this line.", **said)
        return _("%(name)s has the same mail address as line %(n)s.", **said)
    if earlier is None:
        return _("%(name)s is on this line already.", **said)
    return _("%(name)s is on line %(n)s already.", **said)


class _Unreadable(Exception):
    """This line names nobody; the message is the reason."""


def _people_of(number: int, line: str, columns: list[str] | None) -> list[Person]:
    if line.count('"') % 2:
        raise _Unreadable(_("A quotation mark is opened and not closed."))
    if columns is not None:
        return [_from_columns(number, line, columns)]
    several = _several(line)
    return [_from_line(number, piece) for piece in several or [line]]


def _several(line: str) -> list[str] | None:
    """The pieces of a line that a mail program wrote: 'Anna <anna@…>; Ben <ben@…>'."""
    n_addresses = len(_ADDRESS.findall(line))
    if n_addresses < 2:
        return None
    for separator in ";,":
        pieces = [piece for piece in _split(line, separator) if clean_line(piece)]
        if len(pieces) == n_addresses and all(len(_ADDRESS.findall(piece)) == 1 for piece in pieces):
            return pieces
    raise _Unreadable(_("There is more than one mail address on this line. Put each person on a line."))


def _from_line(number: int, line: str) -> Person:
    bracketed = _BRACKETED.match(line)
    if bracketed:
        rest = bracketed["rest"].strip().lstrip(",;-–—:\t ")
        cells = [cell for cell in _cells(rest, _separator(rest)) if cell] if rest else []
        return _person(
            number,
            name=clean_line(_unquoted(bracketed["name"].strip().rstrip(",;"))),
            email=clean_line(bracketed["address"]),
            role=", ".join(cells),
        )
    cells = _cells(line, _separator(line))
    email = next((cell for cell in cells if "@" in cell), "")
    others = list(cells)
    if email:
        others.remove(email)
        if cells.index(email) == 0 and others and not others[0]:
            others = others[1:]
    name, role = (others[0] if others else ""), ", ".join(cell for cell in others[1:] if cell)
    if email and not name and not role and " " in email:
        # 'Anna Berg anna@halden.example': the words before the address are the name.
        name, _space, email = email.rpartition(" ")
    return _person(number, name=name, email=email, role=role, is_name_needed=bool(role) or not email)


def _from_columns(number: int, line: str, columns: list[str]) -> Person:
    cells = _cells(line, _separator_of(columns))
    values: dict[str, str] = {}
    for kind, cell in zip(columns[1:], cells, strict=False):
        if kind and cell and kind not in values:
            values[kind] = cell
    name = values.get("name") or " ".join(
        part for part in (values.get("first", ""), values.get("last", "")) if part
    )
    return _person(
        number,
        name=name,
        email=values.get("email", ""),
        role=values.get("role", ""),
        function=values.get("function", ""),
        level=values.get("level", ""),
        is_name_needed="email" not in values,
    )


def _person(
    number: int,
    *,
    name: str,
    email: str,
    role: str,
    function: str = "",
    level: str = "",
    is_name_needed: bool = False,
) -> Person:
    address = ""
    if email:
        try:
            address = checked_address(email)
        except AddressRefused as refusal:
            raise _Unreadable(str(refusal)) from refusal
    if not name and address and not is_name_needed:
        name = _name_in(address)
    if not name:
        raise _Unreadable(_("The name is missing."))
    if not any(character.isalpha() for character in name):
        raise _Unreadable(_("“%(words)s” is not a name.", words=name[:40]))
    if len(name) > MAX_NAME:
        raise _Unreadable(_("The name is longer than %(n)s characters.", n=MAX_NAME))
    for text, words in (
        (role, _l("The role is longer than %(n)s characters.", n=MAX_ROLE)),
        (function, _l("The function is longer than %(n)s characters.", n=MAX_ROLE)),
        (level, _l("The level is longer than %(n)s characters.", n=MAX_ROLE)),
    ):
        if len(text) > MAX_ROLE:
            raise _Unreadable(str(words))
    return Person(line=number, name=name, email=address, role=role, function=function, level=level)


def _name_in(address: str) -> str:
    """A name to begin with: 'anna.berg@halden.example' is 'Anna Berg'."""
    words = re.split(r"[._\-+]+", address.partition("@")[0])
    return " ".join(word.capitalize() for word in words if word)


def _columns(line: str) -> list[str] | None:
    """What the columns hold, the separator first, if this line names them; else None."""
    separator = _separator(line)
    cells = [cell.casefold().rstrip(":*") for cell in _cells(line, separator)]
    kinds = [next((kind for kind, words in _HEADINGS.items() if cell in words), "") for cell in cells]
    if not ("name" in kinds or "email" in kinds or "last" in kinds) or any("@" in cell for cell in cells):
        return None
    # A person may be called Title; a heading names two columns, or says nothing else.
    if sum(bool(kind) for kind in kinds) < min(2, len(cells)):
        return None
    return [separator, *kinds]


def _separator_of(columns: Sequence[str]) -> str:
    return columns[0]


def _separator(line: str) -> str:
    outside = re.sub(r'"(?:[^"]|"")*"', "", line)
    return next((sign for sign in "\t;" if sign in outside), ",")


def _cells(line: str, separator: str) -> list[str]:
    return [clean_line(_unquoted(piece)) for piece in _split(line, separator)]


def _split(line: str, separator: str) -> list[str]:
    """Pieces between separators that stand outside quotation marks."""
    pieces, start, is_quoted = [], 0, False
    for at, character in enumerate(line):
        if character == '"':
            is_quoted = not is_quoted
        elif character == separator and not is_quoted:
            pieces.append(line[start:at])
            start = at + 1
    return [*pieces, line[start:]]


def _unquoted(piece: str) -> str:
    piece = piece.strip()
    if len(piece) >= 2 and piece[0] == piece[-1] == '"':
        return piece[1:-1].replace('""', '"')
    return piece


def decode_file(content: bytes) -> str:
    """The text of a CSV file, however the program that wrote it encodes: UTF-8, UTF-16, or Windows."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")
