"""`python -m app.languages.extract`: brings every catalogue up to date with the sentences in code and templates.

A new sentence appears with an empty translation; one that has gone is kept at the end as obsolete; one that was
reworded is not guessed. Says what is missing, and exits with 1 where something is: a test holds the catalogues complete.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

from app.config import packaged
from app.languages import CATALOGUES, DOMAIN, LANGUAGES, SOURCE

# `counted` says a number with its noun: both forms are for the catalogue.
KEYWORDS = {**DEFAULT_KEYWORDS, "lazy_gettext": None, "_l": None, "marked": None, "counted": (2, 3)}
OPTIONS = {
    "**.html": {"trimmed": "true", "trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"},
    "**.txt": {"trimmed": "true", "trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"},
}


# Questions that come with the product: each of their texts is for the catalogue, without a call around it.
READY_QUESTIONS = ("surveys/design/library.py", "surveys/matrix.py", "surveys/starting_points.py")


def every_literal(
    source: IO[bytes], _keywords: object, _comment_tags: object, options: object
) -> Iterator[tuple[int, str, str, list[str]]]:  # options: Babel names it
    """Every string of a file that reads as a text: it begins as a sentence or a name does, and is no docstring."""
    tree = ast.parse(source.read())
    said_aside = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    texts = [
        (node.lineno, node.col_offset, node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said_aside
    ]
    for line, _column, text in sorted(texts):
        if re.match(r"[A-Z0-9“]", text):
            yield line, "gettext", text, []


def sentences() -> Catalog:
    """Every sentence that the code and the templates say, in their order."""
    found = Catalog(domain=DOMAIN, project="Ninefold", copyright_holder="The Ninefold authors", fuzzy=False)
    literal = "app.languages.extract:every_literal"
    for root, methods in (
        (Path(__file__).parent.parent, [*((file, literal) for file in READY_QUESTIONS), ("**.py", "python")]),
        (packaged("templates"), [("**.html", "jinja2"), ("**.txt", "jinja2")]),
    ):
        for file, _line, message, comments, context in extract_from_dir(
            str(root), method_map=methods, options_map=OPTIONS, keywords=KEYWORDS, comment_tags=("L10n:",)
        ):
            # File without line: a catalogue changes when a sentence does, not when something above it moves.
            found.add(message, None, [(f"{root.name}/{file}", 0)], auto_comments=comments, context=context)
    return found


def read_catalogue(code: str) -> Catalog:
    path = CATALOGUES / f"{code}.po"
    if not path.exists():
        return Catalog(locale=code, domain=DOMAIN)
    with path.open("rb") as source:
        return read_po(source, locale=code, domain=DOMAIN)


def missing(catalogue: Catalog, spoken: Catalog) -> Iterator[str]:
    """The sentences that are said and that the catalogue has no words for."""
    for message in spoken:
        if not message.id:
            continue
        known = catalogue.get(message.id, message.context)
        words = known.string if known is not None else ""
        if not all(words) if isinstance(words, (tuple, list)) else not words:
            yield message.id if isinstance(message.id, str) else message.id[0]


def main() -> None:
    spoken = sentences()
    n_missing = 0
    for code in LANGUAGES:
        if code == SOURCE:
            continue
        catalogue = read_catalogue(code)
        catalogue.update(spoken, no_fuzzy_matching=True, update_creation_date=False)
        catalogue.header_comment = (
            f"# Ninefold in {LANGUAGES[code]}, kept by `python -m app.languages.extract`."
        )
        catalogue.project, catalogue.version = "Ninefold", ""
        catalogue.last_translator = catalogue.language_team = "The Ninefold authors"
        with (CATALOGUES / f"{code}.po").open("wb") as target:
            write_po(
                target, catalogue, width=110, sort_output=False, include_lineno=False, ignore_obsolete=False
            )
        lacking = list(missing(catalogue, spoken))
        n_missing += len(lacking)
        print(f"{LANGUAGES[code]}: {len(spoken)} sentences, {len(lacking)} without words")
    sys.exit(1 if n_missing else 0)


if __name__ == "__main__":
    main()
