"""What each strategy costs a month, and of what that is made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from components.charts import theme
from components.charts.theme import Figure
from components.engine.answer import YOUR_FIGURES, Answer
from components.engine.comparison import cheapest
from components.wording import numbers
from components.wording.money import DOLLARS, Money

FADED = 0.4
"""Opacity of a strategy that is not feasible."""


def why_not(answer: Answer) -> str:
    """Two to four words for what keeps a strategy out; empty when it is in."""
    if answer.feasible:
        return ""
    if not answer.priced:
        return "no price"
    return "does not meet targets" if answer.meets_ttft is False or answer.meets_tpot is False else "does not qualify"


def finding(answers: Sequence[Answer], money: Money = DOLLARS) -> str:
    """What the chart shows, in a few words: how far the cheapest feasible strategy is below the baseline."""
    best = cheapest(answers)
    if best is None:
        return "No strategy qualifies as set"
    today, then = answers[0].cost_usd_per_month.base, answers[best].cost_usd_per_month.base
    if len(answers) == 1:
        return f"It costs {money.compact(then)} a month"
    if not answers[0].feasible:
        return f"The cheapest that qualifies costs {money.compact(then)} a month"
    if best == 0 or today <= then:
        return "The baseline is the cheapest that qualifies"
    return f"Up to {money.compact(today - then)} a month can be saved ({numbers.percent(1 - then / today)})"


def alt_text(answers: Sequence[Answer], money: Money = DOLLARS) -> str:
    """The chart in a sentence or two, for a screen reader."""
    rows = []
    for answer in answers:
        why = why_not(answer)
        amount = _amount(answer, money)
        notes = ", ".join(filter(None, (why, YOUR_FIGURES if answer.own_marked else "")))
        rows.append(f"{answer.name} {amount}" + (f" ({notes})" if notes else ""))
    return f"Monthly cost by component. {finding(answers, money)}. " + "; ".join(rows) + "."


def _amount(answer: Answer, money: Money) -> str:
    return money.compact(answer.cost_usd_per_month.base) if answer.priced else "not priced"


def _parts(answers: Sequence[Answer]) -> list[str]:
    """Cost parts in the order of the answers, idle last: what is used reads from the left."""
    keys = list(
        dict.fromkeys(key for answer in answers for key, usd in answer.cost_parts_usd_per_month.items() if usd != 0)
    )
    return sorted(keys, key=theme.is_idle)


def _bar(key: str, index: int, answers: Sequence[Answer], money: Money) -> dict[str, Any]:
    amounts = np.array([answer.cost_parts_usd_per_month.get(key, 0.0) for answer in answers])
    out = [not answer.feasible for answer in answers]
    words, idle = theme.part_words(key), theme.is_idle(key)
    shade, hover = theme.part_colour(key, index), money.around("%{x:,.0f}")
    return {
        "type": "bar",
        "orientation": "h",
        "name": words,
        "x": amounts * money.rate_per_usd,
        "y": np.arange(len(answers)) + 0.13,
        "width": 0.4,
        "marker": {
            "color": shade,
            "opacity": [FADED if no else 1.0 for no in out],
            "line": {"color": shade, "width": [1.5 if no else 0.0 for no in out]},
            "pattern": {
                "shape": ["/" if idle else "x" if no else "" for no in out],
                "fillmode": "overlay",
                "fgcolor": "rgba(40,48,60,0.75)" if idle else "rgba(128,128,128,0.9)",
                "size": 6,
                "solidity": 0.25,
            },
        },
        "customdata": [theme.label(answer.name, 60) for answer in answers],
        "hovertemplate": f"<b>%{{customdata}}</b><br>{words}: {hover} a month<extra></extra>",
    }


def _whisker(answers: Sequence[Answer], money: Money) -> dict[str, Any]:
    ranges = [answer.cost_usd_per_month for answer in answers]
    base = np.array([r.base for r in ranges]) * money.rate_per_usd
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "Range",
        "showlegend": False,
        "x": base,
        "y": np.arange(len(answers)) + 0.13,
        "marker": {"size": 1, "color": theme.LINE},
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": np.array([r.high for r in ranges]) * money.rate_per_usd - base,
            "arrayminus": base - np.array([r.low for r in ranges]) * money.rate_per_usd,
            "thickness": 1.5,
            "width": 4,
            "color": theme.WHISKER,
        },
        "customdata": [
            f"<b>{theme.label(a.name, 60)}</b><br>"
            + (" ".join(theme.wrapped(reason, 60) for reason in a.reasons) + "<br>" if a.reasons else "")
            + f"{money.exact(r.base)} a month"
            f"<br>range {money.exact(r.low)} to {money.exact(r.high)}"
            for a, r in zip(answers, ranges, strict=True)
        ],
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def _name(answer: Answer) -> str:
    marks = [f"✕ {why}"] if (why := why_not(answer)) else []
    marks += [f"✎ {YOUR_FIGURES}"] if answer.own_marked else []
    room = 60 - sum(len(mark) + 4 for mark in marks)
    return theme.label(answer.name, room) + "".join(f"  <i>{mark}</i>" for mark in marks)


def monthly_by_component(answers: Sequence[Answer], money: Money = DOLLARS, *, note: str = "") -> Figure:
    """One stacked bar per strategy, the baseline on top; total at the end, whisker for the range.

    Args:
        answers: Baseline first.
        money: Currency and locale shown.
        note: Basis, date and source, as the subtitle.
    """
    count = len(answers)
    reach = (
        max((max(a.cost_usd_per_month.high, a.cost_usd_per_month.base) for a in answers), default=0.0)
        * money.rate_per_usd
    )
    reach = reach or 1.0
    ends = [max(a.cost_usd_per_month.high, a.cost_usd_per_month.base) * money.rate_per_usd for a in answers]
    amounts = [f"\u2002<b>{_amount(a, money)}</b>" for a in answers]
    texts = [
        theme.row_names(0, [_name(answer) for answer in answers]),
        theme.column(ends, [row + 0.13 for row in range(count)], amounts),
    ]
    bars = [_bar(key, i, answers, money) for i, key in enumerate(_parts(answers))]
    layout = theme.frame(
        finding(answers, money),
        note,
        54 + 33 * count,
        barmode="stack",
        separators=money.separators,
        xaxis=theme.axis(
            money.axis("cost per month"),
            range=[0, reach * 1.3],
            **theme.ticks(0, reach * 1.05, money.tick),
        ),
        yaxis=theme.hidden_rows(count),
    )
    return {"data": [*bars, _whisker(answers, money), *texts], "layout": layout}
