"""Throughput per chip against speed per user of a replica, and published runs of the same chip and model beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from components.engine.replica.record import HBM
from components.engine.serving.closed_loop import closed_loop

if TYPE_CHECKING:
    from components.catalog.parameters import Parameters
    from components.engine.facts.arrays import Vec
    from components.engine.replica.record import Physics


LOADS = 28


MOST_IN_FLIGHT = 4096.0


class SpeedCurve(NamedTuple):
    """One replica kept busy by more and more requests; arrays of shape (k,), empty where nothing fits."""

    concurrency: Vec
    tokens_per_s_per_user: Vec
    tokens_per_s_per_chip: Vec


def speed_curve(p: Physics, g: Parameters) -> SpeedCurve:
    """Closed loops of 1 to 4,096 requests on one replica; p of shape (1,).

    A machine that keeps its weights in SRAM, or that writes no answers, has no curve.
    """
    empty = np.zeros(0)
    if p.kind[0] != HBM or p.osl[0] <= 0:
        return SpeedCurve(empty, empty, empty)
    load = np.geomspace(1.0, MOST_IN_FLIGHT, LOADS)
    found = closed_loop(p.repeat(LOADS), load, g)
    fits = np.isfinite(found.tpot_s)
    return SpeedCurve(load[fits], 1 / found.tpot_s[fits], found.output_tokens_per_s_per_chip[fits])
