"""Native charts of a slide: each can be edited in the presentation."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from components.charts import theme
from components.engine.comparison import Attribution
from components.engine.plan import PlanAnswer
from components.exports.pack import Pack, clean
from components.exports.slide_parts import INK, RULE, SOFT, Box, described, emu, rgb
from components.wording import numbers
from components.wording.text import shorten

SHORT = '[>=1000000]#,##0.##,,"M";[>=1000]#,##0.##,"K";0'
"""Numbers of an axis, as a spreadsheet's format."""
AXIS = 11
"""Size of the type of axes and labels. [pt]"""
DASH = 4
"""Of a line: dashed, as `MSO_LINE.DASH`."""
UNDER = 0.08
"""Height under a floating bar that has room for its label, over the highest bar. [1]"""


def _added(slide: Any, kind: str, box: Box, data: Any, alt: str) -> Any:
    from pptx.enum.chart import XL_CHART_TYPE
    from pptx.util import Pt

    frame = slide.shapes.add_chart(XL_CHART_TYPE[kind], *emu(box), data)
    described(frame, alt)
    chart = frame.chart
    chart.font.size = Pt(AXIS)
    chart.font.color.rgb = rgb(INK)
    chart.has_title = False
    return chart


def _legend(chart: Any) -> None:
    from pptx.enum.chart import XL_LEGEND_POSITION

    chart.has_legend = True
    chart.legend.position = XL_LEGEND_POSITION.BOTTOM
    chart.legend.include_in_layout = False


def _quiet(axis: Any, *, lines: bool, form: str = SHORT) -> None:
    axis.has_major_gridlines = lines
    axis.format.line.color.rgb = rgb(RULE)
    if lines:
        axis.major_gridlines.format.line.color.rgb = rgb(RULE)
        axis.tick_labels.number_format = form
        axis.tick_labels.number_format_is_linked = False


def _named(pack: Pack, index: int, limit: int = 34) -> str:
    return shorten(pack.name(index), limit)


def monthly_cost(slide: Any, box: Box, pack: Pack, alt: str) -> None:
    """A stacked bar per strategy by what is paid for, the baseline on top."""
    from pptx.chart.data import CategoryChartData

    answers, rate = pack.result.answers, pack.money.rate_per_usd
    keys = list(dict.fromkeys(k for a in answers for k, usd in a.cost_parts_usd_per_month.items() if usd))
    keys.sort(key=theme.is_idle)
    data = CategoryChartData(number_format="#,##0")
    data.categories = [f"{_named(pack, i)}: {pack.cost(i)}" for i in range(len(answers))]
    for key in keys or ["compute_busy"]:
        data.add_series(
            theme.part_words(key), [round(a.cost_parts_usd_per_month.get(key, 0.0) * rate, 2) for a in answers]
        )
    chart = _added(slide, "BAR_STACKED", box, data, alt)
    for i, (key, series) in enumerate(zip(keys, chart.plots[0].series, strict=False)):
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = rgb(theme.part_colour(key, i))
    chart.plots[0].gap_width, chart.plots[0].overlap = 45, 100
    chart.category_axis.reverse_order = True
    _quiet(chart.category_axis, lines=False)
    _quiet(chart.value_axis, lines=False)
    chart.value_axis.visible = False
    _legend(chart)


def waterfall(slide: Any, box: Box, told: Attribution, pack: Pack, alt: str) -> None:
    """From today's bill through the layers: stacked columns, the lowest of each without colour."""
    from pptx.chart.data import CategoryChartData

    rate, money = pack.money.rate_per_usd, pack.money
    base, total, saves, adds, labels = [0.0], [told.baseline_usd_per_month], [0.0], [0.0], []
    left = told.baseline_usd_per_month
    for step in told.steps:
        base.append(min(left, left - step.waterfall))
        total.append(0.0)
        saves.append(max(step.waterfall, 0.0))
        adds.append(max(-step.waterfall, 0.0))
        labels.append(_change(step.waterfall, money.compact(abs(step.waterfall))))
        left -= step.waterfall
    base, total, saves, adds = [*base, 0.0], [*total, told.strategy_usd_per_month], [*saves, 0.0], [*adds, 0.0]
    data = CategoryChartData(number_format="#,##0")
    data.categories = ["Today", *(clean(shorten(step.label, 30)) for step in told.steps), "Then"]
    shades = (("Base", base, ""), ("Bill", total, theme.NEUTRAL), ("Saves", saves, theme.SAVING),
              ("Adds", adds, theme.INCREASE))  # fmt: skip
    for name, values, _ in shades:
        data.add_series(name, [round(usd * rate, 2) for usd in values])
    chart = _added(slide, "COLUMN_STACKED", box, data, alt)
    chart.has_legend = False
    chart.plots[0].gap_width, chart.plots[0].overlap = 35, 100
    said = [money.compact(told.baseline_usd_per_month), *labels, money.compact(told.strategy_usd_per_month)]
    for (_, values, shade), series in zip(shades, chart.plots[0].series, strict=True):
        if not shade:
            series.format.fill.background()
            continue
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = rgb(shade)
        for i, usd in enumerate(values):
            under = base[i] > UNDER * max(total)
            if usd > 0:
                _label(chart.plots[0].series[0].points[i] if under else series.points[i], said[i], light=not under)
    _quiet(chart.category_axis, lines=False)
    _quiet(chart.value_axis, lines=True)
    chart.value_axis.minimum_scale = 0


def _change(saving: float, amount: str) -> str:
    return ("\u2212" if saving > 0 else "+") + amount


def _label(point: Any, words: str, *, light: bool) -> None:
    """A label at the top of one bar: light on a bar of its own, dark under a floating one."""
    from pptx.enum.chart import XL_LABEL_POSITION
    from pptx.util import Pt

    frame = point.data_label.text_frame
    frame.text = words
    font = frame.paragraphs[0].runs[0].font
    font.size, font.bold = Pt(11), True
    font.color.rgb = rgb("FFFFFF" if light else INK)
    point.data_label.position = XL_LABEL_POSITION.INSIDE_END


def times(slide: Any, box: Box, pack: Pack, values: Sequence[float | None], target_s: float | None, alt: str) -> None:
    """A bar per strategy for one time, the target as the first bar; what is not published has none."""
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_LABEL_POSITION
    from pptx.util import Pt

    known = [value if value is not None and math.isfinite(value) else None for value in values]
    names = [_named(pack, i, 30) + ("" if value is not None else " (not published)") for i, value in enumerate(known)]
    shades = [theme.colour(answer.colour) for answer in pack.result.answers]
    late = [target_s is not None and value is not None and value > target_s for value in known]
    if target_s is not None:
        names, known, late, shades = ["Target", *names], [target_s, *known], [False, *late], [SOFT, *shades]
    data = CategoryChartData(number_format="0.000")
    data.categories = names
    data.add_series("seconds", known)
    chart = _added(slide, "BAR_CLUSTERED", box, data, alt)
    chart.has_legend = False
    chart.plots[0].gap_width, chart.plots[0].vary_by_categories = 45, False
    series = chart.plots[0].series[0]
    for i, value in enumerate(known):
        point = series.points[i]
        point.format.fill.solid()
        point.format.fill.fore_color.rgb = rgb(theme.MISS if late[i] else shades[i])
        if value is not None:
            frame = point.data_label.text_frame
            frame.text = numbers.seconds(value) + (" (late)" if late[i] else "")
            frame.paragraphs[0].runs[0].font.size = Pt(12)
            point.data_label.position = XL_LABEL_POSITION.OUTSIDE_END
    chart.category_axis.reverse_order = True
    _quiet(chart.category_axis, lines=False)
    _quiet(chart.value_axis, lines=False)
    chart.value_axis.visible = False
    chart.value_axis.minimum_scale = 0
    chart.value_axis.maximum_scale = 1.3 * max([value for value in known if value], default=1.0)


def against_volume(slide: Any, box: Box, pack: Pack, alt: str) -> None:
    """Cost over volume, both logarithmic, with each strategy's range at today's volume and today marked."""
    from pptx.chart.data import XyChartData

    curves, rate = pack.result.curves, pack.money.rate_per_usd
    data = XyChartData(number_format="#,##0")
    drawn: list[tuple[str, str]] = []
    for i in range(len(curves.names)):
        usd = curves.cost_usd_per_month[i]
        kept = np.flatnonzero(np.isfinite(usd) & (usd > 0))[::2]
        if kept.size:
            series = data.add_series(_named(pack, i, 40))
            for k in kept:
                series.add_data_point(float(curves.requests_per_day[k]), float(usd[k] * rate))
            drawn.append((theme.colour(curves.colours[i]), "line"))
    lines = len(drawn)
    today = curves.today_requests_per_day
    for i in dict.fromkeys((0, pack.shown)):
        span = pack.result.answers[i].cost_usd_per_month
        if pack.result.answers[i].priced and span.low > 0 and today > 0:
            series = data.add_series(f"range today: {_named(pack, i, 40)}")
            for usd in (span.low, span.high):
                series.add_data_point(today, usd * rate)
            drawn.append((theme.colour(curves.colours[i]), "range"))
    chart = _added(slide, "XY_SCATTER_LINES_NO_MARKERS", box, data, alt)
    for (shade, what), series in zip(drawn, chart.plots[0].series, strict=True):
        series.smooth = False
        series.format.line.color.rgb = rgb(shade)
        series.format.line.width = 28575 if what == "line" else 50800
    _quiet(chart.category_axis, lines=True)
    _quiet(chart.value_axis, lines=True)
    _titled(chart.category_axis, "requests a day")
    _titled(chart.value_axis, pack.money.axis("cost a month"))
    _logarithmic(chart.category_axis, [float(v) for v in curves.requests_per_day])
    usd_seen = (
        curves.cost_usd_per_month[np.isfinite(curves.cost_usd_per_month) & (curves.cost_usd_per_month > 0)] * rate
    )
    _logarithmic(chart.value_axis, [float(v) for v in usd_seen])
    _legend(chart)
    _without_entries(chart, range(lines, len(drawn)))


def paid_so_far(slide: Any, box: Box, pack: Pack, found: PlanAnswer, alt: str) -> None:
    """All payments to the end of each month: the choice against what it is measured by, each as P10, P50 and P90."""
    from pptx.chart.data import XyChartData

    data, rate, plan = XyChartData(number_format="#,##0"), pack.money.rate_per_usd, found.base
    drawn: list[tuple[str, bool]] = []
    named: list[int] = []
    for place in found.base.shown:
        path, fan = plan.paths[place], found.futures.fans[place]
        name = _named(pack, path.index, 40)
        for words, paid in (("middle future (P50)", fan.middle), ("P10", fan.low), ("P90", fan.high)):
            series = data.add_series(f"{name}: {words}")
            for month, usd in enumerate(paid):
                series.add_data_point(month, round(float(usd) * rate, 2))
            drawn.append((theme.colour(path.colour), paid is fan.middle))
        named.append(len(drawn) - 3)
    chart = _added(slide, "XY_SCATTER_LINES_NO_MARKERS", box, data, alt)
    for (shade, middle), series in zip(drawn, chart.plots[0].series, strict=True):
        series.smooth = False
        series.format.line.color.rgb = rgb(shade)
        series.format.line.width = 31750 if middle else 12700
        if not middle:
            series.format.line.dash_style = DASH
    months = plan.terms.months
    _quiet(chart.category_axis, lines=False, form="0")
    _quiet(chart.value_axis, lines=True)
    chart.category_axis.minimum_scale, chart.category_axis.maximum_scale = 0, months
    chart.category_axis.major_unit = 12 if months > 30 else 6 if months > 12 else max(months // 6, 1)
    _titled(chart.category_axis, "month")
    _titled(chart.value_axis, pack.money.axis("paid so far"))
    _legend(chart)
    _without_entries(chart, [i for i in range(len(drawn)) if i not in named])


def _titled(axis: Any, words: str) -> None:
    from pptx.util import Pt

    axis.has_title = True
    axis.axis_title.text_frame.text = words
    font = axis.axis_title.text_frame.paragraphs[0].runs[0].font
    font.size, font.bold = Pt(AXIS), False


def _logarithmic(axis: Any, values: Sequence[float]) -> None:
    """Decades, from below the smallest to above the largest value."""
    from pptx.oxml import parse_xml

    low, high = (min(values), max(values)) if values else (1.0, 10.0)
    axis.minimum_scale = 10.0 ** math.floor(math.log10(low))
    axis.maximum_scale = 10.0 ** math.ceil(math.log10(high) + 1e-9)
    scaling = axis._element.find("{http://schemas.openxmlformats.org/drawingml/2006/chart}scaling")
    space = 'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'
    scaling.insert(0, parse_xml(f'<c:logBase {space} val="10"/>'))
    crosses = axis._element.find("{http://schemas.openxmlformats.org/drawingml/2006/chart}crosses")
    if crosses is not None:
        crosses.set("val", "min")


def _without_entries(chart: Any, indices: Sequence[int]) -> None:
    """Take series out of the legend."""
    from pptx.oxml import parse_xml

    space = 'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'
    legend = chart.legend._element
    position = legend.find("{http://schemas.openxmlformats.org/drawingml/2006/chart}legendPos")
    for i in reversed(indices):
        position.addnext(parse_xml(f'<c:legendEntry {space}><c:idx val="{i}"/><c:delete val="1"/></c:legendEntry>'))
