"""Ranges of cost and of savings: what is not known, how it is put together, and what the reader's figures settle."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest

from components.catalog.load import load_catalog
from components.catalog.prices import middle_80, rental_price
from components.engine.answer import Answer
from components.engine.comparison import compare, saving_range
from components.engine.scenario import Prices, Scenario, Strategy, Workload

CATALOG = load_catalog()
CHAT = Workload(preset="support_chat", requests_per_day=3e6)
MARKET = Strategy(name="market", weights="fp8", chips=2)
WIDER = Strategy(name="wider", weights="fp8", chips=4)
LAMBDA = Strategy(name="Lambda", weights="fp8", chips=2, provider="Lambda")
OTHER = Strategy(name="other chip", weights="fp8", hardware="b200", chips=1)
OWNED = Strategy(name="owned", weights="fp8", chips=2, buy="owned")
PLATFORM = Strategy(name="platform", buy="api", provider="DeepInfra")


def answers(*strategies: Strategy, **prices: Any) -> tuple[Answer, ...]:
    return compare(Scenario(workload=CHAT, strategies=strategies, prices=Prices(**prices)), CATALOG).answers


def width(answer: Answer, cause: str) -> float:
    return sum(s.high_usd - s.low_usd for s in answer.spreads if cause in s.cause)


def test_the_middle_of_eleven_sellers_leaves_one_out_on_either_side() -> None:
    assert middle_80([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 1000]) == pytest.approx((2, 10))
    assert middle_80([3.0]) == (3.0, 3.0)


def test_the_market_price_lies_inside_its_likely_ends() -> None:
    price = rental_price(CATALOG, "h100-sxm")
    assert price is not None
    assert price.low <= price.likely[0] < price.usd < price.likely[1] <= price.high
    named = rental_price(CATALOG, "h100-sxm", provider="Lambda")
    assert named is not None
    assert named.likely == (named.usd, named.usd)


def test_every_range_holds_its_base_and_a_rented_fleet_has_one() -> None:
    for answer in answers(MARKET, LAMBDA, OTHER, OWNED, PLATFORM):
        cost = answer.cost_usd_per_month
        assert 0 <= cost.low <= cost.base <= cost.high
        assert (cost.low < cost.base < cost.high) == (answer.name != "platform")


def test_independent_unknowns_add_as_squares() -> None:
    (answer,) = answers(MARKET)
    assert len(answer.spreads) >= 3
    cost = answer.cost_usd_per_month
    assert cost.high - cost.base == pytest.approx(math.sqrt(sum(s.high_usd**2 for s in answer.spreads)))
    assert cost.base - cost.low == pytest.approx(math.sqrt(sum(s.low_usd**2 for s in answer.spreads)))


def test_a_price_spread_is_the_rent_and_its_overheads_at_the_ends() -> None:
    (answer,) = answers(MARKET)
    price = rental_price(CATALOG, "h100-sxm")
    assert price is not None
    parts = answer.cost_parts_usd_per_month
    rent = parts["compute_busy"] + parts["compute_idle"] + parts["support_overheads"]
    (spread,) = [s for s in answer.spreads if s.cause.startswith("price of")]
    assert spread.low_usd == pytest.approx(rent * (price.likely[0] / price.usd - 1))
    assert spread.high_usd == pytest.approx(rent * (price.likely[1] / price.usd - 1))


def test_what_the_reader_knows_has_no_spread() -> None:
    market, lambda_ = answers(MARKET, LAMBDA)
    assert width(market, "price") > 0
    assert width(lambda_, "price") == 0
    assert width(answers(MARKET, chip_hours=(("h100-sxm", 2.0),))[0], "price") == 0
    assert width(answers(MARKET.model_copy(update={"price": 2.0}))[0], "price") == 0
    assert width(answers(MARKET, people=1.0)[0], "people") == 0
    assert width(answers(MARKET, salary=2e5)[0], "salary") == 0
    assert width(answers(MARKET, staff="none")[0], "people") == width(answers(MARKET, staff="none")[0], "salary") == 0


def test_people_beyond_the_baselines_move_with_the_baselines() -> None:
    """The same fleet twice needs nobody more, however many people a fleet needs."""
    _, same = answers(MARKET, MARKET.model_copy(update={"name": "same"}), staff="difference")
    assert width(same, "people") == 0


def test_a_saving_on_the_same_chip_is_surer_than_on_another() -> None:
    base, wider, other = answers(MARKET, WIDER, OTHER)
    alone = [s._replace(shared=False) for s in base.spreads]
    assert saving_range(base, wider).base == 1 - wider.cost_usd_per_month.base / base.cost_usd_per_month.base
    shared, apart = saving_range(base, wider), saving_range(_with(base, alone), _with(wider, wider.spreads))
    assert shared.high - shared.low < apart.high - apart.low
    found = saving_range(base, other)
    assert found.low < found.base < found.high < 1


def _with(answer: Answer, spreads: Any) -> Answer:
    return replace(answer, spreads=tuple(s._replace(shared=False) for s in spreads))


def test_nothing_is_saved_for_sure_against_oneself_but_for_the_models_error() -> None:
    base, same = answers(MARKET, MARKET.model_copy(update={"name": "same"}))
    plain = [s for s in base.spreads if s.shared]
    found = saving_range(_only(base, plain), _only(same, plain))
    assert (found.low, found.base, found.high) == pytest.approx((0, 0, 0))


def _only(answer: Answer, spreads: Any) -> Answer:
    return replace(answer, spreads=tuple(spreads))


def test_a_saving_needs_a_cost() -> None:
    free, other = answers(MARKET.model_copy(update={"price": 0.0}), MARKET, staff="none")
    with pytest.raises(ValueError, match="costs something"):
        saving_range(free, other)
