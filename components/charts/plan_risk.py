"""What moves the decision of a plan: swings, shares of the variance, worth of knowing, who wins where."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from components.charts import theme
from components.charts.theme import Figure
from components.engine.plan import BasePlan, Explained, FlipMap, Information, Sensitivity, Unknown, Waiting, said
from components.wording import numbers
from components.wording.money import DOLLARS, Money
from components.wording.text import capital

MOST = 8
"""Inputs shown: the others move little. [1]"""
ROW = 34
"""Height of a row. [px]"""


def swings_finding(found: Sensitivity) -> str:
    """Which input moves the lead most, and whether one alone can turn it."""
    turn = [swing for swing in found.swings if min(swing.at_low_usd, swing.at_high_usd) < 0 <= found.lead_usd]
    if turn:
        return f"{capital(turn[0].words)} alone can turn the decision"
    return f"In eight of ten futures no input alone turns it; {found.swings[0].words} moves it most"


def swings(found: Sensitivity, unknowns: Sequence[Unknown], money: Money = DOLLARS, *, note: str = "") -> Figure:
    """Lead of the best at either end of each input, widest first."""
    shown, by_key = found.swings[:MOST], {one.key: one for one in unknowns}
    rate, rows = money.rate_per_usd, np.arange(len(found.swings[:MOST]))
    data: list[dict[str, Any]] = []
    for words, colour, ahead, values in (
        ("Low", theme.STRATEGY_COLOURS[1], [s.at_low_usd for s in shown], [s.low_value for s in shown]),
        ("High", theme.STRATEGY_COLOURS[2], [s.at_high_usd for s in shown], [s.high_value for s in shown]),
    ):
        ends = np.array(ahead)
        data.append(
            {
                "type": "bar",
                "orientation": "h",
                "name": f"{words} end of the input",
                "x": (ends - found.lead_usd) * rate,
                "base": np.full(len(shown), found.lead_usd * rate),
                "y": rows + 0.13,
                "width": 0.4,
                "marker": {"color": colour},
                "customdata": [
                    f"{theme.label(swing.words, 60)}: {said(by_key[swing.key], value, money)}"
                    f"<br>ahead by {money.compact(usd)}"
                    for swing, usd, value in zip(shown, ahead, values, strict=True)
                ],
                "hovertemplate": "%{customdata}<extra></extra>",
            }
        )
    every = np.array([[s.at_low_usd, s.at_high_usd] for s in shown]) * rate
    low, high = min(0.0, float(every.min())), max(0.0, float(every.max()))
    room = (high - low) * 0.04 or 1.0
    data.append(theme.row_names(low - room, [theme.label(capital(swing.words), 56) for swing in shown]))
    layout = theme.frame(
        swings_finding(found),
        note,
        60 + ROW * len(shown),
        barmode="overlay",
        separators=money.separators,
        xaxis=theme.axis(money.axis("ahead of the next best"), range=[low - room, high + room],
                         **theme.ticks(low, high, money.tick)),
        yaxis=theme.hidden_rows(len(shown)),
        shapes=[_upright(found.lead_usd * rate, "solid"), _upright(0.0, "dot")],
    )  # fmt: skip
    return {"data": data, "layout": layout}


def _upright(x: float, dash: str) -> dict[str, Any]:
    return {"type": "line", "x0": x, "x1": x, "y0": 0, "y1": 1, "yref": "y domain",
            "line": {"dash": dash, "width": 1.5, "color": theme.LINE}}  # fmt: skip


def swings_alt(found: Sensitivity, money: Money = DOLLARS) -> str:
    """The chart in a sentence or two."""
    rows = [
        f"{s.words}: {money.compact(s.at_low_usd)} at its low end, {money.compact(s.at_high_usd)} at its high end"
        for s in found.swings[:MOST]
    ]
    return f"Lead over the next best by input. {swings_finding(found)}. " + "; ".join(rows) + "."


def worth_finding(found: Information, money: Money = DOLLARS) -> str:
    """Which number to go and check."""
    if found.all_usd <= 0:
        return "Knowing more would not change the decision"
    first = found.worth[0]
    if first.usd <= 0:
        return f"No single number is worth checking; knowing all of them is worth {money.compact(found.all_usd)}"
    return f"Check first: {first.words}, worth up to {money.compact(first.usd)}"


def worth(found: Information, money: Money = DOLLARS, *, note: str = "") -> Figure:
    """What knowing each input before deciding is worth, and all of them together."""
    shown = [row for row in found.worth if row.usd > 0][:MOST]
    names = ["Knowing everything", *(capital(row.words) for row in shown)]
    usd = np.array([found.all_usd, *(row.usd for row in shown)]) * money.rate_per_usd
    return _bars(worth_finding(found, money), note, names, [("Worth", theme.STRATEGY_COLOURS[1], usd)], money)


def worth_alt(found: Information, money: Money = DOLLARS) -> str:
    """The chart in a sentence or two."""
    rows = [f"{row.words} {money.compact(row.usd)}" for row in found.worth[:MOST] if row.usd > 0]
    return f"Worth of knowing before deciding. {worth_finding(found, money)}. " + "; ".join(rows)


def explained_finding(found: Sequence[Explained]) -> str:
    """Which input explains most of what is not known about the lead."""
    return f"{capital(found[0].words)} explains {numbers.percent(max(found[0].total, 0.0))} of what the lead may be"


def explained(found: Sequence[Explained], *, note: str = "") -> Figure:
    """Share of the variance of the lead by input: by itself, and with what it does together with others."""
    shown = list(found[:MOST])
    series = [
        ("With others", theme.STRATEGY_COLOURS[0], np.clip([row.total for row in shown], 0, None)),
        ("By itself", theme.STRATEGY_COLOURS[1], np.clip([row.first for row in shown], 0, None)),
    ]
    return _bars(explained_finding(found), note, [capital(row.words) for row in shown], series, None)


def explained_alt(found: Sequence[Explained]) -> str:
    """The chart in a sentence or two."""
    rows = [
        f"{row.words} {numbers.percent(row.first)} by itself, {numbers.percent(row.total)} with others" for row in found
    ]
    return f"Share of the variance of the lead. {explained_finding(found)}. " + "; ".join(rows[:MOST]) + "."


def _bars(title: str, note: str, names: list[str], series: list[tuple[str, str, Any]], money: Money | None) -> Figure:
    top = max(float(np.max(values)) for _, _, values in series) or 1.0
    say = numbers.percent if money is None else money.tick
    rows = np.arange(len(names))
    data: list[dict[str, Any]] = [
        {
            "type": "bar", "orientation": "h", "name": words, "x": values, "y": rows + 0.13, "width": 0.4,
            "marker": {"color": colour}, "showlegend": len(series) > 1,
            "hovertemplate": "%{x:.0%}<extra></extra>" if money is None
            else f"{money.around('%{x:,.0f}')}<extra></extra>",
        }
        for words, colour, values in series
    ]  # fmt: skip
    data.append(theme.row_names(0, [theme.label(name, 56) for name in names]))
    layout = theme.frame(
        title,
        note,
        60 + ROW * len(names),
        barmode="overlay",
        xaxis=theme.axis("share of the variance" if money is None else money.axis("worth"),
                         range=[0, top * 1.08], **theme.ticks(0, top, say)),
        yaxis=theme.hidden_rows(len(names)),
        separators=(money or DOLLARS).separators,
    )  # fmt: skip
    return {"data": data, "layout": layout}


def map_finding(found: FlipMap, plan: BasePlan) -> str:
    """Who wins over most of the map."""
    places, counts = np.unique(found.winner, return_counts=True)
    name = plan.paths[int(places[counts.argmax()])].name
    if len(places) == 1:
        return f"{name} is cheapest over the whole range of both"
    return f"{name} is cheapest over {numbers.percent(float(counts.max() / counts.sum()))} of the map"


def winner_map(found: FlipMap, plan: BasePlan, money: Money = DOLLARS, *, note: str = "") -> Figure:
    """Who is cheapest for each pair of values; the plan's own is marked."""
    data: list[dict[str, Any]] = []
    half_x, half_y = ((v[1] - v[0]) / 2 for v in (found.x_values, found.y_values))
    for place in np.unique(found.winner):
        path = plan.paths[int(place)]
        xs, ys = _region(found.winner == place, found.x_values, found.y_values, half_x, half_y)
        data.append(
            {
                "type": "scatter", "mode": "lines", "name": theme.label(path.name, 40), "x": xs, "y": ys,
                "fill": "toself", "fillcolor": theme.colour(path.colour), "opacity": 0.75,
                "line": {"width": 0.5, "color": theme.colour(path.colour)}, "hoverinfo": "skip",
            }
        )  # fmt: skip
    data.append(
        {
            "type": "scatter", "mode": "markers", "name": "The plan", "x": [found.x.base], "y": [found.y.base],
            "marker": {"symbol": "star", "size": 16, "color": "#FFFFFF", "line": {"width": 1.5, "color": "#222222"}},
            "hovertemplate": f"{said(found.x, found.x.base, money)}, {said(found.y, found.y.base, money)}"
            "<extra></extra>",
        }
    )  # fmt: skip
    layout = theme.frame(
        map_finding(found, plan),
        note,
        320,
        left=58,
        bottom=46,
        hovermode="closest",
        xaxis=_of(found.x, found.x_values, money, capital(found.x.words)),
        yaxis=_of(found.y, found.y_values, money, ""),
    )
    return {"data": data, "layout": layout}


def _of(one: Unknown, values: np.ndarray[Any, Any], money: Money, title: str) -> dict[str, Any]:
    half = (values[1] - values[0]) / 2
    low, high = float(values[0] - half), float(values[-1] + half)
    return theme.axis(
        title, range=[low, high], **theme.ticks(low, high, lambda v: said(one, v, money).replace(" a year", ""))
    )


def _region(
    mask: np.ndarray[Any, Any], xs: np.ndarray[Any, Any], ys: np.ndarray[Any, Any], half_x: float, half_y: float
) -> tuple[list[float | None], list[float | None]]:
    """Outlines of the runs of each column, parted by None: closed rectangles that touch."""
    out_x: list[float | None] = []
    out_y: list[float | None] = []
    for column, x in enumerate(xs):
        inside = np.concatenate([[False], mask[:, column], [False]])
        turns = np.flatnonzero(inside[1:] != inside[:-1])
        for first, last in zip(turns[::2], turns[1::2], strict=True):
            low, high = float(ys[first] - half_y), float(ys[last - 1] + half_y)
            left, right = float(x - half_x), float(x + half_x)
            out_x += [left, right, right, left, left, None]
            out_y += [low, low, high, high, low, None]
    return out_x, out_y


def map_alt(found: FlipMap, plan: BasePlan) -> str:
    """The map in a sentence or two."""
    return f"Cheapest strategy by {found.x.words} and {found.y.words}. {map_finding(found, plan)}."


def waiting_finding(found: Waiting, money: Money = DOLLARS) -> str:
    """When to move and what three months more cost."""
    later = found.cost_of(3)
    words = f"{found.name} is best from month {found.best_month}"
    return words if later is None else f"{words}; three months later costs {money.compact(later)} more"


def waiting(found: Waiting, colour: int, money: Money = DOLLARS, *, note: str = "") -> Figure:
    """What the first move costs beyond the best, by the month in which it comes."""
    usd = np.array(found.beyond_usd) * money.rate_per_usd
    top = float(usd.max()) or 1.0
    data = [
        {
            "type": "scatter", "mode": "lines", "name": theme.label(found.name, 40), "x": np.array(found.months),
            "y": usd,
            "line": {"color": theme.colour(colour), "width": 2.5}, "showlegend": False,
            "hovertemplate": f"from month %{{x}}: {money.around('%{y:,.0f}')} more<extra></extra>",
        }
    ]  # fmt: skip
    layout = theme.frame(
        waiting_finding(found, money), note, 240, left=58, separators=money.separators,
        xaxis=theme.axis("month in which it first answers", range=[found.months[0] - 0.5, found.months[-1] + 0.5]),
        yaxis=theme.axis(money.axis("costs more by"), rangemode="tozero", **theme.ticks(0, top * 1.05, money.tick)),
    )  # fmt: skip
    return {"data": data, "layout": layout}


def waiting_alt(found: Waiting, money: Money = DOLLARS) -> str:
    """The chart in a sentence."""
    return f"Cost of moving later. {waiting_finding(found, money)}."
