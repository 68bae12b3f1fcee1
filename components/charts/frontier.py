"""Cost against speed: which strategies nothing else beats on both."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np

from components.charts import theme
from components.charts.cost import why_not
from components.charts.theme import Figure
from components.engine.answer import Answer
from components.wording import numbers
from components.wording.money import DOLLARS, Money

Speed = Literal["ttft", "e2e"]
SPEED_WORDS: dict[Speed, tuple[str, str]] = {
    "ttft": ("first word", "wait for the first word, slow case [s]"),
    "e2e": ("whole answer", "whole answer, slow case [s]"),
}


def latency_s(answer: Answer, speed: Speed) -> float | None:
    """The p95 latency drawn."""
    if speed == "e2e":
        return answer.e2e_p95_s
    return answer.ttft_p95_s.base if answer.ttft_p95_s else None


def front(answers: Sequence[Answer], speed: Speed = "e2e") -> tuple[int, ...]:
    """Indices of the feasible strategies that no other feasible one beats on cost and latency, fastest first."""
    points = [
        (value, answer.cost_usd_per_month.base, i)
        for i, answer in enumerate(answers)
        if answer.feasible and (value := latency_s(answer, speed)) is not None
    ]
    kept: list[int] = []
    cheapest = math.inf
    for _, usd, i in sorted(points):
        if usd < cheapest:
            kept.append(i)
            cheapest = usd
    return tuple(kept)


def finding(answers: Sequence[Answer], speed: Speed = "e2e") -> str:
    """What the chart shows: how many strategies are on the front, each cheaper and slower than the one before."""
    kept = front(answers, speed)
    if not kept:
        return "No strategy that qualifies has a known speed"
    if len(kept) == 1:
        rivals = sum(a.feasible and latency_s(a, speed) is not None for a in answers)
        return "One strategy is the cheapest and the fastest" if rivals > 1 else "One strategy qualifies"
    return f"{len(kept)} best trade-offs: the cheaper, the slower"


def alt_text(answers: Sequence[Answer], money: Money = DOLLARS, *, speed: Speed = "e2e") -> str:
    """The chart in a sentence or two, for a screen reader."""
    best = "; ".join(
        f"{answers[i].name}, {money.compact(answers[i].cost_usd_per_month.base)} a month at "
        f"{numbers.seconds(latency_s(answers[i], speed))}"
        for i in front(answers, speed)
    )
    lead = f"Monthly cost against the slow case of the {SPEED_WORDS[speed][0]}, p95. {finding(answers, speed)}."
    return f"{lead} Best trade-offs: {best}." if best else lead


def _point(answer: Answer, seconds: float, money: Money) -> dict[str, Any]:
    why = why_not(answer)
    symbol = theme.symbol(answer.colour)
    name = theme.label(answer.name, 48 - len(why)) + (f" ({why})" if why else "")
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": np.array([seconds]),
        "y": np.array([answer.cost_usd_per_month.base * money.rate_per_usd]),
        "marker": {
            "symbol": symbol if answer.feasible else f"{symbol}-open",
            "size": 13,
            "color": theme.colour(answer.colour),
            "line": {"width": 0 if answer.feasible else 2},
        },
        "cliponaxis": False,
        "hovertemplate": (
            f"<b>{theme.label(answer.name, 60)}</b><br>"
            f"{money.exact(answer.cost_usd_per_month.base)} a month<br>"
            f"slow case (p95) {numbers.seconds(seconds)}" + (f"<br>{why}" if why else "") + "<extra></extra>"
        ),
    }


def _missing(answer: Answer) -> dict[str, Any]:
    """Named in the legend, not placed: its latency or its price is not published."""
    return {
        "type": "scatter",
        "mode": "markers",
        "name": theme.label(answer.name, 30) + (" (latency not published)" if answer.priced else " (no price)"),
        "x": [None],
        "y": [None],
        "marker": {"symbol": "x-thin-open", "size": 9, "color": theme.LINE},
        "hoverinfo": "skip",
    }


def _line(answers: Sequence[Answer], speed: Speed, money: Money) -> dict[str, Any]:
    kept = front(answers, speed)
    return {
        "type": "scatter",
        "mode": "lines",
        "name": "Best trade-offs",
        "x": np.array([latency_s(answers[i], speed) for i in kept], dtype=np.float64),
        "y": np.array([answers[i].cost_usd_per_month.base * money.rate_per_usd for i in kept], dtype=np.float64),
        "line": {"color": theme.LINE, "width": 2, "dash": "dot", "shape": "hv"},
        "hoverinfo": "skip",
        "showlegend": len(kept) > 1,
    }


def cost_latency(answers: Sequence[Answer], money: Money = DOLLARS, *, speed: Speed = "e2e", note: str = "") -> Figure:
    """Monthly cost against p95 latency; the front dotted, what is not feasible hollow. Lower left is better."""
    data = [_line(answers, speed, money)]
    placed: list[tuple[float, float]] = []
    for answer in answers:
        value = latency_s(answer, speed)
        if value is None or not answer.priced:
            data.append(_missing(answer))
        else:
            data.append(_point(answer, value, money))
            placed.append((value, answer.cost_usd_per_month.base * money.rate_per_usd))
    fast, slow = min((x for x, _ in placed), default=0.0), max((x for x, _ in placed), default=1.0) or 1.0
    dear = max((y for _, y in placed), default=1.0) or 1.0
    if fast > 0 and slow > 20 * fast:
        low, high = fast / 1.5, slow * 1.5
        bounds: dict[str, Any] = {"type": "log", "range": [math.log10(low), math.log10(high)]}
        bounds |= theme.log_ticks(low, high, numbers.seconds, most=4)
    else:
        bounds = {"range": [-0.02 * slow, slow * 1.12]} | theme.ticks(0, slow * 1.1, numbers.seconds)
    cheap = min((y for _, y in placed), default=0.0)
    height: dict[str, Any]
    if cheap > 0 and dear > 20 * cheap:
        height = {"type": "log", "range": [math.log10(cheap / 1.6), math.log10(dear * 1.6)]}
        height |= theme.log_ticks(cheap / 1.6, dear * 1.6, money.tick, most=5)
    else:
        height = {"range": [-0.05 * dear, dear * 1.12]}
        height |= theme.ticks(0, dear * 1.05, money.tick)
    layout = theme.frame(
        finding(answers, speed),
        note,
        310,
        left=58,
        xaxis=theme.axis(SPEED_WORDS[speed][1], **bounds),
        yaxis=theme.axis(money.axis("cost per month"), **height),
        hovermode="closest",
    )
    return {"data": data, "layout": layout}
