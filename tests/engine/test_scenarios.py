"""Three scenarios worked through by hand from published figures; the engine must come to the same."""

from __future__ import annotations

import numpy as np
import pytest

from components.catalog.load import load_catalog
from components.catalog.parameters import load_parameters
from components.engine.outcome.evaluation import Outcome, evaluate, open_book
from components.engine.replica.decode import decode_step
from components.engine.replica.prefill import prefill_occupancy_s
from components.engine.scenario import Strategy, Workload

CATALOG, G = load_catalog(), load_parameters()
MBU = G.mbu * G.offset("device", "hopper", "mbu")
MFU_DECODE = G.mfu_decode * G.offset("device", "hopper", "mfu_decode")
MFU_PREFILL = min(
    G.mfu_prefill * G.offset("device", "hopper", "mfu_prefill") * G.offset("stack", "vllm", "mfu_prefill"), G.ceiling
)
STEP_S, LAYER_S = G.step_overhead_s * G.step_factor_datacentre, G.layer_overhead_s * G.layer_factor_datacentre
SEQUENCE_S = G.sequence_overhead_s * G.offset("stack", "vllm", "sequence_overhead_s")
IMMATURITY = G.immaturity * G.offset("stack", "vllm", "immaturity")
BOOK = open_book(CATALOG)
DAYS = 365.25 / 12
HOURS = 365.25 * 24 / 12


def run(workload: Workload, **fields: object) -> Outcome:
    return evaluate([Strategy.model_validate({"name": "x"} | fields)], workload, BOOK)[0]


class TestSupportChat:
    """250,000 requests a day of 1,155 tokens in and 211 out (Azure LLM inference trace 2023), peak twice the mean."""

    workload = Workload(preset="support_chat", requests_per_day=250_000)

    def test_per_token(self) -> None:
        """DeepInfra, Llama 3.3 70B turbo, list price of 2026-11-12: 0.10 in and 0.32 out per million tokens."""
        got = run(self.workload, model="llama-3.3-70b", buy="api", provider="DeepInfra", tier="turbo")
        requests = 250_000 * DAYS
        assert requests == 7_609_375
        by_hand = requests * 1155 / 1e6 * 0.10 + requests * 211 / 1e6 * 0.32
        assert by_hand == pytest.approx(878.88 + 513.79, abs=0.02)
        assert got.cost_usd_per_month == pytest.approx(by_hand)

    def test_on_h100(self) -> None:
        """Two H100 (80 GB, 3.35 TB/s, 1,979 dense FP8 TFLOP/s) at an own price of 2 USD an hour serve the peak."""
        got = run(self.workload, model="llama-3.3-70b", weights="fp8", hardware="h100-sxm", chips=2, price=2.0)
        fleet = got.fleets[0]
        service, i, p = fleet.computed.service, fleet.chosen, fleet.candidate.physics
        peak = 250_000 / 86_400 * 2
        assert fleet.candidate.demand.peak_requests_per_s[0] == pytest.approx(peak)
        head = 128_256 * 8192  # the output projection stays in 16 bits
        eighth = 1 + head / (70.55e9 - head)  # bytes a weight, on average over those that a step reads
        weights, cache = 70.55e9 * eighth, 80 * 8 * 128 * 2 * 2 * (1155 + 211)
        assert service.weight_bytes[i] == pytest.approx(weights)
        assert service.kv_bytes[i] == pytest.approx(cache)
        free = 0.93 * (2 * (0.98 * 80e9 - G.memory_reserve_bytes) - weights)
        assert service.batch_capacity[i] == pytest.approx(free / (80 * 8 * 128 * 2 * 2 * (1155 + 0.7 * 211)))
        # one decode step of the batch at peak, from the published equations and constants
        b = service.sizing.batch_mean[i]
        read = (70.55e9 - head) * eighth / 2 / (MBU * 3.35e12)
        multiply = 2 * 70.55e9 * b / (2 * MFU_DECODE * 1979e12 * G.fp8_efficiency)
        attention = b * 80 * 8 * 128 * 2 * 2 * (1155 + 211 / 2) / 2 / (MBU * 3.35e12)
        links = 2 * 80 * (G.collective_s / 3 + 4 * b * 8192 * 0.5 / (G.link_share * 900e9))
        overhead = STEP_S + LAYER_S * 80 + SEQUENCE_S * b
        step = (read**3 + multiply**3) ** (1 / 3) + attention + links + overhead
        assert decode_step(p, np.array([b]), G).total_s[0] == pytest.approx(step, rel=2e-3)
        # one replica carries the peak with 10 % kept free, one more may fail: four chips around the clock
        assert service.sizing.rate_max_per_replica[i] * 0.9 > peak
        assert service.replicas[i] == 2
        rent = 2 * 2 * HOURS * 2.0
        parts = got.parts_usd_per_month
        assert parts["compute_busy"] + parts["compute_idle"] == pytest.approx(rent)
        busy = (
            rent * (peak / service.sizing.rate_max_per_replica[i] / 2) / 2
        )  # half the replicas, half the peak on average
        assert parts["compute_busy"] == pytest.approx(busy, rel=1e-6)
        assert got.cost_usd_per_month == pytest.approx(rent * 1.15 + 0.15 * 4**0.592 * 250_000 / 12)


class TestCodingAgent:
    """Calls of 117,496 tokens in and 441 out, 96 % of the prompt seen before (agentic coding sessions, 2026)."""

    workload = Workload(preset="coding_agent", requests_per_day=2_000)
    model = "qwen3-coder-480b-a35b"

    def test_a_store_of_prefixes_cuts_the_prompt_25_fold_and_no_memory(self) -> None:
        """117,496 x 4 % = 4,700 tokens are computed; the cache holds all 117,496 + 441, 62 layers x 8 heads x 128."""
        fields = {"model": self.model, "hardware": "b200", "weights": "fp8", "chips": 8}
        warm, cold = (run(self.workload, **fields, prefix=on, offload=on) for on in (True, False))
        p = warm.fleets[0].candidate.physics
        assert p.new_isl[0] == pytest.approx(4_700, rel=1e-3)
        assert p.isl[0] == 117_496
        cache = 62 * 8 * 128 * 2 * 2 * (117_496 + 441)
        for outcome in (warm, cold):
            assert outcome.fleets[0].computed.service.kv_bytes[outcome.fleets[0].chosen] == pytest.approx(cache)
        busy = [prefill_occupancy_s(o.fleets[0].candidate.physics, G)[0] for o in (warm, cold)]
        # arithmetic of the weights falls 25-fold, attention by 1 / (0.04 x 1.96): new tokens look at the whole prompt
        assert 12 < busy[1] / busy[0] < 25
        first, second = warm.fleets[0], cold.fleets[0]
        assert first.computed.service.load[first.chosen] < second.computed.service.load[second.chosen]
        assert warm.cost_usd_per_month <= cold.cost_usd_per_month

    def test_without_a_store_nearly_all_of_it(self) -> None:
        """One replica that keeps its sessions hits 98 % of the 96 %."""
        got = run(self.workload, model=self.model, hardware="b200", weights="fp8", chips=8)
        assert got.fleets[0].candidate.physics.new_isl[0] == pytest.approx(117_496 * (1 - 0.96 * 0.98))


class TestNightlyBatch:
    """20,000 documents a day of 8,000 tokens in and 500 out; nobody waits."""

    workload = Workload(preset="doc_summary_batch", requests_per_day=20_000)

    def test_per_token_at_the_batch_price(self) -> None:
        """GroqCloud, Llama 3.3 70B, list price 0.59 in and 0.79 out per million tokens, half for batch work."""
        got = run(self.workload, model="llama-3.3-70b", buy="api", provider="GroqCloud", defer=1.0)
        requests = 20_000 * DAYS
        by_hand = (requests * 8000 * 0.59 + requests * 500 * 0.79) / 1e6 * 0.5
        assert by_hand == pytest.approx(1556.7, abs=0.3)
        assert got.cost_usd_per_month == pytest.approx(by_hand)
        assert got.resolved.ttft_limit_s == float("inf")

    def test_on_four_h100(self) -> None:
        """No target, no spare, a flat week: 0.23 requests/s; 8,000 tokens take about 0.4 s of prefill on four H100."""
        got = run(
            self.workload, model="llama-3.3-70b", weights="fp8", hardware="h100-sxm", chips=4, price=2.0, defer=1.0
        )
        fleet = got.fleets[0]
        service, i = fleet.computed.service, fleet.chosen
        assert fleet.candidate.demand.peak_requests_per_s[0] == pytest.approx(20_000 / 86_400)
        assert service.replicas[i] == 1
        assert service.meets_ttft[i] == service.meets_tpot[i] == 1
        new = 8000 * (1 - 0.05 * 0.98)
        multiply = 2 * 70.55e9 * new / (4 * MFU_PREFILL * 1979e12 * G.fp8_efficiency)
        attention = 2 * 80 * 64 * 128 * new * (8000 + 8000 - new) / (4 * G.mfu_attention * 989e12)
        links = 2 * 80 * (G.collective_s * 2 / 3 + 4 * new * 8192 * 0.75 / (G.link_share * 900e9))
        assert service.sizing.prefill_occupancy_s[i] == pytest.approx(multiply + attention + links, rel=1e-3)
        rent = 4 * HOURS * 2.0
        assert got.cost_usd_per_month == pytest.approx(rent * 1.15 + 0.15 * 4**0.592 * 250_000 / 12)
        assert got.parts_usd_per_month["compute_idle"] > 0
