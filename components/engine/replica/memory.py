"""What fits: weights, the cache of one sequence, and how many sequences a replica holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from components.engine.facts.arrays import Vec
from components.engine.facts.formula import Formula, Symbol
from components.engine.replica.decode import kv_replication
from components.engine.replica.record import HBM, LPU_V1, LPX, WAFER, Physics

if TYPE_CHECKING:
    from components.catalog.parameters import Parameters


MEAN_OUTPUT_SHARE = 0.7
"""Share of the answer in the cache when memory runs short. Source: engine design, section 3."""


WEIGHTS = Formula(
    "(shared parameters * bytes per parameter * copies + expert parameters * bytes per expert parameter) * part kept",
    "GB",
    (
        Symbol("shared parameters", "B", "all but the routed experts", 1e-9),
        Symbol("bytes per parameter", "B"),
        Symbol("copies", "", "attention data parallel ranks"),
        Symbol("expert parameters", "B", "", 1e-9),
        Symbol("bytes per expert parameter", "B"),
        Symbol("part kept", "", "by 2:4 sparsity"),
    ),
    "docs/engine.md#memory",
    1e-9,
)


WEIGHTS_DENSE = Formula(
    "parameters * bytes per parameter * part kept",
    "GB",
    (
        Symbol("parameters", "B", "", 1e-9),
        Symbol("bytes per parameter", "B"),
        Symbol("part kept", "", "by 2:4 sparsity"),
    ),
    "docs/engine.md#memory",
    1e-9,
)


_COPIES = Symbol("copies", "", "by tensor parallelism beyond the KV heads")


CACHE = Formula(
    "growing * tokens * copies / 1000",
    "MB",
    (Symbol("growing", "kB/token", "", 1e-3), Symbol("tokens", "tokens"), _COPIES),
    "docs/engine.md#memory",
    1e-6,
)


CACHE_MIXED = Formula(
    "((growing + index) * tokens + windowed * tokens in window + state) * copies / 1000",
    "MB",
    (
        Symbol("growing", "kB/token", "full attention layers", 1e-3),
        Symbol("index", "kB/token", "of sparse attention", 1e-3),
        Symbol("tokens", "tokens"),
        Symbol("windowed", "kB/token", "windowed layers", 1e-3),
        Symbol("tokens in window", "tokens"),
        Symbol("state", "kB", "linear attention layers", 1e-3),
        _COPIES,
    ),
    "docs/engine.md#memory",
    1e-6,
)


FREE = Formula(
    "for caches * (chips * (usable * memory - reserve) - weights)",
    "GB",
    (
        Symbol("for caches", "%", "of what is free", 100),
        Symbol("chips", "chips"),
        Symbol("usable", "%", "of the memory", 100),
        Symbol("memory", "GB", "per chip", 1e-9),
        Symbol("reserve", "GB", "per chip", 1e-9),
        Symbol("weights", "GB", "", 1e-9),
    ),
    "docs/engine.md#memory",
    1e-9,
)


FREE_SRAM = Formula(
    "chips * memory - weights",
    "GB",
    (Symbol("chips", "chips"), Symbol("memory", "GB", "per chip", 1e-9), Symbol("weights", "GB", "", 1e-9)),
    "docs/engine.md#other-machines",
    1e-9,
)


_FREE_OVER_CACHE = (
    Symbol("free memory", "GB", "", 1e-9),
    Symbol("cache", "GB", "of one request, answer 70 % written", 1e-9),
)


CAPACITY = Formula("free memory / cache", "sequences", _FREE_OVER_CACHE, "docs/engine.md#memory")


CAPACITY_PIPELINE = Formula(
    "min(free memory / cache, layers)",
    "sequences",
    (*_FREE_OVER_CACHE, Symbol("layers", "", "one sequence in flight per layer")),
    "docs/engine.md#other-machines",
)


def weight_bytes(p: Physics) -> Vec:
    """Weights a replica stores; attention data parallelism copies what is not an expert. [B]"""
    rest = (p.params_total - p.params_expert) * p.bytes_rest * p.dp
    return np.asarray((rest + p.params_expert * p.bytes_expert) * p.weight_bytes_factor)


def kv_bytes_per_sequence(p: Physics, tokens: Vec) -> Vec:
    """Cache that a replica stores for one sequence of `tokens`, copies by tensor parallelism included. [B]"""
    stored = (
        p.kv_elems_full * p.bytes_kv * tokens
        + p.kv_elems_window * p.bytes_kv * np.minimum(tokens, p.window_tokens)
        + p.index_bytes_per_token * tokens
        + p.fixed_bytes_per_seq
    )
    return np.asarray(stored * kv_replication(p))


def free_bytes(p: Physics, g: Parameters) -> Vec:
    """Memory left for caches; negative where the weights do not fit. [B]

    HBM: 0.93 [n (0.98 M - 4 GB) - weights]; the reserve is at most a quarter of a small device's memory. Beside LPUs
    the GPU keeps only the cache. SRAM machines: n M - weights.
    """
    reserve = np.minimum(g.memory_reserve_bytes, p.memory_bytes / 4)
    usable = p.chips * (g.memory_usable * p.memory_bytes - reserve)
    own = np.where(p.kind == LPX, 0.0, weight_bytes(p))
    plain = p.chips * p.memory_bytes - weight_bytes(p)
    return np.where((p.kind == HBM) | (p.kind == LPX), g.kv_share * (usable - own), plain)


def batch_capacity(p: Physics, g: Parameters) -> Vec:
    """b_max, sequences whose caches fit; 0 where the weights do not fit, below 1 where one cache does not.

    A pipeline of layers (LPU v1, wafer) holds about one sequence per layer in flight.
    Args: p, fields of shape (n,).    Source: engine design, sections 3 and 4.
    """
    per_sequence = np.maximum(kv_bytes_per_sequence(p, p.isl + MEAN_OUTPUT_SHARE * p.osl), 1.0)
    fit = np.maximum(free_bytes(p, g), 0.0) / per_sequence
    return np.where((p.kind == LPU_V1) | (p.kind == WAFER), np.minimum(fit, p.layers), fit)
