"""Throughput per chip against speed per user of a replica, and published runs of the same chip and model beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from components.engine.closed_loop import closed_loop
from components.engine.physics import HBM
from components.engine.validation import measured

if TYPE_CHECKING:
    from collections.abc import Sequence

    from components.catalog.evidence import MeasuredPoint
    from components.catalog.parameters import Parameters
    from components.catalog.records import Accelerator, Model
    from components.engine.physics import Physics, Vec

LOADS = 28
MOST_IN_FLIGHT = 4096.0


class SpeedCurve(NamedTuple):
    """One replica kept busy by more and more requests; arrays of shape (k,), empty where nothing fits."""

    concurrency: Vec
    tokens_per_s_per_user: Vec
    tokens_per_s_per_chip: Vec


class Run(NamedTuple):
    """A published run. [1/s]"""

    point: MeasuredPoint
    tokens_per_s_per_user: float
    tokens_per_s_per_chip: float
    derived: bool
    """The source gives latencies alone; the throughput follows from them and the load by Little's law."""


def speed_curve(p: Physics, g: Parameters) -> SpeedCurve:
    """Closed loops of 1 to 4,096 requests on one replica; p of shape (1,).

    A machine that keeps its weights in SRAM, or that writes no answers, has no curve.
    """
    empty = np.zeros(0)
    if p.kind[0] != HBM or p.osl[0] <= 0:
        return SpeedCurve(empty, empty, empty)
    load = np.geomspace(1.0, MOST_IN_FLIGHT, LOADS)
    found = closed_loop(p.take([0] * LOADS), load, g)
    fits = np.isfinite(found.tpot_s)
    return SpeedCurve(load[fits], 1 / found.tpot_s[fits], found.output_tokens_per_s_per_chip[fits])


def same_shape(one: Model, other: Model) -> bool:
    """Whether two models cost the same to run: equal layers, widths and experts, as versions of one model have."""
    shape = ("layers", "hidden", "heads", "kv_heads", "experts", "experts_per_token", "ffn_dense", "ffn_expert")
    return all(getattr(one, name) == getattr(other, name) for name in shape)


def runs(points: Sequence[MeasuredPoint], models: dict[str, Model], model: Model, chip: Accelerator) -> tuple[Run, ...]:
    """Published runs of a chip and a model, or of another version of the same model.

    Args:
        points: all published measurements.
        models: the catalog's, by id.
    """
    alike = {key for key, other in models.items() if key == model.id or same_shape(model, other)}
    found = []
    for point in points:
        if point.accelerator_id != chip.id or point.model not in alike:
            continue
        tpot, rate = measured(point, "tpot"), measured(point, "throughput")
        derived = rate is None
        rate = by_little(point) if derived else rate
        if tpot is not None and rate is not None:
            found.append(Run(point, 1 / tpot, rate, derived))
    return tuple(found)


def by_little(point: MeasuredPoint) -> float | None:
    """Output tokens/s per chip of a closed loop, C o / (TTFT + o TPOT) / chips; None where one of them is unknown."""
    ttft, tpot, osl = point.ttft_s, measured(point, "tpot"), point.output_tokens
    if not (ttft and tpot and osl and point.concurrency and point.accelerators):
        return None
    return point.concurrency * osl / (ttft + osl * tpot) / point.accelerators
