"""Rules every figure of data/ obeys: a source, a plausible size, and the breadth the product promises."""

import re
from collections import Counter
from itertools import pairwise

import pytest

from components.catalog.load import MAY_BE_ABSENT, load_catalog
from components.catalog.prices import purchase_price
from components.catalog.records import WORKLOAD_PARAMETERS

CATALOG = load_catalog()

ACCELERATOR_BANDS = {
    "memory_gb": (0.1, 10_000, "from 0.23 GB of SRAM on one LPU to the DRAM of a server socket pair"),
    "memory_bandwidth_gb_per_s": (10, 25_000_000, "from a single-board computer to wafer-scale SRAM"),
    "peak_bf16_tflop_per_s": (0.05, 5_000, "dense and per chip: above 5,000 a sparse or a rack figure slipped in"),
    "peak_fp8_tflop_per_s": (30, 25_000, "dense and per chip: the largest announced is about 20,000"),
    "peak_int8_top_per_s": (10, 10_000, "dense and per chip: from small edge units to the largest GPUs"),
    "peak_fp4_tflop_per_s": (100, 45_000, "dense and per chip: the largest announced is 40,000"),
    "link_gb_per_s": (0.1, 1_800, "one way: 1,800 is half of NVLink 6, larger means a bidirectional figure"),
    "scale_up_domain_chips": (1, 10_000, "the largest pods have 9,600 chips"),
    "tdp_w": (1, 25_000, "from an add-on board to a wafer-scale system"),
    "all_in_kw": (0.5, 4, "data-centre GPUs with their host share"),
    "list_price_usd": (50, 2_000_000, "from a single-board computer to a wafer-scale system"),
    "system_power_kw": (0.001, 300, "from an edge device to a rack"),
}
MODEL_BANDS = {
    "total_params": (1e7, 4e12, "from a small embedding model to the largest open-weight model"),
    "active_params": (1e7, 1e12, "never above the largest dense model"),
    "layers": (4, 200, "published transformers"),
    "hidden": (256, 20_000, "published transformers"),
    "head_dim": (16, 576, "576 is the latent of multi-head latent attention"),
    "kv_bytes_per_token_bf16": (1_000, 4_100_000, "1 kB of compressed cache to 4 MB of 70 layers with 112 heads each"),
    "vocab": (10_000, 300_000, "published tokenisers"),
    "context_tokens": (256, 12_000_000, "from a sentence encoder to a stated 10 million tokens"),
}
PRICE_BANDS = {
    "input_usd_per_mtok": (0, 150, "embedding-class models to the dearest reasoning models"),
    "output_usd_per_mtok": (0, 600, "output never costs less than nothing, reasoning models reach hundreds"),
    "cached_input_usd_per_mtok": (0, 75, "a cached token is never dearer than the dearest input token"),
}


@pytest.mark.parametrize("quantity", ACCELERATOR_BANDS)
def test_accelerators_lie_in_their_band(quantity: str) -> None:
    low, high, reason = ACCELERATOR_BANDS[quantity]
    for row in CATALOG.accelerators.values():
        value = getattr(row, quantity)
        assert value is None or low <= value <= high, f"{row.id} {quantity}={value}: {reason}"


@pytest.mark.parametrize("quantity", MODEL_BANDS)
def test_models_lie_in_their_band(quantity: str) -> None:
    low, high, reason = MODEL_BANDS[quantity]
    for row in CATALOG.models.values():
        value = getattr(row, quantity)
        assert value is None or low <= value <= high, f"{row.id} {quantity}={value}: {reason}"


@pytest.mark.parametrize("quantity", PRICE_BANDS)
def test_token_prices_lie_in_their_band(quantity: str) -> None:
    low, high, reason = PRICE_BANDS[quantity]
    for row in CATALOG.api_prices:
        value = getattr(row, quantity)
        assert value is None or low <= value <= high, f"{row.provider} {row.model} {quantity}={value}: {reason}"


def test_peaks_rise_as_numbers_get_narrower() -> None:
    """A narrower format never runs slower on the same chip, else a sparse figure stands beside a dense one."""
    for row in CATALOG.accelerators.values():
        peaks = [
            peak for peak in (row.peak_bf16_tflop_per_s, row.peak_fp8_tflop_per_s, row.peak_fp4_tflop_per_s) if peak
        ]
        assert peaks == sorted(peaks), row.id
        assert all(wide * 5 >= narrow for wide, narrow in pairwise(peaks)), row.id


def test_all_in_power_exceeds_the_chip() -> None:
    """The host share comes on top: between 1 and 2.5 times the chip's TDP."""
    for row in CATALOG.accelerators.values():
        if row.all_in_kw and row.tdp_w:
            assert 1 <= row.all_in_kw * 1e3 / row.tdp_w <= 2.5, row.id


def test_values_that_were_not_read_again_are_never_high_confidence() -> None:
    for chip in CATALOG.accelerators.values():
        assert chip.reread or chip.confidence != "high", chip.id
    for model in CATALOG.models.values():
        assert model.reread or model.confidence != "high", model.id


def test_model_parameters_add_up() -> None:
    """Experts fit into the total with room for attention; active stays below total; a reason where unusable."""
    for row in CATALOG.models.values():
        assert row.usable == (row.unusable_reason == ""), row.id
        if not row.usable:
            continue
        assert row.total_params is not None, row.id
        assert row.active_params is not None, row.id
        assert row.active_params <= row.total_params, row.id
        if row.is_moe:
            assert 0.85 <= row.expert_params / row.total_params < 1, row.id
            assert row.active_expert_params < row.active_params, row.id
            assert row.experts_per_token is not None, row.id
        else:
            assert row.active_params == row.total_params, row.id


def test_dense_parameters_follow_from_the_shape() -> None:
    """Attention, feed-forward and embeddings of a dense transformer sum to its parameter count within 6 %.

    Left out: Gemma 4, whose window layers have narrower heads than the stated ones.
    """
    for row in CATALOG.models.values():
        if row.is_moe or row.is_mla or row.linear_layers or row.id.startswith("gemma-4") or row.ffn_dense is None:
            continue
        assert row.total_params is not None, row.id
        attention = row.hidden * row.head_dim * 2 * (row.heads + row.kv_heads)
        block = attention + row.ffn_matrices * row.hidden * row.ffn_dense
        embeddings = row.vocab * row.hidden * (1 if row.tied_embeddings or row.task == "embed" else 2)
        assert row.layers * block + embeddings == pytest.approx(row.total_params, rel=0.06), row.id


def test_kv_bytes_follow_from_the_shape() -> None:
    """Plain grouped attention stores K and V of every head in 2 bytes; latents store rank plus rope dims once."""
    for row in CATALOG.models.values():
        if row.attention_kind in {"gqa", "mha"}:
            expected = 2 * 2 * row.full_attention_layers * row.kv_heads * row.head_dim
            assert row.kv_bytes_per_token_bf16 == expected, row.id
        elif row.attention_kind == "mla":
            latent = (row.kv_lora_rank or 0) + (row.qk_rope_head_dim or 0)
            assert row.kv_bytes_per_token_bf16 == 2 * row.full_attention_layers * latent, row.id


def test_rental_prices_are_plausible() -> None:
    """Below 0.1 USD/h no data-centre chip is let, above 40 no single one; each row states exactly one price."""
    for row in CATALOG.rentals:
        assert (row.usd_per_accelerator_hour is None) != (row.usd_per_accelerator is None), row
        assert (row.price_type == "purchase") == (row.usd_per_accelerator is not None), row
        if row.usd_per_accelerator_hour is not None:
            assert 0.1 <= row.usd_per_accelerator_hour <= 40, row


def test_dedicated_prices_and_speeds_are_plausible() -> None:
    for row in CATALOG.dedicated:
        assert row.usd_per_accelerator_hour is None or 0.1 <= row.usd_per_accelerator_hour <= 80, row
    for speed in CATALOG.speeds:
        assert speed.output_tokens_per_s is None or 1 <= speed.output_tokens_per_s <= 10_000, speed
        assert speed.ttft_s is None or 0.01 <= speed.ttft_s <= 120, speed


def test_one_token_price_per_key() -> None:
    keys = Counter((row.provider, row.model, row.tier, row.status) for row in CATALOG.api_prices)
    assert max(keys.values()) == 1


def test_closed_models_have_no_architecture() -> None:
    for row in CATALOG.api_prices:
        assert row.open_weight or row.model_id is None, row
        assert row.model_id is None or row.model == row.model_id, row


def test_every_preset_is_complete_and_shares_stay_shares() -> None:
    for preset in CATALOG.workloads.values():
        for name in WORKLOAD_PARAMETERS:
            triple = getattr(preset, name)
            stated = [value for value in (triple.low, triple.base, triple.high) if value is not None]
            assert len(stated) in {0, 3}, f"{preset.id} {name}"
            assert stated or name in MAY_BE_ABSENT, f"{preset.id} {name}: must be stated"
            if name.endswith("_share"):
                assert all(0 <= value <= 1 for value in stated), f"{preset.id} {name}"
        for case in ("low", "base", "high"):
            mean, p95 = getattr(preset.input_tokens_mean, case), getattr(preset.input_tokens_p95, case)
            assert mean <= p95, f"{preset.id} {case}: the 95th percentile lies above the mean"


def test_economic_ranges_ascend_and_say_something() -> None:
    for row in CATALOG.economics.values():
        stated = [value for value in (row.low, row.base, row.high) if value is not None]
        assert stated, row.id
        assert stated == sorted(stated), row.id


OWN_SOURCES = {
    "planning-estimate",
    "own-figure",
    "four-layers-calibration-2026-11",
    "four-layers-own-measurement-2026-11",
}
"""Sources of this project itself: they have no address."""


def test_every_source_is_cited_and_reachable_by_address() -> None:
    cited = {row.source_id for row in CATALOG.accelerators.values()} | {
        row.source_id for row in CATALOG.models.values()
    }
    for rows in (CATALOG.rentals, CATALOG.api_prices, CATALOG.dedicated, CATALOG.speeds, CATALOG.optimizations,
                 CATALOG.claims, CATALOG.economics.values()):  # fmt: skip
        cited |= {row.source_id for row in rows}
    for preset in CATALOG.workloads.values():
        cited |= {getattr(preset, name).source_id for name in WORKLOAD_PARAMETERS}
    assert set(CATALOG.sources) >= cited
    for source in CATALOG.sources.values():
        own = source.id in OWN_SOURCES or source.id.startswith(("four-layers-calibration-", "four-layers-nested-"))
        assert own or re.match(r"https?://", source.url), source.id


def test_the_breadth_the_product_promises() -> None:
    current = [row for row in CATALOG.api_prices if row.status == "current"]
    assert len(CATALOG.accelerators) >= 380
    assert sum(row.usable for row in CATALOG.models.values()) >= 365
    assert sum(row.current for row in CATALOG.rentals) >= 220
    assert len(current) >= 500
    assert len({row.provider for row in current}) >= 25
    assert len(CATALOG.workloads) == 14
    assert {row.kind for row in CATALOG.speeds} == {"independent", "telemetry", "vendor"}


def test_a_mac_is_priced_with_the_memory_that_is_shown() -> None:
    """Base configurations hold a fraction of it and cost as little as two fifths."""
    macs = [row for row in CATALOG.rentals if row.accelerator_id.startswith("apple-") and row.current]
    assert {row.accelerator_id for row in macs} >= {"apple-m3-ultra", "apple-m4-max", "apple-m5-max"}
    for row in macs:
        assert f"{CATALOG.accelerators[row.accelerator_id].memory_gb:g}GB" in row.offering, row


def test_a_card_that_is_bought_is_new() -> None:
    bought = purchase_price(CATALOG, "h100-sxm")
    assert bought is not None
    assert bought.usd == CATALOG.economics["gpu_h100"].base
    assert "used" not in bought.rule


def test_a_fine_tune_is_not_listed_as_its_base_model() -> None:
    for row in CATALOG.api_prices:
        assert row.model_id is None or "hermes" not in row.provider_model_ref.lower(), row
