"""Decisions over volume and time: rent, own or API, what owning costs, and where the cheapest way changes."""

from components.engine.plan.ownership import Ownership, TcoLine, bill_of_owning
from components.engine.plan.rent_or_own import break_even, chosen_by_default
from components.engine.plan.rent_or_own_words import (
    base_words,
    cheaper_but,
    doing,
    headline,
    remark,
    today_words,
    trigger,
)
from components.engine.plan.volume_records import BreakEven, Crossover, Drawn
from components.engine.plan.ways_to_buy import MIX, Family

__all__ = [
    "MIX",
    "BreakEven",
    "Crossover",
    "Drawn",
    "Family",
    "Ownership",
    "TcoLine",
    "base_words",
    "bill_of_owning",
    "break_even",
    "cheaper_but",
    "chosen_by_default",
    "doing",
    "headline",
    "remark",
    "today_words",
    "trigger",
]
