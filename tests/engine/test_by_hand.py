"""The sizing of a fleet, a prompt and a production day by hand: every expected number is plain arithmetic.

`test_scenarios` prices three scenarios; here the operating point is solved again, without asking the engine for it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from components.catalog.load import load_catalog
from components.catalog.parameters import load_parameters
from components.engine.comparison.compare_strategies import evaluate_one
from components.engine.outcome.evaluation import evaluate, open_book
from components.engine.replica.decode import decode_step
from components.engine.replica.prefill import prefill_alone_s, prefill_occupancy_s
from components.engine.replica.record import Physics
from components.engine.scenario import Strategy, Workload
from tests.engine.replicas import one_replica

CATALOG, G = load_catalog(), load_parameters()
# the calibrated constants; the equations around them are written out again below
MBU = G.mbu * G.offset("device", "hopper", "mbu")
MFU_DECODE = G.mfu_decode * G.offset("device", "hopper", "mfu_decode")
MFU_PREFILL = min(
    G.mfu_prefill * G.offset("device", "hopper", "mfu_prefill") * G.offset("stack", "vllm", "mfu_prefill"), G.ceiling
)
STEP_S, LAYER_S = G.step_overhead_s * G.step_factor_datacentre, G.layer_overhead_s * G.layer_factor_datacentre
SEQUENCE_S = G.sequence_overhead_s * G.offset("stack", "vllm", "sequence_overhead_s")
IMMATURITY = G.immaturity * G.offset("stack", "vllm", "immaturity")
HOURS = 365.25 * 24 / 12
SALARY = 250_000 / 12
"""One engineer, fully loaded (data/economics.csv, staff_cost_loaded). [USD/month]"""

# Support chat, 250,000 requests a day, 1,155 tokens in (55 % seen before) and 211 out, Llama 3.3 70B in 16 bits

SUPPORT = Workload(preset="support_chat", requests_per_day=250_000, isl=1155, osl=211, reuse=0.55, peak=2)


def h100_step_s(batch: float, chips: int) -> float:
    """One decode step, tensor parallel on H100, at 1,155 + 211/2 tokens of context."""
    bandwidth = MBU * 3.35e12  # 3.35 TB/s
    weights = (70.55e9 - 128_256 * 8192) * 2 / chips / bandwidth  # the input embedding is looked up, not read
    compute = 2 * 70.55e9 * batch / (chips * MFU_DECODE * 989e12)
    linear = math.cbrt(weights**3 + compute**3)
    context = 1155 + 211 / 2
    cache = batch * 2 * 80 * 8 * 128 * 2 * context / chips / bandwidth  # keys and values, 80 layers, 8 heads of 128
    attend = batch * 4 * 80 * 64 * 128 * context / (chips * G.mfu_attention * 989e12)
    hop = G.collective_s * math.log2(chips) / 3
    links = 2 * 80 * (hop + 4 * batch * 8192 * (chips - 1) / chips / (G.link_share * 2 * 450e9))
    floor = STEP_S + LAYER_S * 80 + SEQUENCE_S * batch
    age = (2026 - 2024) * 12 + (11 - 12)  # model of December 2024, data of November 2026
    return (linear + max(cache, attend) + links + floor) * (1 + IMMATURITY * math.exp(-age / G.immaturity_months))


def h100_prefill_s(chips: int) -> float:
    """Machine time of one prompt: 98 % of the reusable 55 % is not computed again."""
    new = 1155 * (1 - 0.98 * 0.55)
    multiply = 2 * 70.55e9 * new / 989e12 / (chips * MFU_PREFILL)
    attend = 2 * 80 * 64 * 128 * new * (1155 + 1155 - new) / (chips * G.mfu_attention * 989e12)
    hop = G.collective_s * math.log2(chips) / 3
    links = 2 * 80 * (hop + 4 * new * 8192 * (chips - 1) / chips / (G.link_share * 2 * 450e9))
    return multiply + attend + links


def largest(holds: Callable[[float], bool], top: float) -> float:
    """Largest batch up to `top` at which a rule still holds."""
    low, high = 1e-6, top
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low


@pytest.mark.parametrize("chips", [2, 4, 8])
def test_support_chat_on_h100_by_hand(chips: int) -> None:
    """Rent at Lambda's 3.99 USD/h (2026-09-20); TPOT 100 ms and TTFT 1 s at p95; headroom 10 %, one spare, N+1.

    On two chips memory binds, on four and eight the wait of the prompts.
    """
    weights = 70.55e9 * 2
    cache = 2 * 80 * 8 * 128 * 2
    assert cache == 327_680
    capacity = 0.93 * (chips * (0.98 * 80e9 - G.memory_reserve_bytes) - weights) / (cache * (1155 + 0.7 * 211))
    occupancy = h100_prefill_s(chips)
    read = (70.55e9 - 128_256 * 8192) * 2 / chips / (MBU * 3.35e12)
    alone = (occupancy**3 + read**3) ** (1 / 3) + STEP_S + G.prefill_layer_s * 80
    base = G.server_path_s + alone
    v = 1.5  # dispersion of arrivals of the preset
    # the deviation s of the prompt's logarithm solves ln(p95 / mean) = 1.645 s - s^2 / 2; cv^2 = e^(s^2) - 1
    deviation = 1.6449 - math.sqrt(1.6449**2 - 2 * math.log(4083 / 1155))
    spread = v + math.expm1(deviation**2)

    def tpot(batch: float) -> float:
        return (
            h100_step_s(max(batch, 1), chips)
            + G.prefill_stall * G.offset("stack", "vllm", "prefill_stall") * occupancy * batch / 211
        )

    def holds(batch: float) -> bool:
        rho = batch / (211 * tpot(batch)) * occupancy
        if rho > 0.85 or batch + 2 * math.sqrt(v * batch) > capacity:
            return False
        wait = max(0.0, occupancy * spread / (2 * (1 - rho)) * math.log(rho / 0.05))
        late = base + h100_step_s(max(batch, 1), chips) + wait > 1
        return not late and tpot(batch + 1.6449 * math.sqrt(v * batch)) <= 0.1

    batch = largest(holds, capacity)
    rate = batch / (211 * tpot(batch))
    peak = 250_000 / 86_400 * 2
    assert peak == pytest.approx(5.787, abs=1e-3)
    replicas = math.ceil(peak / (0.9 * rate)) + 1
    strategy = Strategy(chips=chips, weights="bf16", provider="Lambda")
    (found,) = evaluate([strategy], SUPPORT, open_book(CATALOG))
    service, row = found.fleets[0].computed.service, found.fleets[0].chosen
    assert service.weight_bytes[row] == pytest.approx(weights)
    assert service.batch_capacity[row] == pytest.approx(capacity)
    assert service.sizing.prefill_occupancy_s[row] == pytest.approx(occupancy)
    assert service.sizing.tpot_alone_s[row] == pytest.approx(h100_step_s(1, chips))
    assert service.sizing.rate_max_per_replica[row] == pytest.approx(rate, rel=0.01)
    assert service.replicas[row] == replicas
    rent = replicas * chips * 3.99 * HOURS
    parts = found.parts_usd_per_month
    assert parts["compute_busy"] + parts["compute_idle"] == pytest.approx(rent)
    assert parts["compute_busy"] == pytest.approx(rent * 250_000 / 86_400 / rate / replicas, rel=0.01)
    staff = 0.15 * (replicas * chips) ** 0.592 * SALARY
    assert parts["staff"] == pytest.approx(staff)
    assert parts["support_overheads"] == pytest.approx(0.15 * rent)
    assert found.cost_usd_per_month == pytest.approx(1.15 * rent + staff)


# A coding agent whose prompts were 96 % seen before


def test_prefill_falls_by_less_than_its_tokens() -> None:
    """25 times fewer tokens, but each looks at the whole prompt: A = 2 L h d_h (i^2 - cached^2)."""
    shape: dict[str, Any] = {"model": CATALOG.models["llama-3.3-70b"], "chip": CATALOG.accelerators["h100-sxm"],
             "weights": "bf16", "kv": "bf16", "chips": 8, "g": G, "osl": 441, "stack": "vllm"}  # fmt: skip

    def by_hand(new: float) -> float:
        multiply = 2 * 70.55e9 * new / 989e12 / (8 * MFU_PREFILL)
        attend = 2 * 80 * 64 * 128 * (100_000**2 - (100_000 - new) ** 2) / (8 * G.mfu_attention * 989e12)
        passes = math.ceil(new / 8192)
        return (
            multiply + attend + 2 * 80 * (G.collective_s * passes + 4 * new * 8192 * 7 / 8 / (G.link_share * 2 * 450e9))
        )

    def occupancy(new: float) -> float:
        row = one_replica(isl=100_000, new_isl=new, **shape)
        return float(prefill_occupancy_s(row, G)[0])

    assert occupancy(100_000) == pytest.approx(by_hand(100_000))
    assert occupancy(4_000) == pytest.approx(by_hand(4_000))
    assert 12 < occupancy(100_000) / occupancy(4_000) < 25


# An archive that nobody waits for

NIGHT = Workload(preset="doc_summary_batch", requests_per_day=50_000, isl=8000, osl=500, reuse=0.05, peak=5)


@pytest.mark.parametrize(("share", "paid"), [(0, 1.0), (0.4, 0.8), (1, 0.5)])
def test_a_batch_interface_takes_half_off_what_can_wait(share: float, paid: float) -> None:
    """GroqCloud, Llama 3.3 70B: 0.59 and 0.79 USD/Mtok, batch 50 % off (genai-prices 0.2.3, 2026-11-10)."""
    whole = 50_000 * 365.25 / 12 * (8000 * 0.59 + 500 * 0.79) / 1e6
    got = evaluate_one(Strategy(buy="api", provider="GroqCloud", defer=share), NIGHT, CATALOG)
    assert got.cost_usd_per_month.base == pytest.approx(whole * paid)


def test_what_can_wait_is_poured_into_the_valleys() -> None:
    """Everything deferred: a peak of 5 becomes flat, 50,000 / 86,400 a second around the clock."""
    late, level = (
        evaluate_one(Strategy(chips=4, weights="fp8", provider="Lambda", defer=share), NIGHT, CATALOG)
        for share in (0, 1)
    )
    assert late.requests_per_s_peak == pytest.approx(5 * 50_000 / 86_400)
    assert level.requests_per_s_peak == pytest.approx(50_000 / 86_400)
    assert level.meets_ttft is level.meets_tpot is None
    assert level.replicas == 1
    assert level.cost_usd_per_month.base == pytest.approx(1.15 * 4 * 3.99 * HOURS + 0.15 * 4**0.592 * SALARY)


# DeepSeek's production day


def wide(chips: int, isl: float, new: float, osl: float) -> Physics:
    """DeepSeek V3 with expert parallelism on H800: an H100 with 200 GB/s of link, one way."""
    h800 = CATALOG.accelerators["h100-sxm"].model_copy(update={"id": "h800", "link_gb_per_s": 200.0})
    return one_replica(
        model=CATALOG.models["deepseek-v3"], chip=h800, weights="fp8", kv="bf16", chips=chips, tp=1, dp=chips,
        ep=chips, g=G, isl=isl, new_isl=new, osl=osl, stack="other", disaggregated=True, overlap=True,
    )  # fmt: skip


def test_golden_deepseek_pays_for_its_production_day() -> None:
    """DeepSeek, "Inference System Overview" (2025-03-01): 226.75 nodes of 8 H800 on average, 2 USD a GPU-hour, so
    87,072 USD for 608 bn tokens in (342 bn from cache) and 168 bn out: 0.518 USD per million tokens out, all in.

    Assumed: a mature engine; decode on 144 GPUs at 88 sequences each and a mean cache of 4,989 tokens; prefill on 32
    GPUs; 608 / 168 tokens in per token out and 4,989 = in + out / 2; no idle hours, because nodes follow the load.
    """
    assert 226.75 * 8 * 24 * 2 == 87_072
    published = 87_072 / 168e3
    osl = 4989 / (608 / 168 + 0.5)
    isl = osl * 608 / 168
    decode, prefill = wide(144, 4989, 0, 1e-3), wide(32, isl, isl * (608 - 342) / 608, osl)
    answers_gpu_s = 168e9 / 88 * decode_step(decode, np.array([88.0 * 144]), G).total_s[0]
    prompts_gpu_s = 168e9 / osl * 32 * prefill_occupancy_s(prefill, G)[0]
    assert (answers_gpu_s + prompts_gpu_s) / 3600 * 2 / 168e3 == pytest.approx(published, rel=0.20)


def test_ranks_that_travel_together_share_the_hops_of_a_prompt() -> None:
    """32 attention-DP ranks read 32 prompts in one pass: a prompt bears a 32nd of the 2 x 58 hops, and all if alone.

    Arithmetic and transfers of two micro-batches overlap, so the larger counts.
    """
    p = replace(wide(32, 2000, 2000, 100), overlap=np.zeros(1))
    hops = float(p.moe_layers[0]) * 2 * G.collective_s * math.log2(32) / 3 * G.beyond_domain
    moved = float(p.moe_layers[0]) * 3 * 2000 / 32 * 8 * 7168 * (1 - 1 / 32) / (G.nic_share * 50e9)
    busy = prefill_occupancy_s(replace(p, ep=np.ones(1)), G)[0]  # without expert parallelism nothing crosses the links
    assert prefill_occupancy_s(p, G)[0] == pytest.approx(busy + hops / 32 + moved)
    assert prefill_occupancy_s(replace(p, overlap=np.ones(1)), G)[0] == pytest.approx(max(busy, hops / 32 + moved))
    lone = 32 * (busy + moved) + hops
    read = prefill_alone_s(replace(p, ep=np.ones(1)), G)[0]
    assert lone < prefill_alone_s(p, G)[0] < lone + read
