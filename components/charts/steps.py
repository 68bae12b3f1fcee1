"""From today's bill to another one, step by step through the four layers, with the levers of each in words."""

from __future__ import annotations

from typing import Any

import numpy as np

from components.charts import theme
from components.charts.theme import Figure
from components.engine.comparison import Attribution, Step
from components.wording import numbers
from components.wording.money import DOLLARS, Money

FAIR = "Fair share: each layer's mean over all orders (Shapley)."
AMOUNT = 96
"""Room right of the bars for an amount in full, on a phone too. [px]"""
ROW = 43
"""Height of a step. [px]"""


def _saved(step: Step, *, fair: bool) -> float:
    return step.shapley if fair else step.waterfall


def finding(attribution: Attribution, money: Money = DOLLARS, *, fair: bool = False) -> str:
    """What the chart shows: the change, and the layer that brings the largest part of it."""
    saving = attribution.saving_usd_per_month
    if not round(saving, 2):
        return "The cost does not change"
    claim = f"{money.compact(abs(saving))} a month {'saved' if saving > 0 else 'more'}"
    top = max(attribution.steps, key=lambda step: _saved(step, fair=fair))
    most, words = _saved(top, fair=fair), inside(top.label)
    if saving <= 0 or most <= 0:
        return claim
    if most >= saving:
        return f"{claim}, all by {words}"
    return f"{claim}, {numbers.percent(most / saving)} by {words}"


def inside(label: str) -> str:
    """A step's name inside a sentence; a seller keeps its capital."""
    return label[:1].lower() + label[1:]


def alt_text(attribution: Attribution, money: Money = DOLLARS, *, fair: bool = False) -> str:
    """The chart in a sentence or two, for a screen reader."""
    rows = [
        f"{_name(step)} {'saves' if _saved(step, fair=fair) >= 0 else 'adds'} "
        f"{money.compact(abs(_saved(step, fair=fair)))}"
        for step in attribution.steps
    ]
    start = money.compact(attribution.baseline_usd_per_month)
    end = money.compact(attribution.strategy_usd_per_month)
    return (
        f"Monthly cost from the baseline, {start}, to {attribution.strategy}, {end}. "
        f"{finding(attribution, money, fair=fair)}. " + "; ".join(rows) + "."
    )


def _name(step: Step) -> str:
    return f"{step.label} ({', '.join(step.levers)})" if step.levers else step.label


def _heading(step: Step) -> str:
    """A step's name and its levers above the bar: "Workload  20 % answered from memory"."""
    levers = ", ".join(step.levers) or "as today"
    return f"<b>{theme.label(step.label)}</b>\u2002{theme.label(levers, 76)}"


def levers(attribution: Attribution) -> list[tuple[str, str]]:
    """Each layer that changes and its levers in full: a phone has no room for them in the chart."""
    return [(theme.label(s.label), theme.label(", ".join(s.levers), 400)) for s in attribution.steps if s.levers]


def _change(saving: float, money: Money) -> str:
    """A saving as the bill sees it: "-$1.2M"."""
    if not round(saving, 2):
        return "no change"
    return ("\u2212" if saving > 0 else "+") + money.compact(abs(saving))


def steps(attribution: Attribution, money: Money = DOLLARS, *, fair: bool = False, note: str = "") -> Figure:
    """One row from the baseline's bill through the layers to the strategy's; each step starts where the last ended.

    Args:
        attribution: The saving of one strategy by layer.
        money: Currency and locale shown.
        fair: Each layer's mean over all orders in place of its part in this order.
        note: Basis, date and source, as the subtitle.
    """
    saved = np.array([_saved(step, fair=fair) for step in attribution.steps])
    start, end = attribution.baseline_usd_per_month, attribution.strategy_usd_per_month
    after = start - np.cumsum(saved)
    low = np.array([0.0, *np.minimum(after, after + saved), 0.0]) * money.rate_per_usd
    high = np.array([start, *np.maximum(after, after + saved), end]) * money.rate_per_usd
    names = ["<b>Today</b>\u2002" + theme.label(attribution.baseline, 76)]
    names += [_heading(step) for step in attribution.steps]
    names += [f"<b>Then</b>\u2002{theme.label(attribution.strategy, 76)}"]
    amounts = [money.compact(start), *(_change(s, money) for s in saved), money.compact(end)]
    bottom, top = min(0.0, float(low.min())), float(high.max()) or 1.0
    colours = [theme.SAVING if s >= 0 else theme.INCREASE for s in saved]
    layout = theme.frame(
        finding(attribution, money, fair=fair),
        " ".join(part for part in (FAIR if fair else "", *attribution.notes, note) if part),
        ROW * len(names),
        bottom=8,
        xaxis={"visible": False, "fixedrange": True, "range": [bottom, top]},
        yaxis=theme.hidden_rows(len(names)),
    )
    layout["margin"]["r"] = AMOUNT
    bar = _bars(low, high, [theme.NEUTRAL, *colours, theme.NEUTRAL], _hover(attribution, money, fair=fair))
    texts = [
        theme.row_names(bottom, names, meta="names"),
        theme.column(high, [row + 0.13 for row in range(len(names))], [f"\u2002<b>{words}</b>" for words in amounts]),
    ]
    return {"data": [bar, *texts], "layout": layout}


def _bars(low: np.ndarray, high: np.ndarray, colours: list[str], hover: list[str]) -> dict[str, Any]:
    return {
        "type": "bar",
        "orientation": "h",
        "base": low,
        "x": high - low,
        "y": np.arange(low.size) + 0.13,
        "width": 0.44,
        "marker": {"color": colours},
        "customdata": hover,
        "hovertemplate": "%{customdata}<extra></extra>",
        "showlegend": False,
    }


def _hover(attribution: Attribution, money: Money, *, fair: bool) -> list[str]:
    said = [f"<b>Today</b><br>{money.exact(attribution.baseline_usd_per_month)} a month"]
    for step in attribution.steps:
        saving = _saved(step, fair=fair)
        amount = f"{money.exact(abs(saving))} a month {'less' if saving >= 0 else 'more'}"
        span = f"{money.exact(step.low)} to {money.exact(step.high)}"
        said.append(f"<b>{theme.label(step.label)}</b><br>{amount}<br>saves {span} by the order of the steps")
    end = money.exact(attribution.strategy_usd_per_month)
    return [*said, f"<b>{theme.label(attribution.strategy, 60)}</b><br>{end} a month"]
