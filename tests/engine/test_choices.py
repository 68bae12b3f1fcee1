"""What is chosen, not only what is computed: the replica, the deployment that sets a p95, the words of a source."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from components.catalog.evidence import Point, benchmark_traits
from components.catalog.load import load_catalog
from components.engine.answer.latency import UserLatency, worst, worst_range
from components.engine.comparison.compare_strategies import evaluate_one
from components.engine.evidence.modelled_figures import physics_of
from components.engine.evidence.setup import Setup, request_of
from components.engine.evidence.setup_columns import MachineColumns
from components.engine.facts.arrays import one
from components.engine.facts.trust import Range
from components.engine.outcome.evaluation import evaluate, open_book
from components.engine.replica.memory import growing_cache_bytes
from components.engine.scenario import Strategy, Workload
from components.share.presets import presets

CATALOG, TRAITS = load_catalog(), benchmark_traits()
BOOK = open_book(CATALOG)


@pytest.mark.parametrize(
    ("key", "preset", "tpot_ms"),
    [
        ("h100-default", "support_chat", 25.0),
        ("h100-default", "support_chat", 15.0),
        ("h100-default", "coding_agent", None),
        ("h100-tuned", "support_chat", 15.0),
    ],
)
def test_the_cheapest_replica_that_keeps_its_targets_is_chosen(key: str, preset: str, tpot_ms: float | None) -> None:
    """A smaller replica is cheaper here and late: two H100 cost less than four, and not even one user gets 25 ms."""
    daily = 250_000 if preset == "support_chat" else None
    workload = Workload(preset=preset, tpot_ms=tpot_ms, requests_per_day=daily)
    (outcome,) = evaluate([presets()[key].strategy], workload, BOOK)
    (fleet,) = outcome.fleets
    cost = fleet.computed.cost.total[fleet.rows.start : fleet.rows.stop]
    keeps = fleet.computed.feasible[fleet.rows.start : fleet.rows.stop]
    chosen = fleet.chosen - fleet.rows.start
    assert not keeps[cost.argmin()], "without a cheaper one that is late this shows nothing"
    assert keeps[chosen]
    assert cost[chosen] == cost[keeps].min()
    assert evaluate_one(presets()[key].strategy, workload, CATALOG).feasible


def seen(share: float, time_s: float) -> UserLatency:
    """A deployment all of whose requests take equally long."""
    one = Range(time_s, time_s, time_s)
    return UserLatency(share, time_s, one, time_s, one, time_s, time_s)


@pytest.mark.parametrize("slow_percent", [1, 3, 4, 6, 10, 30, 49, 51, 96])
def test_the_p95_of_the_whole_is_that_of_all_its_requests(slow_percent: int) -> None:
    """Of 100 requests some go to a deployment twice as slow: the 95th of all, counted out."""
    times = [1.0] * (100 - slow_percent) + [2.0] * slow_percent
    parts = [seen((100 - slow_percent) / 100, 1.0), seen(slow_percent / 100, 2.0)]
    counted = float(np.percentile(times, 95, method="higher"))
    assert worst(parts, lambda d: d.e2e_p95) == counted
    told = worst_range(parts, lambda d: d.tpot_p95)
    assert told is not None
    assert told.base == counted


def test_a_routed_third_on_a_slower_fleet_sets_the_p95() -> None:
    strategy = Strategy(hardware="h100-sxm", weights="fp8", route=0.3, route_model="llama-3.1-405b")
    got = evaluate_one(strategy, Workload(tpot_ms=0, ttft_ms=0), CATALOG)
    alone = evaluate_one(strategy.model_copy(update={"route": 0.0}), Workload(tpot_ms=0, ttft_ms=0), CATALOG)
    assert got.tpot_p95_s is not None
    assert alone.tpot_p95_s is not None
    assert got.tpot_p95_s.base > 1.3 * alone.tpot_p95_s.base


def setup(**given: object) -> Setup:
    """The one way to read a published measurement."""
    base: dict[str, Any] = {
        "benchmark": "inferencemax", "model": "llama-3.3-70b", "model_precision": "fp8 weights",
        "accelerator_id": "h100-sxm", "accelerators": 8, "parallelism": "tp8", "serving_stack": "vllm 0.12",
        "input_tokens": 1024, "output_tokens": 1024, "concurrency": 64, "disaggregated": False, "speculative": False,
        "value_date": "2026-03-01", "ttft_stat": "mean",
    }  # fmt: skip
    (one,) = request_of(Point.model_validate(base | given), CATALOG, TRAITS).candidates
    return one


@pytest.mark.parametrize(("model", "wafers"), [("llama-3.1-8b", 1), ("llama-3.3-70b", 4)])
def test_a_model_lies_on_as_many_wafers_as_its_maker_says(model: str, wafers: int) -> None:
    """Cerebras, "Introducing Cerebras Inference", 2024-08-27: up to 20 B on one CS-3, 70 B on as few as four."""
    found = setup(benchmark="cerebras", model=model, accelerator_id="cerebras-wse-3", parallelism="")
    assert found.decode.layout.chips == wafers


def test_weights_in_sram_take_no_more_chips_than_hold_them() -> None:
    """16 bits a weight and a tenth beside it for the state of requests: 230 MB a chip."""
    chips = setup(benchmark="groq", accelerator_id="groq-lpu-v1", parallelism="").decode.layout.chips
    assert 2 * 70.55e9 < (chips - 1) * 230e6 < 2.25 * 70.55e9


@pytest.mark.parametrize(("precision", "bytes_per_element"), [("fp8 weights", 2), ("fp8 weights, fp8 kv", 1)])
def test_a_cache_is_handed_over_in_its_own_format(precision: str, bytes_per_element: int) -> None:
    """Llama 3.3 70B by hand: keys and values of 80 layers x 8 heads x 128, for each token of the prompt."""
    found = setup(
        model_precision=precision, disaggregated=True, accelerators=16,
        parallelism="prefill 1x(tp8 ep1) 8 GPUs; decode 1x(tp8 ep1) 8 GPUs",
    )  # fmt: skip
    moved = growing_cache_bytes(physics_of(MachineColumns.of([found.decode]), BOOK.parameters), one(found.decode.isl))
    assert found.hands_over
    assert moved[0] == pytest.approx(2 * 80 * 8 * 128 * bytes_per_element * found.decode.isl)
