"""A strategy always becomes something to compute or a sentence that says what to change."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.catalog.levers import load_levers
from components.catalog.load import load_catalog
from components.catalog.parameters import load_parameters
from components.engine.comparison.compare_strategies import evaluate_one
from components.engine.economics.per_token import median_provider
from components.engine.economics.power import kilowatts
from components.engine.economics.terms import Purchase
from components.engine.facts.book import Book
from components.engine.facts.periods import HOURS_PER_MONTH
from components.engine.facts.workload import effective_workload, spread
from components.engine.outcome.evaluation import evaluate, open_book
from components.engine.scenario import Strategy, Workload
from components.engine.strategy.records import Resolved
from components.engine.strategy.resolve import resolve

CATALOG, G = load_catalog(), load_parameters()
CHAT = Workload()


def run(workload: Workload = CHAT, **levers: Any) -> Resolved:
    return resolve(open_book(CATALOG), Strategy.model_validate(levers), workload)


def check(found: Resolved) -> None:
    """Feasible with complete rows, or reasons."""
    assert found.feasible != bool(found.reasons)
    if not found.feasible:
        return
    for deployment in found.deployments:
        assert (deployment.api is None) != (deployment.purchase is None)
        if deployment.api is None:
            assert deployment.candidates is not None
            rows, need = deployment.candidates.physics, deployment.candidates.demand
            assert len(deployment.candidates.layouts) == len(rows.chips) == len(need.headroom)
            assert (rows.chips >= 1).all()
            assert (rows.tp * rows.dp * rows.pp == rows.chips).all()


@pytest.mark.parametrize("chip", sorted(CATALOG.accelerators))
@pytest.mark.parametrize("model", ["llama-3.1-8b", "deepseek-r1"])
@pytest.mark.parametrize("buy", ["on-demand", "owned"])
def test_every_chip_runs_every_size_or_says_why(chip: str, model: str, buy: str) -> None:
    found = run(hardware=chip, model=model, buy=buy)
    check(found)
    assert all(":" in reason for reason in found.reasons)


@pytest.mark.parametrize("preset", sorted(CATALOG.workloads))
def test_every_preset_has_a_volume_and_resolves(preset: str) -> None:
    traffic = effective_workload(Workload(preset=preset), CATALOG)
    assert traffic.requests_per_day > 0
    assert traffic.peak >= 168 / traffic.hours
    check(run(Workload(preset=preset), model="qwen3.5-122b-a10b"))


@pytest.mark.parametrize("model", sorted(CATALOG.models))
def test_every_model_resolves_or_says_why(model: str) -> None:
    check(run(model=model, hardware="b200"))


def test_places_and_sources_exist() -> None:
    tables = load_levers()
    for place in tables.places.values():
        assert {place.carbon, place.pue} <= CATALOG.economics.keys()
        assert place.electricity is None or place.electricity in CATALOG.economics
    cited = {row.source_id for row in tables.levers.values()} | {row.source_id for row in tables.quality}
    cited |= {row.source_id for row in tables.device_classes.values()}
    assert cited | {row.source_id for row in tables.volumes.values()} <= CATALOG.sources.keys()
    cited |= {row.source_id for row in tables.platforms.values()}
    partners = {row.partner_id for row in tables.device_classes.values()} - {None}
    assert partners <= CATALOG.accelerators.keys()
    assert {row.accelerator_id for row in tables.platforms.values()} - {None} <= CATALOG.accelerators.keys()
    assert tables.platforms.keys() <= {price.provider for price in CATALOG.api_prices}
    assert tables.device_classes.keys() <= {chip.device_class for chip in CATALOG.accelerators.values()}
    assert all(lever.low <= lever.value <= lever.high for lever in tables.levers.values())
    assert tables.volumes.keys() == CATALOG.workloads.keys()


def test_spread_of_a_lognormal() -> None:
    """A lognormal with s = 1 has p95 = mean exp(1.6449 - 1/2) and cv = sqrt(e - 1)."""
    assert spread(1000, 1000 * math.exp(1.6448536 - 0.5)) == pytest.approx(math.sqrt(math.e - 1), rel=1e-6)
    assert spread(100, 90) == 0


def test_too_few_chips_are_named() -> None:
    found = run(model="qwen3-235b-a22b", weights="fp8", chips=1)
    assert "needs 4 x H100 80GB SXM5 at FP8" in found.reasons[0]
    assert "raise chips per replica to 4" in found.reasons[0]


def test_prices_are_never_invented() -> None:
    lpx = run(hardware="groq-3-lpu", buy="owned")
    assert "no published price" in lpx.reasons[0]
    priced = run(hardware="groq-3-lpu", buy="owned", price=10000)
    assert priced.feasible
    assert priced.basis == "announced"
    assert priced.deployments[0].sram_chips == 512
    assert "own price 10,000.00 USD per chip, no list price is published" in priced.overrides
    assert not run(buy="owned", place="zaf").feasible
    assert not run(place="atlantis").feasible


def test_spot_and_commitments_fall_back_to_published_discounts() -> None:
    listed = run(buy="on-demand").deployments[0].purchase
    for buy in ("spot", "reserved-1yr", "reserved-3yr"):
        found = run(buy=buy).deployments[0].purchase
        assert found is not None
        assert listed is not None
        assert found.usd_per_chip_hour < listed.usd_per_chip_hour
    derived = run(hardware="l40s", buy="reserved-3yr").deployments[0].purchase
    assert derived is not None
    assert derived.rule == "no three-year commitment price of L40S is published: on-demand less the usual 57%"
    assert (derived.basis, derived.confidence) == ("estimated", "low")
    assert run(hardware="l40s", buy="reserved-3yr").basis == "estimated"
    assert run(buy="reserved-3yr").basis == "modelled"


def test_owned_machines_pay_for_power_and_space_and_rent_contains_them() -> None:
    rented, owned = run().deployments[0].purchase, run(buy="owned").deployments[0].purchase
    assert rented is not None
    assert owned is not None
    assert rented.usd_per_kwh == rented.capex_usd_per_chip == 0
    assert owned.usd_per_kwh > 0
    assert owned.capex_usd_per_chip > 23500
    assert owned.usd_per_chip_hour == 0


def test_an_own_price_replaces_the_list_and_is_named() -> None:
    found = run(price=2.1)
    assert found.deployments[0].purchase is not None
    assert found.deployments[0].purchase.usd_per_chip_hour == 2.1
    assert found.overrides[0].startswith("own price 2.10 USD per chip-hour instead of ")


def test_tokens_carry_prices_speed_and_batch_terms() -> None:
    found = run(buy="api", provider="GroqCloud", defer=0.3)
    terms = found.deployments[0].api
    assert found.feasible
    assert terms is not None
    assert terms.usd_per_token_output > 0
    assert terms.deferred_share == 0.3
    own = run(buy="api", provider="Nobody", price_in=1, price_out=2)
    assert own.feasible
    assert not run(buy="api", provider="Nobody").feasible


def test_edge_refuses_what_does_not_fit() -> None:
    found = run(edge=0.3, edge_model="llama-3.3-70b", edge_device="jetson-orin-nano-super")
    assert "smaller edge model or a larger device" in " ".join(found.reasons)
    assert run(edge=1).deployments[0].role == "edge"


def test_other_machines_take_their_own_shape() -> None:
    lpus = run(hardware="groq-lpu-v1", buy="owned").deployments[0].candidates
    assert lpus is not None
    lpu = lpus.layouts[0]
    assert lpu.chips == lpu.pp > 600
    wafer = run(hardware="cerebras-wse-3", buy="owned").deployments[0]
    assert wafer.pool_chip is not None
    assert wafer.candidates is not None
    assert wafer.candidates.layouts[0].chips >= 4


def test_unknown_names_are_reasons() -> None:
    assert not run(model="nothing").feasible
    assert not run(hardware="nothing").feasible
    assert not run(edge=0.5, edge_device="nothing").feasible
    assert "longer context" in run(Workload(isl=1e6)).reasons[0]


MODELS, CHIPS = sorted(CATALOG.answering), sorted(CATALOG.accelerators)
SHARE = st.floats(0, 0.9)


@given(
    strategy=st.builds(
        Strategy,
        model=st.sampled_from(MODELS),
        student=st.sampled_from(["", *MODELS]),
        weights=st.sampled_from(["native", "bf16", "fp8", "int8", "int4", "fp4"]),
        kv=st.sampled_from(["bf16", "fp8", "int4"]),
        sparsity=st.sampled_from(["none", "2:4"]),
        pruned=st.floats(0, 0.5),
        hardware=st.sampled_from(CHIPS),
        chips=st.sampled_from([0, 1, 3, 8, 72, 4096]),
        prefill=st.sampled_from(["", *CHIPS]),
        buy=st.sampled_from(["on-demand", "spot", "reserved-1yr", "reserved-3yr", "owned", "dedicated", "api"]),
        place=st.sampled_from(sorted(load_levers().places)),
        price=st.none() | st.floats(0, 1e5),
        stack=st.sampled_from(["vllm", "sglang", "trtllm", "llama.cpp", "other"]),
        batching=st.sampled_from(["continuous", "static"]),
        prefix=st.booleans(),
        spec=st.sampled_from(["none", "draft", "eagle", "mtp"]),
        depth=st.integers(0, 8),
        disagg=st.booleans(),
        ep=st.booleans(),
        offload=st.booleans(),
        cache=SHARE,
        route=SHARE,
        route_model=st.sampled_from(MODELS),
        compress=st.floats(0.05, 1),
        shorten=st.floats(0.05, 1),
        defer=st.floats(0, 1),
        scale=st.sampled_from(["fixed", "hourly", "zero"]),
        edge=st.floats(0, 1),
        edge_device=st.sampled_from(CHIPS),
        edge_model=st.sampled_from(MODELS),
    ),
    preset=st.sampled_from(sorted(CATALOG.workloads)),
)
def test_no_strategy_raises(strategy: Strategy, preset: str) -> None:
    found = resolve(open_book(CATALOG), strategy, Workload(preset=preset))
    check(found)


def test_without_a_provider_the_median_seller_is_taken_not_the_cheapest() -> None:
    """Three sellers: the one in the middle; an even number: the lower of the two in the middle, a real offer."""
    row = next(r for r in CATALOG.api_prices if r.model_id == "gpt-oss-120b" and r.status == "current")
    prices = {"dear": 9.0, "cheap": 1.0, "middle": 3.0, "next": 5.0}

    def sold(*names: str) -> str:
        rows = [
            row.model_copy(update={"provider": n, "input_usd_per_mtok": prices[n], "output_usd_per_mtok": prices[n]})
            for n in names
        ]
        return median_provider(open_book(replace(CATALOG, api_prices=tuple(rows))), "gpt-oss-120b", row.tier)

    assert sold("dear", "cheap", "middle") == "middle"
    assert sold("dear", "cheap", "middle", "next") == "middle"
    assert sold("dear") == "dear"
    assert sold() == ""


def test_users_devices_in_an_unknown_place_have_no_published_carbon() -> None:
    """Never 0 kg: the electricity is known, what the grid emits is not."""
    answers = {
        place: evaluate_one(Strategy(edge=1.0, edge_device="apple-m4-max", place=place), CHAT, CATALOG)
        for place in ("usa", "atlantis")
    }
    known, unknown = answers["usa"], answers["atlantis"]
    assert known.carbon_kg_per_month
    assert unknown.energy_kwh_per_month == known.energy_kwh_per_month
    assert unknown.carbon_kg_per_month is None
    (step,) = (s for s in unknown.ledger if s.name.endswith("carbon"))
    assert step.value is None
    assert "not known" in step.formula


def test_a_platform_beside_users_devices_leaves_the_footprint_unknown() -> None:
    """The devices' electricity alone is not that of the strategy: what the platform uses is not published."""
    mixed = evaluate_one(Strategy(buy="api", edge=0.4, edge_device="apple-m4-max"), CHAT, CATALOG)
    assert mixed.cost_parts_usd_per_month
    assert {mixed.power_kw, mixed.energy_kwh_per_month, mixed.carbon_kg_per_month} == {None}


def test_a_charged_device_without_a_price_is_a_reason_not_free() -> None:
    unpriced = replace(
        CATALOG,
        rentals=tuple(r for r in CATALOG.rentals if r.accelerator_id != "apple-m4-max"),
        accelerators={
            **CATALOG.accelerators,
            "apple-m4-max": CATALOG.accelerators["apple-m4-max"].model_copy(update={"list_price_usd": None}),
        },
    )
    strategy = Strategy(edge=1.0, edge_device="apple-m4-max")
    tables = load_levers()
    share = tables.levers["edge_device_share"].model_copy(update={"value": 0.5})
    charged = replace(tables, levers={**tables.levers, share.id: share})
    missing = resolve(Book(unpriced, G, charged), strategy, CHAT)
    assert any("no published price" in reason for reason in missing.reasons)
    assert not missing.feasible
    assert resolve(Book(unpriced, G), strategy, CHAT).feasible
    priced = resolve(Book(CATALOG, G, charged), strategy, CHAT)
    assert priced.deployments[0].purchase is not None
    assert priced.deployments[0].purchase.capex_usd_per_chip > 0


def owned(chip: str) -> Purchase:
    found = run(hardware=chip, buy="owned").deployments[0].purchase
    assert found is not None
    return found


def test_people_are_counted_by_server_not_by_chip() -> None:
    """A rack counts as one server, a lone card as a share of one."""
    assert owned("h100-sxm").servers_per_chip == 1 / 8
    assert owned("gb200-nvl72").servers_per_chip == 1 / 72
    assert owned("rtx-4090").servers_per_chip == 1 / 8


def test_users_devices_draw_their_charging_losses_from_the_mains() -> None:
    chip, losses = CATALOG.accelerators["apple-m4-max"], open_book(CATALOG).value("edge_battery_factor")
    drawn = run(edge=1.0, edge_device=chip.id).deployments[0].purchase
    assert drawn is not None
    assert losses > 1
    assert drawn.kw_per_chip == pytest.approx(kilowatts(open_book(CATALOG), chip)[0] * losses)


def test_the_weakest_input_decides_how_sure_an_answer_is() -> None:
    sure = run(price=2.0)
    doubted = CATALOG.models["llama-3.3-70b"].model_copy(update={"confidence": "low"})
    doubtful = replace(CATALOG, models={**CATALOG.models, doubted.id: doubted})
    unsure = resolve(Book(doubtful, G), Strategy(price=2.0), CHAT)
    assert sure.confidence == "medium"
    assert unsure.confidence == "low"
    assert run(hardware="mi455x", price=2.0).basis == "announced"


def test_owned_machines_draw_power_while_they_wait() -> None:
    """An owner's machines stay switched on, whatever the scaling: chips x kW x PUE x (busy + idle share x rest)."""
    book = open_book(CATALOG)
    for scale in ("fixed", "hourly"):
        (outcome,) = evaluate([Strategy(buy="owned", scale=scale)], CHAT, book)
        (fleet,) = outcome.fleets
        found, terms = fleet.computed, fleet.purchase
        busy, on = found.hours.busy[fleet.chosen], found.service.replicas[fleet.chosen] * HOURS_PER_MONTH
        assert busy < 0.9 * on
        hours = busy + book.value("idle_power_share") * (on - busy)
        kwh = fleet.candidate.layout.chips * terms.kw_per_chip * terms.pue * hours
        assert found.energy.kwh_per_month[fleet.chosen] == pytest.approx(kwh)
