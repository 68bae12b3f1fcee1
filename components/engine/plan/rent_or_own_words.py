"""Rent, own or API in sentences, said of computed numbers only."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from components.engine.comparison.picks import BOUND
from components.engine.plan.ways_to_buy import API, MIX
from components.wording import numbers
from components.wording.money import DOLLARS, Money
from components.wording.vocabulary import WAYS_TO_BUY

if TYPE_CHECKING:
    from components.engine.plan.volume_records import BreakEven, Drawn

HOLDING = {"owned": "Owning the base", "reserved-3yr": "Reserving the base for three years",
           "reserved-1yr": "Reserving the base for a year"}  # fmt: skip
AS_CHOSEN = "As chosen: "
BUYING = {"on-demand": "renting the peak", API: "paying per token for the peak"}


def doing(found: BreakEven, index: int) -> str:
    """A way as the start of a sentence; the hybrid by what it holds and buys today."""
    line = found.lines[index]
    if line.key != MIX or found.base is None:
        return line.doing
    return f"{HOLDING[found.base.base]} and {BUYING[found.base.burst]}"


def _busy(share: float) -> str:
    return "" if math.isnan(share) else f", {numbers.percent(share)} busy"


def headline(found: BreakEven) -> str:
    """Which way wins, from where on, and where you are: "Owning wins above 9M requests a day; you are at 10M"."""
    today = found.today_requests_per_day
    if not today:
        return "Nobody asks anything: type today's requests to see which way to buy wins"
    if found.winner is None:
        return f"No way to buy may win at {numbers.number(today)} requests a day: each says below what to change"
    line = found.lines[found.winner]
    where = f"; you are at {numbers.number(today)}{_busy(line.today_busy_share)}"
    return f"{doing(found, found.winner)} {_range(found)}{where}"


def _range(found: BreakEven) -> str:
    low, high = found.wins_from, found.wins_to
    if low is not None and high is not None:
        first, last = numbers.number(low.requests_per_day), numbers.number(high.requests_per_day)
        return f"wins between {first} and {last} requests a day"
    if low is not None:
        return f"wins above {numbers.number(low.requests_per_day)} requests a day"
    if high is not None:
        return f"wins below {numbers.number(high.requests_per_day)} requests a day"
    return "wins at every number of requests a day shown"


def today_words(found: BreakEven, money: Money = DOLLARS) -> str:
    """What the winner costs today, beside the way that was chosen; empty where nobody asks or nothing may win."""
    if found.winner is None:
        return ""
    best = found.lines[found.winner]
    said = [f"{money.compact(best.today_usd_per_month)} a month"]
    chosen = None if found.chosen is None else found.lines[found.chosen]
    if chosen is not None and chosen is not best and math.isfinite(chosen.today_usd_per_month):
        bought = _small(chosen.label.removeprefix(AS_CHOSEN), keep=chosen.family == "token")
        said[0] += f", {_against(best, chosen)} {found.strategy} as chosen, {bought}"
    if best.key == MIX and found.base is not None:
        servers, share = _servers(found.base.replicas), numbers.percent(found.base.share)
        said.append(f"the base is {servers} of the model and a spare, {share} of the work")
    if holds := must_hold(found, found.winner):
        said.append(f"if {holds}")
    if best.estimated:
        said.append("at an estimated price")
    return "; ".join(said) + "."


def _against(best: Drawn, chosen: Drawn) -> str:
    """ "26 % less than", "3.9x the cost of"."""
    change = best.today_usd_per_month / chosen.today_usd_per_month - 1
    return f"{numbers.factor(change + 1)} the cost of" if change >= 1 else f"{numbers.less_or_more(change)} than"


def must_hold(found: BreakEven, place: int) -> str:
    """What has to hold for a way to pay off; empty where nothing binds."""
    line = found.lines[place]
    if line.key == MIX:
        return "" if found.base is None else BOUND.get(found.base.base, "")
    return "" if line.buy is None else BOUND.get(line.buy, "")


def _small(label: str, *, keep: bool) -> str:
    """The label inside a sentence; the name of a seller keeps its capital."""
    return label if keep else label[:1].lower() + label[1:]


def cheaper_but(found: BreakEven, money: Money = DOLLARS) -> str:
    """What costs less than the winner today and may not win, with its reason; empty where nothing does."""
    limit = math.inf if found.winner is None else found.lines[found.winner].today_usd_per_month
    cheaper = [line for line in found.lines if not line.may_win and line.today_usd_per_month < limit]
    if not cheaper or not found.today_requests_per_day:
        return ""
    first = min(cheaper, key=lambda line: line.today_usd_per_month)
    return f"{first.label} would cost {money.compact(first.today_usd_per_month)}, but {first.doubt}."


def remark(found: BreakEven, place: int) -> str:
    """Why a way may not win, from which volume on it is there, or what must hold for it; empty where nothing."""
    line = found.lines[place]
    known = found.requests_per_day[np.isfinite(line.usd_per_month)]
    if not line.doubt and not math.isfinite(line.today_usd_per_month) and len(known):
        return f"only from {numbers.requests_per_day(float(known[0]))} on"
    return line.doubt or must_hold(found, place)


def base_words(found: BreakEven, money: Money = DOLLARS) -> tuple[str, ...]:
    """Where the cost of the hybrid comes from, a sentence each; none without one."""
    base = found.base
    if base is None:
        return ()
    say, share = money.compact, numbers.percent(base.share)
    held = f"{_servers(base.replicas)} and a spare, {WAYS_TO_BUY[base.base].terms}"
    told = [
        f"The base, {share} of the work: {held}, {say(base.held_usd_per_month)} a month.",
        f"What goes beyond it, by the hour of the week, {WAYS_TO_BUY[base.burst].terms}: "
        f"{say(base.burst_usd_per_month)} a month.",
        f"People for both together: {say(base.staff_usd_per_month)} a month.",
    ]
    beside = base.beside_usd_per_month
    told += [f"What runs beside the model: {say(beside)} a month."] if beside else []
    return (*told, "Of all sizes of the base, and of all that can carry base and peak, this costs the least.")


def _servers(count: int) -> str:
    return "1 server" if count == 1 else f"{numbers.number(count)} servers"


def trigger(found: BreakEven) -> str:
    """Rent over the cost of owning today, beside the share at which advisers say to study owning."""
    by_key: dict[str, Drawn] = {line.key: line for line in found.lines}
    rent, own = by_key.get("on-demand"), by_key.get("owned")
    if rent is None or own is None or not own.today_usd_per_month > 0 or math.isnan(rent.today_usd_per_month):
        return ""
    share = rent.today_usd_per_month / own.today_usd_per_month
    low, high = found.threshold
    passed = "passed" if share >= low else "not reached"
    return (
        f"Deloitte: study owning once the cloud costs {low * 100:.0f} to {numbers.percent(high)} of what owning would. "
        f"Renting on demand costs {numbers.percent(share)} of it today ({passed}); above 100 % owning is cheaper."
    )
