"""What fits: weights, the cache of one sequence, and how many sequences a replica holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from components.engine.facts.arrays import Vec
from components.engine.facts.formula import Formula, Symbol
from components.engine.replica.decode import kv_replication
from components.engine.replica.record import HBM, LPU_V1, LPX, WAFER, Physics

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from components.catalog.parameters import Parameters


MEAN_OUTPUT_SHARE = 0.7
"""Share of the answer in the cache when memory runs short. Source: docs/engine.md#memory."""


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


def growing_cache_bytes(p: Physics, tokens: Vec | float) -> Vec:
    """The part of one sequence's cache that grows with its tokens, stored once. [B]"""
    return np.asarray(p.kv_elems_full * p.bytes_kv * tokens)


def cache_bytes(p: Physics, tokens: Vec) -> Vec:
    """Cache of one sequence of `tokens`, stored once. [B]"""
    return np.asarray(
        growing_cache_bytes(p, tokens)
        + p.kv_elems_window * p.bytes_kv * np.minimum(tokens, p.window_tokens)
        + p.index_bytes_per_token * tokens
        + p.fixed_bytes_per_seq
    )


def kv_bytes_per_sequence(p: Physics, tokens: Vec) -> Vec:
    """Cache that a replica stores for one sequence of `tokens`, copies by tensor parallelism included. [B]"""
    return np.asarray(cache_bytes(p, tokens) * kv_replication(p))


def usable_bytes(p: Physics, constants: Parameters) -> Vec:
    """Memory of one chip open to weights and caches. [B]

    HBM: mem_use M - mem_res, the reserve at most a quarter of a small device's memory. SRAM machines: M.
    """
    reserve = np.minimum(constants.memory_reserve_bytes, p.memory_bytes / 4)
    return np.where(_keeps_caches(p), constants.memory_usable * p.memory_bytes - reserve, p.memory_bytes)


def free_bytes(p: Physics, constants: Parameters) -> Vec:
    """Memory left for caches; negative where the weights do not fit. [B]

    HBM: kv_use (n usable - weights). Beside LPUs the GPU keeps only the cache. SRAM machines: n M - weights.
    """
    return np.asarray(_cache_share(p, constants) * (p.chips * usable_bytes(p, constants) - _own_weight_bytes(p)))


def fits(p: Physics, constants: Parameters) -> NDArray[np.bool_]:
    """Whether the weights with their copies and one sequence at its full length fit."""
    return np.asarray(free_bytes(p, constants) >= kv_bytes_per_sequence(p, p.isl + p.osl))


def least_chips(p: Physics, constants: Parameters) -> Vec:
    """Chips that hold the weights and one sequence, copies of either left out; p with dp 1. [1]"""
    need = _own_weight_bytes(p) + cache_bytes(p, p.isl + p.osl) / _cache_share(p, constants)
    return np.maximum(np.ceil(need / usable_bytes(p, constants)), 1.0)


def _keeps_caches(p: Physics) -> NDArray[np.bool_]:
    """Whether the chips are plain memory machines, LPUs beside them or not."""
    return np.asarray((p.kind == HBM) | (p.kind == LPX))


def _cache_share(p: Physics, constants: Parameters) -> Vec:
    """Of what the weights leave, open to caches. [1]"""
    return np.where(_keeps_caches(p), constants.kv_share, 1.0)


def _own_weight_bytes(p: Physics) -> Vec:
    """Weights in the chips' own memory; beside LPUs none. [B]"""
    return np.where(p.kind == LPX, 0.0, weight_bytes(p))


def batch_capacity(p: Physics, constants: Parameters) -> Vec:
    """b_max, sequences whose caches fit; 0 where the weights do not fit, below 1 where one cache does not. [1]

    A pipeline of layers (LPU v1, wafer) holds about one sequence per layer in flight.
    Args: p, fields of shape (n,).    Source: docs/engine.md#memory.
    """
    per_sequence = np.maximum(kv_bytes_per_sequence(p, p.isl + MEAN_OUTPUT_SHARE * p.osl), 1.0)
    fit = np.maximum(free_bytes(p, constants), 0.0) / per_sequence
    pipeline = (p.kind == LPU_V1) | (p.kind == WAFER)
    return np.where(pipeline, np.minimum(fit, p.layers), fit)
