"""Flips: at the price that is named, both strategies cost the same."""

from __future__ import annotations

from dataclasses import replace

import pytest

from components.catalog.load import load_catalog
from components.engine.comparison import compare, flips, watched
from components.engine.scenario import Scenario
from components.share.presets import first_screen

CATALOG = load_catalog()
SCENARIO = first_screen()


@pytest.mark.parametrize("chosen", range(len(SCENARIO.strategies)))
def test_what_is_watched_stands_where_it_stood(chosen: int) -> None:
    found = flips(SCENARIO, chosen, CATALOG)
    assert found
    assert found[0].figure.startswith("lead|")
    for flip in found:
        assert watched(SCENARIO, flip.figure, CATALOG) == pytest.approx(flip.at)
        assert flip.at != flip.flips_at


def test_at_the_flip_both_cost_the_same() -> None:
    best = compare(SCENARIO, CATALOG).best
    assert best is not None
    named = {f.figure: f for f in flips(SCENARIO, best, CATALOG)}
    own = named[f"price|{SCENARIO.strategies[best].name}"]
    moved = SCENARIO.strategies[best].model_copy(update={"price": own.flips_at})
    strategies = (*SCENARIO.strategies[:best], moved, *SCENARIO.strategies[best + 1 :])
    answers = compare(SCENARIO.model_copy(update={"strategies": strategies}), CATALOG).answers
    rival = next(f for f in named if f.startswith("lead|")).split("|")[1]
    cost = {a.name: a.cost_usd_per_month.base for a in answers}
    assert cost[moved.name] == pytest.approx(cost[rival], rel=1e-3)


def test_newer_prices_cross_a_flip() -> None:
    best = compare(SCENARIO, CATALOG).best or 0
    lead = flips(SCENARIO, best, CATALOG)[0]
    dearer = tuple(
        row.model_copy(update={"usd_per_accelerator_hour": row.usd_per_accelerator_hour * 10})
        if row.accelerator_id == SCENARIO.strategies[best].hardware and row.usd_per_accelerator_hour
        else row
        for row in CATALOG.rentals
    )
    now = watched(SCENARIO, lead.figure, replace(CATALOG, rentals=dearer))
    assert now is not None
    assert lead.at > 1 > now


def test_a_choice_without_a_rival_has_nothing_to_watch() -> None:
    alone = Scenario(workload=SCENARIO.workload, strategies=SCENARIO.strategies[:1])
    assert flips(alone, 0, CATALOG) == ()


@pytest.mark.parametrize(
    "figure", ["lead|gone|All four layers", "price|gone", "nonsense", "lead|", "price|Edge and cloud split"]
)
def test_what_is_gone_has_no_value_or_still_one(figure: str) -> None:
    value = watched(SCENARIO, figure, CATALOG)
    assert value is None or figure.startswith("price|Edge")
