"""Tokens per second of a chip against the speed each user sees, with published runs of the same chip and model."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from components.charts import theme
from components.charts.hardware import colour
from components.charts.theme import Figure
from components.engine.comparison import ChipAnswer
from components.engine.evidence import Run
from components.wording import numbers

PER_USER, PER_CHIP = "tokens/s for each user", "tokens/s per chip"
DERIVED = " (from the latencies and the load)"
LEAST = 0.5
"""Ends of the axes beside the outermost points. [1]"""


def _drawn(machines: Sequence[ChipAnswer]) -> list[ChipAnswer]:
    return [m for m in machines if m.curve is not None and len(m.curve.concurrency)]


def finding(machines: Sequence[ChipAnswer], runs: Mapping[str, Sequence[Run]]) -> str:
    """How many published runs stand beside the curves."""
    drawn = _drawn(machines)
    if not drawn:
        return "No strategy runs on a chip whose speed follows its load"
    count = len({run.point.point_id for m in drawn for run in runs.get(m.name, ())})
    if not count:
        return "No published run of these chips with this model"
    return f"{count:,} published {'run' if count == 1 else 'runs'} of the same chip and model"


def alt_text(machines: Sequence[ChipAnswer], runs: Mapping[str, Sequence[Run]]) -> str:
    """The chart in sentences, for a screen reader."""
    said = [
        f"{m.name}: from {numbers.number(float(m.curve.tokens_per_s_per_user.max()))} tokens/s a user alone to "
        f"{numbers.number(float(m.curve.tokens_per_s_per_chip.max()))} tokens/s per chip at full load"
        for m in _drawn(machines)
        if m.curve is not None
    ]
    return f"{finding(machines, runs)}. " + "; ".join(said) + "."


def _tip(run: Run, source: str) -> str:
    point = run.point
    lengths = " / ".join(
        numbers.number(v) if v else numbers.NOT_PUBLISHED for v in (point.input_tokens, point.output_tokens)
    )
    return (
        f"<b>measured</b>: {theme.label(point.model)} on {theme.label(point.accelerator_id)}<br>"
        f"{numbers.number(run.tokens_per_s_per_user)} {PER_USER}, "
        f"{numbers.number(run.tokens_per_s_per_chip)} {PER_CHIP}{DERIVED if run.derived else ''}<br>"
        f"{lengths} tokens in / out, {numbers.number(point.concurrency)} in flight, "
        f"{numbers.number(point.accelerators)} chips<br>"
        f"{theme.label(point.model_precision, 40)}; {theme.label(point.serving_stack, 40)}<br>"
        f"{theme.label(source, 60)}, {point.value_date}"
    )


def _curve(machine: ChipAnswer) -> dict[str, Any]:
    curve = machine.curve
    assert curve is not None
    tips = [
        f"<b>{theme.label(machine.name)}</b>, modelled<br>"
        f"{numbers.number(float(c))} requests in flight on a replica<br>"
        f"{numbers.number(float(u))} {PER_USER}, {numbers.number(float(t))} {PER_CHIP}"
        for c, u, t in zip(*curve, strict=True)
    ]
    return {
        "type": "scatter", "mode": "lines", "x": curve.tokens_per_s_per_user, "y": curve.tokens_per_s_per_chip,
        "line": {"color": colour(machine), "width": 2.5}, "customdata": tips,
        "hovertemplate": "%{customdata}<extra></extra>", "name": theme.label(machine.name, 40),
    }  # fmt: skip


def _marks(machine: ChipAnswer, runs: Sequence[Run], sources: Mapping[str, str]) -> dict[str, Any]:
    return {
        "type": "scatter", "mode": "markers", "x": np.array([run.tokens_per_s_per_user for run in runs]),
        "y": np.array([run.tokens_per_s_per_chip for run in runs]),
        "marker": {"color": colour(machine), "size": 7, "symbol": "circle-open", "line": {"width": 1.5}},
        "customdata": [_tip(run, sources.get(run.point.source_id, run.point.source_id)) for run in runs],
        "hovertemplate": "%{customdata}<extra></extra>", "showlegend": False,
    }  # fmt: skip


def _bounds(traces: Sequence[Mapping[str, Any]], axis: str) -> tuple[float, float]:
    values = np.concatenate([np.asarray(trace[axis], dtype=float) for trace in traces])
    values = values[np.isfinite(values) & (values > 0)]
    return (float(values.min()) * (1 - LEAST / 2), float(values.max()) * (1 + LEAST)) if values.size else (1.0, 10.0)


def speed_chart(
    machines: Sequence[ChipAnswer], runs: Mapping[str, Sequence[Run]], sources: Mapping[str, str], *, note: str = ""
) -> Figure:
    """Lines: this workload on each strategy's chip, modelled. Rings: published runs at their own conditions.

    Args:
        machines: from `engine.hardware`.
        runs: published runs by the machine's name.
        sources: titles by id.
    """
    drawn = _drawn(machines)
    traces = [_curve(m) for m in drawn]
    shown: set[str] = set()
    for machine in drawn:
        own = [run for run in runs.get(machine.name, ()) if run.point.point_id not in shown]
        shown |= {run.point.point_id for run in own}
        if own:
            traces.append(_marks(machine, own, sources))
    low_x, high_x = _bounds(traces, "x") if traces else (1.0, 10.0)
    low_y, high_y = _bounds(traces, "y") if traces else (1.0, 10.0)
    layout = theme.frame(
        finding(machines, runs),
        note,
        400,
        left=62,
        xaxis=theme.axis(PER_USER, type="log", range=[math.log10(low_x), math.log10(high_x)],
                         **theme.log_ticks(low_x, high_x, numbers.tick)),
        yaxis=theme.axis(PER_CHIP, type="log", range=[math.log10(low_y), math.log10(high_y)],
                         **theme.log_ticks(low_y, high_y, numbers.tick)),
    )  # fmt: skip
    return {"data": traces, "layout": layout}
