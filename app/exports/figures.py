"""The figures of a report with the numbers behind them. Each is one function from a ReportView to a Figure or None."""

from __future__ import annotations

from app.exports.content import Bars, Chart, Column, Figure, Grid, Point, Points, Series, Table, Value
from app.reports.presenting import ReportView, percent
from app.reports.themes import ThemesView

# Larger squares of people are unreadable on a slide or a sheet of paper; the workbook has them whole.
LARGEST_GRID = 40
# So many bars, and marks with labels, can be read on a slide.
MOST_BARS, MOST_MARKS = 11, 60
NO_STRATEGY = "No strategy named"


def camp_sizes(report: ReportView) -> Figure | None:
    if not report.camps:
        return None
    rows: list[tuple[Value, ...]] = [
        (f"Strategy {camp.number}", camp.n, ", ".join(camp.labels)) for camp in report.camps
    ]
    if report.campless:
        rows.append((NO_STRATEGY, len(report.campless), ", ".join(v.label for v in report.campless)))
    return Figure(
        key="camps",
        title="How many stand where",
        definition="People who name the same strategy are one camp; a camp may be one person.",
        table=Table(
            "The camps and their members",
            (Column("Strategy"), Column("People", "count"), Column("Who")),
            tuple(rows),
        ),
        picture="camp_sizes",
        charts=(
            Bars(
                categories=tuple(str(row[0]) for row in rows),
                series=(Series("People", tuple(_whole(row[1]) for row in rows)),),
                camps=tuple(camp.number for camp in report.camps) + ((0,) if report.campless else ()),
            ),
        ),
    )


def answer_map(report: ReportView) -> Figure | None:
    found = report.analysis["map"]
    if report.analysis["n_read"] < 3 or not found["points"]:
        return None
    points = found["points"]
    numbers = [0 if point["camp"] is None else point["camp"] + 1 for point in points]
    fit = found["fit"]
    return Figure(
        key="map",
        title="Map of the answers",
        definition=(
            "Each mark is one answer, with the number of its strategy. Near means: likely the same strategy; far "
            "means: likely another one. Left, right, up and down have no meaning."
            + (f" Two dimensions show {percent(fit)} of the differences." if fit is not None else "")
        ),
        table=Table(
            "Places on the map, in units of the picture",
            (Column("Answer"), Column("Strategy"), Column("Across", "decimal"), Column("Down", "decimal")),
            tuple(
                (point["label"], f"Strategy {number}" if number else NO_STRATEGY, point["x"], point["y"])
                for point, number in zip(points, numbers, strict=True)
            ),
        ),
        picture="answer_map",
        is_drawing=True,
        charts=(
            Points(
                camps=tuple(
                    (
                        camp,
                        tuple(
                            Point(point["x"], point["y"], point["label"], point["label_box"][0] < point["x"])
                            for point, number in zip(points, numbers, strict=True)
                            if number == camp
                        ),
                    )
                    for camp in sorted(set(numbers), key=lambda number: number or len(points) + 1)
                ),
                width=found["width"],
                height=found["height"],
            ),
        )
        if len(points) <= MOST_MARKS
        else (),
    )


def belonging(report: ReportView) -> Figure | None:
    """Every pair of people; camps side by side, as on the page."""
    matrix = report.analysis["belonging"]
    if matrix is None:  # of some hundreds of answers only near pairs are judged
        return None
    if report.analysis["n_read"] < 2 or matrix is None:
        return None
    order = [member for camp in report.analysis["camps"] for member in camp["members"]]
    order += [index for index in range(len(report.voices)) if index not in set(order)]
    labels = report.labels
    names = tuple(f"{place}. {labels[index]}" for place, index in enumerate(order, start=1))
    cells = tuple(tuple(None if i == j else matrix[i][j] for j in order) for i in order)
    charts: list[Chart] = []
    if len(order) <= LARGEST_GRID:
        charts.append(Grid(names, tuple(str(place) for place in range(1, len(order) + 1)), cells))
    cohesion = [(camp.number, camp.cohesion) for camp in report.camps]
    known = [(number, value) for number, value in cohesion if value is not None]
    if known:
        charts.append(
            Bars(
                categories=tuple(f"Strategy {number}" for number, _ in known),
                series=(
                    Series("How likely two people of one camp belong together", tuple(v for _, v in known)),
                ),
                kind="share",
                camps=tuple(number for number, _ in known),
                title="How close each camp stands",
            )
        )
    return Figure(
        key="belonging",
        title="Who belongs with whom",
        definition=(
            "For every two people, the probability that they name the same strategy, over all plausible ways to "
            "split the answers. People of one strategy stand side by side."
        ),
        table=Table(
            "Probability that two people name the same strategy",
            (Column("Person"), *(Column(name, "share") for name in names)),
            tuple((name, *row) for name, row in zip(names, cells, strict=True)),
        ),
        picture="belonging",
        is_table=True,
        charts=tuple(charts),
    )


def perception(report: ReportView) -> Figure | None:
    """Never one without the other: a guess is only shown against what was measured."""
    found, agreement = report.analysis["perception"], report.analysis["agreement"]
    if not found or agreement["estimate"] is None:
        return None
    rows = (("Expected", found["guess"]), ("Measured", agreement))
    return Figure(
        key="perception",
        title="Expected and measured agreement",
        definition=(
            "Expected is the mean of the guesses; measured is the agreement of the answers. The intervals hold "
            "80 % of the probability."
        ),
        table=Table(
            "Expected and measured agreement, with 80 % intervals",
            (Column("Quantity"), Column("Value", "share"), Column("Low", "share"), Column("High", "share")),
            tuple((name, value["estimate"], value["low"], value["high"]) for name, value in rows),
        ),
        picture="perception",
        is_drawing=True,
        charts=(
            Bars(
                categories=tuple(name for name, _ in rows),
                series=(
                    Series(
                        "Agreement",
                        tuple(value["estimate"] for _, value in rows),
                        low=tuple(value["low"] for _, value in rows),
                        high=tuple(value["high"] for _, value in rows),
                    ),
                ),
                kind="share",
            ),
        ),
    )


def themes(report: ReportView, found: ThemesView) -> Figure:
    """Who says what where the mode allows names, else how many say it."""
    rows = found.themes
    columns = [Column("Theme"), Column("Answers", "count"), Column("Share", "share"), Column("Remark")]
    if report.shows_people:
        columns.append(Column("Who"))
    charts: list[Chart] = [
        Bars(
            categories=tuple(theme.label for theme in rows[:MOST_BARS]),
            series=(Series("Answers", tuple(theme.n for theme in rows[:MOST_BARS])),),
        )
    ]
    if report.shows_people:
        charts.append(
            Grid(
                tuple(theme.label for theme in rows[:MOST_BARS]),
                tuple(voice.label for voice in report.voices),
                tuple(
                    tuple(1.0 if voice in theme.people else 0.0 for voice in report.voices)
                    for theme in rows[:MOST_BARS]
                ),
                is_marked=True,
            )
        )
    return Figure(
        key="themes",
        title="Themes and people" if report.shows_people else "Themes and how many say them",
        definition=(
            "How many answers have at least one sentence in the theme. Two sentences are in one theme when the judge, "
            "reading each in its answer, holds them likely to say the same. Themes marked “too general” name no choice."
            + ("" if report.shows_people else " In this mode nobody is told who says what.")
        ),
        table=Table(
            "Themes and how many say them",
            tuple(columns),
            tuple(
                (
                    theme.label,
                    theme.n,
                    theme.share,
                    "common ground" if theme.is_common_ground else "too general" if theme.is_vague else "",
                    *((", ".join(voice.label for voice in theme.people),) if report.shows_people else ()),
                )
                for theme in rows
            ),
        ),
        picture="themes",
        charts=tuple(charts),
    )


def _whole(value: Value) -> int:
    assert isinstance(value, int)
    return value
