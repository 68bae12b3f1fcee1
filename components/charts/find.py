"""What a search found: the configurations that no other beats, and what speed and quality cost."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from components.charts import theme
from components.charts.theme import Figure
from components.engine.search import LatencyPoint, Option, QualityPoint
from components.wording import numbers
from components.wording.figures import Against, axes
from components.wording.money import DOLLARS, Money
from components.wording.vocabulary import grade_words

WINNER, BASELINE = theme.STRATEGY_COLOURS[1], theme.STRATEGY_COLOURS[0]


AXES = axes()


class Placed(NamedTuple):
    """A configuration with its name in words."""

    option: Option
    name: str


def _value(option: Option, against: Against) -> float | None:
    found = getattr(option, AXES[against][0].name)
    return None if found is None else float(found)


def _known(points: Sequence[Placed], against: Against) -> list[tuple[float, float, Placed]]:
    return [(value, p.option.cost_usd_per_month, p) for p in points if (value := _value(p.option, against)) is not None]


def finding(front: Sequence[Placed], against: Against) -> str:
    """How many configurations trade cost for the other figure."""
    count = len(_known(front, against))
    if count == 0:
        return f"No configuration with a published figure of {against}"
    if count == 1:
        return f"One configuration leads on cost and {against}"
    return f"{count} configurations trade cost for {against}"


def front_alt(front: Sequence[Placed], against: Against, money: Money = DOLLARS) -> str:
    """The chart in sentences, for a screen reader."""
    said = "; ".join(
        f"{p.name}: {money.compact(usd)} a month, {numbers.number(value, AXES[against][1].unit)}"
        for value, usd, p in sorted(_known(front, against), key=lambda row: row[1])
    )
    return f"Cost against {against}. {finding(front, against)}. {said}."


def _marks(
    rows: Sequence[tuple[float, float, Placed]], against: Against, name: str, money: Money, **marker: Any
) -> dict[str, Any]:
    unit = AXES[against][1].unit
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": np.array([row[0] for row in rows]),
        "y": np.array([row[1] * money.rate_per_usd for row in rows]),
        "marker": {"size": 10, **marker},
        "cliponaxis": False,
        "customdata": [
            f"<b>{theme.label(p.name, 70)}</b><br>{money.exact(usd)} a month<br>"
            f"{against}: {numbers.number(value, unit)}; {grade_words(p.option.grade)}"
            for value, usd, p in rows
        ],
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def _bounds(values: Sequence[float], say: Any) -> dict[str, Any]:
    positive = [v for v in values if v > 0]
    low, high = min(positive, default=1.0), max(positive, default=10.0)
    if min(values, default=1.0) > 0 and high > 8 * low:
        ends = low / 1.5, high * 1.5
        return {"type": "log", "range": [math.log10(e) for e in ends]} | theme.log_ticks(*ends, say, most=5)
    return {"range": [-0.04 * high, high * 1.12]} | theme.ticks(0, high * 1.05, say)


def front_chart(
    front: Sequence[Placed],
    winner: Placed,
    baseline: Placed | None,
    against: Against,
    *,
    money: Money = DOLLARS,
    note: str = "",
) -> Figure:
    """Cost a month against another objective; the winner and what is done today are marked."""
    rows = sorted(_known(front, against), key=lambda row: row[0])
    data = [
        {"type": "scatter", "mode": "lines", "x": np.array([r[0] for r in rows]),
         "y": np.array([r[1] * money.rate_per_usd for r in rows]),
         "line": {"color": theme.LINE, "width": 1.5, "dash": "dot"},
         "hoverinfo": "skip", "showlegend": False},
        _marks(rows, against, "Not beaten on both", money, color=theme.LINE, symbol="circle"),
    ]  # fmt: skip
    chosen, today = _known([winner], against), _known([baseline] if baseline else [], against)
    if today:
        data.append(_marks(today, against, "Today", money, color=BASELINE, symbol="square", size=13))
    if chosen:
        data.append(_marks(chosen, against, "The best", money, color=WINNER, symbol="star", size=16))
    every = [*rows, *chosen, *today]
    axis = AXES[against][1]
    layout = theme.frame(
        finding(front, against),
        note,
        330,
        left=62,
        xaxis=theme.axis(axis.title, **_bounds([r[0] for r in every], numbers.tick)),
        yaxis=theme.axis(
            money.axis("cost per month"),
            **_bounds([r[1] * money.rate_per_usd for r in every], money.tick),
        ),
        hovermode="closest",
    )
    return {"data": data, "layout": layout}


def latency_chart(
    points: Sequence[LatencyPoint],
    today_s: float,
    *,
    words: str,
    money: Money = DOLLARS,
    note: str = "",
) -> Figure:
    """The cheapest cost as the target of latency moves; today's target is the upright line."""
    fit = [(p.target_s, p.option.cost_usd_per_month) for p in points if p.option is not None]
    costs = np.array([usd for _, usd in fit]) * money.rate_per_usd
    tips = [f"{words} within {numbers.seconds(s)}<br>{money.exact(usd)} a month" for s, usd in fit]
    line = {
        "type": "scatter", "mode": "lines+markers", "x": np.array([s for s, _ in fit]), "y": costs,
        "line": {"color": WINNER, "width": 2.5, "shape": "hv"}, "customdata": tips, "showlegend": False,
        "hovertemplate": "%{customdata}<extra></extra>",
    }  # fmt: skip
    spread = float(costs.max() / costs.min()) if len(costs) and costs.min() > 0 else 1.0
    title = (
        f"The tightest target tried costs {numbers.factor(spread)} the loosest" if spread > 1.005
        else "The target costs nothing here" if fit else "Nothing fits any of the targets tried"
    )  # fmt: skip
    targets = [p.target_s for p in points] or [1.0]
    upright = {"type": "line", "x0": today_s, "x1": today_s, "y0": 0, "y1": 1, "yref": "paper",
               "line": {"color": theme.LINE, "dash": "dot", "width": 1.5}}  # fmt: skip
    layout = theme.frame(
        title,
        note,
        300,
        left=62,
        xaxis=theme.axis(f"target: {words}, slow case [s]", **_bounds(targets, numbers.seconds)),
        yaxis=theme.axis(money.axis("cost per month"), **_bounds(list(costs), money.tick)),
        shapes=[upright],
    )
    return {"data": [line], "layout": layout}


def quality_chart(points: Sequence[QualityPoint], *, money: Money = DOLLARS, note: str = "") -> Figure:
    """The cheapest cost by worst grade accepted."""
    fit = [(p.grade, p.option.cost_usd_per_month) for p in points if p.option is not None]
    bars = {
        "type": "bar", "x": [grade for grade, _ in fit], "y": np.array([usd for _, usd in fit]) * money.rate_per_usd,
        "marker": {"color": WINNER}, "width": 0.5, "showlegend": False,
        "customdata": [f"grade {g} or better<br>{money.exact(u)} a month" for g, u in fit],
        "hovertemplate": "%{customdata}<extra></extra>",
    }  # fmt: skip
    title = "Nothing fits at any grade"
    if fit:
        first, last = fit[0], fit[-1]
        same = last[1] > first[1] * 0.995
        title = (
            "A lower grade saves nothing here" if same
            else f"Grade {last[0]} costs {numbers.percent(last[1] / first[1])} of grade {first[0]}"
        )  # fmt: skip
    most = max((usd for _, usd in fit), default=1.0) * money.rate_per_usd
    layout = theme.frame(
        title,
        note,
        300,
        left=62,
        xaxis=theme.axis("worst grade accepted", type="category"),
        yaxis=theme.axis(
            money.axis("cost per month"),
            range=[0, most * 1.12],
            **theme.ticks(0, most * 1.05, money.tick),
        ),
    )
    return {"data": [bars], "layout": layout}
