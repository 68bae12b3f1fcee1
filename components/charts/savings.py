"""Where a saving comes from: from the baseline's cost to the strategy's, one step per layer, its levers beneath."""

from __future__ import annotations

import html
import textwrap
from collections.abc import Sequence
from typing import Any

import numpy as np

from components.charts import theme
from components.charts.theme import Figure
from components.engine.comparison import Attribution, Step
from components.wording import numbers
from components.wording.money import DOLLARS, Money

LABEL_WIDTH, WORDS_WIDTH = 20, 24
"""Characters of a step's name and of its levers that fit a sixth of the page."""
LINES = 6
"""Of levers under a step; the rest is counted, and listed when pointed at."""


def _change(saving: float, money: Money) -> str:
    """A saving as the bill sees it: "-$1.2 M"."""
    return ("-" if saving > 0 else "+") + money.compact(abs(saving)) if round(saving, 2) else "0"


def _claim(saving: float, money: Money) -> str:
    if round(saving, 2) == 0:
        return "The cost does not change"
    return f"{money.compact(abs(saving))} a month {'saved' if saving > 0 else 'more'}"


def _part(step: Step, *, fair: bool) -> float:
    return step.shapley if fair else step.waterfall


def finding(attribution: Attribution, money: Money = DOLLARS, *, fair: bool = False) -> str:
    """What the chart shows: the change, and the largest saving, in this order or as a fair share."""
    saving = attribution.saving_usd_per_month
    claim, top = _claim(saving, money), max(attribution.steps, key=lambda step: _part(step, fair=fair))
    most = _part(top, fair=fair)
    if saving <= 0 or most <= 0:
        return claim
    if not fair:
        return f"{claim}, most by {_within(top.label)}"
    if most > saving:
        return f"{top.label} alone earns more than the whole saving"
    return f"{top.label} earns {numbers.percent(most / saving)} of the saving on average"


def _within(label: str) -> str:
    """A step's name inside a sentence; the seller keeps its capital."""
    return label[:1].lower() + label[1:]


def alt_text(attribution: Attribution, money: Money = DOLLARS, *, fair: bool = False) -> str:
    """The chart in a few sentences, for a screen reader."""
    start = money.compact(attribution.baseline_usd_per_month)
    end = money.compact(attribution.strategy_usd_per_month)
    rows = [_row(step, money, fair=fair) for step in attribution.steps]
    return (
        f"Monthly cost from the baseline, {start}, to {attribution.strategy}, {end}. "
        f"{finding(attribution, money, fair=fair)}. " + "; ".join(rows) + "."
    )


def _row(step: Step, money: Money, *, fair: bool) -> str:
    saving, levers = _part(step, fair=fair), ", ".join(step.words)
    said = f"{step.label} {'saves' if saving >= 0 else 'adds'} {money.compact(abs(saving))}"
    return f"{said} ({levers})" if levers else said


def _beneath(label: str, levers: Sequence[str] = ()) -> str:
    """A step's name in bold and its levers, broken into lines."""
    name = "<br>".join(f"<b>{html.escape(line)}</b>" for line in textwrap.wrap(label, LABEL_WIDTH))
    return "<br>".join([name, *map(html.escape, _lines(levers))])


def _lines(levers: Sequence[str]) -> list[str]:
    lines: list[str] = []
    for i, lever in enumerate(levers):
        more, left = textwrap.wrap(lever, WORDS_WIDTH), len(levers) - i
        if len(lines) + len(more) > LINES - (left > 1):
            return [*lines, f"and {left} more"]
        lines += more
    return lines


def _tip(step: Step, money: Money, *, fair: bool) -> str:
    saving = _part(step, fair=fair)
    lines = [
        f"<b>{html.escape(step.label)}</b>",
        f"{money.exact(abs(saving))} a month {'less' if saving >= 0 else 'more'}",
    ]
    if fair:
        lines.append(f"on average over all orders, from {money.exact(step.low)} to {money.exact(step.high)}")
    return "<br>".join([*lines, *map(html.escape, step.words)])


def steps(attribution: Attribution, money: Money = DOLLARS, *, note: str = "", fair: bool = False) -> Figure:
    """From the baseline's monthly cost to the strategy's, one step per layer with its levers beneath.

    Args:
        attribution: the saving by layer.
        money: currency shown.
        note: basis and date.
        fair: each step's mean over all orders of the layers in the place of this one order.
    """
    told = attribution.steps
    savings = [_part(step, fair=fair) for step in told]
    start, end = attribution.baseline_usd_per_month, attribution.strategy_usd_per_month
    after = start - np.cumsum(savings)
    low = np.array([0, *np.minimum(after, after + savings), 0]) * money.rate_per_usd
    high = np.array([start, *np.maximum(after, after + savings), end]) * money.rate_per_usd
    colours = [theme.SAVING if saving >= 0 else theme.INCREASE for saving in savings]
    amounts = [money.compact(start), *(_change(saving, money) for saving in savings), money.compact(end)]
    places = list(range(len(amounts)))
    bars = {
        "type": "bar",
        "x": places,
        "y": high - low,
        "base": low,
        "width": 0.62,
        "marker": {"color": [theme.NEUTRAL, *colours, theme.NEUTRAL]},
        "customdata": [
            f"<b>Baseline</b><br>{money.exact(start)} a month",
            *(_tip(step, money, fair=fair) for step in told),
            f"<b>{theme.label(attribution.strategy)}</b><br>{money.exact(end)} a month",
        ],
        "hovertemplate": "%{customdata}<extra></extra>",
        "showlegend": False,
    }
    over = theme.column(
        places, high, [f"<b>{amount}</b>" for amount in amounts], textposition="top center", textfont={"size": 13}
    )
    names = [_beneath("Baseline"), *(_beneath(s.label, s.words) for s in told), _beneath(attribution.strategy)]
    levels = np.array([start, *after]) * money.rate_per_usd
    return {"data": [bars, over], "layout": _frame(attribution, money, note, fair, names, levels, (low, high))}


def _frame(
    attribution: Attribution,
    money: Money,
    note: str,
    fair: bool,
    names: Sequence[str],
    levels: np.ndarray,
    span: tuple[np.ndarray, np.ndarray],
) -> dict[str, Any]:
    top, bottom = float(span[1].max()) or 1.0, min(0.0, float(span[0].min()))
    how = "Fair share: each step is its mean over all orders." if fair else _order(attribution)
    lines = max(name.count("<br>") for name in names) + 1
    return theme.frame(
        finding(attribution, money, fair=fair),
        " ".join(part for part in (how, *attribution.notes, note) if part),
        230 + 14 * lines,
        left=58,
        bottom=14 + 14 * lines,
        shapes=[_connector(i, level) for i, level in enumerate(levels)],
        xaxis=theme.axis(
            "", showgrid=False, tickvals=list(range(len(names))), ticktext=list(names), range=[-0.5, len(names) - 0.5]
        ),
        yaxis=theme.axis(
            money.axis("cost per month"),
            range=[bottom * 1.15, top * 1.15],
            zeroline=True,
            zerolinecolor=theme.LINE,
            **theme.ticks(bottom, top, money.tick),
        ),
    )


def _order(attribution: Attribution) -> str:
    return f"In this order: {', then '.join(_within(step.label) for step in attribution.steps)}."


def _connector(place: int, level: float) -> dict[str, Any]:
    """The level that one bar leaves to the next."""
    line = {"color": theme.LINE, "width": 1}
    return {"type": "line", "x0": place + 0.31, "x1": place + 0.69, "y0": level, "y1": level, "line": line}
