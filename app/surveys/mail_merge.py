"""The list of personal links as a CSV file that a mail program can merge and a spreadsheet opens without harm."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Sequence

from app.surveys.links import PersonalLink

COLUMNS = ("name", "email", "role", "link")
_FORMULA_SIGNS = frozenset("=+-@|%")


def links_csv(links: Sequence[PersonalLink]) -> bytes:
    """UTF-8 with the mark by which spreadsheet programs recognise it."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(map(defused, COLUMNS))
    for link in links:
        person = link.participant
        writer.writerow(map(defused, (person.name, person.email, person.role, link.url)))
    return file.getvalue().encode("utf-8-sig")


def defused(cell: str) -> str:
    """The cell as text that no spreadsheet program takes for a formula.

    What counts is the first character that is seen: programs skip spaces and control characters, and read
    full-width signs like plain ones.
    """
    seen = unicodedata.normalize("NFKC", cell)
    first = next((character for character in seen if unicodedata.category(character)[0] not in "ZC"), "")
    has_hidden_start = bool(cell) and unicodedata.category(cell[0])[0] in "ZC"
    return f"'{cell}" if first in _FORMULA_SIGNS or has_hidden_start else cell


def file_name(label: str) -> str:
    """'links-q4-2026.csv': ASCII, so that every browser keeps it."""
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    return f"links-{re.sub(r'[^a-z0-9]+', '-', plain).strip('-') or 'round'}.csv"
