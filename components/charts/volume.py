"""At what volume the cheapest way to buy changes, and what stands idle."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from components.charts import theme
from components.charts.cost import FADED
from components.charts.theme import Figure
from components.engine.comparison import Crossover, VolumeCurves
from components.wording import numbers
from components.wording.money import DOLLARS, Money

MOST_MARKED = 3
"""Crossovers marked: the nearest to today's volume."""
APART = 0.1
"""Least distance of two marks, as a share of the axis; whole replicas make the cheapest flip back and forth."""


def among(curves: VolumeCurves, out: Collection[int]) -> VolumeCurves:
    """The curves with only those changes of the cheapest that are between strategies which meet the targets."""
    names = {curves.names[i] for i in out}
    kept = tuple(c for c in curves.crossovers if not {c.cheaper_below, c.cheaper_above} & names)
    return replace(curves, crossovers=kept)


def marked(curves: VolumeCurves) -> tuple[Crossover, ...]:
    """The crossovers nearest to today that stand apart, in order of volume."""
    span = math.log(curves.requests_per_day[-1] / curves.requests_per_day[0]) or 1.0
    kept: list[Crossover] = []
    for one in _by_distance(curves):
        apart = all(abs(math.log(one.requests_per_day / c.requests_per_day)) > APART * span for c in kept)
        if apart and len(kept) < MOST_MARKED:
            kept.append(one)
    return tuple(sorted(kept, key=lambda c: c.requests_per_day))


def _by_distance(curves: VolumeCurves) -> list[Crossover]:
    """Nearest to today's volume first."""
    today = max(curves.today_requests_per_day, 1e-9)
    return sorted(curves.crossovers, key=lambda c: abs(math.log(c.requests_per_day / today)))


def flip_words(crossover: Crossover) -> str:
    """Where it flips: "flips at 1.2 M requests/day, 43 % utilised"."""
    words = f"flips at {numbers.requests_per_day(crossover.requests_per_day)}"
    if crossover.utilisation_above is None:
        return words
    return f"{words}, {numbers.percent(crossover.utilisation_above)} utilised"


def _today(curves: VolumeCurves) -> int:
    """Index of the volume nearest to today's."""
    return int(np.abs(np.log(curves.requests_per_day / max(curves.today_requests_per_day, 1e-9))).argmin())


def _always(curves: VolumeCurves, out: Collection[int]) -> str:
    """What can be said when no change is known: who is the cheapest throughout or, failing that, today."""
    cost = np.where(np.isfinite(curves.cost_usd_per_month), curves.cost_usd_per_month, np.inf)
    cost[list(out)] = np.inf
    cost[~np.array(curves.may_win)] = np.inf
    best = set(cost.argmin(axis=0)[np.isfinite(cost).any(axis=0)].tolist())
    if len(best) == 1:
        return f"{curves.names[best.pop()]} is cheapest at every volume"
    today = cost[:, _today(curves)]
    return f"{curves.names[int(today.argmin())]} is cheapest today" if np.isfinite(today).any() else "Cost by volume"


def finding(curves: VolumeCurves, out: Collection[int] = ()) -> str:
    """What the chart shows: the change of the cheapest that is nearest to today, above or below."""
    curves = among(curves, out)
    if not curves.crossovers:
        return _always(curves, out)
    return f"The cheapest flips at {numbers.requests_per_day(_by_distance(curves)[0].requests_per_day)}"


def alt_text(curves: VolumeCurves, money: Money = DOLLARS, *, out: Collection[int] = ()) -> str:
    """The chart in a sentence or two, for a screen reader."""
    curves = among(curves, out)
    rows = [
        f"{flip_words(c)}: {c.cheaper_below} is cheaper below, {c.cheaper_above} above, "
        f"at {money.compact(c.cost_usd_per_month)} a month"
        for c in marked(curves)
    ]
    today = f"Today: {numbers.requests_per_day(curves.today_requests_per_day)}."
    return " ".join(["Monthly cost against volume.", finding(curves, out) + ".", today, *(f"{row}." for row in rows)])


def self_hosted(curves: VolumeCurves, out: Collection[int] = ()) -> int | None:
    """The cheapest strategy at today's volume among those that pay for capacity; None when all are per token."""
    own = [i for i in range(len(curves.names)) if i not in out and not np.isnan(curves.utilisation[i]).all()]
    k = _today(curves)
    return min(own, key=lambda i: float(np.nan_to_num(curves.cost_usd_per_month[i, k], nan=np.inf)), default=None)


def _bounds(curves: VolumeCurves, money: Money) -> tuple[float, float]:
    cost = (
        curves.cost_usd_per_month[np.isfinite(curves.cost_usd_per_month) & (curves.cost_usd_per_month > 0)]
        * money.rate_per_usd
    )
    if not cost.size:
        return 1.0, 10.0
    return float(cost.min()) / 1.6, float(cost.max()) * 1.6


def _line(curves: VolumeCurves, i: int, money: Money, *, out: bool) -> dict[str, Any]:
    idle, busy = curves.idle_usd_per_month[i] * money.rate_per_usd, curves.utilisation[i]
    owned = not np.isnan(busy).all()
    cost, part = money.around("%{y:,.0f}"), money.around("%{customdata[0]:,.0f}")
    tip = f"<b>{theme.label(curves.names[i], 60)}</b><br>%{{x:,.0f}} requests/day<br>{cost} a month"
    if owned:
        tip += f"<br>{part} of it idle, %{{customdata[1]:.0%}} utilised"
    return {
        "type": "scatter",
        "mode": "lines",
        "name": theme.label(curves.names[i], 40) + (" (does not qualify)" if out else ""),
        "opacity": FADED if out else 1.0,
        "x": curves.requests_per_day,
        "y": curves.cost_usd_per_month[i] * money.rate_per_usd,
        "line": {
            "color": theme.colour(curves.colours[i]),
            "width": 2.5,
            "shape": "hv" if owned else "linear",
            "dash": theme.dash(curves.colours[i]),
        },
        "customdata": np.column_stack([idle, busy]) if owned else None,
        "hovertemplate": tip + "<extra></extra>",
    }


def _idle(curves: VolumeCurves, i: int, floor: float, money: Money) -> list[dict[str, Any]]:
    """The idle part of one strategy's cost: the band under its line."""
    cost: NDArray[np.float64] = curves.cost_usd_per_month[i] * money.rate_per_usd
    used = np.maximum(cost - curves.idle_usd_per_month[i] * money.rate_per_usd, floor)
    edge = {
        "type": "scatter",
        "mode": "lines",
        "x": curves.requests_per_day,
        "line": {"width": 0, "shape": "hv", "color": theme.colour(curves.colours[i])},
        "hoverinfo": "skip",
    }
    return [
        {**edge, "y": used, "showlegend": False},
        {
            **edge,
            "y": cost,
            "fill": "tonexty",
            "fillcolor": "rgba(128,128,128,0.3)",
            "name": "Idle: " + theme.label(curves.names[i], 38),
        },
    ]


def _flip(crossover: Crossover, place: int, money: Money) -> dict[str, Any]:
    below, above = theme.label(crossover.cheaper_below, 60), theme.label(crossover.cheaper_above, 60)
    return {
        "type": "scatter",
        "mode": "markers",
        "name": f"{chr(0x245F + place)} {flip_words(crossover)}",
        "x": np.array([crossover.requests_per_day]),
        "y": np.array([crossover.cost_usd_per_month * money.rate_per_usd]),
        "marker": {"symbol": "circle-open", "size": 12, "color": theme.LINE, "line": {"width": 2.5}},
        "hovertemplate": (
            f"<b>{flip_words(crossover)}</b><br>{crossover.requests_per_day:,.0f} requests/day, "
            f"{money.exact(crossover.cost_usd_per_month)} a month<br>"
            f"below: {below}<br>above: {above}<extra></extra>"
        ),
    }


def cost_against_volume(
    curves: VolumeCurves, money: Money = DOLLARS, *, out: Collection[int] = (), note: str = ""
) -> Figure:
    """Monthly cost of each strategy over requests per day, both log; flips numbered, today dotted, idle shaded.

    Args:
        curves: Of all strategies; one without a price is not drawn.
        money: Currency and locale shown.
        out: Indices of strategies that do not meet the targets: drawn faint, and never called the cheapest.
        note: Basis, date and source, for the subtitle.
    """
    curves = among(curves, out)
    low, high = _bounds(curves, money)
    left, right = float(curves.requests_per_day[0]), float(curves.requests_per_day[-1])
    own, flips, today = self_hosted(curves, out), marked(curves), curves.today_requests_per_day
    data = _idle(curves, own, low, money) if own is not None else []
    drawn = np.flatnonzero(np.isfinite(curves.cost_usd_per_month).any(axis=1)).tolist()
    data += [_line(curves, i, money, out=i in out) for i in drawn]
    data += [_flip(c, place, money) for place, c in enumerate(flips, 1)]
    notes = [
        theme.text(
            math.log10(c.requests_per_day),
            math.log10(c.cost_usd_per_month * money.rate_per_usd),
            f"<b>{chr(0x245F + place)}</b>",
            xanchor="center",
            yshift=-16,
            font={"size": 14},
        )
        for place, c in enumerate(flips, 1)
    ]
    if left <= today <= right:
        where = math.log(today / left) / math.log(right / left)
        notes.append(
            theme.text(
                math.log10(today),
                1,
                f"today, {numbers.requests_per_day(today)}",
                yref="y domain",
                yanchor="bottom",
                xanchor="left" if where < 0.25 else "right" if where > 0.75 else "center",
                font={"size": theme.SMALL},
            )
        )
    shapes = [
        {
            "type": "line",
            "x0": today,
            "x1": today,
            "y0": 0,
            "y1": 1,
            "yref": "y domain",
            "line": {"dash": "dot", "width": 1.5, "color": theme.LINE},
        }
    ]
    if len(curves.crossovers) > len(flips):
        note = f"{len(curves.crossovers)} flips in all, {len(flips)} nearest to today numbered. {note}".strip()
    layout = theme.frame(
        finding(curves, out),
        note,
        310,
        left=58,
        annotations=notes,
        shapes=shapes if left <= today <= right else [],
        hovermode="closest",
        separators=money.separators,
        xaxis=theme.axis(
            "requests per day",
            type="log",
            range=[math.log10(left), math.log10(right)],
            **theme.log_ticks(left, right, numbers.tick),
        ),
        yaxis=theme.axis(
            money.axis("cost per month"),
            type="log",
            range=[math.log10(low), math.log10(high)],
            **theme.log_ticks(low, high, money.tick),
        ),
    )
    layout["margin"]["t"] += 16
    layout["height"] += 16
    return {"data": data, "layout": layout}
