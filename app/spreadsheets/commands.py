"""The commands `ninefold analyse` and `ninefold track`."""

from __future__ import annotations

import json
import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
from rich.console import Console

from app.analysis import Judge, ModelNotTrusted, analyse, compare_rounds, default_judge
from app.spreadsheets import terminal
from app.spreadsheets.files import (
    BadLine,
    FileRefused,
    Row,
    is_json_lines,
    read_rounds,
    read_table,
    read_teams,
    read_text,
)

_json_option = click.option("--json", "as_json", is_flag=True, help="Print the whole result as JSON.")
_model_option = click.option(
    "--model",
    metavar="FOLDER",
    envvar="NINEFOLD_MODEL",
    help="Folder of another sentence-transformers model.  [env: NINEFOLD_MODEL]",
)


@click.command(name="analyse")
@click.argument("file")
@_json_option
@_model_option
def analyse_command(file: str, as_json: bool, model: str | None) -> None:
    """Read how far the answers in FILE diverge.

    FILE is a CSV file with the column answer and, if you like, person and role; or JSON Lines, one team a
    line: {"id": ..., "answers": [{"person": ..., "role": ..., "text": ...}]}. A dash reads standard input.

    A line of JSON Lines that cannot be used is named on standard error, the others are read all the same,
    and the exit status is then 1.
    """
    with _plain_errors():
        text = read_text(file)
        judge = default_judge(model=model or None)
        if is_json_lines(text):
            _analyse_teams(text, judge, as_json=as_json)
        else:
            _analyse_one(read_table(text), judge, identifier=None, as_json=as_json)


@click.command(name="track")
@click.argument("file")
@click.option("--thesis", metavar="FILE", help="Text file with the agreed thesis.")
@_json_option
@_model_option
def track_command(file: str, thesis: str | None, as_json: bool, model: str | None) -> None:
    """Compare the rounds in FILE with each other and with the thesis.

    FILE is a CSV file with the columns round, person and answer. A dash reads standard input. Rounds come
    in the order of their numbers where every label has some ("Q4 2024" before "Q1 2025"), otherwise in the
    order in which the file first names them.
    """
    with _plain_errors():
        rounds = read_rounds(read_text(file))
        agreed = read_text(thesis) if thesis is not None else None
        if agreed is not None and not agreed.strip():
            raise FileRefused(f"{thesis} is empty; it should hold the thesis.")
        judge = default_judge(model=model or None)
        with terminal.progress_bar(Console(stderr=True)) as progress:
            tracking = compare_rounds(rounds, judge=judge, thesis=agreed, progress=progress)
        document = tracking.to_document()
        if as_json:
            click.echo(_as_json(document))
        else:
            terminal.print_tracking(Console(), document)


commands: list[click.Command] = [analyse_command, track_command]


def _analyse_one(rows: tuple[Row, ...], judge: Judge, *, identifier: str | int | None, as_json: bool) -> None:
    with terminal.progress_bar(Console(stderr=True)) as progress:
        analysis = analyse(
            [row.answer for row in rows], judge=judge, identifier=identifier, progress=progress
        )
    document = analysis.to_document()
    if as_json:
        click.echo(_as_json(document))
    else:
        terminal.print_analysis(Console(), document, rows)


def _analyse_teams(text: str, judge: Judge, *, as_json: bool) -> None:
    bad = 0
    for team in read_teams(text):
        if isinstance(team, BadLine):
            bad += 1
            click.echo(f"Line {team.line} was passed over: {team.problem}.", err=True)
        else:
            _analyse_one(team.rows, judge, identifier=team.identifier, as_json=as_json)
    if bad:
        raise click.exceptions.Exit(1)


@contextmanager
def _plain_errors() -> Iterator[None]:
    """One sentence on standard error instead of a traceback, and silence from the libraries below."""
    logging.getLogger("transformers").setLevel(logging.ERROR)
    logging.getLogger("sentence_transformers").setLevel(logging.ERROR)
    warnings.filterwarnings("ignore", category=FutureWarning)
    try:
        yield
    except (FileRefused, ModelNotTrusted) as error:
        raise click.ClickException(str(error)) from error


def _as_json(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
