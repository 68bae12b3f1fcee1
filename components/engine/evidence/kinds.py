"""Kinds of measurement whose prediction is equally uncertain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components.engine.facts.regimes import AMD, SRAM
from components.engine.replica.formats import LOCAL_STACKS, PROCESSORS
from components.engine.replica.from_catalog import is_edge

if TYPE_CHECKING:
    from components.catalog.evidence import Point
    from components.catalog.records import Accelerator, Model


EDGE_DEVICES = frozenset({*PROCESSORS, "edge-apple", "edge-jetson"})


def kind_of(point: Point, model: Model, chip: Accelerator, stack: str) -> str:
    """The row of data/engine_ranges.csv that speaks of a measurement; looks at its conditions only."""
    rules = (
        (chip.device_class in SRAM, "sram"),
        (point.benchmark.startswith("mlperf"), "guessed"),
        (chip.device_class in EDGE_DEVICES, "edge-device"),
        (stack in LOCAL_STACKS or is_edge(chip, stack), "card-alone"),
        (bool(point.disaggregated), "pools"),
        (chip.device_class in AMD, "amd"),
        (point.concurrency is None, "offline"),
        (model.is_moe, "moe"),
    )
    return next((kind for holds, kind in rules if holds), "dense")
