"""From today's bill to another one, step by step through the four layers, with the levers of each in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from components.charts import theme
from components.charts.theme import Figure
from components.engine.comparison import Attribution
from components.engine.scenario import Layer
from components.wording import numbers
from components.wording.money import DOLLARS, Money
from components.wording.vocabulary import LAYERS

FAIR = "Fair share: each layer's mean over all orders (Shapley)."
AMOUNT = 96
"""Room right of the bars for an amount in full, on a phone too. [px]"""
ROW = 44
"""Height of a step. [px]"""


def saving_usd(attribution: Attribution) -> float:
    """What the strategy saves a month; negative when it costs more."""
    return attribution.baseline_usd_per_month - attribution.strategy_usd_per_month


def _steps(attribution: Attribution, *, fair: bool) -> Mapping[Layer, float]:
    return attribution.shapley if fair else attribution.waterfall


def finding(attribution: Attribution, money: Money = DOLLARS, *, fair: bool = False) -> str:
    """What the chart shows: the change, and the layer that brings the largest part of it."""
    saving, steps = saving_usd(attribution), _steps(attribution, fair=fair)
    if not round(saving, 2):
        return "The cost does not change"
    claim = f"{money.compact(abs(saving))} a month {'saved' if saving > 0 else 'more'}"
    top = max(steps, key=lambda key: steps[key], default=None)
    if saving <= 0 or top is None or steps[top] <= 0:
        return claim
    words = LAYERS[top].words.lower()
    if steps[top] >= saving:
        return f"{claim}, all of it by {words}"
    return f"{claim}, {numbers.percent(steps[top] / saving)} of it by {words}"


def alt_text(attribution: Attribution, money: Money = DOLLARS, *, fair: bool = False) -> str:
    """The chart in a sentence or two, for a screen reader."""
    rows = [
        f"{_name(key, attribution)} {'saves' if saving >= 0 else 'adds'} {money.compact(abs(saving))}"
        for key, saving in _in_order(attribution, fair=fair)
    ]
    start = money.compact(attribution.baseline_usd_per_month)
    end = money.compact(attribution.strategy_usd_per_month)
    return (
        f"Monthly cost from the baseline, {start}, to {attribution.strategy}, {end}. "
        f"{finding(attribution, money, fair=fair)}. " + "; ".join(rows) + "."
    )


def _in_order(attribution: Attribution, *, fair: bool) -> list[tuple[Layer, float]]:
    steps = _steps(attribution, fair=fair)
    return [(key, steps[key]) for key in attribution.order]


def _name(key: Layer, attribution: Attribution) -> str:
    levers = ", ".join(attribution.levers.get(key, ()))
    return f"{LAYERS[key].words} ({levers})" if levers else LAYERS[key].words


def _heading(key: Layer, attribution: Attribution) -> str:
    """A step's name and its levers above the bar: "Workload  20 % answered from memory"."""
    levers = ", ".join(attribution.levers.get(key, ())) or "as today"
    return f"<b>{LAYERS[key].words}</b>\u2002{theme.label(levers, 76)}"


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
    rows = _in_order(attribution, fair=fair)
    saved = np.array([saving for _, saving in rows])
    start, end = attribution.baseline_usd_per_month, attribution.strategy_usd_per_month
    after = start - np.cumsum(saved)
    low = np.array([0.0, *np.minimum(after, after + saved), 0.0]) * money.rate_per_usd
    high = np.array([start, *np.maximum(after, after + saved), end]) * money.rate_per_usd
    names = ["<b>Today</b>\u2002" + theme.label(attribution.baseline, 76)]
    names += [_heading(key, attribution) for key, _ in rows]
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
        theme.row_names(bottom, names),
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
    for key, saving in _in_order(attribution, fair=fair):
        amount = f"{money.exact(abs(saving))} a month {'less' if saving >= 0 else 'more'}"
        span = f"{money.exact(attribution.low[key])} to {money.exact(attribution.high[key])}"
        said.append(f"<b>{LAYERS[key].words}</b><br>{amount}<br>saves {span} by the order of the steps")
    end = money.exact(attribution.strategy_usd_per_month)
    return [*said, f"<b>{theme.label(attribution.strategy, 60)}</b><br>{end} a month"]
