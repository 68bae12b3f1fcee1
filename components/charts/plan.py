"""The months of a plan: what has been paid by then with its fan, and what each month costs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from components.charts import theme
from components.charts.theme import Figure
from components.engine.plan import BasePlan, Fan, Path
from components.wording import numbers
from components.wording.money import DOLLARS, Money

HEIGHT = 300
FAINT = 0.16
"""Opacity of a fan. [1]"""


def _soft(colour: str) -> str:
    """The colour of a strategy as the ground of its fan."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{FAINT})"


def _months(plan: BasePlan) -> dict[str, Any]:
    count = plan.terms.months
    step = 12 if count > 30 else 6 if count > 12 else max(count // 6, 1)
    ticks = list(range(0, count + 1, step))
    return theme.axis("month", range=[0, count], tickvals=ticks, ticktext=[str(t) for t in ticks])


def _line(path: Path, x: np.ndarray[Any, Any], y: np.ndarray[Any, Any], tip: str, **more: Any) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": theme.label(path.name, 40),
        "x": x,
        "y": y,
        "line": {
            "color": theme.colour(path.colour),
            "width": 2.5,
            "dash": theme.dash(path.colour),
        },
        "hovertemplate": f"<b>{theme.label(path.name, 60)}</b><br>{tip}<extra></extra>",
        **more,
    }


def paid_finding(plan: BasePlan, money: Money = DOLLARS) -> str:
    """What the chart shows: when the best has paid less in all."""
    best = plan.chosen
    if plan.best == 0:
        return f"No move pays less than {plan.today.name} within {plan.terms.months} months"
    if best.payback_month is None:
        return f"{best.name} pays back only with the sale of its machines at the end"
    if best.payback_month <= 1:
        return f"{best.name} pays less from the first month on"
    return f"{best.name} has paid itself back by month {best.payback_month}"


def paid_chart(plan: BasePlan, fans: Mapping[int, Fan], money: Money = DOLLARS, *, note: str = "") -> Figure:
    """All payments so far, today's strategy against the best, with the fan of the draws where they are there.

    Args:
        plan: on its own terms.
        fans: place of a path to its fan; empty before the draws are made.
        money: currency and locale shown.
        note: basis, for the subtitle.
    """
    x, rate = np.arange(plan.terms.months + 1), money.rate_per_usd
    data: list[dict[str, Any]] = []
    top = 0.0
    for place in plan.shown:
        path, fan = plan.paths[place], fans.get(place)
        base = np.cumsum(path.cash_usd) * rate
        top = max(top, float(base.max()))
        if fan is not None:
            data += _fan(path, x, fan, rate)
            top = max(top, float(fan.high.max()) * rate)
        tip = f"month %{{x}}: {money.around('%{y:,.0f}')} paid"
        data.append(_line(path, x, base, tip))
    layout = theme.frame(
        paid_finding(plan, money),
        note,
        HEIGHT,
        left=58,
        hovermode="closest",
        separators=money.separators,
        xaxis=_months(plan),
        yaxis=theme.axis(money.axis("paid so far"), rangemode="tozero", **theme.ticks(0, top * 1.02, money.tick)),
    )
    return {"data": data, "layout": layout}


def _fan(path: Path, x: np.ndarray[Any, Any], fan: Fan, rate: float) -> list[dict[str, Any]]:
    edge = {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "line": {"width": 0, "color": theme.colour(path.colour)},
        "hoverinfo": "skip",
        "showlegend": False,
    }
    return [
        {**edge, "y": fan.low * rate},
        {**edge, "y": fan.high * rate, "fill": "tonexty", "fillcolor": _soft(theme.colour(path.colour))},
        {**edge, "y": fan.middle * rate, "line": {"width": 1.5, "dash": "dot", "color": theme.colour(path.colour)}},
    ]


def paid_alt(plan: BasePlan, fans: Mapping[int, Fan], money: Money = DOLLARS) -> str:
    """The chart in a sentence or two, for a screen reader."""
    rows = []
    for place, path in enumerate(plan.paths):
        fan = fans.get(place)
        words = f"{path.name} {money.compact(path.total_usd)} by the end"
        if fan is not None:
            words += (
                f", {money.compact(float(fan.low[-1]))} to {money.compact(float(fan.high[-1]))} in eight of ten draws"
            )
        rows.append(words)
    return f"Payments so far over {plan.terms.months} months. {paid_finding(plan, money)}. " + "; ".join(rows) + "."


def monthly_finding(plan: BasePlan) -> str:
    """What the chart of months shows: what the requests do to today's bill."""
    today = plan.today.running_usd
    change = float(today[-1] / today[0] - 1) if today[0] else 0.0
    if abs(change) < 0.005:
        return f"{plan.today.name} costs the same in every month"
    if change >= 1:
        return f"By month {len(today)} {plan.today.name} costs {numbers.number(round(1 + change, 1))} times as much"
    return f"By month {len(today)} {plan.today.name} costs {numbers.less_or_more(change)} a month"


def monthly_chart(plan: BasePlan, money: Money = DOLLARS, *, note: str = "") -> Figure:
    """What each month costs, every strategy as if it had always been there; whole replicas and contracts are steps."""
    x = np.arange(1, plan.terms.months + 1)
    data = []
    for path in plan.paths:
        tip = f"month %{{x}}: {money.around('%{y:,.0f}')}"
        data.append(_line(path, x, path.running_usd * money.rate_per_usd, tip))
    top = max(float(path.running_usd.max()) for path in plan.paths) * money.rate_per_usd
    layout = theme.frame(
        monthly_finding(plan),
        note,
        HEIGHT,
        left=58,
        hovermode="closest",
        separators=money.separators,
        xaxis=_months(plan) | {"range": [1, max(plan.terms.months, 2)]},
        yaxis=theme.axis(money.axis("cost of the month"), rangemode="tozero", **theme.ticks(0, top * 1.05, money.tick)),
    )
    return {"data": data, "layout": layout}


def monthly_alt(plan: BasePlan, money: Money = DOLLARS) -> str:
    """The chart of months in a sentence or two."""
    rows = [
        f"{p.name} from {money.compact(float(p.running_usd[0]))} to {money.compact(float(p.running_usd[-1]))}"
        for p in plan.paths
    ]
    return f"Cost of each month. {monthly_finding(plan)}. " + "; ".join(rows) + "."
