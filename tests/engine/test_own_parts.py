"""Chips and models of the reader's own: a copy is its original, better figures never make it worse, nothing breaks."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.catalog.config_model import read_config
from components.catalog.levers import load_levers
from components.catalog.load import load_catalog
from components.catalog.own import OWN_SELLER, OWN_SOURCE, tables_with_own, with_own
from components.catalog.own_records import NOTHING_OWN, Own, OwnChip, OwnModel
from components.engine.answer import Answer
from components.engine.comparison import compare, hardware, models_that_fit
from components.engine.outcome import open_book, priced_book
from components.engine.scenario import Scenario, Strategy, Workload
from components.engine.search import Requirements, search
from components.engine.search.ask.known import not_for_data_centres
from tests.catalog.published_configs import CONFIGS

CATALOG = load_catalog()
COPY = OwnChip(id="own-chip-1", like="b200")
FAMILIES = ("h100-sxm", "b200", "mi355x", "gb200-nvl72", "tpu-v6e", "trainium2", "l40s", "groq-lpu-v1")
CHIPS = tuple(key for key in FAMILIES if key in CATALOG.accelerators)


def _own_model(key: str, **changes: Any) -> OwnModel:
    """The own model of a config.json of a listed one, with the age of that very one."""
    model = read_config(json.dumps(CONFIGS[key]), name="Ours").model
    listed = CATALOG.models[key]
    same = {"release": listed.release, "total_params": listed.total_params, "active_params": listed.active_params}
    return model.model_copy(update=same | {"mtp_layers": listed.mtp_layers, "vocab": listed.vocab} | changes)


def _answers(*strategies: Strategy, own: Own = NOTHING_OWN, preset: str = "support_chat") -> tuple[Answer, ...]:
    return compare(Scenario(workload=Workload(preset=preset), strategies=strategies, own=own), CATALOG).answers


def _told(answer: Answer, *names: str) -> str:
    """An answer but for the words that name chip and model, and where they are from."""
    plain = replace(answer, name="", accelerator_name="", overrides=(), explain=lambda: ())
    steps = [(step.name, step.value, step.unit, step.formula, step.inputs) for step in answer.ledger]
    text = f"{plain} {steps}"
    for name in names:
        text = text.replace(name, "X")
    return text


@pytest.mark.parametrize("buy", ["on-demand", "spot", "reserved-1yr", "owned", "dedicated"])
@pytest.mark.parametrize("chip", CHIPS)
def test_a_chip_copied_unchanged_gives_the_same_answer_to_the_last_digit(chip: str, buy: str) -> None:
    own = OwnChip(id="own-chip-1", like=chip)
    here = {"buy": buy, "weights": "fp8"}
    listed, copied = (
        _answers(Strategy.model_validate(here | {"hardware": key}), own=Own(chips=(own,)))[0]
        for key in (chip, "own-chip-1")
    )
    names = (own.shown, CATALOG.accelerators[chip].name, "own-chip-1", chip)
    assert _told(copied, *names) == _told(listed, *names)


@pytest.mark.parametrize("key", ["llama-3.1-70b", "deepseek-v3", "gpt-oss-120b", "gemma-3-27b", "qwen3-next-80b-a3b",
                                 "mixtral-8x7b"])  # fmt: skip
def test_a_model_of_the_config_of_a_listed_one_gives_the_same_answer_to_the_last_digit(key: str) -> None:
    own = _own_model(key)
    listed, read = (
        _answers(Strategy(model=name, hardware="b200"), own=Own(models=(own,)))[0] for name in (key, own.id)
    )
    names = (own.shown, CATALOG.models[key].name)
    assert replace(read, confidence="low").cost_usd_per_month == replace(listed, confidence="low").cost_usd_per_month
    assert _told(replace(read, confidence="low"), *names) == _told(replace(listed, confidence="low"), *names)


@settings(max_examples=25)
@given(st.sampled_from(CHIPS[:6]), st.floats(1, 8), st.sampled_from(["llama-3.3-70b", "gpt-oss-120b"]))
def test_more_bandwidth_never_slows_and_never_costs(chip: str, factor: float, model: str) -> None:
    figure = CATALOG.accelerators[chip].memory_bandwidth_gb_per_s
    own = OwnChip(id="own-chip-1", like=chip, memory_bandwidth_gb_per_s=figure * factor)
    now, then = _answers(
        *(Strategy(hardware=key, chips=8, fleet=4, model=model, weights="fp8") for key in (chip, own.id)),
        own=Own(chips=(own,)),
    )
    assert then.tpot_p50_s is not None and now.tpot_p50_s is not None
    assert then.tpot_p50_s <= now.tpot_p50_s * (1 + 1e-9)
    assert then.cost_usd_per_month.base <= now.cost_usd_per_month.base * (1 + 1e-9)


def test_own_prices_and_power_are_paid() -> None:
    own = OwnChip(id="own-chip-1", like="b200", usd_per_chip_hour=1.0, usd_per_chip=10_000, power_w=500)
    catalog = with_own(CATALOG, Own(chips=(own,)))
    rented = [row for row in catalog.rentals if row.accelerator_id == own.id]
    assert {row.provider for row in rented} == {OWN_SELLER}
    assert {row.source_id for row in rented} == {OWN_SOURCE}
    listed, cheap, bought = _answers(
        Strategy(hardware="b200", name="a"), Strategy(hardware=own.id, name="b"),
        Strategy(hardware=own.id, buy="owned", name="c"), own=Own(chips=(own,)),
    )  # fmt: skip
    assert cheap.cost_usd_per_month.base < listed.cost_usd_per_month.base
    assert bought.cost_parts_usd_per_month
    assert catalog.accelerators[own.id].all_in_kw == 0.5
    assert cheap.overrides == (
        "your own chip B200: as B200 (HGX/DGX), but 500 W with its host, 1 USD an hour, 10,000 USD a chip",
    )
    assert cheap.own_marked
    assert not listed.own_marked


def test_changed_figures_are_said_with_what_they_replace() -> None:
    own = OwnChip(id="own-chip-1", like="h100-sxm", name="Plan", memory_gb=141, peak_fp8_tflop_per_s=0)
    (answer,) = _answers(Strategy(hardware=own.id), own=Own(chips=(own,)))
    assert answer.overrides == (
        "your own chip Plan: as H100 80GB SXM5, but memory 141 GB instead of 80 GB, FP8 peak none instead of "
        "1,979 TFLOP/s",
    )
    chip = with_own(CATALOG, Own(chips=(own,))).accelerators[own.id]
    assert chip.peak_fp8_tflop_per_s is None
    assert chip.source_id == OWN_SOURCE
    assert chip.name == "Your Plan"


def test_the_quality_of_an_own_model_is_not_known() -> None:
    own = _own_model("llama-3.1-70b")
    listed, read = _answers(Strategy(name="a"), Strategy(model=own.id, name="b"), own=Own(models=(own,)))
    assert read.grade == "?"
    assert "Your Ours" in read.quality_note
    assert listed.grade == "A"
    assert read.overrides == ("your own model Ours: 70.55 billion parameters",)
    (first, *_) = _answers(Strategy(model=own.id), own=Own(models=(own,)))
    assert first.grade == "A"


def test_nothing_own_is_the_catalog_itself_and_equal_records_share_a_book() -> None:
    assert with_own(CATALOG, NOTHING_OWN) is CATALOG
    books = [
        priced_book(CATALOG, Scenario(strategies=(Strategy(),)).prices, Strategy(), Workload(), Own(chips=(chip,)))
        for chip in (COPY, COPY.model_copy())
    ]
    assert books[0] is books[1]
    assert tables_with_own(load_levers(), NOTHING_OWN) is load_levers()


def test_a_model_that_is_not_among_the_scenarios_is_not_known() -> None:
    (answer,) = _answers(Strategy(hardware="own-chip-2"), own=Own(chips=(COPY,)))
    assert answer.reasons == ("the accelerator 'own-chip-2' is not known: choose one from the list",)


def test_own_models_that_read_images_do_and_own_devices_are_devices() -> None:
    blind = _own_model("llama-3.1-70b")
    seeing = blind.model_copy(update={"reads_images": True, "id": "own-model-2"})
    own = Own(models=(blind, seeing), chips=(OwnChip(id="own-chip-1", like="apple-m4-max"),))
    need = next(iter(key for key, row in load_levers().needs.items() if row.needs == "images"))
    first, second = _answers(*(Strategy(model=m.id, name=m.id) for m in own.models), own=own, preset=need)
    assert any("is not known to read images" in reason for reason in first.reasons)
    assert not any("is not known to read images" in reason for reason in second.reasons)
    assert "own-chip-1" in tables_with_own(load_levers(), own).user_devices
    catalog = with_own(CATALOG, own)
    assert models_that_fit("own-chip-1", Workload(), catalog) == models_that_fit("apple-m4-max", Workload(), catalog)


def test_the_hardware_page_computes_own_chips() -> None:
    own = Own(chips=(COPY,), models=(_own_model("llama-3.1-70b"),))
    found = hardware(Scenario(strategies=(Strategy(model="own-model-1"),), own=own), CATALOG, ["own-chip-1"])
    assert [machine.chip.id for machine in found] == ["h100-sxm", "own-chip-1"]
    assert found[1].name == "Your B200"
    assert found[1].tokens_per_usd


def _question(own: Own, **more: Any) -> Requirements:
    return Requirements(own=own, breadth="narrow", alternatives="same", **more)


def _found(asked: Requirements) -> Any:
    return search(asked, priced_book(CATALOG, asked.prices, asked.baseline, asked.workload, asked.own))


def test_the_search_finds_a_cheap_chip_of_the_readers_own_and_serves_an_own_model() -> None:
    chip = OwnChip(id="own-chip-1", like="b200", name="Bargain", usd_per_chip_hour=0.05)
    own = Own(chips=(chip,), models=(_own_model("llama-3.1-70b"),))
    some = {"hardware": ("b200", "h100-sxm", "own-chip-1")}
    found = _found(_question(own, baseline=Strategy(model="own-model-1"), buys=("on-demand",), **some))
    assert found.winner is not None
    assert found.winner.strategy.hardware == "own-chip-1"
    assert found.winner.strategy.model == "own-model-1"
    listed = _found(_question(own, buys=("on-demand",), **some))
    assert listed.winner.strategy.hardware == "own-chip-1"


def test_the_search_gives_a_copied_chip_the_cost_of_its_original() -> None:
    own = Own(chips=(COPY,))
    costs = [
        _found(_question(own, hardware=(key,), buys=("on-demand",))).winner.cost_usd_per_month
        for key in ("b200", "own-chip-1")
    ]
    assert costs[0] == costs[1]


def test_the_licence_of_a_copied_card_goes_with_it() -> None:
    cards = sorted(load_levers().not_for_data_centres)
    chip = with_own(CATALOG, Own(chips=(OwnChip(id="own-chip-1", like=cards[0]),))).accelerators["own-chip-1"]
    assert not_for_data_centres(chip)
    assert not not_for_data_centres(CATALOG.accelerators["h100-sxm"])


def _number(low: float, high: float) -> st.SearchStrategy[float]:
    return st.sampled_from([low, high]) | st.floats(low, high)


CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "memory_gb": _number(0.1, 1e5), "memory_bandwidth_gb_per_s": _number(1, 1e6),
        "peak_bf16_tflop_per_s": _number(0.01, 1e6), "peak_fp8_tflop_per_s": _number(0, 1e6),
        "peak_int8_top_per_s": _number(0, 1e6), "peak_fp4_tflop_per_s": _number(0, 1e6),
        "link_gb_per_s": _number(0, 1e5), "scale_up_domain_chips": st.sampled_from([1, 2, 3, 72, 4096]),
        "power_w": _number(1, 1e5), "usd_per_chip_hour": _number(0.0001, 1e6), "usd_per_chip": _number(0.01, 1e9),
    },
)  # fmt: skip


@settings(max_examples=60)
@given(st.sampled_from(sorted(CATALOG.accelerators)), CHANGES, st.sampled_from(sorted(CONFIGS)),
       st.sampled_from(["native", "fp8", "int4"]), st.sampled_from(["on-demand", "owned"]))  # fmt: skip
def test_any_chip_and_model_inside_the_limits_has_an_answer(
    like: str, changes: dict[str, Any], key: str, weights: str, buy: str
) -> None:
    own = Own(
        chips=(OwnChip.model_validate({"id": "own-chip-1", "like": like} | changes),),
        models=(read_config(json.dumps(CONFIGS[key])).model,),
    )
    strategy = Strategy.model_validate(
        {"hardware": "own-chip-1", "model": "own-model-1", "weights": weights, "buy": buy}
    )
    (answer,) = _answers(strategy, own=own)
    assert answer.reasons or answer.cost_usd_per_month.base >= 0
    assert open_book(CATALOG).catalog is CATALOG
