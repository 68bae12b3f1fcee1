"""What a cache hit or an accepted draft does to speed and to the bill of tokens: the engine run at a few values."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from components.engine.outcome.evaluation import evaluate
from components.engine.plan.cost_table import tokens_of
from components.engine.plan.futures import DrawModel, Response
from components.engine.plan.own_ranges import unknowns
from components.engine.plan.uncertain import Unknown, lever_of

if TYPE_CHECKING:
    from components.engine.outcome.evaluation import Outcome
    from components.engine.plan.paths import Case

POINTS = 5
"""Values at which the engine is run, the base among them. [1]"""


def model_of(case: Case) -> DrawModel:
    """A plan with its unknowns and how its strategies respond to them."""
    found = unknowns(case)
    return DrawModel(case, found, responses(case, found))


def responses(case: Case, found: tuple[Unknown, ...]) -> dict[tuple[str, int], Response]:
    """By key of the input and index of the strategy; inputs that are plain factors have none.

    Source: docs/engine.md#plan.
    """
    told: dict[tuple[str, int], Response] = {}
    indices = [way.index for way in case.ways]
    for unknown in found:
        if not lever_of(unknown):
            continue
        half = (POINTS - 1) // 2
        below = np.linspace(unknown.low, unknown.base, half + 1)[:-1] if unknown.low < unknown.base else np.zeros(0)
        above = (
            np.linspace(unknown.base, unknown.high, half + 1)
            if unknown.high > unknown.base
            else np.array([unknown.base])
        )
        values = np.concatenate([below, above])
        seen = [_at(case, lever_of(unknown), float(value)) for value in values]
        base = seen[len(below)]
        for place, index in enumerate(indices):
            speed = np.array([one[place][0] / base[place][0] for one in seen])
            prompts = np.array([one[place][1] / base[place][1] for one in seen])
            told[unknown.key, index] = Response(values, speed, prompts)
    return told


def _at(case: Case, lever: str, value: float) -> list[tuple[float, float]]:
    """Requests a chip carries and the bill of prompts of every strategy of the plan; 1 where there is none."""
    looked, book = case.looked_up, case.looked_up.book
    row = book.tables.levers[lever].model_copy(update={"value": value})
    tables = replace(book.tables, levers=MappingProxyType({**book.tables.levers, lever: row}))
    other = replace(book, tables=tables, kept={})
    strategies = [looked.scenario.strategies[way.index] for way in case.ways]
    found = evaluate(strategies, looked.scenario.workload, other, looked.scenario.reference_model)
    return [(_rate(one), tokens_of(one).prompts or 1.0) for one in found]


def _rate(outcome: Outcome) -> float:
    """Requests per second that one chip of the main fleet carries; 1 without a fleet."""
    if not outcome.fleets:
        return 1.0
    fleet = outcome.fleets[0]
    return float(fleet.computed.service.sizing.rate_max_per_replica[fleet.chosen]) / max(fleet.chips_per_replica, 1)
