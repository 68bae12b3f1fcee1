"""Kinds of measurement whose prediction is equally uncertain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components.engine.facts.regimes import SRAM
from components.engine.replica.formats import LOCAL_STACKS, PROCESSORS
from components.engine.replica.from_catalog import is_edge

if TYPE_CHECKING:
    from components.catalog.evidence import Point
    from components.catalog.records import Accelerator


EDGE_DEVICES = frozenset({*PROCESSORS, "edge-apple", "edge-jetson"})


KNOWN_CLIENTS = frozenset({"inferencemax", "sglang", "tpu", "trtllm-perf-overview", "vllm"})
"""Benchmarks whose client is published; what others make of TTFT differs from one report to the next."""


def kind_of(point: Point, chip: Accelerator, stack: str) -> str:
    """The row of data/engine_ranges.csv that speaks of a measurement; looks at its conditions only."""
    rules = (
        (chip.device_class in SRAM, "sram"),
        (point.benchmark.startswith("mlperf"), "guessed"),
        (chip.device_class in EDGE_DEVICES, "edge-device"),
        (stack in LOCAL_STACKS or is_edge(chip, stack), "card-alone"),
        (bool(point.disaggregated), "pools"),
        (point.concurrency is None, "offline"),
        (point.benchmark not in KNOWN_CLIENTS, "other-client"),
    )
    return next((kind for holds, kind in rules if holds), "served")
