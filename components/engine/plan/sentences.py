"""The plan's answer in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from components.engine.facts.trust import Range
from components.engine.plan.futures import HIGH, LOW, MIDDLE
from components.engine.plan.terms import MONTHS_PER_YEAR
from components.wording import numbers

if TYPE_CHECKING:
    from components.engine.plan.futures import Futures
    from components.engine.plan.paths import BasePlan
    from components.wording.money import Money

NEAR = 0.99
CLOSE = 0.6
"""Share of the draws below which a choice is called close. [1]"""


def span(months: int) -> str:
    """A time in words: "3 years", "18 months", "one month"."""
    if months % MONTHS_PER_YEAR == 0:
        years = months // MONTHS_PER_YEAR
        return "one year" if years == 1 else f"{years} years"
    return "one month" if months == 1 else f"{months} months"


def plan_headline(plan: BasePlan, money: Money, found: Futures | None = None) -> str:
    """The decision, what it is worth and, once futures are drawn, how often it holds."""
    best, rival, over = plan.chosen, plan.rival, span(plan.terms.months)
    over += ", wrong answers included" if plan.terms.wrong_usd else ""
    if rival is None:
        return (
            f"{best.name} is the only strategy that can be planned with: {money.compact(best.present_usd)} over {over}"
        )
    if plan.best == 0:
        more = money.compact(rival.present_usd - best.present_usd)
        return f"Stay with {best.name}: {rival.name}, the next best, costs {more} more over {over}{_odds(plan, found)}"
    return f"Move to {best.name}: {money.compact(best.saving_usd)} less over {over}{_odds(plan, found)}"


def _odds(plan: BasePlan, found: Futures | None) -> str:
    """In how many futures the best is cheaper than staying, or than its rival where it is to stay."""
    if found is None or plan.rival is None:
        return ""
    share = found.odds(plan.best, plan.against).less
    close = ", a close call" if share < CLOSE else ""
    return f", cheaper in {most(share)} of {found.draws:,} futures{close}"


def most(share: float) -> str:
    """A share of many draws in words: neither all nor none of them unless it is so."""
    if NEAR < share < 1:
        return "over 99 %"
    return "under 1 %" if 0 < share < 1 - NEAR else numbers.percent(share)


def against_rival(plan: BasePlan, found: Futures) -> str:
    """How the best stands against the next best, and whether another is the best on average."""
    rival = plan.rival
    if rival is None:
        return ""
    place = plan.paths.index(rival)
    odds = found.odds(plan.best, place)
    words = f"{plan.chosen.name} is cheaper than {rival.name} in {most(odds.less)} of the futures"
    if found.expected_best != plan.best:
        words += f"; on average over all of them {plan.paths[found.expected_best].name} is the cheapest"
    if short := found.outgrown.get(plan.best):
        words += f"; in {most(short)} its machines need more than the {plan.terms.power_kw:,.4g} kW there are"
    return words + "."


def saving_range(plan: BasePlan, found: Futures) -> Range:
    """Present value saved against staying, or against the rival where it is to stay: eight of ten futures. [USD]"""
    gap = found.present_usd[plan.against] - found.present_usd[plan.best]
    low, middle, high = (float(q) for q in np.quantile(gap, [LOW, MIDDLE, HIGH]))
    return Range(low, middle, high)


def bets(plan: BasePlan) -> str:
    """What the plan takes for granted, as one sentence."""
    return (
        "The plan bets that " + ", ".join(plan.notes[:-1]) + (" and " if plan.notes[:-1] else "") + plan.notes[-1] + "."
    )
