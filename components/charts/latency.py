"""How fast each strategy answers, against the targets."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from components.charts import theme
from components.charts.theme import Figure
from components.engine.answer import Answer
from components.engine.facts import Range
from components.wording import numbers

LOG_SPREAD = 20.0
"""Largest over smallest value beyond which an axis is logarithmic."""
FIELD = 0.68
"""Share of a panel for the marks; the rest is a column for the values, which nothing crosses."""


HAIR = 1e-6
"""How far inside its axis a word at the end stands, as a share of the axis. [1]"""


class _Panel(NamedTuple):
    words: str
    absent: str
    """Said where there is no value."""
    axis: str
    p50: list[float | None]
    p95: list[Range | None]
    met: list[bool | None]
    target: float | None
    domain: tuple[float, float]


def _writes(answers: Sequence[Answer]) -> bool:
    """Whether the workload has answers in words."""
    return any(a.writes for a in answers)


def _panels(answers: Sequence[Answer], ttft_target_s: float | None, tpot_target_s: float | None) -> tuple[_Panel, ...]:
    return (
        _Panel(
            "wait for the first word" if _writes(answers) else "wait for a result",
            "no figure",
            "",
            [a.ttft_p50_s for a in answers],
            [a.ttft_p95_s for a in answers],
            [a.meets_ttft for a in answers],
            ttft_target_s or None,
            (0.0, 0.47),
        ),
        _Panel(
            "time for each further word",
            "no figure" if _writes(answers) else "no output",
            "2",
            [a.tpot_p50_s for a in answers],
            [a.tpot_p95_s for a in answers],
            [a.meets_tpot for a in answers],
            tpot_target_s or None,
            (0.53, 1.0),
        ),
    )


def finding(answers: Sequence[Answer], ttft_target_s: float | None, tpot_target_s: float | None) -> str:
    """What the chart shows: who meets the targets, or who is first when there are none."""
    targets = [t for t in (ttft_target_s, tpot_target_s) if t]
    if targets:
        checks = [
            [flag for flag, t in ((a.meets_ttft, ttft_target_s), (a.meets_tpot, tpot_target_s)) if t] for a in answers
        ]
        met = sum(all(flag is True for flag in flags) for flags in checks)
        unknown = sum(None in flags and False not in flags for flags in checks)
        words = "both latency targets" if len(targets) == 2 else "the latency target"
        verb = "meets" if met == 1 else "meet"
        return f"{met} of {len(answers)} {verb} {words}" + (f", {unknown} not published" if unknown else "")
    first = [a.ttft_p95_s.base for a in answers if a.ttft_p95_s is not None]
    if first:
        what = "First word" if _writes(answers) else "Result"
        return f"{what} in {numbers.seconds(min(first))} at best, in the slow case"
    return "No latency target, and none published"


def alt_text(answers: Sequence[Answer], ttft_target_s: float | None, tpot_target_s: float | None) -> str:
    """The chart in a sentence or two, for a screen reader."""
    rows = [f"{a.name}: {_said(a)}" for a in answers]
    each = "Time to first token (TTFT) and per output token (TPOT)" if _writes(answers) else "Time to a result"
    return f"{each}, slow case (p95). {finding(answers, ttft_target_s, tpot_target_s)}. " + "; ".join(rows) + "."


def _said(answer: Answer) -> str:
    """The times of one strategy."""
    first = numbers.seconds(answer.ttft_p95_s.base if answer.ttft_p95_s else None)
    if not answer.writes:
        return f"result {first}"
    each = numbers.seconds(answer.tpot_p95_s.base if answer.tpot_p95_s else None)
    return f"first word {first}, each further word {each}"


def _values(panel: _Panel) -> list[float]:
    found = [v for v in panel.p50 if v] + [v for r in panel.p95 if r for v in (r.base, r.high) if v]
    return [*found, panel.target] if panel.target else found


def _axis(panel: _Panel) -> tuple[dict[str, Any], bool]:
    values = [v for v in _values(panel) if v > 0 and math.isfinite(v)] or [1.0]
    low, high = min(values), max(values)
    title = f"{panel.words} [s]"
    if high > LOG_SPREAD * low:
        low, high = low / 1.5, high * 1.2
        marks = theme.log_ticks(low, high, numbers.seconds, most=3)
        bounds = [math.log10(low), math.log10(low) + math.log10(high / low) / FIELD]
        return theme.axis(title, type="log", range=bounds, domain=panel.domain, anchor="y", **marks), True
    marks = theme.ticks(0, high, numbers.seconds, about=2)
    return theme.axis(title, range=[0, high * 1.05 / FIELD], domain=panel.domain, anchor="y", **marks), False


def _ends(bounds: Sequence[float], *, log: bool) -> tuple[float, float]:
    """Where words stand at both ends of an axis: a hair inside, for Plotly hides a text that rounding puts outside."""
    low, high = bounds
    hair = HAIR * (high - low)
    left, right = low + hair, high - hair
    return (10**left, 10**right) if log else (left, right)


def _nan(values: Sequence[float | None]) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.array([math.nan if v is None else v for v in values], dtype=np.float64)


def _dumbbells(panel: _Panel, answers: Sequence[Answer]) -> list[dict[str, Any]]:
    rows = np.arange(len(answers)) + 0.12
    p50, p95 = _nan(panel.p50), _nan([r.base if r else None for r in panel.p95])
    high, low = _nan([r.high if r else None for r in panel.p95]), _nan([r.low if r else None for r in panel.p95])
    late = [_late(panel, i) for i in range(len(answers))]
    shades = [theme.MISS if no else theme.colour(a.colour) for a, no in zip(answers, late, strict=True)]
    gap = np.full_like(p50, math.nan)
    tips = [
        f"<b>{theme.label(a.name)}</b><br>{panel.words}<br>typical (p50) {numbers.seconds(half)}<br>"
        f"slow case (p95) {_range(most)}"
        for a, half, most in zip(answers, panel.p50, panel.p95, strict=True)
    ]
    common = {"type": "scatter", "xaxis": f"x{panel.axis}", "yaxis": "y", "showlegend": False}
    points = {
        **common,
        "mode": "markers",
        "y": rows,
        "customdata": tips,
        "hovertemplate": "%{customdata}<extra></extra>",
    }
    bars = {
        **common,
        "mode": "lines",
        "x": np.column_stack([p50, p95, gap]).ravel(),
        "y": np.repeat(rows, 3),
        "line": {"color": theme.LINE, "width": 3},
        "hoverinfo": "skip",
    }
    half = {
        **points,
        "name": "p50",
        "x": p50,
        "marker": {"symbol": "circle-open", "size": 9, "color": shades, "line": {"width": 2}},
    }
    most = {
        **points,
        "name": "p95",
        "x": p95,
        "marker": {"symbol": ["x" if no else "circle" for no in late], "size": 9, "color": shades},
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": high - p95,
            "arrayminus": p95 - low,
            "thickness": 1.2,
            "width": 3,
            "color": theme.LINE,
        },
    }
    return [*_target(panel, len(answers)), bars, half, most]


def _late(panel: _Panel, row: int) -> bool:
    return panel.target is not None and panel.met[row] is False


def _range(value: Range | None) -> str:
    if value is None:
        return numbers.NOT_PUBLISHED
    return f"{numbers.seconds(value.base)} (range {numbers.seconds(value.low)} to {numbers.seconds(value.high)})"


def _target(panel: _Panel, count: int) -> list[dict[str, Any]]:
    """The dotted line, broken where the names stand."""
    if panel.target is None:
        return []
    row = np.arange(count)
    return [
        {
            "type": "scatter",
            "mode": "lines",
            "name": "target",
            "x": np.full(3 * count, panel.target),
            "y": np.column_stack([row - 0.16, row + 0.45, np.full(count, math.nan)]).ravel(),
            "line": {"dash": "dot", "width": 2, "color": theme.INCREASE},
            "hoverinfo": "skip",
            "showlegend": False,
            "xaxis": f"x{panel.axis}",
            "yaxis": "y",
        }
    ]


def _key(*, late: bool) -> list[dict[str, Any]]:
    """The legend, in neutral colours: the marks themselves have their strategy's."""
    marks = [
        ("typical: half are faster", "circle-open", theme.NEUTRAL),
        ("slow case: 19 in 20 are faster", "circle", theme.NEUTRAL),
    ]
    if late:
        marks.append(("slow case beyond the target", "x", theme.MISS))
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "name": name,
            "x": [None],
            "y": [None],
            "marker": {"symbol": symbol, "size": 9, "color": shade, "line": {"width": 2 if "open" in symbol else 0}},
            "hoverinfo": "skip",
        }
        for name, symbol, shade in marks
    ]


def _labels(panel: _Panel, right: float) -> dict[str, Any]:
    """The p95 of each row in a column that ends at the right of the panel."""
    words = []
    for row, (p50, p95) in enumerate(zip(panel.p50, panel.p95, strict=True)):
        said = (
            numbers.seconds(p95.base) if p95 else panel.absent if p50 is None else f"{numbers.seconds(p50)} (typical)"
        )
        words.append(f"<b>{said}</b>" if _late(panel, row) else said)
    rows = [row + 0.12 for row in range(len(words))]
    where = {"xaxis": f"x{panel.axis}", "yaxis": "y", "textposition": "middle left", "textfont": {"size": theme.SMALL}}
    return theme.column([right] * len(words), rows, words, **where)


def _target_words(panel: _Panel, bounds: Sequence[float], *, log: bool) -> list[dict[str, Any]]:
    """The target's value above its line."""
    if panel.target is None:
        return []
    x, words = math.log10(panel.target) if log else panel.target, f"target {numbers.seconds(panel.target)}"
    low, high = bounds
    near = (x - low) < 0.2 * (high - low)
    where = {"xref": f"x{panel.axis}", "yref": "y domain", "yanchor": "bottom", "xanchor": "left" if near else "center"}
    return [theme.text(x, 1, words, **where, font={"size": theme.SMALL})]


def against_targets(
    answers: Sequence[Answer],
    ttft_target_s: float | None,
    tpot_target_s: float | None,
    *,
    note: str = "",
) -> Figure:
    """TTFT and TPOT of each strategy from p50 to p95, with the target dotted; "not published" where there is none."""
    data: list[dict[str, Any]] = []
    notes: list[dict[str, Any]] = []
    axes: dict[str, Any] = {}
    panels = _panels(answers, ttft_target_s, tpot_target_s)
    for panel in panels:
        axes[f"xaxis{panel.axis}"], log = _axis(panel)
        left, right = _ends(axes[f"xaxis{panel.axis}"]["range"], log=log)
        data += _dumbbells(panel, answers)
        data.append(_labels(panel, right))
        notes += _target_words(panel, axes[f"xaxis{panel.axis}"]["range"], log=log)
        if panel is panels[0]:
            names = [theme.label(answer.name) for answer in answers]
            data.append(theme.row_names(left, names, xaxis=f"x{panel.axis}", yaxis="y"))
    data += _key(late=any(_late(panel, row) for panel in panels for row in range(len(answers))))
    layout = theme.frame(
        finding(answers, ttft_target_s, tpot_target_s),
        note,
        56 + 34 * len(answers),
        annotations=notes,
        yaxis=theme.hidden_rows(len(answers)),
        **axes,
    )
    if ttft_target_s or tpot_target_s:
        layout["margin"]["t"] += 16
        layout["height"] += 16
    return {"data": data, "layout": layout}
