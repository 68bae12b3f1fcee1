"""The decode step over the whole catalog: never under the plain roofline, monotone, and MXFP4 where it has no units."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from components.catalog.load import load_catalog
from components.catalog.parameters import load_parameters
from components.engine.replica.decode import decode_step, expert_load
from components.engine.replica.memory import weight_bytes
from components.engine.replica.prefill import prefill_occupancy_s
from components.engine.replica.record import HBM, Physics
from tests.engine.replicas import one_replica

CATALOG, G = load_catalog(), load_parameters()
USABLE = sorted(key for key, model in CATALOG.models.items() if model.usable and model.task == "generate")
CHIPS = sorted(CATALOG.accelerators)


def machine(model: str, chip: str, chips: int = 8, weights: str = "native", isl: float = 1024.0) -> Physics:
    return one_replica(
        model=CATALOG.models[model], chip=CATALOG.accelerators[chip], chips=chips, weights=weights, kv="bf16", g=G,
        isl=isl, new_isl=isl, osl=256,
    )  # fmt: skip


def total_s(p: Physics, batch: float) -> float:
    return float(decode_step(p, np.array([batch]), G).total_s[0])


@settings(max_examples=300)
@given(st.sampled_from(USABLE), st.sampled_from(CHIPS), st.floats(1, 2000), st.sampled_from([128.0, 8192.0, 131072.0]))
def test_law_no_step_is_faster_than_bytes_over_bandwidth_or_flop_over_peak(
    model: str, chip: str, batch: float, isl: float
) -> None:
    p = machine(model, chip, isl=isl)
    assume(p.kind[0] == HBM)
    read = p.params_rest_read * p.bytes_rest + p.params_expert * p.bytes_expert * expert_load(p, G).touched(
        np.array([batch])
    )
    multiply = 2 * batch * (p.active_rest / p.flop_rest_per_s + p.active_expert / p.flop_expert_per_s)
    floor = np.maximum(read / p.memory_bytes_per_s, multiply) / p.chips
    assert total_s(p, batch) >= floor[0]
    prompt = 2 * isl * (p.active_rest / p.flop_rest_per_s + p.active_expert / p.flop_expert_per_s) / p.chips
    assert prefill_occupancy_s(p, G)[0] >= prompt[0]


@settings(max_examples=300)
@given(st.sampled_from(USABLE), st.sampled_from(CHIPS), st.floats(1, 1000), st.floats(1.01, 4))
def test_law_batch_bandwidth_and_arithmetic_are_monotone(model: str, chip: str, batch: float, more: float) -> None:
    p = machine(model, chip)
    assert total_s(p, batch * more) >= total_s(p, batch)
    names = ("memory_bytes_per_s", "flop_16_per_s", "flop_rest_per_s", "flop_expert_per_s", "link_bytes_per_s")
    for name in names:
        assert total_s(replace(p, **{name: getattr(p, name) * more}), batch) <= total_s(p, batch)


@given(st.sampled_from(USABLE), st.floats(1, 1e5))
def test_law_touched_experts_lie_between_one_token_s_and_all(model: str, tokens: float) -> None:
    p = machine(model, "b200")
    share = expert_load(p, G).touched(np.array([tokens]))[0]
    assert p.experts_per_token[0] / p.experts[0] * (1 - 1e-9) <= share <= 1


def test_mxfp4_on_hopper_multiplies_in_16_bits_and_on_blackwell_in_8() -> None:
    """gpt-oss ships in MXFP4: 0.53 bytes a weight anywhere, arithmetic by what the chip has."""
    hopper, blackwell = machine("gpt-oss-120b", "h100-sxm"), machine("gpt-oss-120b", "b200")
    assert hopper.bytes_expert[0] == blackwell.bytes_expert[0] == G.bytes_mxfp4
    assert hopper.flop_expert_per_s[0] == pytest.approx(989e12 * G.int4_compute)
    fp8 = CATALOG.accelerators["b200"].flop_per_s("fp8")
    assert fp8 is not None
    assert blackwell.flop_expert_per_s[0] == pytest.approx(fp8 * G.fp8_efficiency)
    assert hopper.weight_mbu_factor[0] == G.int4_bandwidth < blackwell.weight_mbu_factor[0] == 1
    assert weight_bytes(hopper) == weight_bytes(blackwell)
