"""Why the cheapest way changes: both bills are the engine's at that volume, and their formulas give them."""

from __future__ import annotations

import pytest

from components.engine.plan import MIX, break_even, why_crossover
from components.engine.plan.ways_to_buy import HALL
from components.share.starting_points import starts
from tests.engine.answer import printed
from tests.engine.plan.cases import CATALOG


@pytest.mark.parametrize(("key", "index", "among"), [("support-chat", 1, {MIX}), ("closed-api", 4, {MIX, HALL, "api"})])
def test_both_bills_are_those_of_the_crossover_and_their_formulas_give_them(
    key: str, index: int, among: set[str]
) -> None:
    scenario = starts()[key].scenario
    found = break_even(scenario, index, CATALOG)
    told = {(found.lines[f.below].key, found.lines[f.above].key): f for f in found.crossovers}
    assert among <= {name for pair in told for name in pair}
    for flip in told.values():
        turn, below, above = why_crossover(found, flip, scenario, CATALOG)
        (gap,) = turn.steps
        assert gap.value is not None
        if flip.equal:
            assert abs(gap.value) <= 1e-6 * flip.usd_per_month
        else:
            assert gap.value >= -1e-6 * flip.usd_per_month
        assert (below.name, above.name) == (found.lines[flip.below].label, found.lines[flip.above].label)
        for why in (below, above):
            total = why.steps[0].value
            assert total == pytest.approx(flip.usd_per_month, rel=1e-6) or not flip.equal
            for step in (*turn.steps, *why.steps):
                if step.found == "formula" and step.value is not None:
                    given = printed.evaluate(step.formula, dict(step.inputs))
                    assert given.holds(step.value, 1e-9 * abs(step.value) + 1e-6), (why.name, step.name)
