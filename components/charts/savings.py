"""Where a saving comes from, layer by layer: in one order, and on average over all orders."""

from __future__ import annotations

from typing import Any

import numpy as np

from components.catalog import units
from components.charts import theme
from components.charts.theme import Figure
from components.engine.comparison.records import Attribution

LAYER_WORDS: dict[str, str] = {
    "model": "Model",
    "hardware": "Hardware",
    "stack": "Serving stack",
    "workload": "Workload",
}


def layer_words(key: str) -> str:
    """A layer as people say it."""
    return LAYER_WORDS.get(key, theme.part_words(key))


def saving_usd(attribution: Attribution) -> float:
    """What the strategy saves a month; negative when it costs more."""
    return attribution.baseline_usd_per_month - attribution.strategy_usd_per_month


def _change(saving: float, currency: str, rate: float) -> str:
    """A saving as the bill sees it: "-$1.2 M"."""
    if saving == 0:
        return "no change"
    return ("-" if saving > 0 else "+") + units.money(abs(saving), currency, rate)


def _said(saving: float, currency: str, rate: float) -> str:
    """A saving in words: "saves $1.2 M"."""
    return f"{'saves' if saving >= 0 else 'adds'} {units.money(abs(saving), currency, rate)}"


def _claim(saving: float, currency: str, rate: float) -> str:
    amount = units.money(abs(saving), currency, rate)
    if saving == 0:
        return "The cost does not change"
    return f"{amount} a month {'saved' if saving > 0 else 'more'}"


def finding(attribution: Attribution, currency: str = "USD", rate: float = 1.0) -> str:
    """What the waterfall shows: the change, and the layer that brings the largest saving in this order."""
    saving = saving_usd(attribution)
    claim = _claim(saving, currency, rate)
    top = max(attribution.waterfall, key=lambda k: attribution.waterfall[k], default=None)
    if saving <= 0 or top is None or attribution.waterfall[top] <= 0:
        return claim
    return f"{claim}, most by {layer_words(top).lower()}"


def shapley_finding(attribution: Attribution, currency: str = "USD", rate: float = 1.0) -> str:
    """What the order-free chart shows: the layer that earns most on average, and its part of the saving."""
    saving = saving_usd(attribution)
    top = max(attribution.shapley, key=lambda k: attribution.shapley[k], default=None)
    if saving <= 0 or top is None or attribution.shapley[top] <= 0:
        return _claim(saving, currency, rate)
    share = attribution.shapley[top] / saving
    words = layer_words(top)
    if share > 1:
        return f"{words} alone earns more than the whole saving"
    return f"{words} earns {units.percent(share)} of the saving on average"


def alt_text(attribution: Attribution, currency: str = "USD", rate: float = 1.0) -> str:
    """Either chart in a sentence or two, for a screen reader."""
    rows = [
        f"{layer_words(key)} {_said(attribution.waterfall[key], currency, rate)} in this order, "
        f"{_said(attribution.shapley[key], currency, rate)} on average"
        for key in attribution.order
    ]
    start = units.money(attribution.baseline_usd_per_month, currency, rate)
    end = units.money(attribution.strategy_usd_per_month, currency, rate)
    return (
        f"Monthly cost from the baseline, {start}, to {attribution.strategy}, {end}. "
        f"{finding(attribution, currency, rate)}. " + "; ".join(rows) + "."
    )


def _note(attribution: Attribution, lead: str, note: str) -> str:
    return " ".join(part for part in (lead, *attribution.notes, note) if part)


def waterfall(attribution: Attribution, currency: str = "USD", rate: float = 1.0, *, note: str = "") -> Figure:
    """From the baseline's monthly cost to the strategy's, one step per layer; the order is said in the subtitle."""
    keys = attribution.order
    steps = [attribution.waterfall[key] for key in keys]
    start, end = attribution.baseline_usd_per_month, attribution.strategy_usd_per_month
    amounts = [
        units.money(start, currency, rate),
        *("0" if not round(s, 2) else _change(s, currency, rate) for s in steps),
    ]
    amounts.append(units.money(end, currency, rate))
    levels = np.array([start, *(start - np.cumsum(steps)), end]) * rate
    tops = np.maximum(levels, np.concatenate([[0.0], levels[:-2], [0.0]]))
    names = ["Baseline", *(layer_words(key).replace(" ", "<br>") for key in keys), "Result"]
    trace: dict[str, Any] = {
        "type": "waterfall",
        "measure": ["absolute", *("relative" for _ in keys), "total"],
        "x": names,
        "y": np.array([start, *(-s for s in steps), end]) * rate,
        "connector": {"line": {"color": theme.LINE, "width": 1}},
        "decreasing": {"marker": {"color": theme.SAVING}},
        "increasing": {"marker": {"color": theme.INCREASE}},
        "totals": {"marker": {"color": theme.NEUTRAL}},
        "customdata": [
            f"{units.exact_money(start, currency, rate)} a month",
            *(f"{units.exact_money(abs(s), currency, rate)} a month {'less' if s >= 0 else 'more'}" for s in steps),
            f"{theme.label(attribution.strategy, 60)}<br>{units.exact_money(end, currency, rate)} a month",
        ],
        "hovertemplate": "<b>%{x}</b><br>%{customdata}<extra></extra>",
        "showlegend": False,
    }
    order = ", then ".join(layer_words(key).lower() for key in keys)
    top, bottom = float(levels.max()) or 1.0, min(0.0, float(levels.min()))
    layout = theme.frame(
        finding(attribution, currency, rate),
        _note(attribution, f"Order: {order}. To {attribution.strategy}.", note),
        262,
        left=58,
        bottom=28,
        waterfallgap=0.25,
        xaxis=theme.axis("", type="category", showgrid=False, tickfont={"size": 10}),
        yaxis=theme.axis(
            f"cost per month [{currency}]",
            range=[bottom * 1.15, top * 1.15],
            zeroline=True,
            zerolinecolor=theme.LINE,
            **theme.ticks(bottom, top, lambda v: units.round_money(v, currency)),
        ),
    )
    over = theme.column(names, tops, amounts, textposition="top center", textfont={"size": 10})
    return {"data": [trace, over], "layout": layout}


def shapley(attribution: Attribution, currency: str = "USD", rate: float = 1.0, *, note: str = "") -> Figure:
    """Each layer's mean saving over all orders, with the least and the most it saves in any order."""
    keys = attribution.order
    rows = np.arange(len(keys)) + 0.13
    mean, low, high = (
        np.array([part[key] for key in keys]) * rate
        for part in (attribution.shapley, attribution.low, attribution.high)
    )
    say = [units.money(attribution.shapley[key], currency, rate) for key in keys]
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
            f"<b>{layer_words(key)}</b><br>saves {units.exact_money(attribution.shapley[key], currency, rate)} a month"
            f"<br>on average over all orders, from {units.exact_money(attribution.low[key], currency, rate)} "
            f"to {units.exact_money(attribution.high[key], currency, rate)}"
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
        shapley_finding(attribution, currency, rate),
        _note(
            attribution,
            f"Mean over all orders; whisker: least to most. To {attribution.strategy}.",
            note,
        ),
        60 + 38 * len(keys),
        annotations=notes,
        xaxis=theme.axis(
            f"saving per month [{currency}]",
            range=[least - 0.03 * span, most + 0.32 * span],
            zeroline=True,
            zerolinecolor=theme.GRID,
            zerolinewidth=2,
            **theme.ticks(least, most + 0.05 * span, lambda v: units.round_money(v, currency)),
        ),
        yaxis=theme.hidden_rows(len(keys)),
    )
    return {"data": [bar], "layout": layout}
