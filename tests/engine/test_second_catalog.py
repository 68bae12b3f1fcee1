"""Another catalog than the repository's: every answer follows the facts it is given, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TypeVar

import pytest

from components.catalog.levers import LeverTables, load_levers
from components.catalog.load import Catalog, load_catalog
from components.catalog.parameters import load_parameters
from components.catalog.records import ApiPrice, Record
from components.engine.answer.records import Answer
from components.engine.comparison.chips import hardware
from components.engine.comparison.compare_strategies import compare
from components.engine.facts.book import Book
from components.engine.outcome.evaluation import evaluate, open_book
from components.engine.scenario import Scenario, Strategy, Workload
from components.engine.search.ask.requirements import Requirements
from components.engine.search.find import search
from components.engine.search.rank.option import Option
from components.engine.search.tell.found import Ranked
from components.share.presets import presets

CATALOG = load_catalog()
FACTOR = 10.0
PRESETS = {key: preset.strategy for key, preset in presets().items()}
BOUGHT = {
    **{buy: Strategy(name=buy, hardware="h100-sxm", buy=buy) for buy in ("on-demand", "spot", "owned", "dedicated")},
    "reserved without a price": Strategy(name="reserved", hardware="l40s", buy="reserved-3yr"),
    "host on top": Strategy(name="host", hardware="h200-sxm", buy="owned"),
    "list price": Strategy(name="list", model="llama-3.1-8b", hardware="rtx-4090", buy="owned", chips=2),
    "per token, package": Strategy(name="groq", model="gpt-oss-120b", buy="api", provider="GroqCloud", defer=0.3),
    "per token, table": Strategy(name="deepinfra", model="gpt-oss-120b", buy="api", provider="DeepInfra"),
    "per token, median": Strategy(name="median", buy="api"),
    "prefill pool": Strategy(name="pool", model="deepseek-r1", hardware="h200-sxm", disagg=True, prefill="h100-sxm"),
}


R = TypeVar("R", bound=Record)


def _dearer(row: R, *columns: str) -> R:
    priced = {c: v * FACTOR for c in columns if (v := getattr(row, c)) is not None}
    return row.model_copy(update=priced)


def dearer(catalog: Catalog) -> Catalog:
    """The same facts with every price ten times as high: rent, purchase, list, dedicated, per token, economics."""
    tokens = ("input_usd_per_mtok", "output_usd_per_mtok", "cached_input_usd_per_mtok")
    money = [k for k, row in catalog.economics.items() if row.unit.startswith("USD")]
    assert {"staff_cost_loaded", "colo_us_primary", "elec_us_industrial_default"} <= set(money)
    return replace(
        catalog,
        rentals=tuple(_dearer(r, "usd_per_accelerator_hour", "usd_per_accelerator") for r in catalog.rentals),
        api_prices=tuple(_dearer(r, *tokens) for r in catalog.api_prices),
        dedicated=tuple(_dearer(r, "usd_per_accelerator_hour") for r in catalog.dedicated),
        accelerators=MappingProxyType({k: _dearer(c, "list_price_usd") for k, c in catalog.accelerators.items()}),
        economics=MappingProxyType(
            {k: _dearer(r, "low", "base", "high") if k in money else r for k, r in catalog.economics.items()}
        ),
    )


def dearer_levers(tables: LeverTables) -> LeverTables:
    """Router, compressor, response cache and the user's mains, ten times as dear."""
    levers = {k: _dearer(r, "value") if r.unit.startswith("USD") else r for k, r in tables.levers.items()}
    return replace(tables, levers=MappingProxyType(levers))


DEAR = dearer(CATALOG)
BOOK, DEAR_BOOK = open_book(CATALOG), Book(DEAR, load_parameters(), tables=dearer_levers(load_levers()))


def money(answer: Answer) -> list[float | None]:
    """Every figure of money in an answer."""
    cost = answer.cost_usd_per_month
    units = (answer.usd_per_mtok_input, answer.usd_per_mtok_output, answer.usd_per_mtok_blended, answer.usd_per_request)
    prices = [s.value for s in answer.ledger if s.unit.startswith("USD")]
    return [cost.low, cost.base, cost.high, *units, *answer.cost_parts_usd_per_month.values(), *prices]


def ten_times(before: list[float | None], after: list[float | None]) -> None:
    assert len(before) == len(after)
    for low, high in zip(before, after, strict=True):
        assert (low is None) == (high is None)
        assert high == pytest.approx(None if low is None else low * FACTOR, rel=1e-9)


@pytest.mark.parametrize("key", sorted(BOUGHT))
def test_every_figure_of_money_follows_the_catalog(key: str) -> None:
    scenario = Scenario(strategies=(Strategy(name="base"), BOUGHT[key]), workload=Workload(preset="support_chat"))
    before, after = compare(scenario, CATALOG), compare(scenario, DEAR)
    assert before.answers[1].cost_usd_per_month.base > 0
    for one, other in zip(before.answers, after.answers, strict=True):
        ten_times(money(one), money(other))
        assert one.ttft_p95_s == other.ttft_p95_s
    for told, dear in zip(before.attributions, after.attributions, strict=True):
        for one_step, dear_step in zip(told.steps, dear.steps, strict=True):
            assert one_step.waterfall * FACTOR == pytest.approx(dear_step.waterfall, abs=1e-6)
            assert one_step.shapley * FACTOR == pytest.approx(dear_step.shapley, abs=1e-6)
    assert after.curves.cost_usd_per_month == pytest.approx(before.curves.cost_usd_per_month * FACTOR, nan_ok=True)


@pytest.mark.parametrize("workload", sorted(CATALOG.workloads))
def test_every_preset_follows_catalog_and_levers(workload: str) -> None:
    """Router, compressor, response cache and users' mains are priced in data/levers.csv."""
    chosen = list(PRESETS.values())
    load = Workload(preset=workload)
    for one, other in zip(evaluate(chosen, load, BOOK), evaluate(chosen, load, DEAR_BOOK), strict=True):
        assert one.resolved.reasons == other.resolved.reasons
        assert other.parts_usd_per_month == pytest.approx(
            {name: usd * FACTOR for name, usd in one.parts_usd_per_month.items()}, rel=1e-9
        )


def test_the_search_follows_the_catalog() -> None:
    question = Requirements(
        workload=Workload(requests_per_day=3e6), hardware=("h100-sxm", "h200-sxm", "l40s"), places=("usa",),
        buys=("on-demand", "owned", "dedicated", "api"), alternatives="same",
    )  # fmt: skip
    before, after = search(question, BOOK), search(question, DEAR_BOOK)
    assert before.winner is not None
    assert len(before.ranked) > 3
    assert {r.option.kind for r in before.ranked} == {"accelerators", "api"}
    costs = [[o.cost_usd_per_month for o in options] for options in (_options(before.ranked), _options(after.ranked))]
    assert costs[1] == pytest.approx([usd * FACTOR for usd in costs[0]], rel=1e-9)
    assert [r.option.strategy for r in after.ranked] == [r.option.strategy for r in before.ranked]
    assert before.why is not None
    assert after.why is not None
    levers = [[lever.usd_per_month for lever in why.levers] for why in (before.why, after.why)]
    assert levers[1] == pytest.approx([usd * FACTOR for usd in levers[0]], rel=1e-6)
    assert after.saving == pytest.approx(before.saving)


def _options(ranked: tuple[Ranked, ...]) -> list[Option]:
    return [r.option for r in ranked]


def test_the_hardware_page_follows_the_catalog() -> None:
    scenario = Scenario(strategies=(Strategy(), Strategy(hardware="h200-sxm", buy="owned")))
    before, after = hardware(scenario, CATALOG, ("mi300x",)), hardware(scenario, DEAR, ("mi300x",))
    assert len(before) == 3
    for one, other in zip(before, after, strict=True):
        assert one.usd_per_chip_hour
        assert other.usd_per_chip_hour == pytest.approx(one.usd_per_chip_hour * FACTOR)
        assert other.tokens_per_usd == pytest.approx((one.tokens_per_usd or 0) / FACTOR)
        assert other.tokens_per_joule == one.tokens_per_joule


def test_a_platform_of_the_given_catalog_only_is_found() -> None:
    row = next(r for r in CATALOG.api_prices if r.model_id == "gpt-oss-120b" and r.status == "current")
    own = row.model_copy(update={"provider": "My platform", "provider_model_ref": "", "input_usd_per_mtok": 7.0})
    other = replace(CATALOG, api_prices=(*CATALOG.api_prices, ApiPrice.model_validate(own.model_dump())))
    strategy = Strategy(model="gpt-oss-120b", buy="api", provider="My platform")
    (known,) = evaluate([strategy], Workload(), open_book(other))
    (unknown,) = evaluate([strategy], Workload(), open_book(CATALOG))
    assert known.resolved.deployments[0].api is not None
    assert known.resolved.deployments[0].api.usd_per_token_input == pytest.approx(7e-6)
    assert "no price of" in unknown.resolved.reasons[0]
