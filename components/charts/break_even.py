"""Monthly cost of every way to buy against volume: whole servers as steps, what stands idle, and where it flips."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from components.charts import theme
from components.charts.cost import FADED
from components.charts.theme import Figure
from components.engine.plan import BreakEven, BreakEvenPoint, Drawn
from components.wording import numbers
from components.wording.money import DOLLARS, Money

LOOKS: Mapping[str, tuple[str, str]] = {
    "api": ("#12936B", "solid"),
    "sram GroqCloud": ("#5F9A4A", "dash"),
    "sram Cerebras": ("#2F7D8C", "dash"),
    "sram SambaNova": ("#9A7B0A", "dot"),
    "on-demand": ("#2477C9", "solid"),
    "spot": ("#3C8DBF", "dash"),
    "dedicated": ("#4C5FA8", "dot"),
    "reserved-1yr": ("#8A63C7", "dash"),
    "reserved-3yr": ("#8A63C7", "solid"),
    "owned": ("#D1600F", "solid"),
    "own-hall": ("#D1600F", "dash"),
    "edge": ("#A8633B", "solid"),
    "mix": ("#C265A6", "solid"),
    "chosen": ("#6B7685", "solid"),
}
"""Colour and dash of each way, the same for every strategy; one colour for what is bought alike."""
OTHER = ("#7E8B5A", "dashdot")
MOST_MARKED = 3
"""Crossovers numbered: the winner's, then the nearest to today. [1]"""
APART = 0.06
"""Least distance of two numbers, as a share of the axis. [1]"""
NEAR = 10.0
"""Factor on today's volume to the ends of the near picture. [1]"""
ROOM = 4.0
"""Factor beyond the cost of what may win that is still drawn. [1]"""
THICK, THIN = 3.5, 1.75
"""Widths of a line that is the cheapest somewhere, and of the others. [px]"""


def flip_words(found: BreakEven, flip: BreakEvenPoint) -> str:
    """ "727,000 requests/day, 22 % busy: Base held, peak bought above"."""
    busy = "" if math.isnan(flip.busy_share) else f", {numbers.percent(flip.busy_share)} busy"
    how = "" if flip.equal else ", where one server more is due"
    return f"{numbers.requests_per_day(flip.requests_per_day)}{busy}{how}: {found.lines[flip.above].label} above"


def marked(found: BreakEven, left: float, right: float) -> tuple[BreakEvenPoint, ...]:
    """The ends of the winner's reign, then the crossovers nearest to today that stand apart, in order of volume.

    Args: left, right, ends of the picture. [requests/day]
    """
    today = found.today_requests_per_day or math.sqrt(left * right)
    span = math.log(right / left)
    ends = [flip for flip in (found.wins_from, found.wins_to) if flip is not None]
    near = sorted(found.crossovers, key=lambda flip: abs(math.log(flip.requests_per_day / today)))
    kept: list[BreakEvenPoint] = []
    for flip in [*ends, *near]:
        apart = all(abs(math.log(flip.requests_per_day / other.requests_per_day)) > APART * span for other in kept)
        if len(kept) < MOST_MARKED and apart and left <= flip.requests_per_day <= right:
            kept.append(flip)
    return tuple(sorted(kept, key=lambda flip: flip.requests_per_day))


def finding(found: BreakEven) -> str:
    """Who is the cheapest below and above the winner's reign."""
    if found.winner is None:
        return "Monthly cost by requests a day"
    said = []
    if found.wins_from is not None:
        said.append(f"{found.lines[found.wins_from.below].label} below "
                    f"{numbers.number(found.wins_from.requests_per_day)}")  # fmt: skip
    said.append(found.lines[found.winner].label)
    if found.wins_to is not None:
        said.append(f"{found.lines[found.wins_to.above].label} above "
                    f"{numbers.number(found.wins_to.requests_per_day)}")  # fmt: skip
    return f"Cheapest: {', then '.join(said)}" if len(said) > 1 else f"{said[0]}: the cheapest at every volume shown"


def alt_text(found: BreakEven, money: Money = DOLLARS) -> str:
    """The picture in sentences, for a screen reader."""
    now = [
        f"{line.label} {money.compact(line.today_usd_per_month)} a month"
        for line in found.lines
        if line.may_win and math.isfinite(line.today_usd_per_month)
    ]
    today = f"Today, {numbers.requests_per_day(found.today_requests_per_day)}: {'; '.join(now)}." if now else ""
    flips = [f"{flip_words(found, flip)}." for flip in marked(found, *seen(found, near=False))]
    return " ".join(["Monthly cost against requests a day, both on log axes.", finding(found) + ".", today, *flips])


def _line(found: BreakEven, line: Drawn, money: Money, *, best: bool) -> dict[str, Any]:
    colour, dash = LOOKS.get(line.key, OTHER)
    machines = bool(np.isfinite(line.busy_share).any())
    cost, part = money.around("%{y:,.0f}"), money.around("%{customdata[0]:,.0f}")
    tip = f"<b>{theme.label(line.label)}</b><br>%{{x:,.0f}} requests/day<br>{cost} a month"
    if machines:
        tip += f"<br>{part} of it idle, %{{customdata[1]:.0%}} busy"
    name = theme.label(line.label, 40)
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name if line.may_win else f"{name} (may not win)",
        "opacity": 1.0 if line.may_win else FADED,
        "x": found.requests_per_day,
        "y": line.usd_per_month * money.rate_per_usd,
        "line": {
            "color": colour,
            "dash": dash,
            "width": THICK if best else THIN,
            "shape": "hv" if machines else "linear",
        },
        "customdata": np.column_stack([line.idle_usd_per_month * money.rate_per_usd, line.busy_share])
        if machines else None,
        "hovertemplate": tip + "<extra></extra>",
    }  # fmt: skip


def idle_of(found: BreakEven) -> Drawn | None:
    """The line whose idle part is shown: the chosen way where it is on machines, else owned ones."""
    chosen = None if found.chosen is None else found.lines[found.chosen]
    if chosen is not None and np.isfinite(chosen.busy_share).any():
        return chosen
    return next((line for line in found.lines if line.key == "owned"), None)


def _idle(found: BreakEven, line: Drawn, floor: float, money: Money) -> list[dict[str, Any]]:
    cost = line.usd_per_month * money.rate_per_usd
    used = np.maximum(cost - line.idle_usd_per_month * money.rate_per_usd, floor)
    edge = {
        "type": "scatter", "mode": "lines", "x": found.requests_per_day, "hoverinfo": "skip",
        "line": {"width": 0, "shape": "hv", "color": LOOKS.get(line.key, OTHER)[0]},
    }  # fmt: skip
    band = {"fill": "tonexty", "fillcolor": "rgba(128,128,128,0.3)", "name": "Idle: " + theme.label(line.label, 38)}
    return [{**edge, "y": used, "showlegend": False}, {**edge, "y": cost, **band}]


def _flip(found: BreakEven, flip: BreakEvenPoint, place: int, money: Money) -> dict[str, Any]:
    below, above = (theme.label(found.lines[i].label) for i in (flip.below, flip.above))
    words = theme.label(flip_words(found, flip), 90)
    return {
        "type": "scatter",
        "mode": "markers",
        "name": f"{chr(0x245F + place)} {words}",
        "x": [flip.requests_per_day],
        "y": [flip.usd_per_month * money.rate_per_usd],
        "marker": {"symbol": "circle-open", "size": 12, "color": theme.LINE, "line": {"width": 2.5}},
        "hovertemplate": f"<b>{flip.requests_per_day:,.0f} requests/day</b>, {money.exact(flip.usd_per_month)} a month"
        f"<br>below: {below}<br>above: {above}<extra></extra>",
    }


def _bounds(found: BreakEven, money: Money, left: float, right: float) -> tuple[float, float]:
    """Ends of the axis of money: all that is seen, what may not win only as far as it is near what may."""
    inside = (found.requests_per_day >= left) & (found.requests_per_day <= right)

    def known(may_win: bool) -> NDArray[np.float64]:
        usd = np.concatenate([np.zeros(0), *(e.usd_per_month[inside] for e in found.lines if e.may_win >= may_win)])
        return np.asarray(usd[np.isfinite(usd) & (usd > 0)] * money.rate_per_usd)

    every, best = known(False), known(True)
    if not every.size:
        return 1.0, 10.0
    floor = float(best.min()) / ROOM if best.size else float(every.min())
    top = float(best.max()) * ROOM if best.size else float(every.max())
    return max(float(every.min()), floor) / 1.3, min(float(every.max()), top) * 1.3


def seen(found: BreakEven, *, near: bool) -> tuple[float, float]:
    """Ends of the picture: every volume, or a decade to either side of today. [requests/day]"""
    ends = float(found.requests_per_day[0]), float(found.requests_per_day[-1])
    today = found.today_requests_per_day
    if not near or not ends[0] < today < ends[1]:
        return ends
    return max(ends[0], today / NEAR), min(ends[1], today * NEAR)


def cost_by_volume(found: BreakEven, money: Money = DOLLARS, *, near: bool = False, note: str = "") -> Figure:
    """Every way as a line over requests per day, both log; the chosen way's idle part shaded, flips numbered.

    Args: found; money, currency and locale shown; near, whether only what is around today is shown; note, basis and
        date, for the subtitle.
    """
    left, right = seen(found, near=near)
    low, high = _bounds(found, money, left, right)
    idle, today = idle_of(found), found.today_requests_per_day
    flips = marked(found, left, right)
    best = {i for flip in found.crossovers for i in (flip.below, flip.above)} | {found.winner}
    data = _idle(found, idle, low, money) if idle is not None else []
    data += [_line(found, line, money, best=i in best) for i, line in enumerate(found.lines)]
    data += [_flip(found, flip, place, money) for place, flip in enumerate(flips, 1)]
    notes = [
        theme.text(
            math.log10(flip.requests_per_day), math.log10(flip.usd_per_month * money.rate_per_usd),
            f"<b>{chr(0x245F + place)}</b>", xanchor="center", yshift=16, font={"size": 14},
        )
        for place, flip in enumerate(flips, 1)
    ]  # fmt: skip
    shapes = []
    if left <= today <= right:
        where = math.log(today / left) / math.log(right / left)
        anchor = "left" if where < 0.25 else "right" if where > 0.75 else "center"
        notes.append(
            theme.text(math.log10(today), 1, f"today, {numbers.requests_per_day(today)}", yref="y domain",
                       yanchor="bottom", xanchor=anchor, font={"size": theme.SMALL})
        )  # fmt: skip
        shapes.append({"type": "line", "x0": today, "x1": today, "y0": 0, "y1": 1, "yref": "y domain",
                       "line": {"dash": "dot", "width": 1.5, "color": theme.LINE}})  # fmt: skip
    layout = theme.frame(
        finding(found), note, 340, left=58, annotations=notes, shapes=shapes, hovermode="closest",
        separators=money.separators,
        xaxis=theme.axis("requests per day", type="log", range=[math.log10(left), math.log10(right)],
                         **theme.log_ticks(left, right, numbers.tick)),
        yaxis=theme.axis(money.axis("cost per month"), type="log", range=[math.log10(low), math.log10(high)],
                         **theme.log_ticks(low, high, money.tick)),
    )  # fmt: skip
    layout["margin"]["t"] += 16
    layout["height"] += 16
    return {"data": data, "layout": layout}
