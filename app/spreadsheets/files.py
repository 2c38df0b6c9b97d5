"""Reading answers from files as people have them: CSV from any spreadsheet, or JSON Lines.

Every refusal is one sentence with the line where it happened.
"""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.analysis import Round

MOST_BYTES = 100 * 1024 * 1024

_COLUMNS = {
    "answer": ("answer", "answers", "text", "response"),
    "person": ("person", "name", "participant", "respondent"),
    "role": ("role", "title", "function", "position"),
    "round": ("round", "wave", "quarter"),
}
_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab"}
_BYTE_ORDER_MARKS = {b"\xff\xfe\x00\x00": "utf-32", b"\x00\x00\xfe\xff": "utf-32"} | {
    b"\xef\xbb\xbf": "utf-8-sig",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}


class FileRefused(Exception):
    """The file cannot be read; the text says why, and on which line, in one sentence."""


@dataclass(frozen=True)
class Row:
    """One answer. line: where its record begins in the file, counted from 1."""

    line: int
    answer: str
    person: str | None = None
    role: str | None = None
    round: str | None = None


@dataclass(frozen=True)
class Team:
    """Answers to be read together. identifier: from the file, or None."""

    identifier: str | int | None
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class BadLine:
    """A line of a JSON Lines file that could not be used."""

    line: int
    problem: str


def read_text(path: str) -> str:
    """The text of a file, or of standard input for "-": UTF-8 with or without a mark, or marked UTF-16."""
    try:
        data = sys.stdin.buffer.read(MOST_BYTES + 1) if path == "-" else _bytes(Path(path))
    except OSError as error:
        raise FileRefused(f"{path} cannot be read: {(error.strerror or str(error)).lower()}.") from error
    if len(data) > MOST_BYTES:
        raise FileRefused(f"{path} is larger than 100 MB.")
    encoding = next((name for mark, name in _BYTE_ORDER_MARKS.items() if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        name = "UTF-8" if encoding.startswith("utf-8") else encoding.upper()
        raise FileRefused(
            f"Line {line} is not {name} text; save the file as “CSV UTF-8” and try again."
        ) from error
    if "\x00" in text:
        raise FileRefused("This is not a text file; save the sheet as “CSV UTF-8” and try again.")
    return text


def is_json_lines(text: str) -> bool:
    """Whether a file holds one JSON object a line rather than a table."""
    return text.lstrip().startswith("{")


def read_teams(text: str) -> Iterator[Team | BadLine]:
    """The teams of a JSON Lines file, in order; a line that cannot be used comes as a BadLine.

    >>> list(read_teams('{"id": 7, "answers": [{"text": "Go up-market."}]}'))
    [Team(identifier=7, rows=(Row(line=1, answer='Go up-market.', person=None, role=None, round=None),))]
    """
    # Not splitlines(): it also cuts at characters that may stand inside a JSON string.
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                yield _team(json.loads(line), number)
            except json.JSONDecodeError as error:
                yield BadLine(number, f"not a JSON object ({error.msg} at character {error.colno})")
            except RecursionError:
                yield BadLine(number, "not a JSON object (nested too deeply)")
            except FileRefused as error:
                yield BadLine(number, str(error))


def read_table(text: str, *, needed: Sequence[str] = ("answer",)) -> tuple[Row, ...]:
    """The rows of a CSV file with a header line.

    Columns are found by name, in any order and case: `answer` (or text, response), `person` (or name),
    `role` (or title), `round` (or wave, quarter); others are passed over. The delimiter is the comma,
    semicolon or tab that the header line is cut by. needed: columns that must be there. Lines without
    anything in them are passed over; a row without an answer stays, as an empty answer.

    >>> [row.answer for row in read_table("Name;Answer\\nAnn;Only shoes, no bags\\n")]
    ['Only shoes, no bags']
    """
    if not text.strip():
        raise FileRefused("The file is empty.")
    delimiter = _delimiter(text)
    records = list(_records(text, delimiter))
    first_line, header = records[0]
    places = _columns(header, needed, first_line, delimiter)
    rows = []
    for line, record in records[1:]:
        if len(record) > len(header) and any(cell.strip() for cell in record[len(header) :]):
            raise FileRefused(
                f"Line {line} has {len(record)} columns where the header has {len(header)}; put answers that "
                f"contain a {_DELIMITERS[delimiter]} into double quotes."
            )
        cells = {name: record[place] if place < len(record) else "" for name, place in places.items()}
        rows.append(
            Row(
                line,
                cells["answer"],
                *(cells.get(name, "").strip() or None for name in ("person", "role", "round")),
            )
        )
    return tuple(rows)


def read_rounds(text: str) -> tuple[Round, ...]:
    """The rounds of a CSV file with the columns `round`, `person` and `answer`.

    Rounds come in the order in which the file first names them, unless every label holds a number or
    a date: then in the order of those ("Q4 2024" before "Q1 2025", "Round 9" before "Round 10").
    A person is the same in two rounds when the names are equal but for case and spacing.
    """
    rows = read_table(text, needed=("round", "person", "answer"))
    if not rows:
        raise FileRefused("The file has a header line and no answers.")
    by_label: dict[str, list[Row]] = {}
    for row in rows:
        if row.round is None:
            raise FileRefused(f"Line {row.line} names no round.")
        by_label.setdefault(" ".join(row.round.split()), []).append(row)
    spelling: dict[str, str] = {}
    rounds = []
    for label in in_order(list(by_label)):
        seen: dict[str, int] = {}
        people: list[str | None] = []
        for row in by_label[label]:
            key = " ".join((row.person or "").casefold().split())
            if key and key in seen:
                raise FileRefused(
                    f"Line {row.line}: {row.person} has answered in {label} already, on line {seen[key]}."
                )
            seen[key] = row.line
            people.append(spelling.setdefault(key, row.person or "") if key else None)
        rounds.append(Round(label, tuple(people), tuple(row.answer for row in by_label[label])))
    return tuple(rounds)


def in_order(labels: Sequence[str]) -> list[str]:
    """Labels in the order of time where they tell it, else as they came.

    >>> in_order(["Q1 2025", "Q3 2024", "Q4 2024"])
    ['Q3 2024', 'Q4 2024', 'Q1 2025']
    >>> in_order(["Round 10", "Round 9"])
    ['Round 9', 'Round 10']
    >>> in_order(["kick-off", "after the offsite"])
    ['kick-off', 'after the offsite']
    """
    keys = [_time_key(label) for label in labels]
    shapes = {key[0] for key in keys if key is not None}
    if None in keys or len(shapes) != 1 or len({key[1] for key in keys if key is not None}) < len(keys):
        return list(labels)
    return [
        label for _, label in sorted(zip(keys, labels, strict=True), key=lambda item: item[0] or ("", ()))
    ]


def _time_key(label: str) -> tuple[str, tuple[int, ...]] | None:
    """What the label is but for its numbers, and its numbers with the year first; None without numbers."""
    numbers = [int(number) for number in re.findall(r"\d{1,9}", label)]
    if not numbers:
        return None
    years = [number for number in numbers if 1900 <= number <= 2199]
    rest = [number for number in numbers if not 1900 <= number <= 2199]
    return re.sub(r"\d+", "#", label.casefold()), (*years, *rest)


def _bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)


def _team(value: Any, line: int) -> Team:
    if not isinstance(value, dict):
        raise FileRefused("not a JSON object")
    identifier = value.get("id")
    if isinstance(identifier, bool) or not isinstance(identifier, str | int | None):
        raise FileRefused("“id” is neither text nor a whole number")
    answers = value.get("answers")
    if not isinstance(answers, list):
        raise FileRefused("“answers” is missing or not a list")
    rows = []
    for number, answer in enumerate(answers, start=1):
        if not isinstance(answer, dict) or not isinstance(answer.get("text"), str):
            raise FileRefused(f"answer {number} has no “text”")
        person, role = answer.get("person"), answer.get("role")
        if not isinstance(person, str | None) or not isinstance(role, str | None):
            raise FileRefused(f"answer {number} has a “person” or “role” that is not text")
        rows.append(Row(line, answer["text"], person, role))
    return Team(identifier, tuple(rows))


def _delimiter(text: str) -> str:
    """The delimiter under which the header line names most of the columns; the commonest in a tie."""
    start = text.lstrip()

    def fit(delimiter: str) -> tuple[int, int, int]:
        header = next(csv.reader(io.StringIO(start, newline=""), delimiter=delimiter), [])
        known = {_plain(cell) for cell in header}
        hits = sum(any(alias in known for alias in aliases) for aliases in _COLUMNS.values())
        return hits, len(header), -list(_DELIMITERS).index(delimiter)

    return max(_DELIMITERS, key=fit)


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The records that are not blank, each with the line on which it begins."""
    csv.field_size_limit(MOST_BYTES)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = 1
    try:
        for record in reader:
            if any(cell.strip() for cell in record):
                yield begins, record
            begins = reader.line_num + 1
    except csv.Error as error:
        raise FileRefused(
            f"Line {begins} has a double quote that is not closed or stands in the middle of a cell."
        ) from error


def _columns(header: Sequence[str], needed: Sequence[str], line: int, delimiter: str) -> dict[str, int]:
    plain = [_plain(cell) for cell in header]
    places: dict[str, int] = {}
    for name, aliases in _COLUMNS.items():
        alias = next((alias for alias in aliases if alias in plain), None)
        if alias is not None:
            if plain.count(alias) > 1:
                raise FileRefused(f"Line {line} names the column “{alias}” twice.")
            places[name] = plain.index(alias)
    missing = [name for name in needed if name not in places]
    if missing:
        found = ", ".join(f"“{cell.strip()[:40]}”" for cell in header if cell.strip())
        raise FileRefused(
            f"Line {line} should name the columns and has no “{missing[0]}” among them; it has {found or 'none'}."
        )
    return places


def _plain(cell: str) -> str:
    return cell.strip().strip("\ufeff").casefold()
