"""Where a phase of the workload stands under its chip's roofline: arithmetic done and bytes moved in its own time.

Every time and byte comes from the functions that compute the answer; here they are only laid over the chip's peaks.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from components.engine.replica.decode import StepModel, attention_flop_per_token, weight_read_s
from components.engine.replica.formats import FORMATS, peak_16
from components.engine.replica.prefill import attention_flop, prefill_occupancy_s
from components.engine.replica.record import Physics

if TYPE_CHECKING:
    from components.catalog.parameters import Parameters
    from components.catalog.records import Accelerator


Phase = Literal["prefill", "decode"]


Bound = Literal["memory bandwidth", "arithmetic", "links between chips", "launches and scheduling"]


MEMORY: Bound = "memory bandwidth"


ARITHMETIC: Bound = "arithmetic"


LINKS: Bound = "links between chips"


LAUNCHES: Bound = "launches and scheduling"


class Roof(NamedTuple):
    """A chip's dense peak in one number format."""

    fmt: str
    flop_per_s: float
    estimated: bool


class RooflinePoint(NamedTuple):
    """Where one phase of the workload stands on the roofline of its chip."""

    phase: Phase
    intensity: float
    """Useful arithmetic over bytes moved. [FLOP/B]"""
    flop_per_s: float
    """Attained per chip. [FLOP/s]"""
    roof_flop_per_s: float
    """What the roofline allows at this intensity: the smaller of peak and bandwidth x intensity. [FLOP/s]"""
    seconds: float
    """One decode step, or the machine time of one prompt. [s]"""
    batch: float
    """Sequences in the step; of a prompt 1. [1]"""
    bound: Bound
    share: float
    """Of that time, spent on what binds. [1]"""

    @property
    def attained_share(self) -> float:
        """Of what the roofline allows. [1]"""
        return self.flop_per_s / self.roof_flop_per_s


def roofs(chip: Accelerator, g: Parameters) -> tuple[Roof, ...]:
    """Peaks of every format the chip publishes, 16-bit first; that one is an estimate where it is not published."""
    base, estimated = peak_16(chip, g)
    rest = ((fmt, chip.flop_per_s(fmt)) for fmt in FORMATS[1:])
    return (Roof("bf16", base, estimated), *(Roof(fmt, peak, False) for fmt, peak in rest if peak is not None))


def format_of(found: tuple[Roof, ...], rate: float) -> str:
    """Format whose peak a rate with its efficiency belongs to: the lowest that is not below it."""
    fit = [roof for roof in found if roof.flop_per_s >= rate * (1 - 1e-9)]
    return min(fit, key=lambda roof: roof.flop_per_s).fmt if fit else found[0].fmt


def _point(
    p: Physics, phase: Phase, flop: float, moved: float, parts: dict[Bound, float], **more: float
) -> RooflinePoint:
    seconds, intensity = more["seconds"], flop / moved
    bandwidth = float(p.memory_bytes_per_s[0])
    bound = max(parts, key=lambda name: parts[name])
    return RooflinePoint(
        phase=phase,
        intensity=intensity,
        flop_per_s=flop / seconds / float(p.chips[0]),
        roof_flop_per_s=min(more["peak"], bandwidth * intensity),
        seconds=seconds,
        batch=more["batch"],
        bound=bound,
        share=min(parts[bound] / seconds, 1.0),
    )


def decode_point(p: Physics, g: Parameters, *, batch: float, draft_tokens: float, peak: float) -> RooflinePoint:
    """One decode step: FLOP of the tokens in it, bytes of weights and caches that it reads.

    Args:
        p: one replica, fields of shape (1,).
        batch: sequences in the step. [1]
        draft_tokens: drafted tokens per sequence; their arithmetic counts, accepted or not. [1]
        peak: of the chip in the format in use. [FLOP/s]
    """
    model, b, m = StepModel.from_physics(p, g), np.array([batch]), np.array([draft_tokens])
    step, tokens = model.step(b, m), b * (m + 1)
    attention = attention_flop_per_token(p, p.isl + p.osl / 2)
    flop = (2 * (p.active_rest + p.active_expert) + attention) * tokens
    rate = p.mbu * p.memory_bytes_per_s * p.chips / p.pp
    cache_s, attend_s = model.cache_s * b, model.attend_s * tokens
    moved = rate * (step.weights_s * p.weight_mbu_factor + cache_s)
    reads = cache_s >= attend_s
    parts: dict[Bound, float] = {
        MEMORY: float(step.weights_s[0] + np.where(reads, cache_s, 0.0)[0]),
        ARITHMETIC: float(step.compute_s[0] + np.where(reads, 0.0, attend_s)[0]),
        LINKS: float(step.collectives_s[0]),
        LAUNCHES: float(step.overhead_s[0]),
    }
    return _point(p, "decode", float(flop[0]), float(moved[0]), parts, seconds=float(step.total_s[0]), batch=batch,
                  peak=peak)  # fmt: skip


def prefill_point(p: Physics, g: Parameters, *, peak: float) -> RooflinePoint | None:
    """One prompt among others: FLOP of its new tokens, its share of the weights a full chunk reads, its cache once.

    None where the prefix cache leaves nothing to compute. Without links its time is arithmetic; the links' part is
    what the same prompt takes less on links without delay.
    """
    seconds = float(prefill_occupancy_s(p, g)[0])
    if seconds <= 0:
        return None
    flop = 2 * (p.active_rest + p.active_expert) * p.new_isl + attention_flop(p)
    chunk = np.full_like(p.new_isl, g.chunk_tokens)
    rate = p.mbu * p.memory_bytes_per_s * p.chips / p.pp
    weights_s = weight_read_s(p, chunk, g) * p.new_isl / chunk
    prompt = replace(p, osl=np.zeros_like(p.osl))
    cache_s = StepModel.from_physics(prompt, g).cache_s
    moved = rate * (weights_s * p.weight_mbu_factor + cache_s)
    free = replace(p, link_bytes_per_s=np.full_like(p.chips, np.inf), nic_bytes_per_s=np.full_like(p.chips, np.inf))
    alone = float(prefill_occupancy_s(free, replace(g, collective_s=0.0))[0])
    parts: dict[Bound, float] = {
        MEMORY: float((weights_s + cache_s)[0]), ARITHMETIC: alone, LINKS: seconds - alone,
    }  # fmt: skip
    return _point(p, "prefill", float(flop[0]), float(moved[0]), parts, seconds=seconds, batch=1.0, peak=peak)
