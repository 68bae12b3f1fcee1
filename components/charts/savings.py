"""Where a saving comes from, layer by layer: in one order, and on average over all orders."""

from __future__ import annotations

from typing import Any

import numpy as np

from components.charts import theme
from components.charts.theme import Figure
from components.engine.comparison import Attribution
from components.wording import numbers
from components.wording.money import DOLLARS, Money
from components.wording.vocabulary import LAYERS


def layer_words(key: str) -> str:
    """A layer as people say it."""
    return LAYERS[key].words


def saving_usd(attribution: Attribution) -> float:
    """What the strategy saves a month; negative when it costs more."""
    return attribution.baseline_usd_per_month - attribution.strategy_usd_per_month


def _change(saving: float, money: Money) -> str:
    """A saving as the bill sees it: "-$1.2 M"."""
    if saving == 0:
        return "no change"
    return ("-" if saving > 0 else "+") + money.compact(abs(saving))


def _said(saving: float, money: Money) -> str:
    """A saving in words: "saves $1.2 M"."""
    return f"{'saves' if saving >= 0 else 'adds'} {money.compact(abs(saving))}"


def _claim(saving: float, money: Money) -> str:
    amount = money.compact(abs(saving))
    if saving == 0:
        return "The cost does not change"
    return f"{amount} a month {'saved' if saving > 0 else 'more'}"


def finding(attribution: Attribution, money: Money = DOLLARS) -> str:
    """What the waterfall shows: the change, and the layer that brings the largest saving in this order."""
    saving = saving_usd(attribution)
    claim = _claim(saving, money)
    top = max(attribution.waterfall, key=lambda k: attribution.waterfall[k], default=None)
    if saving <= 0 or top is None or attribution.waterfall[top] <= 0:
        return claim
    return f"{claim}, most by {layer_words(top).lower()}"


def shapley_finding(attribution: Attribution, money: Money = DOLLARS) -> str:
    """What the order-free chart shows: the layer that earns most on average, and its part of the saving."""
    saving = saving_usd(attribution)
    top = max(attribution.shapley, key=lambda k: attribution.shapley[k], default=None)
    if saving <= 0 or top is None or attribution.shapley[top] <= 0:
        return _claim(saving, money)
    share = attribution.shapley[top] / saving
    words = layer_words(top)
    if share > 1:
        return f"{words} alone earns more than the whole saving"
    return f"{words} earns {numbers.percent(share)} of the saving on average"


def alt_text(attribution: Attribution, money: Money = DOLLARS) -> str:
    """Either chart in a sentence or two, for a screen reader."""
    rows = [
        f"{layer_words(key)} {_said(attribution.waterfall[key], money)} in this order, "
        f"{_said(attribution.shapley[key], money)} on average"
        for key in attribution.order
    ]
    start = money.compact(attribution.baseline_usd_per_month)
    end = money.compact(attribution.strategy_usd_per_month)
    return (
        f"Monthly cost from the baseline, {start}, to {attribution.strategy}, {end}. "
        f"{finding(attribution, money)}. " + "; ".join(rows) + "."
    )


def _note(attribution: Attribution, lead: str, note: str) -> str:
    return " ".join(part for part in (lead, *attribution.notes, note) if part)


def waterfall(attribution: Attribution, money: Money = DOLLARS, *, note: str = "") -> Figure:
    """From the baseline's monthly cost to the strategy's, one step per layer; the order is said in the subtitle."""
    keys = attribution.order
    steps = [attribution.waterfall[key] for key in keys]
    start, end = attribution.baseline_usd_per_month, attribution.strategy_usd_per_month
    amounts = [
        money.compact(start),
        *("0" if not round(s, 2) else _change(s, money) for s in steps),
    ]
    amounts.append(money.compact(end))
    levels = np.array([start, *(start - np.cumsum(steps)), end]) * money.rate_per_usd
    tops = np.maximum(levels, np.concatenate([[0.0], levels[:-2], [0.0]]))
    names = ["Baseline", *(layer_words(key).replace(" ", "<br>") for key in keys), "Result"]
    trace: dict[str, Any] = {
        "type": "waterfall",
        "measure": ["absolute", *("relative" for _ in keys), "total"],
        "x": names,
        "y": np.array([start, *(-s for s in steps), end]) * money.rate_per_usd,
        "connector": {"line": {"color": theme.LINE, "width": 1}},
        "decreasing": {"marker": {"color": theme.SAVING}},
        "increasing": {"marker": {"color": theme.INCREASE}},
        "totals": {"marker": {"color": theme.NEUTRAL}},
        "customdata": [
            f"{money.exact(start)} a month",
            *(f"{money.exact(abs(s))} a month {'less' if s >= 0 else 'more'}" for s in steps),
            f"{theme.label(attribution.strategy, 60)}<br>{money.exact(end)} a month",
        ],
        "hovertemplate": "<b>%{x}</b><br>%{customdata}<extra></extra>",
        "showlegend": False,
    }
    order = ", then ".join(layer_words(key).lower() for key in keys)
    top, bottom = float(levels.max()) or 1.0, min(0.0, float(levels.min()))
    layout = theme.frame(
        finding(attribution, money),
        _note(attribution, f"Order: {order}. To {attribution.strategy}.", note),
        262,
        left=58,
        bottom=28,
        waterfallgap=0.25,
        xaxis=theme.axis("", type="category", showgrid=False, tickfont={"size": 10}),
        yaxis=theme.axis(
            money.axis("cost per month"),
            range=[bottom * 1.15, top * 1.15],
            zeroline=True,
            zerolinecolor=theme.LINE,
            **theme.ticks(bottom, top, money.tick),
        ),
    )
    over = theme.column(names, tops, amounts, textposition="top center", textfont={"size": 10})
    return {"data": [trace, over], "layout": layout}


def shapley(attribution: Attribution, money: Money = DOLLARS, *, note: str = "") -> Figure:
    """Each layer's mean saving over all orders, with the least and the most it saves in any order."""
    keys = attribution.order
    rows = np.arange(len(keys)) + 0.13
    mean, low, high = (
        np.array([part[key] for key in keys]) * money.rate_per_usd
        for part in (attribution.shapley, attribution.low, attribution.high)
    )
    say = [money.compact(attribution.shapley[key]) for key in keys]
    bar = {
        "type": "bar",
        "orientation": "h",
        "x": mean,
        "y": rows,
        "width": 0.4,
        "marker": {"color": [theme.SAVING if value >= 0 else theme.INCREASE for value in mean]},
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": np.maximum(high - mean, 0),
            "arrayminus": np.maximum(mean - low, 0),
            "thickness": 1.5,
            "width": 4,
            "color": theme.LINE,
        },
        "customdata": [
            f"<b>{layer_words(key)}</b><br>saves {money.exact(attribution.shapley[key])} a month"
            f"<br>on average over all orders, from {money.exact(attribution.low[key])} "
            f"to {money.exact(attribution.high[key])}"
            for key in keys
        ],
        "hovertemplate": "%{customdata}<extra></extra>",
        "showlegend": False,
    }
    least = min(0.0, *low, *mean)
    most = max(0.0, *high, *mean)
    span = (most - least) or 1.0
    notes = [theme.row_name(row, layer_words(key)) for row, key in enumerate(keys)]
    notes += [
        theme.text(max(float(high[row]), float(mean[row]), 0.0), row + 0.13, f"<b>{words}</b>", xshift=6)
        for row, words in enumerate(say)
    ]
    layout = theme.frame(
        shapley_finding(attribution, money),
        _note(
            attribution,
            f"Mean over all orders; whisker: least to most. To {attribution.strategy}.",
            note,
        ),
        60 + 38 * len(keys),
        annotations=notes,
        xaxis=theme.axis(
            money.axis("saving per month"),
            range=[least - 0.03 * span, most + 0.32 * span],
            zeroline=True,
            zerolinecolor=theme.GRID,
            zerolinewidth=2,
            **theme.ticks(least, most + 0.05 * span, money.tick),
        ),
        yaxis=theme.hidden_rows(len(keys)),
    )
    return {"data": [bar], "layout": layout}
