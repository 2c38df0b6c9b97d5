"""An analysis as a person likes to read it in a terminal. Renders the document and computes nothing."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.progress import BarColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from app.analysis.divergence import Progress as Report
from app.analysis.result import Document
from app.analysis.wording import counted, number, percent
from app.spreadsheets.files import Row

PATIENCE = 2.0  # seconds before a progress bar is worth showing
WIDEST_MATRIX = 16
LONGEST_QUOTE = 280

_SHADES = " ░▒▓█"


def print_analysis(console: Console, document: Document, rows: Sequence[Row]) -> None:
    """The headline, the camps in their own words, who belongs with whom, notes, and the method."""
    headline = document["headline"]
    title = str(document["id"]) if document["id"] is not None else None
    console.print()
    if title:
        console.print(Text(title, style="dim"))
    console.print(Text(headline["sentence"].rstrip(".") + ".", style="bold"))
    for line in _ranges(document):
        console.print(Text(line, style="dim"))
    if document["camps"]:
        console.print()
        console.print(_camps(document, rows))
    if 2 <= len(_read(document)) <= WIDEST_MATRIX:
        console.print(Text("Chance that two name the same strategy, per cent", style="dim"))
        console.print(_belonging(document, rows))
    _print_notes(console, document["notes"])
    console.print()
    console.print(Text(_method(document["method"]), style="dim"))
    console.print()


def print_tracking(console: Console, document: Document) -> None:
    """The rounds, what changed between them, notes, and the method."""
    rounds = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0), header_style="dim")
    for heading in ("Round", "Answers", "Name the same strategy", "State the thesis"):
        rounds.add_column(heading)
    for item in document["rounds"]:
        rounds.add_row(
            Text(item["label"]),
            f"{item['n_read']} of {item['n']}",
            _span(item["agreement"]),
            _span(item["thesis"]),
        )
    console.print()
    console.print(rounds)
    console.print()
    changes = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0), header_style="dim")
    for heading in ("From", "To", "Measure", "Change", "Verdict"):
        changes.add_column(heading)
    for item in document["changes"]:
        style = {"converging": "bold green", "diverging": "bold red"}.get(item["verdict"], "")
        chance = "" if item["p_value"] is None else f" (p = {item['p_value']:.3f})"
        changes.add_row(
            Text(item["from"]),
            Text(item["to"]),
            "with each other" if item["measure"] == "agreement" else "with the thesis",
            "–" if item["difference"] is None else f"{round(100 * item['difference']):+d} points",
            Text(item["verdict"] + chance, style=style),
        )
    console.print(changes)
    for item in document["changes"]:
        turnover = [
            f"{verb}: {', '.join(item[key])}"
            for key, verb in (("joined", "joined"), ("left", "left"))
            if item[key]
        ]
        if item["measure"] == "agreement" and turnover:
            console.print(Text(f"{item['from']} to {item['to']}: {'; '.join(turnover)}.", style="dim"))
    _print_notes(console, document["notes"])
    console.print()
    console.print(Text(_method(document["method"]), style="dim"))
    console.print()


@contextmanager
def progress_bar(console: Console) -> Iterator[Report]:
    """A function that takes (what, share done) and draws a bar once the work takes over two seconds.

    The console should write to standard error, so that the result stays clean; nothing is drawn where it
    is not a terminal, and nothing stays behind.
    """
    bar = Progress(TextColumn("{task.description}"), BarColumn(bar_width=32), console=console, transient=True)
    task = bar.add_task("Starting", total=1.0)
    # The model loads inside one long call, so the bar cannot wait for the next report to appear.
    patience = threading.Timer(PATIENCE, bar.start)
    patience.daemon = True
    if console.is_terminal:
        patience.start()
    try:
        yield lambda what, share: bar.update(task, description=what, completed=share)
    finally:
        patience.cancel()
        if bar.live.is_started:  # stopping a bar that never started would print an empty line
            bar.stop()


def _ranges(document: Document) -> list[str]:
    lines = []
    strategies, agreement = document["strategies"], document["agreement"]
    if strategies["estimate"] is not None and strategies["low"] < strategies["high"]:
        span = f"{number(strategies['low'])} to {number(strategies['high'])}"
        effective = (
            "" if strategies["effective"] is None else f" (effective number {strategies['effective']:.1f})"
        )
        lines.append(f"Between {span.replace(' to ', ' and ')} strategies are likely{effective}.")
    if agreement["estimate"] is not None and agreement["low"] < agreement["high"]:
        lines.append(
            f"The chance lies between {percent(agreement['low'])} and {percent(agreement['high'])}; "
            "both ranges hold with 80 % probability."
        )
    return lines


def _camps(document: Document, rows: Sequence[Row]) -> RenderableType:
    parts: list[RenderableType] = []
    for place, camp in enumerate(document["camps"]):
        names = ", ".join(_name(index, rows) for index in camp["members"])
        size = counted(len(camp["members"]), "person", "people")
        quote = " ".join(rows[camp["representative"]].answer.split())
        if len(quote) > LONGEST_QUOTE:
            quote = quote[: LONGEST_QUOTE - 1].rsplit(" ", 1)[0] + " …"
        parts.append(Text.assemble((f"{place + 1}  ", "bold cyan"), (size, "bold"), (f"  {names}", "dim")))
        parts.append(Padding(Text(f"“{quote}”"), (0, 0, 1, 3)))
    silent = [i for i, answer in enumerate(document["answers"]) if answer["reading"] == "no strategy named"]
    if silent:
        names = ", ".join(_name(index, rows) for index in silent)
        parts.append(Text.assemble(("–  ", "dim"), ("no strategy named", "bold"), (f"  {names}", "dim")))
    return Group(*parts)


def _belonging(document: Document, rows: Sequence[Row]) -> Table:
    order = [index for camp in document["camps"] for index in camp["members"]]
    order += [index for index in _read(document) if index not in order]
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("", no_wrap=True, max_width=24)
    for index in order:
        table.add_column(str(index + 1), justify="right", header_style="dim", no_wrap=True)
    for i in order:
        cells = []
        for j in order:
            chance = document["belonging"][i][j]
            # The digits say it; the shade only helps the eye, so nothing is lost without colour.
            shade = _SHADES[min(int(chance * len(_SHADES)), len(_SHADES) - 1)]
            cells.append(
                Text("·", style="dim") if i == j else Text(f"{shade}{100 * chance:.0f}", style=_tone(chance))
            )
        table.add_row(Text(_name(i, rows)), *cells)
    return table


def _tone(chance: float) -> str:
    return "bold" if chance >= 0.5 else "" if chance >= 0.2 else "dim"


def _name(index: int, rows: Sequence[Row]) -> str:
    row = rows[index]
    who = row.person or row.role
    return f"{index + 1} {who}" if who else f"answer {index + 1}"


def _read(document: Document) -> list[int]:
    return [i for i, answer in enumerate(document["answers"]) if answer["reading"] != "not read"]


def _span(interval: dict[str, Any]) -> str:
    if interval["estimate"] is None:
        return "too few to tell"
    low, high = round(100 * interval["low"]), round(100 * interval["high"])
    return f"{percent(interval['estimate'])}  ({low} to {high})"


def _print_notes(console: Console, notes: Sequence[str]) -> None:
    if notes:
        console.print()
    for note in notes:
        console.print(Text(f"• {note}"))


def _method(method: dict[str, Any]) -> str:
    how = {
        "exact": ", every way to split the answers weighed",
        "sampled": ", ways to split the answers sampled",
    }
    model = f" on {method['model']}" if "model" in method else ""
    return (
        f"Judge: {method['judge']}{model}{how.get(method.get('posterior') or '', '')}. "
        f"Intervals hold {round(100 * method['interval'])} %. Fingerprint {method['fingerprint']}."
    )
