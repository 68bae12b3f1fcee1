"""The engine's input: one row per operating point, every field an array in SI units, grouped by where it comes from.

A lever edits these numbers (bytes per weight, tokens per step, prompt tokens avoided), never a result.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Self

from components.engine.facts.arrays import Rows, Vec

if TYPE_CHECKING:
    from collections.abc import Iterable


class MachineKind(IntEnum):
    """Where a machine keeps its weights, the code in `Physics.kind`."""

    HBM = 0
    """In memory that is read each step: GPU, TPU, CPU, edge."""
    LPU_V1 = 1
    """In SRAM of Groq LPU v1, each chip holding some layers."""
    LPX = 2
    """Groq 3 LPX: feed-forward layers in SRAM beside a GPU."""
    WAFER = 3
    """In SRAM of wafers."""


HBM, LPU_V1, LPX, WAFER = (float(kind) for kind in MachineKind)
"""The kinds as they stand in arrays: comparing with a member of the enumeration takes numpy five times as long."""


@dataclass(frozen=True)
class ModelSize(Rows):
    """What the model is; every field has shape (n,)."""

    params_total: Vec
    """N, all parameters (stored). [1]"""
    params_rest_read: Vec
    """N_rest without an untied input embedding: non-expert weights read in each decode step. [1]"""
    params_expert: Vec
    """N_exp, all routed experts. [1]"""
    active_rest: Vec
    """N_act - N_act,exp: non-expert parameters that multiply each token. [1]"""
    active_expert: Vec
    """N_act,exp: routed expert parameters that multiply each token. [1]"""
    layers: Vec
    moe_layers: Vec
    hidden: Vec
    heads: Vec
    head_dim: Vec
    kv_heads: Vec
    """h_kv; 1 for MLA. [1]"""
    full_layers: Vec
    window_layers: Vec
    window_tokens: Vec
    mla_rank: Vec
    """r, 0 unless MLA. [1]"""
    mla_rope: Vec
    """d_r, 0 unless MLA. [1]"""
    experts: Vec
    """E, 1 if dense. [1]"""
    experts_per_token: Vec
    """k, 1 if dense. [1]"""
    kv_elems_full: Vec
    """Cached elements per token, summed over the layers whose cache grows. [1]"""
    kv_elems_window: Vec
    """Cached elements per token, summed over windowed layers. [1]"""
    sparse_tokens: Vec
    """Tokens that sparse attention reads (2,048 for DSA and MSA), inf otherwise. [tokens]"""
    index_bytes_per_token: Vec
    """Index bytes per cached token of sparse attention, all layers; 0 otherwise. [B]"""
    fixed_bytes_per_seq: Vec
    """State of linear-attention layers. [B]"""


@dataclass(frozen=True)
class Precision(Rows):
    """What number formats make of weights, cache and arithmetic on one chip; every field has shape (n,).

    Peaks are dense, per chip, and already carry format efficiency.
    """

    bytes_rest: Vec
    """w_r. [B per weight]"""
    bytes_expert: Vec
    """w_e. [B per weight]"""
    bytes_kv: Vec
    """w_kv. [B per element]"""
    weight_bytes_factor: Vec
    """Share of weight bytes left by 2:4 sparsity; 1 otherwise. [1]"""
    linear_flop_factor: Vec
    """Gain of the linear layers' FLOP rate by 2:4 sparsity; 1 otherwise. [1]"""
    weight_mbu_factor: Vec
    """q4e for 4-bit weight-only kernels; 1 otherwise. [1]"""
    attention_flop_factor: Vec
    """0.75 with a 4-bit KV cache; 1 otherwise. [1]"""
    flop_16_per_s: Vec
    flop_rest_per_s: Vec
    """F_r with m8 or m4 applied. [FLOP/s]"""
    flop_expert_per_s: Vec
    """F_e with m8 or m4 applied. [FLOP/s]"""
    expert_tile_factor: Vec
    """x4 for 4-bit weight-only kernels; 1 otherwise. [1]"""


@dataclass(frozen=True)
class ChipRates(Rows):
    """What one chip holds and moves, whatever it computes; every field has shape (n,)."""

    kind: Vec
    """A `MachineKind`. [1]"""
    memory_bytes: Vec
    memory_bytes_per_s: Vec
    link_bytes_per_s: Vec
    """Inside the scale-up domain, one way, before the link share `le`. [B/s]"""
    nic_bytes_per_s: Vec
    """Beyond the domain, one way, before `lx`. [B/s]"""
    domain_chips: Vec


@dataclass(frozen=True)
class LayoutColumns(Rows):
    """How the replica is cut over its chips; every field has shape (n,)."""

    chips: Vec
    tp: Vec
    dp: Vec
    ep: Vec
    pp: Vec
    layer_split: Vec
    """1 where cards hold consecutive layers and take turns (llama.cpp); 0 otherwise. [1]"""
    overlap: Vec
    """1 with two-batch overlap of compute and collectives. [1]"""


@dataclass(frozen=True)
class StackTimes(Rows):
    """Efficiencies and overheads of a serving stack on one chip; every field has shape (n,).

    Efficiencies (mbu, mfu_*) already carry their device and stack offsets.
    """

    mbu: Vec
    mfu_prefill: Vec
    mfu_decode: Vec
    step_overhead_s: Vec
    layer_overhead_s: Vec
    sequence_overhead_s: Vec
    prefill_layer_overhead_s: Vec
    server_path_s: Vec
    prefill_stall: Vec
    """kp; 0 when prefill runs in its own pool. [1]"""
    burst: Vec
    """kap, closed-loop benchmarks only. [1]"""
    immaturity: Vec
    """mat exp(-age/4), added to 1. [1]"""
    expert_tile_tokens: Vec
    """x0, tokens an expert is padded to; 0 where one user's tokens are multiplied one by one. [tokens]"""


@dataclass(frozen=True)
class SramSide(Rows):
    """Machines that keep weights in SRAM; every field has shape (n,)."""

    layer_time_s: Vec
    """t_L, time of one layer for one token (LPU v1, wafer). [s]"""
    speed_gain: Vec
    """g, undisclosed speculation included. [1]"""
    sram_chips: Vec
    """Chips of the SRAM side (LPX); 0 otherwise. [1]"""
    sram_bytes_per_s: Vec
    sram_mbu: Vec
    sram_hop_s: Vec


@dataclass(frozen=True)
class RequestTokens(Rows):
    """Tokens of one request, and of the draft that speeds up its answer; every field has shape (n,)."""

    isl: Vec
    """i, prompt tokens that occupy the cache. [tokens]"""
    new_isl: Vec
    """i (1 - prefix hit): prompt tokens that are computed. [tokens]"""
    osl: Vec
    """o, output tokens; 0 for embeddings. [tokens]"""
    draft_tokens: Vec
    """m; 0 without speculation. [1]"""
    acceptance: Vec
    """a, per drafted token. [1]"""
    draft_cost: Vec
    """dc, share of a step per drafted token. [1]"""


@dataclass(frozen=True)
class OwnFactors(Rows):
    """What the reader's own measurement says of the model's times; every field has shape (n,)."""

    step_factor: Vec
    """Measured over modelled time of a decode step; 1 where nothing was measured. [1]"""
    prefill_factor: Vec
    """Measured over modelled time of a prefill; 1 where nothing was measured. [1]"""


@dataclass(frozen=True)
class Physics(ModelSize, Precision, ChipRates, LayoutColumns, StackTimes, SramSide, RequestTokens, OwnFactors):
    """What a replica is made of; every field has shape (n,). Symbols as in the engine's nomenclature."""

    @classmethod
    def joined(
        cls,
        size: ModelSize,
        precision: Precision,
        chip: ChipRates,
        layout: LayoutColumns,
        times: StackTimes,
        sram: SramSide,
        tokens: RequestTokens,
        own: OwnFactors,
    ) -> Self:
        """One replica per row; each part has fields of shape (n,), or (1,) where all rows share them."""
        parts = (size, precision, chip, layout, times, sram, tokens, own)
        columns: dict[str, Vec] = {name: column for part in parts for name, column in vars(part).items()}
        lengths = {len(column) for column in columns.values()} - {1}
        count = lengths.pop() if lengths else 1
        return cls(**{name: v if len(v) == count else v.repeat(count) for name, v in columns.items()})

    def having(self, part: ModelSize | RequestTokens) -> Self:
        """The same replicas with another of their parts, of as many rows. Several times faster than `replace`."""
        changed = object.__new__(type(self))
        changed.__dict__.update(self.__dict__, **part.__dict__)
        return changed

    def multiplied(self, factors: Iterable[tuple[str, Vec | float]]) -> Self:
        """The same replicas with some fields multiplied, in order; a factor is a number or has shape (n,)."""
        changed = object.__new__(type(self))
        changed.__dict__.update(self.__dict__)
        for name, factor in factors:
            changed.__dict__[name] = changed.__dict__[name] * factor
        return changed
