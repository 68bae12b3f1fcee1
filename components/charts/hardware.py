"""Why a chip is as fast as it is: the roofline with the workload on it, and what a chip, a dollar and a watt yield."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, Literal, NamedTuple

import numpy as np

from components.charts import theme
from components.charts.theme import Figure
from components.engine.comparison import ChipAnswer
from components.engine.replica import Phase, RooflinePoint
from components.wording import numbers

TERA = 1e12
Measure = Literal["chip", "dollar", "watt", "user"]
FORMAT_WORDS = {"bf16": "16-bit", "fp8": "FP8", "int8": "INT8", "fp4": "FP4"}
PHASE_WORDS: dict[Phase, str] = {"prefill": "reading prompts", "decode": "writing answers"}
PHASE_SYMBOLS: dict[Phase, str] = {"prefill": "diamond", "decode": "circle"}
_PICKED = ("#8A63C7", "#A8633B", "#4C5FA8", "#7E8B5A")
_SHORT = 16
_CLOSE = 1.6
"""Roofs nearer than this would write over each other. [1]"""
_CLEAR = 1.3
"""Height of a roof's name above its line. [1]"""


class _Bar(NamedTuple):
    value: Callable[[ChipAnswer], float | None]
    title: str
    axis: str
    unit: str


MEASURES: dict[Measure, _Bar] = {
    "chip": _Bar(lambda m: m.tokens_per_s_per_chip, "per chip", "tokens/s per chip", "tokens/s"),
    "dollar": _Bar(lambda m: m.tokens_per_usd, "per dollar", "tokens per USD of chip time", "tokens"),
    "watt": _Bar(lambda m: m.tokens_per_joule, "per watt", "tokens/s per W, all-in power", "tokens/s"),
    "user": _Bar(lambda m: m.tokens_per_s_per_user, "per user", "tokens/s for one user, median", "tokens/s"),
}


def colour(machine: ChipAnswer) -> str:
    """A strategy's colour on every page; picked chips take others."""
    return _PICKED[machine.colour % len(_PICKED)] if machine.picked else theme.colour(machine.colour)


def chip_words(machine: ChipAnswer) -> str:
    """The chip's short name and the format it multiplies in: "H100 SXM FP8"."""
    name = machine.chip.name.partition(" (")[0]
    return f"{theme.label(name, _SHORT)} {FORMAT_WORDS.get(machine.fmt, machine.fmt)}"


def tflop(value: float) -> str:
    """A rate of arithmetic: "989 TFLOP/s"."""
    return numbers.number(value / TERA, "TFLOP/s")


def _bound(machines: Sequence[ChipAnswer], phase: Phase) -> str:
    """What binds a phase: one thing everywhere, or each with its number of set-ups."""
    found = Counter(p.bound for m in machines if (p := m.point(phase)) is not None)
    if not found:
        return ""
    most, count = found.most_common(1)[0]
    total = sum(found.values())
    where = "" if count == total else f" on {count} of {total}"
    return f"{PHASE_WORDS[phase]} waits for {most}{where}"


def headline(machines: Sequence[ChipAnswer]) -> str:
    """What binds, in a sentence."""
    told = [words for phase in ("decode", "prefill") if (words := _bound(machines, phase))]
    if not told:
        return "No strategy here runs on a chip with a roofline"
    text = "; ".join(told)
    return text[0].upper() + text[1:]


def finding(machines: Sequence[ChipAnswer]) -> str:
    """How much of their arithmetic the chips reach while they write."""
    shares = [p.flop_per_s / m.peak.flop_per_s for m in machines if (p := m.point("decode")) is not None]
    if not shares:
        return "No operating point to place"
    low, high = numbers.percent(min(shares)), numbers.percent(max(shares))
    return f"Writing answers uses {low if low == high else f'{low} to {high}'} of a chip's arithmetic"


def alt_text(machines: Sequence[ChipAnswer]) -> str:
    """The roofline in a sentence per point, for a screen reader."""
    rows = (
        f"{m.name}, {PHASE_WORDS[p.phase]}: {numbers.number(p.intensity)} FLOP per byte, {tflop(p.flop_per_s)} of "
        f"{tflop(p.roof_flop_per_s)}, bound by {p.bound}"
        for m in machines
        for p in m.points
    )
    return f"Roofline on logarithmic axes. {finding(machines)}. " + "; ".join(rows) + "."


def _bounds(machines: Sequence[ChipAnswer]) -> tuple[float, float, float, float]:
    points = [p for m in machines for p in m.points]
    ridges = [m.ridge for m in machines if m.points]
    xs = [*(p.intensity for p in points), *ridges] or [1.0, 100.0]
    ys = [p.flop_per_s for p in points] or [TERA]
    tops = [m.peak.flop_per_s for m in machines if m.points] or [10 * TERA]
    return min(xs) / 4, max(xs) * 4, min(ys) / 6, max(tops) * 2.5


def _roof(machine: ChipAnswer, low: float, high: float) -> list[dict[str, Any]]:
    """Bandwidth up to the ridge, then the peak of the format in use; other formats as thin lines."""
    bandwidth = machine.chip.memory_bytes_per_s
    data = []
    for roof in machine.roofs:
        used = roof.fmt == machine.fmt
        ridge = roof.flop_per_s / bandwidth
        start = low if used else ridge
        tip = (
            f"<b>{theme.label(machine.chip.name)}</b><br>{FORMAT_WORDS[roof.fmt]} peak {tflop(roof.flop_per_s)}"
            f"{' (estimated)' if roof.estimated else ''}, dense<br>bandwidth "
            f"{numbers.number(bandwidth / 1e9, 'GB/s')}<br>ridge {numbers.number(ridge)} FLOP/B<extra></extra>"
        )
        data.append(
            {
                "type": "scatter",
                "mode": "lines",
                "x": np.array([start, ridge, max(high, ridge)]),
                "y": np.array([bandwidth * start, roof.flop_per_s, roof.flop_per_s]),
                "line": {"color": colour(machine), "width": 2 if used else 1, "dash": "solid" if used else "dot"},
                "opacity": 0.85 if used else 0.5,
                "hovertemplate": tip,
                "showlegend": False,
            }
        )
    return data


def _tip(machine: ChipAnswer, point: RooflinePoint) -> str:
    batch = f", {numbers.number(point.batch)} at once" if point.phase == "decode" else ""
    return (
        f"<b>{theme.label(machine.name)}</b>: {PHASE_WORDS[point.phase]}{batch}<br>"
        f"{theme.label(machine.chip.name)}, {theme.label(machine.model.name)}<br>"
        f"{numbers.number(point.intensity)} FLOP/B, ridge at {numbers.number(machine.ridge)}<br>"
        f"{tflop(point.flop_per_s)} per chip, {numbers.percent(point.attained_share)} of the roof there<br>"
        f"{numbers.seconds(point.seconds)}, {numbers.percent(point.share)} of it {point.bound}"
    )


def _points(machine: ChipAnswer) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": f"{theme.label(machine.name, 34)}: {chip_words(machine)}",
        "x": np.array([p.intensity for p in machine.points]),
        "y": np.array([p.flop_per_s for p in machine.points]),
        "customdata": [_tip(machine, p) for p in machine.points],
        "hovertemplate": "%{customdata}<extra></extra>",
        "marker": {
            "size": 12,
            "color": colour(machine),
            "symbol": [PHASE_SYMBOLS[p.phase] for p in machine.points],
        },
        "cliponaxis": False,
    }


def _roof_names(machines: Sequence[ChipAnswer], high: float) -> dict[str, Any]:
    """Chip and format above the right end of each roof in use; of roofs close together only the highest is named."""
    tops = {chip_words(m): m.peak.flop_per_s for m in machines}
    names = [name for name, top in tops.items() if not any(top < other < _CLOSE * top for other in tops.values())]
    heights = [tops[name] * _CLEAR for name in names]
    return theme.column([high] * len(names), heights, names, textposition="middle left", textfont={"size": theme.SMALL})


def _phase_names(machines: Sequence[ChipAnswer], height: float) -> dict[str, Any]:
    """Each phase once, below its points."""
    middles, names = [], []
    for phase, words in PHASE_WORDS.items():
        found = [p.intensity for m in machines if (p := m.point(phase)) is not None]
        if found:
            middles.append(math.exp(float(np.mean(np.log(found)))))
            names.append(f"{'◆' if phase == 'prefill' else '●'} {words}<br>({phase})")
    return theme.column(middles, [height] * len(middles), names, textposition="top center")


def roofline(machines: Sequence[ChipAnswer], *, note: str = "") -> Figure:
    """Arithmetic attained against arithmetic per byte, under the roof of each chip; both axes logarithmic."""
    low, high, bottom, top = _bounds(machines)
    data: list[dict[str, Any]] = []
    drawn: set[tuple[str, str]] = set()
    shown = [m for m in machines if m.points]
    for machine in shown:
        if (machine.chip.id, machine.fmt) not in drawn:
            drawn.add((machine.chip.id, machine.fmt))
            data += _roof(machine, low, high)
    data += [_points(machine) for machine in shown]
    data += [_roof_names(shown, high), _phase_names(shown, bottom * 1.15)]
    layout = theme.frame(
        finding(machines),
        note,
        380,
        left=58,
        xaxis=theme.axis(
            "arithmetic per byte moved (intensity) [FLOP/B]",
            type="log",
            range=[math.log10(low), math.log10(high)],
            **theme.log_ticks(low, high, numbers.tick),
        ),
        yaxis=theme.axis(
            "arithmetic per chip [TFLOP/s]",
            type="log",
            range=[math.log10(bottom), math.log10(top)],
            **theme.log_ticks(bottom, top, lambda v: numbers.tick(v / TERA)),
        ),
        hovermode="closest",
    )
    return {"data": data, "layout": layout}


def _values(machines: Sequence[ChipAnswer], measure: Measure) -> dict[str, float]:
    got = {m.name: MEASURES[measure].value(m) for m in machines}
    return {name: value for name, value in got.items() if value is not None}


def bars_finding(machines: Sequence[ChipAnswer], measure: Measure) -> str:
    """How much more than the first the best set-up yields; short, since three stand in a row."""
    values, what = _values(machines, measure), MEASURES[measure].title
    if not values:
        return f"Tokens {what}: {numbers.NOT_PUBLISHED}"
    best, today = max(values.values()), next(iter(values.values()))
    if len(values) == 1:
        return f"Tokens {what}"
    if best <= today:
        return f"Most tokens {what}: the first"
    return f"{what.capitalize()}: up to {numbers.factor(best / today)} the first" if today > 0 else f"Tokens {what}"


def bars_alt(machines: Sequence[ChipAnswer], measure: Measure) -> str:
    """The bars in a sentence, for a screen reader."""
    bar = MEASURES[measure]
    rows = "; ".join(f"{m.name}: {numbers.number(bar.value(m), bar.unit)}" for m in machines)
    return f"{bars_finding(machines, measure)}. {bar.axis}: {rows}."


def yield_bars(machines: Sequence[ChipAnswer], measure: Measure, *, note: str = "") -> Figure:
    """One measure of every set-up as bars, names above them; hatched where the targets are missed."""
    bar = MEASURES[measure]
    values = np.array([bar.value(m) or 0.0 for m in machines])
    limit = float(values.max()) * 1.02 if values.any() else 1.0
    said = [
        numbers.number(bar.value(m)) + ("" if m.feasible or bar.value(m) is None else ", misses the targets")
        for m in machines
    ]
    trace = {
        "type": "bar",
        "orientation": "h",
        "x": values,
        "y": np.arange(len(machines)) + 0.16,
        "width": 0.34,
        "marker": {
            "color": [colour(m) for m in machines],
            "pattern": {"shape": ["" if m.feasible else "/" for m in machines], "size": 5, "solidity": 0.35},
        },
        "customdata": [
            f"<b>{theme.label(m.name)}</b><br>{theme.label(m.chip.name)}<br>{words} {bar.axis}"
            for m, words in zip(machines, said, strict=True)
        ],
        "hovertemplate": "%{customdata}<extra></extra>",
        "showlegend": False,
    }
    names = theme.row_names(0, [theme.label(m.name, 30) for m in machines])
    tails = theme.row_names(limit, said, textposition="middle left", textfont={"size": theme.SMALL})
    layout = theme.frame(
        bars_finding(machines, measure),
        note,
        50 + 40 * len(machines),
        xaxis=theme.axis(bar.axis, range=[0, limit], **theme.ticks(limit / 10, limit, numbers.tick)),
        yaxis=theme.hidden_rows(len(machines)),
    )
    return {"data": [trace, names, tails], "layout": layout}
