"""Predicted against measured, and the error by kind of chip, of operation and of load."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from components.charts import theme
from components.charts.theme import Figure
from components.engine.evidence import Metric, Pair, Score, regime
from components.wording import numbers
from components.wording.numbers import factor, percent, seconds

WITHIN = 0.25
"""Half width of the band beside the diagonal. [1]"""
MANY = 5000
"""Points beyond which the browser draws with WebGL."""
FEW = 3
"""Groups below which a slice is drawn and not told of in the title."""
WORDS: dict[Metric, tuple[str, str]] = {
    "throughput": ("output tokens/s per chip", "Throughput"),
    "tpot": ("time for each word, TPOT", "Each word (TPOT)"),
    "ttft": ("time to the first word, TTFT", "First word (TTFT)"),
}
_REGIME_ORDER = (
    "dense model", "mixture of experts", "with speculation", "prompt and answer apart",
    "edge and workstation", "MLPerf, under limits", "Groq and Cerebras",
)  # fmt: skip
_COLOURS = (*theme.STRATEGY_COLOURS[1:], theme.STRATEGY_COLOURS[0], "#8A63C7")
_SYMBOLS = ("circle", "diamond", "triangle-up", "cross", "star", "square", "x")


def say(metric: Metric, value: float) -> str:
    """A measured or predicted figure with its unit."""
    return numbers.number(value, "tokens/s") if metric == "throughput" else seconds(value)


def _tick(metric: Metric, value: float) -> str:
    return numbers.tick(value) if metric == "throughput" else seconds(value)


def finding(found: Sequence[Pair]) -> str:
    """What the scatter shows: the share of the points inside the band."""
    if not found:
        return "No point of this kind has an answer"
    near = sum(pair.error <= WITHIN for pair in found) / len(found)
    return f"{percent(near)} of {len(found):,} points lie within {percent(WITHIN)} of the measurement"


def _tip(pair: Pair, sources: Mapping[str, str]) -> str:
    point = pair.point
    source = theme.label(sources.get(point.source_id, point.source_id), 58)
    load = numbers.number(point.concurrency) if point.concurrency else numbers.NOT_PUBLISHED
    lengths = " / ".join(numbers.number(value) for value in (point.input_tokens, point.output_tokens))
    return (
        f"<b>{theme.label(point.model)}</b> on {theme.label(point.accelerator_id)}<br>"
        f"measured {say(pair.metric, pair.measured)}<br>"
        f"modelled {say(pair.metric, pair.predicted.base)} "
        f"({say(pair.metric, pair.predicted.low)} to {say(pair.metric, pair.predicted.high)})<br>"
        f"in flight {load}; prompt / answer {lengths} tokens<br>"
        f"{source}, {point.value_date}<br>{theme.label(point.point_id)}"
    )


def _bounds(found: Sequence[Pair]) -> tuple[float, float]:
    values = [v for pair in found for v in (pair.measured, pair.predicted.base) if v > 0 and math.isfinite(v)]
    low, high = (min(values), max(values)) if values else (1.0, 10.0)
    return low / 1.4, high * 1.4


def _guides(low: float, high: float) -> list[dict[str, Any]]:
    ends = np.array([low, high])
    line = {"type": "scatter", "mode": "lines", "hoverinfo": "skip", "showlegend": False}
    edge = {"color": "rgba(0,0,0,0)", "width": 0}
    return [
        {**line, "x": ends, "y": ends * (1 - WITHIN), "line": edge},
        {**line, "x": ends, "y": ends * (1 + WITHIN), "line": edge, "fill": "tonexty", "fillcolor": theme.GRID},
        {**line, "x": ends, "y": ends, "line": {"color": theme.LINE, "width": 1.5, "dash": "dot"}},
    ]


def predicted_against_measured(
    found: Sequence[Pair], metric: Metric, sources: Mapping[str, str], *, note: str = ""
) -> Figure:
    """Every point of one metric on equal logarithmic axes, by regime; the diagonal is a perfect prediction."""
    low, high = _bounds(found)
    members: dict[str, list[Pair]] = defaultdict(list)
    for pair in found:
        members[regime(pair.point)].append(pair)
    data = _guides(low, high)
    kind = "scattergl" if len(found) > MANY else "scatter"
    for index, name in enumerate(_REGIME_ORDER):
        group = members.get(name, [])
        if group:
            data.append(
                {
                    "type": kind,
                    "mode": "markers",
                    "name": f"{name} ({len(group):,})",
                    "x": np.array([pair.measured for pair in group]),
                    "y": np.array([pair.predicted.base for pair in group]),
                    "customdata": [_tip(pair, sources) for pair in group],
                    "hovertemplate": "%{customdata}<extra></extra>",
                    "marker": {"size": 6, "opacity": 0.7, "color": _COLOURS[index], "symbol": _SYMBOLS[index]},
                }
            )
    words, _ = WORDS[metric]
    marks = theme.log_ticks(low, high, lambda value: _tick(metric, value), most=5)
    ends = [math.log10(low), math.log10(high)]
    layout = theme.frame(
        finding(found),
        note,
        430,
        left=62 if metric == "throughput" else 68,
        xaxis=theme.axis(f"measured {words}", type="log", range=ends, **marks),
        yaxis=theme.axis(f"modelled {words}", type="log", range=ends, **marks),
    )
    return {"data": data, "layout": layout}


def scatter_alt(found: Sequence[Pair], metric: Metric) -> str:
    """The scatter in two sentences, for a screen reader."""
    return f"{WORDS[metric][1]}, modelled against measured on logarithmic axes. {finding(found)}."


def bars_finding(scores: Mapping[str, Score], what: str) -> str:
    """Where the error is smallest and where it is largest, among slices with a few groups."""
    if not scores:
        return f"No error by {what}"
    known = {name: got for name, got in scores.items() if got.groups >= FEW} or scores
    least, most = min(known, key=lambda n: known[n].median), max(known, key=lambda n: known[n].median)
    if least == most:
        return f"Error by {what}: {percent(known[least].median)} in half of the benchmarks"
    near, far = (f"{percent(known[name].median)} ({name})" for name in (least, most))
    return f"Off by {near} to {far}"


def error_bars(scores: Mapping[str, Score], what: str, *, note: str = "") -> Figure:
    """Median error of each slice as a bar and its p90 as a whisker; names stand above the bars."""
    names = list(scores)
    rows = np.arange(len(names)) + 0.16
    medians = np.array([scores[name].median for name in names])
    tops = np.array([scores[name].p90 for name in names])
    most = float(np.quantile(tops, 0.8)) * 1.25 if names else 1.0
    limit = max(most, float(medians.max()) * 1.1 if names else 0.0)
    tips = [
        f"<b>{theme.label(name)}</b><br>half within {percent(got.median)}, nine of ten within {percent(got.p90)}<br>"
        f"{got.points:,} points in {got.groups} benchmarks"
        for name, got in scores.items()
    ]
    bar = {
        "type": "bar",
        "orientation": "h",
        "x": medians,
        "y": rows,
        "width": 0.34,
        "customdata": tips,
        "hovertemplate": "%{customdata}<extra></extra>",
        "marker": {"color": theme.STRATEGY_COLOURS[1]},
        "showlegend": False,
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": np.minimum(tops, limit) - medians,
            "arrayminus": np.zeros_like(medians),
            "thickness": 1.4,
            "width": 4,
            "color": theme.LINE,
        },
    }
    heads = theme.row_names(0, [f"{theme.label(name)} ({got.groups})" for name, got in scores.items()])
    sizes = [f"{percent(got.median)}; {percent(got.p90)}" for got in scores.values()]
    tails = theme.row_names(limit, sizes, textposition="middle left", textfont={"size": theme.SMALL})
    layout = theme.frame(
        bars_finding(scores, what),
        note,
        50 + 40 * len(names),
        xaxis=theme.axis(
            "error, share of the measured figure", range=[0, limit], **theme.ticks(limit / 10, limit, percent)
        ),
        yaxis=theme.hidden_rows(len(names)),
    )
    return {"data": [bar, heads, tails], "layout": layout}


def bars_alt(scores: Mapping[str, Score], what: str) -> str:
    """The bars in a sentence each, for a screen reader."""
    rows = (
        f"{name}: half within {percent(got.median)}, nine of ten within {percent(got.p90)}"
        for name, got in scores.items()
    )
    return f"Error by {what}. " + "; ".join(rows) + "."


def off_by(ratio: float) -> str:
    """Predicted over measured, as people say it."""
    if ratio <= 0 or not math.isfinite(ratio):
        return numbers.NOT_PUBLISHED
    return f"{factor(ratio)} of measured" if ratio >= 0.95 else f"{percent(ratio)} of measured"
