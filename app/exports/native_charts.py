"""Charts that PowerPoint itself draws and everybody can edit, in the theme's colours; a grid becomes a table.

Colour is never alone: every bar has its name and value, every mark on the map its label and the shape of its camp.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from app.exports.content import Bars, Chart, Grid, Points
from app.exports.drawing import tokens
from app.exports.places import Place

_INK, _SOFT, _LINE = "--ink", "--ink-soft", "--line"
_STEPS = 7
_FORMATS = {"share": '0 "%"', "count": "0", "decimal": "0.0"}


def draw_chart(slide: Any, chart: Chart, place: Place, alt: str) -> None:
    match chart:
        case Bars():
            frame = _bars(slide, chart, place)
        case Points():
            frame = _points(slide, chart, place)
        case Grid():
            frame = _grid(slide, chart, place)
    frame._element.nvGraphicFramePr.cNvPr.set("descr", alt)


def colour(token: str) -> Any:
    from pptx.dml.color import RGBColor

    return RGBColor.from_string(tokens()[token].lstrip("#").upper())


def _camp_colour(fill: Any, camp: int) -> None:
    """The theme's accents in turn, so that a house template lends its own colours; 0 is nobody's camp."""
    from pptx.enum.dml import MSO_THEME_COLOR

    fill.solid()
    if camp == 0:
        fill.fore_color.rgb = colour(_SOFT)
    else:
        accents = [getattr(MSO_THEME_COLOR, f"ACCENT_{n}") for n in range(1, 7)]
        fill.fore_color.theme_color = accents[(camp - 1) % len(accents)]


@cache
def _data_of_words() -> Any:
    """Data of a chart whose workbook keeps words as words. As the library writes it, a label that begins with = is a
    formula there, and an address a link: labels are words that people wrote."""
    from pptx.chart.data import CategoryChartData
    from pptx.chart.xlsx import CategoryWorkbookWriter
    from xlsxwriter import Workbook

    class WordsWriter(CategoryWorkbookWriter):  # type: ignore[misc]
        @contextmanager
        def _open_worksheet(self, file: Any) -> Iterator[Any]:
            book = Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
            yield book, book.add_worksheet()
            book.close()

    class WordsData(CategoryChartData):  # type: ignore[misc]
        @property
        def _workbook_writer(self) -> Any:
            return WordsWriter(self)

    return WordsData


def _bars(slide: Any, chart: Bars, place: Place) -> Any:
    from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION
    from pptx.util import Pt

    data = _data_of_words()(number_format=_FORMATS[chart.kind])
    # PowerPoint draws the first bar at the bottom; people read from the top.
    order = list(range(len(chart.categories)))[::-1]
    data.categories = [_category(chart, i) for i in order]
    scale = 100 if chart.kind == "share" else 1
    for series in chart.series:
        data.add_series(series.name, [_scaled(series.values[i], scale) for i in order])
    kind = XL_CHART_TYPE.BAR_STACKED if chart.is_stacked else XL_CHART_TYPE.BAR_CLUSTERED
    frame = slide.shapes.add_chart(kind, *place, data)
    drawn = frame.chart
    drawn.font.size = Pt(18 if len(order) <= 8 else 14 if len(order) <= 16 else 10)
    drawn.font.color.rgb = colour(_INK)
    drawn.has_title = False
    drawn.has_legend = len(chart.series) > 1
    if drawn.has_legend:
        drawn.legend.position = XL_LEGEND_POSITION.BOTTOM
        drawn.legend.include_in_layout = False
    plot = drawn.plots[0]
    plot.gap_width = 45
    plot.overlap = 100 if chart.is_stacked else 0
    _label_bars(plot, chart, drawn.font.size)
    values, categories = drawn.value_axis, drawn.category_axis
    values.has_major_gridlines = False
    values.visible = False
    values.minimum_scale = 0
    if chart.kind == "share":
        values.maximum_scale = 100
    categories.format.line.color.rgb = colour("--line-strong")
    categories.has_major_gridlines = False
    categories.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    for number, series in enumerate(chart.series):
        drawn_series = plot.series[number]
        _camp_colour(drawn_series.format.fill, number + 1)
        if chart.camps is not None:
            for position, i in enumerate(order):
                _camp_colour(drawn_series.points[position].format.fill, chart.camps[i])
        elif _has_intervals(chart) and len(order) == 2:
            for position, i in enumerate(order):
                _camp_colour(drawn_series.points[position].format.fill, 2 if i == 0 else 1)
        if series.low is not None and series.high is not None:
            _error_bars(
                drawn_series,
                [_scaled(_gap(series.values[i], series.low[i]), scale) for i in order],
                [_scaled(_gap(series.high[i], series.values[i]), scale) for i in order],
            )
    return frame


def _has_intervals(chart: Bars) -> bool:
    return any(series.low is not None for series in chart.series)


def _category(chart: Bars, place: int) -> str:
    """With an interval drawn over its end a bar has no room for its value, so the value stands beside its name."""
    name = chart.categories[place]
    if not _has_intervals(chart) or len(chart.series) != 1:
        return name
    series = chart.series[0]
    low, high = series.low[place] if series.low else None, series.high[place] if series.high else None
    value = series.values[place]
    if value is None:
        return name
    if chart.kind == "share":
        span = f" ({low * 100:.0f} to {high * 100:.0f} %)" if low is not None and high is not None else ""
        return f"{name} {value * 100:.0f} %{span}"
    span = f" ({low:.1f} to {high:.1f})" if low is not None and high is not None else ""
    return f"{name} {value:.1f}{span}"


def _label_bars(plot: Any, chart: Bars, size: Any) -> None:
    if _has_intervals(chart):
        return
    plot.has_data_labels = True
    plot.data_labels.number_format = _FORMATS[chart.kind]
    plot.data_labels.number_format_is_linked = False
    plot.data_labels.font.size = size
    if chart.is_stacked:
        from pptx.dml.color import RGBColor

        plot.data_labels.font.color.rgb = RGBColor(0xFF, 0xFF, 0xFF)


def _scaled(value: float | None, scale: int) -> float | None:
    return None if value is None else round(value * scale, 6)


def _gap(above: float | None, below: float | None) -> float | None:
    return None if above is None or below is None else max(above - below, 0.0)


def _error_bars(series: Any, minus: list[float | None], plus: list[float | None]) -> None:
    """The 80 % interval; python-pptx has no word for it."""
    from lxml import etree

    space = "http://schemas.openxmlformats.org/drawingml/2006/chart"
    bars = etree.Element(f"{{{space}}}errBars")
    etree.SubElement(bars, f"{{{space}}}errBarType").set("val", "both")
    etree.SubElement(bars, f"{{{space}}}errValType").set("val", "cust")
    etree.SubElement(bars, f"{{{space}}}noEndCap").set("val", "0")
    for name, lengths in (("plus", plus), ("minus", minus)):
        literal = etree.SubElement(etree.SubElement(bars, f"{{{space}}}{name}"), f"{{{space}}}numLit")
        etree.SubElement(literal, f"{{{space}}}formatCode").text = "General"
        etree.SubElement(literal, f"{{{space}}}ptCount").set("val", str(len(lengths)))
        for position, length in enumerate(lengths):
            point = etree.SubElement(literal, f"{{{space}}}pt")
            point.set("idx", str(position))
            etree.SubElement(point, f"{{{space}}}v").text = f"{length or 0:g}"
    series._element.find(f"{{{space}}}cat").addprevious(bars)


def _points(slide: Any, chart: Points, place: Place) -> Any:
    from pptx.chart.data import XyChartData
    from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_MARKER_STYLE
    from pptx.util import Pt

    data = XyChartData()
    for camp, points in chart.camps:
        series = data.add_series(f"Strategy {camp}" if camp else "No strategy named")
        for point in points:
            series.add_data_point(point.x, round(chart.height - point.y, 6))
    # As wide as it is tall on the page, plus room for the legend: the frozen places of labels hold for that shape.
    place = Place(
        place.left,
        place.top,
        min(place.width, int(place.height * chart.width / chart.height * 1.18)),
        place.height,
    )
    frame = slide.shapes.add_chart(XL_CHART_TYPE.XY_SCATTER, *place, data)
    drawn = frame.chart
    n = sum(len(points) for _, points in chart.camps)
    drawn.font.size = Pt(13 if n <= 14 else 9)
    drawn.font.color.rgb = colour(_INK)
    drawn.has_title = False
    drawn.has_legend = True
    drawn.legend.position = XL_LEGEND_POSITION.RIGHT
    drawn.legend.include_in_layout = False
    for axis, largest in ((drawn.value_axis, chart.height), (drawn.category_axis, chart.width)):
        axis.has_major_gridlines = False
        axis.visible = False
        axis.minimum_scale, axis.maximum_scale = 0, largest
    styles = (XL_MARKER_STYLE.CIRCLE, XL_MARKER_STYLE.SQUARE, XL_MARKER_STYLE.DIAMOND)
    for (camp, points), series in zip(chart.camps, drawn.plots[0].series, strict=True):
        series.format.line.fill.background()
        series.marker.style = styles[(camp - 1) % 3] if camp else XL_MARKER_STYLE.X
        series.marker.size = 12
        _camp_colour(series.marker.format.fill, camp)
        series.marker.format.line.fill.background()
        for position, point in enumerate(points):
            label = series.points[position].data_label
            label.has_text_frame = True
            label.text_frame.text = point.label
            label.text_frame.word_wrap = False
            label.position = XL_LABEL_POSITION.LEFT if point.is_label_left else XL_LABEL_POSITION.RIGHT
    return frame


def _grid(slide: Any, chart: Grid, place: Place) -> Any:
    """A table with shaded cells: the ramp of the page, pale to deep, and the number in every cell."""
    from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
    from pptx.util import Emu, Pt

    rows, columns = len(chart.row_labels) + 1, len(chart.column_labels) + 1
    height = min(place.height // rows, 420_000)
    frame = slide.shapes.add_table(rows, columns, place.left, place.top, place.width, height * rows)
    table = frame.table
    table.first_row = table.horz_banding = False
    names = min(place.width // 3, 3_200_000)
    cell_width = min((place.width - names) // (columns - 1), 1_200_000)
    table.columns[0].width = Emu(names)
    for number in range(1, columns):
        table.columns[number].width = Emu(cell_width)
    for number in range(rows):
        table.rows[number].height = Emu(height)
    size = Pt(14 if rows <= 12 else 10)
    # The heads of a wide grid are words, of a square one numbers.
    for r in range(rows):
        for c in range(columns):
            cell = table.cell(r, c)
            cell.margin_left = cell.margin_right = Emu(45_000)
            cell.margin_top = cell.margin_bottom = Emu(0)
            cell.vertical_anchor = MSO_ANCHOR.MIDDLE
            is_head = r == 0 or c == 0
            value = None if is_head else chart.cells[r - 1][c - 1]
            words = (
                ("" if c == 0 else chart.column_labels[c - 1])
                if r == 0
                else chart.row_labels[r - 1]
                if c == 0
                else ""
                if value is None
                else ("●" if value else "")
                if chart.is_marked
                else f"{value * 100:.0f}"
            )
            paragraph = cell.text_frame.paragraphs[0]
            paragraph.alignment = PP_ALIGN.LEFT if c == 0 else PP_ALIGN.CENTER
            run = paragraph.add_run()
            run.text = words
            run.font.size = size
            step = (
                None
                if value is None or (chart.is_marked and not value)
                else min(int(value * _STEPS), _STEPS - 1)
            )
            run.font.color.rgb = colour(_INK if step is None or step < 4 else "--on-ramp-high")
            cell.fill.solid()
            cell.fill.fore_color.rgb = colour(
                "--surface" if is_head else "--sunken" if step is None else f"--ramp-{step}"
            )
    return frame
