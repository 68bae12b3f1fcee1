"""One decode step, hence TPOT: weights, matrix products, attention, collectives and the floor under all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from components.engine.facts.arrays import Rows, Vec
from components.engine.facts.formula import Formula, Symbol
from components.engine.replica.record import HBM, LPX, Physics

if TYPE_CHECKING:
    from components.catalog.parameters import Parameters


_MULTIPLY = Symbol("multiply", "ms", "matrix products", 1e3)
_ATTENTION = Symbol("attention", "ms", "with the caches", 1e3)
_MATURITY = Symbol("maturity", "", "of software on new models and chips")
_HBM_PARTS = (
    Symbol("read", "ms", "weights from memory", 1e3),
    _MULTIPLY,
    _ATTENTION,
    Symbol("links", "ms", "between chips", 1e3),
    Symbol("launches", "ms", "and host", 1e3),
    _MATURITY,
)
DECODE_STEP = Formula(
    "((read^3 + multiply^3)^(1/3) + attention + links + launches) * maturity",
    "ms", _HBM_PARTS, "docs/engine.md#decode-step", 1e3,
)  # fmt: skip
DECODE_STEP_OVERLAPPED = Formula(
    "(max((read^3 + multiply^3)^(1/3) + attention, links) + launches) * maturity",
    "ms", _HBM_PARTS, "docs/engine.md#decode-step", 1e3,
)  # fmt: skip
"""With two-batch overlap."""
DECODE_STEP_PIPELINE = Formula(
    "max(pipeline, multiply) * maturity",
    "ms", (Symbol("pipeline", "ms", "one token through all layers", 1e3), _MULTIPLY, _MATURITY),
    "docs/engine.md#other-machines", 1e3,
)  # fmt: skip
"""Weights in SRAM: LPU v1, wafer."""
_HOPS = Symbol("hops", "ms", "between GPU and LPU, with weights that are not experts", 1e3)
DECODE_STEP_BESIDE = Formula(
    "(attention + hops + feed-forward) * maturity",
    "ms", (_ATTENTION, _HOPS, Symbol("feed-forward", "ms", "experts from SRAM", 1e3), _MATURITY),
    "docs/engine.md#other-machines", 1e3,
)  # fmt: skip
"""Feed-forward weights in the SRAM of LPUs beside a GPU."""
DRAFTING = Symbol("drafting", "", "time of a step with its drafts over one without")
OWN_STEP = Symbol("own measurement", "", "measured over modelled time of a step")


class DecodeStep(NamedTuple):
    """Parts of one step, each of the shape of the batch. [s]"""

    total_s: Vec
    """The step with its draft, maturity and own measurement included."""
    weights_s: Vec
    compute_s: Vec
    attention_s: Vec
    collectives_s: Vec
    overhead_s: Vec
    tokens_per_step: Vec
    """tau, accepted tokens of one sequence per step. [1]"""


NEARLY_ALL = 1 - 1e-12
"""Share of experts that a token of a dense model reads, kept below 1 for its logarithm. [1]"""


def tokens_per_step(draft_tokens: Vec, acceptance: Vec) -> Vec:
    """tau = (1 - a^(m+1)) / (1 - a); 1 without a draft. [1]

    Source: Leviathan et al., "Fast Inference from Transformers via Speculative Decoding", 2023, eq. 1.
    """
    return np.asarray((1 - acceptance ** (draft_tokens + 1)) / (1 - acceptance))


def smooth_max(a: Vec, b: Vec) -> Vec:
    """(a^3 + b^3)^(1/3): between the larger and the sum; p = 1 would add them, infinity take the larger. [s]"""
    return np.asarray(np.cbrt(a * a * a + b * b * b))


@dataclass(frozen=True, slots=True)
class ExpertLoad(Rows):
    """How a batch's tokens spread over the experts; every field has shape (n,)."""

    untouched_log: Vec
    """ln(1 - k/E), of the share of experts that one token leaves unread. [1]"""
    imbalance: Vec
    """imb with expert parallelism, else 0. [1]"""
    share_per_rank: Vec
    """k / (8 E). [1]"""

    def touched(self, tokens: Vec) -> Vec:
        """c(T) = 1 - (1 - k/E)^T, the share of experts that T tokens read; 1 if dense. [1]"""
        return np.asarray(-np.expm1(tokens * self.untouched_log))

    def unevenness(self, tokens: Vec) -> Vec:
        """I = 1 + imb / sqrt(1 + T k / (8 E)) with expert parallelism, 1 without. [1]"""
        return np.asarray(1 + self.imbalance / np.sqrt(1 + tokens * self.share_per_rank))


def expert_load(p: Physics, constants: Parameters) -> ExpertLoad:
    """How tokens spread over the experts of replicas; fields of p's shape."""
    share = p.experts_per_token / p.experts
    return ExpertLoad(
        untouched_log=np.log1p(-np.minimum(share, NEARLY_ALL)),
        imbalance=np.where(p.ep > 1, constants.expert_imbalance, 0.0),
        share_per_rank=share / 8,
    )


def link_bytes_per_s(p: Physics, constants: Parameters) -> Vec:
    """le 2B inside the domain, min(lx B_nic, le 2B) beyond; `le` was fitted to both directions of the link. [B/s]"""
    inside = constants.link_share * 2 * p.link_bytes_per_s
    return np.where(p.chips > p.domain_chips, np.minimum(constants.nic_share * p.nic_bytes_per_s, inside), inside)


def hop_s(p: Physics, constants: Parameters) -> Vec:
    """hop = ar log2(n) / 3, times hx beyond the domain. [s]"""
    far = np.where(p.chips > p.domain_chips, constants.beyond_domain, 1.0)
    return constants.collective_s * np.log2(np.maximum(p.chips, 1.0)) / 3 * far


def collectives_s(p: Physics, tokens: Vec, passes: Vec | float, constants: Parameters) -> Vec:
    """Time on the links for T tokens in `passes` passes through the layers. [s]

    tp: 2 L (hop + 2 (T/dp) 2d (tp-1)/tp / link); ep and dp: L_moe (2 hop + 3 (T/n) k d (1 - 1/ep) / link).
    Source: docs/engine.md#collectives.
    """
    link, hop = link_bytes_per_s(p, constants), hop_s(p, constants) * passes
    tensor = 2 * p.layers * (hop + 4 * tokens / p.dp * p.hidden * (p.tp - 1) / p.tp / link)
    routed = 3 * tokens / p.chips * p.experts_per_token * p.hidden * (1 - 1 / p.ep) / link
    expert = p.moe_layers * (2 * hop + routed)
    return np.where(p.tp > 1, tensor, 0.0) + np.where((p.ep > 1) & (p.dp > 1), expert, 0.0)


def cache_bytes_read(p: Physics, context: Vec) -> Vec:
    """kappa(s): bytes of one sequence's cache that a step reads. [B]

    Full layers grow with s, windowed ones stop at w, sparse ones read a fixed number of tokens and an index over all,
    linear layers read and write a fixed state.
    Source: docs/engine.md#attention.
    """
    return (
        p.kv_elems_full * p.bytes_kv * np.minimum(context, p.sparse_tokens)
        + p.kv_elems_window * p.bytes_kv * np.minimum(context, p.window_tokens)
        + p.index_bytes_per_token * context
        + 2 * p.fixed_bytes_per_seq
    )


def attention_flop_per_token(p: Physics, context: Vec) -> Vec:
    """Arithmetic of attention for one decoded token. [FLOP]

    GQA: 4 L_full h d_h s + 4 L_win h d_h min(s, w); MLA, absorbed: 2 L h (2r + d_r) s.
    Source: docs/engine.md#attention.
    """
    seen = np.minimum(context, p.sparse_tokens)
    latent = 2 * p.full_layers * p.heads * (2 * p.mla_rank + p.mla_rope) * seen
    grouped = 4 * p.full_layers * p.heads * p.head_dim * seen
    window = 4 * p.window_layers * p.heads * p.head_dim * np.minimum(context, p.window_tokens)
    return np.where(p.mla_rank > 0, latent, grouped) + window


def kv_replication(p: Physics) -> Vec:
    """R = max(1, tp / h_kv): tensor parallelism beyond the KV heads copies the cache. [1]"""
    return np.maximum(1.0, p.tp / p.kv_heads)


def _weight_terms_s(p: Physics) -> tuple[Vec, Vec]:
    """Time to read all weights that are not experts, and all experts, once. [s]"""
    bandwidth = p.mbu * p.memory_bytes_per_s * p.weight_mbu_factor / p.weight_bytes_factor
    rest = p.params_rest_read * p.bytes_rest / p.tp
    return rest / bandwidth, p.params_expert * p.bytes_expert * p.pp / p.chips / bandwidth


def weight_read_s(p: Physics, tokens: Vec, constants: Parameters) -> Vec:
    """t_w: weights that T tokens touch, over the bandwidth of the chips that hold them. [s]"""
    rest, experts = _weight_terms_s(p)
    load = expert_load(p, constants)
    return np.asarray(rest + experts * load.touched(tokens) * load.unevenness(tokens))


@dataclass(frozen=True, slots=True)
class StepModel(ExpertLoad):
    """A replica's step as a function of its batch, what does not depend on the batch computed once; shape (n,)."""

    read_rest_s: Vec
    read_experts_s: Vec
    """Of all experts. [s]"""
    multiply_rest_s: Vec
    """Per token. [s]"""
    multiply_experts_s: Vec
    """Per token. [s]"""
    tile_s: Vec
    """Of all experts' padding to a tile. [s]"""
    cache_s: Vec
    """Reading one sequence's cache. [s]"""
    attend_s: Vec
    """Attention arithmetic per token. [s]"""
    links_s: Vec
    links_per_token_s: Vec
    overhead_s: Vec
    overhead_per_sequence_s: Vec
    overlap: Vec
    sram: Vec
    """0: HBM; 1: all layers in SRAM; 2: feed-forward layers in SRAM beside a GPU."""
    sram_s: Vec
    sram_experts_s: Vec
    """Streaming all experts from SRAM. [s]"""
    maturity: Vec
    draft_tokens: Vec
    draft_cost: Vec
    acceptance: Vec

    @classmethod
    def from_physics(cls, p: Physics, constants: Parameters) -> StepModel:
        """Everything that does not depend on the batch; fields of p's shape."""
        context = p.isl + p.osl / 2
        read_rest, read_experts = _weight_terms_s(p)
        ranks = p.chips / p.pp * p.mfu_decode * p.linear_flop_factor
        moe = p.experts > 1
        cache = cache_bytes_read(p, context) * kv_replication(p) / (p.dp * p.tp)
        attend = attention_flop_per_token(p, context) / p.dp
        attention_flop_per_s = p.tp * constants.mfu_attention * p.flop_16_per_s * p.attention_flop_factor
        one, none = np.ones_like(p.chips), np.zeros_like(p.chips)
        sram, sram_s, sram_experts = _sram_terms(p)
        load = expert_load(p, constants)
        tile = p.expert_tile_tokens * p.expert_tile_factor
        return cls(
            read_rest_s=read_rest,
            read_experts_s=read_experts,
            multiply_rest_s=2 * p.active_rest / (ranks * p.flop_rest_per_s),
            multiply_experts_s=2 * p.active_expert / (ranks * p.flop_expert_per_s * constants.expert_efficiency),
            tile_s=np.where(moe, 2 * p.params_expert * tile / (ranks * p.flop_expert_per_s), 0.0),
            untouched_log=load.untouched_log,
            imbalance=load.imbalance,
            share_per_rank=load.share_per_rank,
            cache_s=cache / (p.mbu * p.memory_bytes_per_s),
            attend_s=attend / attention_flop_per_s,
            links_s=collectives_s(p, none, 1.0, constants),
            links_per_token_s=collectives_s(p, one, 0.0, constants),
            overhead_s=p.step_overhead_s + p.layer_overhead_s * p.layers,
            overhead_per_sequence_s=p.sequence_overhead_s / p.dp,
            overlap=p.overlap,
            sram=sram,
            sram_s=sram_s,
            sram_experts_s=sram_experts,
            maturity=(1 + p.immaturity) * p.step_factor,
            draft_tokens=p.draft_tokens,
            draft_cost=p.draft_cost,
            acceptance=p.acceptance,
        )

    def step(self, batch: Vec, draft_tokens: Vec) -> DecodeStep:
        """One step of `batch` sequences with a draft depth; `decode_step` says the formula."""
        tokens = batch * (draft_tokens + 1)
        weights, compute, touched = self.read_rest_s, self.multiply_rest_s * tokens, None
        if (self.read_experts_s > 0).any():
            touched, uneven = self.touched(tokens), self.unevenness(tokens)
            weights = weights + self.read_experts_s * touched * uneven
            compute = compute + (self.multiply_experts_s * tokens + self.tile_s * touched) * uneven
        attention = np.maximum(self.cache_s * batch, self.attend_s * tokens)
        links = self.links_s + self.links_per_token_s * tokens
        overhead = self.overhead_s + self.overhead_per_sequence_s * batch
        busy = smooth_max(weights, compute) + attention
        working = np.where(self.overlap > 0, np.maximum(busy, links), busy + links) + overhead
        if self.sram.any():
            beside = attention + self.sram_s + (0.0 if touched is None else self.sram_experts_s * touched)
            alone = np.maximum(self.sram_s, compute)
            working = np.select([self.sram + 0 * tokens == 0, self.sram + 0 * tokens == 1], [working, alone], beside)
        total = working * self.maturity * (1 + self.draft_cost * draft_tokens)
        tau = tokens_per_step(draft_tokens + 0 * self.acceptance, self.acceptance)
        return DecodeStep(
            total, weights + 0 * compute, compute, attention, links, overhead, np.broadcast_to(tau, total.shape)
        )

    def token_time_s(self, batch: Vec, draft_tokens: Vec) -> Vec:
        """Time per output token, prefill left out. [s]"""
        step = self.step(batch, draft_tokens)
        return step.total_s / step.tokens_per_step


def _sram_terms(p: Physics) -> tuple[Vec, Vec, Vec]:
    """Kind, fixed time and expert time of a machine that keeps weights in SRAM.

    LPU v1 and wafer: L t_L / g, or the arithmetic of the batch where that is longer. LPX beside a GPU: the GPU's
    attention, two hand-overs a layer, and the feed-forward weights streamed from the LPUs' SRAM.
    Source: docs/engine.md#other-machines.
    """
    none = np.zeros_like(p.kind)
    if not (p.kind != HBM).any():
        return none, none, none
    beside = p.kind == LPX
    rate = np.maximum(p.sram_chips * p.sram_bytes_per_s * p.sram_mbu, 1.0)
    pipeline = p.layers * p.layer_time_s / p.speed_gain
    streamed = 2 * p.layers * p.sram_hop_s + p.params_rest_read * p.bytes_rest / rate
    kind = np.where(p.kind == HBM, 0.0, np.where(beside, 2.0, 1.0))
    return kind, np.where(beside, streamed, pipeline), np.where(beside, p.params_expert * p.bytes_expert / rate, 0.0)


def decode_step(p: Physics, batch: Vec, constants: Parameters) -> DecodeStep:
    """Time of one decode step of a replica with `batch` sequences.

    t = [(t_w^3 + t_c^3)^(1/3) + t_att + t_coll + t_0 + tl L + cs b/dp] (1 + mat) (1 + dc m); TPOT is t / tau.
    t_w reads the weights that T = b (m+1) tokens touch; t_c = 2 N_act T / (n mfu_d F), where an expert pays for a tile
    of x0 tokens whatever it gets; t_att is the larger of reading the caches and multiplying with them. With two-batch
    overlap the larger of compute and collectives counts. SRAM machines: `_sram_terms`. An own measurement multiplies t.
    Args:
        p: replicas, fields of shape (n,), or (n, 1) against a batch of shape (n, k).
        batch: b, sequences decoded together. [1]
        constants: global constants.
    Returns: the step and its parts, of the batch's shape. [s]
    Source: docs/engine.md#decode-step.
    """
    return StepModel.from_physics(p, constants).step(batch, p.draft_tokens)
