"""Goldens and laws of the closed loop."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.catalog.load import load_catalog
from components.catalog.parameters import load_parameters
from components.engine.replica.decode import decode_step
from components.engine.replica.memory import batch_capacity
from components.engine.replica.prefill import prefill_alone_s, prefill_occupancy_s
from components.engine.replica.record import Physics
from components.engine.serving.closed_loop import RHO_MAX, ClosedLoop, Conditions, Pool, closed_loop
from tests.engine.replicas import one_replica

CATALOG, G = load_catalog(), load_parameters()
POINTS = (1.0, 16.0, 64.0, 256.0)


def machine(model: str, chip: str, **more: Any) -> Physics:
    usual = {
        "weights": "fp8",
        "kv": "bf16",
        "chips": 8,
        "isl": 1024,
        "new_isl": 1024,
        "osl": 1024,
    }
    given_: dict[str, Any] = usual | more
    return one_replica(model=CATALOG.models[model], chip=CATALOG.accelerators[chip], g=G, **given_)


def sweep(p: Physics, *concurrency: float, **more: Any) -> ClosedLoop:
    many = p.repeat(len(concurrency))
    return closed_loop(many, np.array(concurrency), G, **more)


def test_golden_llama_70b_fp8_on_eight_h100() -> None:
    """Worked point of the engine's design (2026-11-23): 1,024/1,024 tokens, vLLM, 15 months old.

    TTFT comes out up to 11 % below it where requests queue; the design's own error on measured TTFT is 35 %.
    """
    got = sweep(machine("llama-3.3-70b", "h100-sxm", stack="vllm", age_months=15), *POINTS)
    assert got.tpot_s * 1e3 == pytest.approx([10.8, 11.8, 14.8, 28.7], rel=0.04)
    assert got.output_tokens_per_s_per_chip == pytest.approx([11, 163, 513, 1051], rel=0.04)
    assert got.ttft_s == pytest.approx([0.09, 0.14, 0.28, 0.87], rel=0.12)


@pytest.mark.parametrize(("kv", "within"), [("fp8", 0.11), ("bf16", 0.11)])
def test_golden_deepseek_r1_fp4_on_eight_b200(kv: str, within: float) -> None:
    """Worked point of the engine's design (2026-11-23): 1,024/1,024 tokens, SGLang, 12 months old.

    It does not state the cache's format; the constants were fitted again since.
    """
    got = sweep(machine("deepseek-r1", "b200", weights="fp4", kv=kv, stack="sglang", age_months=12), *POINTS)
    assert got.tpot_s * 1e3 == pytest.approx([6.6, 10.2, 16.5, 28.3], rel=within)
    assert got.output_tokens_per_s_per_chip == pytest.approx([18, 186, 460, 1063], rel=within)


def bisected(p: Physics, concurrency: float) -> float:
    """The batch by 60 halvings of the equations as they are printed."""
    occupancy, alone, osl = prefill_occupancy_s(p, G)[0], prefill_alone_s(p, G)[0], p.osl[0]
    low, high = 1e-6, min(concurrency, batch_capacity(p, G)[0])
    for _ in range(60):
        batch = (low * high) ** 0.5
        step = decode_step(p, np.array([max(batch, 1.0)]), G)
        tpot = step.total_s[0] / step.tokens_per_step[0] + p.prefill_stall[0] * occupancy * batch / osl
        rate = batch / (osl * tpot)
        rho = rate * occupancy
        ttft = (
            p.server_path_s[0]
            + alone
            + G.admission_steps * step.total_s[0]
            + p.burst[0] * (concurrency - 1) * occupancy
        )
        in_flight = rate * (ttft + G.queue_weight * occupancy * rho / max(1 - rho, 1e-9) + osl * tpot)
        low, high = (batch, high) if in_flight <= concurrency and rho < RHO_MAX else (low, batch)
    return low


@pytest.mark.parametrize("tokens", [(1024, 1024), (8192, 256), (100_000, 32), (16, 4000)])
@pytest.mark.parametrize("stack", ["vllm", "sglang"])
@pytest.mark.parametrize(("model", "draft"), [("llama-3.3-70b", 0), ("gpt-oss-120b", 2)])
def test_the_grid_finds_what_bisection_finds(tokens: tuple[int, int], stack: str, model: str, draft: int) -> None:
    isl, osl = tokens
    p = machine(model, "h200-sxm", isl=isl, new_isl=isl, osl=osl, stack=stack, draft_tokens=draft)
    levels = (1.0, 3.0, 40.0, 700.0, 4096.0)
    assert sweep(p, *levels).batch == pytest.approx([bisected(p, c) for c in levels], rel=1e-4)


@given(
    concurrency=st.floats(1, 5000), isl=st.floats(1, 1e5), osl=st.floats(1, 1e4), draft=st.sampled_from([-1, 0, 1, 3])
)
def test_law_of_little(concurrency: float, isl: float, osl: float, draft: float) -> None:
    """r (TTFT + o TPOT) = C, whatever limits the batch."""
    p = machine("qwen3-30b-a3b", "h100-sxm", isl=isl, new_isl=isl, osl=osl, draft_tokens=draft)
    got = sweep(p, concurrency)
    assert got.requests_per_s * (got.ttft_s + osl * got.tpot_s) == pytest.approx(concurrency, rel=2e-4)
    assert got.batch[0] <= min(concurrency, batch_capacity(p, G)[0]) * (1 + 1e-9)
    assert got.output_tokens_per_s_per_chip == pytest.approx(G.ramp_loss * got.requests_per_s * osl / 8)


@given(concurrency=st.floats(1, 2000), more=st.floats(1.01, 4))
def test_law_more_requests_in_flight_mean_more_tokens_and_more_patience(concurrency: float, more: float) -> None:
    got = sweep(machine("llama-3.1-8b", "h100-sxm", chips=1), concurrency, concurrency * more)
    assert got.output_tokens_per_s_per_chip[1] >= got.output_tokens_per_s_per_chip[0] * (1 - 2e-4)
    assert got.ttft_s[1] >= got.ttft_s[0] * (1 - 2e-4)
    assert got.tpot_s[1] >= got.tpot_s[0] * (1 - 2e-4)


@given(concurrency=st.floats(1, 2000))
def test_law_a_draft_depth_of_ones_choice_is_never_worse_than_none(concurrency: float) -> None:
    plain, free, fixed = (
        sweep(machine("llama-3.3-70b", "h100-sxm", draft_tokens=m), concurrency).output_tokens_per_s_per_chip[0]
        for m in (0, -1, 3)
    )
    assert free >= max(plain, fixed) * (1 - 1e-9)


def test_a_full_memory_makes_the_rest_wait() -> None:
    """A fifth of the requests fits: the others wait for a place, and the batch does not change with their number."""
    p = machine("llama-3.3-70b", "h100-sxm", chips=2, isl=8000, new_isl=8000, osl=2000)
    fit = batch_capacity(p, G)[0]
    some, many = sweep(p, fit * 5).ttft_s[0], sweep(p, fit * 10).ttft_s[0]
    assert sweep(p, fit * 5).batch[0] == sweep(p, fit * 10).batch[0] <= fit * (1 + 1e-9)
    assert many - some == pytest.approx(fit * 5 / sweep(p, fit * 5).requests_per_s[0], rel=0.05)


def test_what_does_not_fit_has_no_answer() -> None:
    got = sweep(machine("llama-3.3-70b", "h100-sxm", chips=1, weights="bf16"), 1.0)
    assert all(np.isnan(v).all() for v in got)


def test_a_pool_of_its_own_spares_the_decode_and_costs_its_chips() -> None:
    together = machine("llama-3.3-70b", "h100-sxm", isl=8000, new_isl=8000, osl=200)
    apart = replace(together, prefill_stall=np.zeros(1))
    pool = Pool(
        prefill_occupancy_s(together, G), prefill_alone_s(together, G), np.array([2.0]), np.array([16.0]), np.zeros(1)
    )
    one, two = sweep(together, 64.0), closed_loop(apart, np.array([64.0]), G, pool=pool)
    assert two.tpot_s < one.tpot_s
    assert two.requests_per_s > one.requests_per_s
    assert two.output_tokens_per_s_per_chip == pytest.approx(G.ramp_loss * two.requests_per_s * 200 / 24)
    far = closed_loop(apart, np.array([64.0]), G, pool=pool._replace(transfer_s=np.array([0.5])))
    assert far.ttft_s > two.ttft_s


def test_a_median_sees_less_of_the_burst() -> None:
    p = machine("llama-3.3-70b", "h100-sxm")
    assert sweep(p, 256.0, conditions=Conditions(median=True)).ttft_s < sweep(p, 256.0).ttft_s


def test_steps_before_admission_are_waited_for_at_the_step_of_the_load() -> None:
    p = machine("llama-3.3-70b", "h100-sxm")
    usual, late = sweep(p, 4.0), sweep(p, 4.0, conditions=Conditions(admission_factor=30.0))
    step = decode_step(p, late.batch, G).total_s
    assert late.ttft_s - usual.ttft_s == pytest.approx(29 * G.admission_steps * step, rel=0.05)
    assert late.requests_per_s < usual.requests_per_s, "the wait feeds back on the load"


def test_the_factor_on_prompts_spares_the_way_to_the_server_and_the_wait() -> None:
    p = machine("llama-3.3-70b", "h100-sxm")
    usual, slow = sweep(p, 1.0), sweep(p, 1.0, conditions=Conditions(prompt_factor=3.0))
    assert slow.ttft_s - usual.ttft_s == pytest.approx(2 * prefill_alone_s(p, G), rel=0.05)
