"""The roofline under the workload, its laws over the catalog, and the chips a model needs."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.catalog.load import load_catalog
from components.catalog.parameters import load_parameters
from components.engine.comparison.chips import ChipAnswer, hardware, need
from components.engine.facts.workload import effective_workload
from components.engine.outcome.evaluation import open_book
from components.engine.replica.decode import decode_step
from components.engine.replica.memory import batch_capacity, free_bytes, kv_bytes_per_sequence, weight_bytes
from components.engine.replica.record import Physics
from components.engine.replica.roofline import decode_point, prefill_point, roofs
from components.engine.scenario import Scenario, Strategy, Workload
from components.share.presets import first_screen
from tests.engine.replicas import one_replica

CATALOG, G = load_catalog(), load_parameters()
USABLE = sorted(key for key, model in CATALOG.models.items() if model.usable and model.task == "generate")
ALL_CHIPS = tuple(CATALOG.accelerators)


@cache
def everything() -> tuple[ChipAnswer, ...]:
    """The first screen with every accelerator of the catalog beside it."""
    return hardware(first_screen(), CATALOG, ALL_CHIPS)


def _physics(**more: Any) -> Physics:
    row: dict[str, Any] = {"model": "llama-3.3-70b", "chip": "h100-sxm", "weights": "fp8", "kv": "bf16", "chips": 4,
           "isl": 1024, "new_isl": 1024, "osl": 256} | more  # fmt: skip
    row |= {"model": CATALOG.models[row["model"]], "chip": CATALOG.accelerators[row["chip"]]}
    return one_replica(g=G, **row)


def test_every_strategy_with_chips_and_every_picked_chip_is_told() -> None:
    own = [m for m in everything() if not m.picked]
    assert [m.name for m in own] == [s.name for s in first_screen().strategies if s.buy != "api"]
    assert len(everything()) == len(own) + len(ALL_CHIPS)


def test_no_point_stands_above_its_roof() -> None:
    points = [(m.name, p) for m in everything() for p in m.points]
    assert len(points) > 60
    for name, point in points:
        assert 0 < point.flop_per_s <= point.roof_flop_per_s, (name, point)
        assert 0 < point.share <= 1, (name, point)


def test_decode_stands_left_of_prefill() -> None:
    pairs = [(m.point("decode"), m.point("prefill")) for m in everything()]
    both = [(d, p) for d, p in pairs if d is not None and p is not None]
    assert len(both) > 30
    assert all(d.intensity < p.intensity for d, p in both)


@pytest.mark.parametrize("weights", ["native", "fp8", "int4", "fp4"])
@pytest.mark.parametrize("chip", ["h100-sxm", "b200", "mi355x", "tpu-v6e", "l40s", "apple-m4-max"])
@given(model=st.sampled_from(USABLE), batch=st.floats(1, 2000), chips=st.sampled_from([1, 2, 8]))
def test_law_no_step_beats_the_roof(chip: str, weights: str, model: str, batch: float, chips: int) -> None:
    p = _physics(model=model, chip=chip, weights=weights, chips=chips)
    peak = max(roof.flop_per_s for roof in roofs(CATALOG.accelerators[chip], G))
    decode = decode_point(p, G, batch=batch, draft_tokens=0.0, peak=peak)
    prefill = prefill_point(p, G, peak=peak)
    assert prefill is not None
    assert decode.flop_per_s <= decode.roof_flop_per_s
    assert prefill.flop_per_s <= prefill.roof_flop_per_s


def test_a_point_takes_its_time_from_the_engine() -> None:
    """By hand at batch 32: 2 x 70.6e9 x 32 FLOP and 4 x 80 x 64 x 128 x 1,152 x 32 of attention over one step."""
    p = _physics()
    point = decode_point(p, G, batch=32.0, draft_tokens=0.0, peak=1e18)
    step = float(decode_step(p, np.array([32.0]), G).total_s[0])
    active = float(p.active_rest[0] + p.active_expert[0])
    flop = 32 * (2 * active + 4 * 80 * 64 * 128 * 1152)
    assert point.seconds == step
    assert point.flop_per_s == pytest.approx(flop / step / 4)
    cache = 32 * 1152 * 80 * 8 * 128 * 2 * 2
    read = float(p.params_rest_read[0] * p.bytes_rest[0])
    assert flop / point.intensity == pytest.approx(read + cache, rel=1e-6)


def test_a_prompt_that_is_cached_whole_has_no_point() -> None:
    assert prefill_point(_physics(new_isl=0), G, peak=1e15) is None


@pytest.mark.parametrize("chip", ["h100-sxm", "b200", "mi355x", "tpu-v6e", "l40s"])
@pytest.mark.parametrize("model", ["llama-3.3-70b", "llama-3.1-8b", "deepseek-r1", "gpt-oss-120b"])
def test_chips_needed_are_what_memory_holds(chip: str, model: str) -> None:
    """As many chips hold the weights and one cache by `memory.free_bytes`; one fewer do not."""
    book, strategy, workload = open_book(CATALOG), Strategy(model=model, hardware=chip), Workload()
    traffic = effective_workload(workload, CATALOG)
    found = need(book, strategy, traffic, CATALOG.models[model], CATALOG.accelerators[chip])
    row = {"model": model, "chip": chip, "weights": "native", "isl": traffic.isl, "new_isl": traffic.isl,
           "osl": traffic.osl, "tp": 1}  # fmt: skip
    enough = _physics(chips=found.chips, **row)
    assert found.weight_bytes == pytest.approx(float(weight_bytes(enough)[0]))
    cache = float(kv_bytes_per_sequence(enough, enough.isl + enough.osl)[0])
    assert found.kv_bytes == pytest.approx(cache)
    assert free_bytes(enough, G)[0] >= cache
    assert batch_capacity(enough, G)[0] >= 1
    if found.chips > 1:
        assert free_bytes(_physics(chips=found.chips - 1, **row), G)[0] < cache


def test_replicas_hold_at_least_the_chips_needed() -> None:
    for m in everything():
        if m.chips_per_replica is not None and m.need is not None:
            assert m.chips_per_replica >= m.need.chips, m.name


def test_a_rented_chip_earns_by_its_price_and_power() -> None:
    h100 = everything()[0]
    assert h100.tokens_per_s_per_chip is not None
    assert h100.usd_per_chip_hour is not None
    assert h100.kw_per_chip is not None
    assert h100.tokens_per_usd == pytest.approx(h100.tokens_per_s_per_chip * 3600 / h100.usd_per_chip_hour)
    assert h100.tokens_per_joule == pytest.approx(h100.tokens_per_s_per_chip / h100.kw_per_chip / 1e3)


def test_half_the_price_earns_twice_as_much_per_dollar() -> None:
    dear, cheap = (
        hardware(Scenario(workload=Workload(), strategies=(Strategy(price=price),)), CATALOG)[0] for price in (4.0, 2.0)
    )
    assert cheap.tokens_per_usd == pytest.approx(2 * (dear.tokens_per_usd or 0))


def test_a_chip_that_nobody_rents_has_no_figure_per_dollar() -> None:
    (rubin,) = [m for m in everything() if m.picked and m.chip.id == "rubin-vr-nvl72" and not m.partner]
    assert rubin.tokens_per_s_per_chip is not None
    assert rubin.tokens_per_usd is None
    assert rubin.usd_per_chip_hour is None


def test_owned_chips_cost_their_parts_and_not_their_staff() -> None:
    (own,) = hardware(Scenario(workload=Workload(), strategies=(Strategy(buy="owned"),)), CATALOG)
    assert own.usd_per_chip_hour is not None
    assert 0.5 < own.usd_per_chip_hour < 6


def test_weights_in_sram_stand_on_no_roofline_and_say_so() -> None:
    for m in everything():
        if m.chip.device_class in {"lpu-v1", "wafer"}:
            assert m.points == ()
            assert "SRAM" in m.why_no_point


def test_a_strategy_that_cannot_be_says_why() -> None:
    (mac,) = [m for m in everything() if m.picked and m.chip.id == "apple-m4-max"]
    assert not mac.feasible
    assert mac.reason
    assert mac.tokens_per_s_per_chip is None
    assert mac.need is not None


def test_only_per_token_strategies_leave_nothing_to_draw() -> None:
    assert hardware(Scenario(workload=Workload(), strategies=(Strategy(buy="api"),)), CATALOG) == ()
    assert len(hardware(Scenario(workload=Workload(), strategies=(Strategy(buy="api"),)), CATALOG, ("b200", "x"))) == 1


def test_permuting_strategies_changes_nothing() -> None:
    scenario = first_screen()
    turned = scenario.model_copy(update={"strategies": scenario.strategies[::-1]})
    there, back = (hardware(one, CATALOG) for one in (scenario, turned))
    assert {m.name: m.points for m in there} == {m.name: m.points for m in back}
