"""What a report says, as blocks that paper, slides, sheets and the readers' page each render in their own way.

Nothing here knows of a file format. Numbers stay numbers until they are shown: `words_for` says them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from app.reports.models import ReportSection
from app.reports.presenting import NO_NUMBER, percent

# What stands in a column: words, a whole number, a number with one decimal place, or a share between 0 and 1.
ColumnKind: TypeAlias = Literal["text", "count", "decimal", "share", "points"]
Value: TypeAlias = str | int | float | None


@dataclass(frozen=True)
class Column:
    label: str
    kind: ColumnKind = "text"

    @property
    def is_numeric(self) -> bool:
        return self.kind != "text"


@dataclass(frozen=True)
class Table:
    """Plain rows; None means "not known" and is said so."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]

    def said(self) -> list[list[str]]:
        """The rows in words, for paper and slides."""
        return [
            [words_for(value, column.kind) for value, column in zip(row, self.columns, strict=True)]
            for row in self.rows
        ]


def words_for(value: Value, kind: ColumnKind) -> str:
    if value is None:
        return NO_NUMBER
    if isinstance(value, str):
        return value
    match kind:
        case "share":
            return percent(value)
        case "points":
            return f"{value * 100:+.0f}".replace("-", "\N{MINUS SIGN}")
        case "decimal":
            return f"{value:.1f}"
        case _:
            return f"{value:g}"


@dataclass(frozen=True)
class Series:
    """One row of bars. low, high: ends of the intervals, where there are any."""

    name: str
    values: tuple[float | None, ...]
    low: tuple[float | None, ...] | None = None
    high: tuple[float | None, ...] | None = None


@dataclass(frozen=True)
class Bars:
    """A native bar chart. camps: the number of the camp behind each category, where there is one: its colour."""

    categories: tuple[str, ...]
    series: tuple[Series, ...]
    kind: Literal["count", "share", "decimal"] = "count"
    is_stacked: bool = False
    camps: tuple[int, ...] | None = None
    # Where a figure has several charts: what this one shows.
    title: str = ""


@dataclass(frozen=True)
class Point:
    x: float
    y: float
    label: str
    is_label_left: bool


@dataclass(frozen=True)
class Points:
    """A native scatter chart by camp; camp 0 is "no strategy named". y grows downward."""

    camps: tuple[tuple[int, tuple[Point, ...]], ...]
    width: float
    height: float


@dataclass(frozen=True)
class Grid:
    """Shares between 0 and 1 in a square or a rectangle, drawn as shaded cells; is_marked: 1 is a mark, 0 is none."""

    row_labels: tuple[str, ...]
    column_labels: tuple[str, ...]
    cells: tuple[tuple[float | None, ...], ...]
    is_marked: bool = False


Chart: TypeAlias = Bars | Points | Grid


@dataclass(frozen=True)
class Figure:
    """A picture with its definition, its numbers as a table, and what a slide draws natively.

    picture: the picture's name in templates/exports/_pictures.html.
    """

    key: str
    title: str
    definition: str
    table: Table
    picture: str
    charts: tuple[Chart, ...] = ()
    note: str = ""
    # One drawing, which can be had as SVG; else a list of small ones or a table of shaded cells.
    is_drawing: bool = False
    # A picture that is a table already needs none behind it.
    is_table: bool = False


@dataclass(frozen=True)
class Text:
    words: str
    tone: Literal["plain", "lead", "soft"] = "plain"


@dataclass(frozen=True)
class Bullets:
    items: tuple[str, ...]


@dataclass(frozen=True)
class Quoted:
    """Somebody's own words, to the letter."""

    text: str
    source: str
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class BigNumber:
    value: str
    words: str


@dataclass(frozen=True)
class Numbers:
    items: tuple[BigNumber, ...]


@dataclass(frozen=True)
class Group:
    """Quotes that stand together under a heading: a camp, a theme. `first` speaks for it, the others follow."""

    title: str
    aside: str
    first: tuple[Quoted, ...]
    others: tuple[Quoted, ...] = ()
    camp: int | None = None
    # Where links to it arrive on a page.
    anchor: str = ""


@dataclass(frozen=True)
class Side:
    title: str
    quotes: tuple[Quoted, ...]
    camp: int | None = None
    aside: str = ""


@dataclass(frozen=True)
class Fork:
    """Where the team parts: a question with two answers, each in people's own words."""

    question: str
    sides: tuple[Side, Side]
    aside: str = ""


Block: TypeAlias = Text | Bullets | Quoted | Numbers | Group | Fork | Table | Figure


@dataclass(frozen=True)
class Section:
    """A part of the report. part: with which part of the report it is shown to the team.

    notes: what the person who presents it should know; they go under the slides.
    """

    key: str
    part: ReportSection
    title: str
    blocks: tuple[Block, ...]
    lead: str = ""
    notes: tuple[str, ...] = ()

    @property
    def figures(self) -> Iterator[Figure]:
        return (block for block in self.blocks if isinstance(block, Figure))

    @property
    def tables(self) -> Iterator[tuple[str, str, Table]]:
        """Every table with its key and a short name: the twins of the figures and those that stand alone."""
        for number, block in enumerate(self.blocks):
            if isinstance(block, Figure):
                yield block.key, block.title, block.table
            elif isinstance(block, Table):
                yield f"{self.key}-{number}", block.title, block
