"""One decode step, hence TPOT: weights, matrix products, attention, collectives and the floor under all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from components.engine.physics import HBM, LPU_V1, LPX, Physics, Vec

if TYPE_CHECKING:
    from components.catalog.parameters import Parameters

SMOOTH = 3.0
"""Exponent of the smooth maximum of reading and multiplying; 1 would add them, infinity take the larger."""


class Step(NamedTuple):
    """Parts of one step, each of the shape of the batch. [s]"""

    total_s: Vec
    """The step with its draft, maturity included."""
    weights_s: Vec
    compute_s: Vec
    attention_s: Vec
    collectives_s: Vec
    overhead_s: Vec
    tokens_per_step: Vec
    """tau, accepted tokens of one sequence per step. [1]"""


def tokens_per_step(draft_tokens: Vec, acceptance: Vec) -> Vec:
    """tau = (1 - a^(m+1)) / (1 - a); 1 without a draft.

    Source: Leviathan et al., "Fast Inference from Transformers via Speculative Decoding", 2023, eq. 1.
    """
    return np.asarray((1 - acceptance ** (draft_tokens + 1)) / (1 - acceptance))


def smooth_max(a: Vec, b: Vec) -> Vec:
    """(a^p + b^p)^(1/p): between the larger and the sum."""
    return np.asarray((a * a * a + b * b * b) ** (1 / SMOOTH))


def experts_touched(p: Physics, tokens: Vec) -> Vec:
    """c(T) = 1 - (1 - k/E)^T, the share of experts that T tokens read; 1 if dense."""
    return np.asarray(1 - (1 - np.minimum(p.experts_per_token / p.experts, 1 - 1e-12)) ** tokens)


def imbalance(p: Physics, tokens: Vec, g: Parameters) -> Vec:
    """I = 1 + imb / sqrt(1 + T k / (8 E)) with expert parallelism, 1 without."""
    return np.where(
        p.ep > 1, 1 + g.expert_imbalance / np.sqrt(1 + tokens * p.experts_per_token / (8 * p.experts)), 1.0
    )


def link_bytes_per_s(p: Physics, g: Parameters) -> Vec:
    """le B inside the domain, min(lx B_nic, le B) beyond; `le` was fitted to B, both directions of the link."""
    inside = g.link_share * 2 * p.link_bytes_per_s
    return np.where(p.chips > p.domain_chips, np.minimum(g.nic_share * p.nic_bytes_per_s, inside), inside)


def hop_s(p: Physics, g: Parameters) -> Vec:
    """hop = ar log2(n) / 3, times hx beyond the domain."""
    far = np.where(p.chips > p.domain_chips, g.beyond_domain, 1.0)
    return g.collective_s * np.log2(np.maximum(p.chips, 1.0)) / 3 * far


def collectives_s(p: Physics, tokens: Vec, passes: Vec | float, g: Parameters) -> Vec:
    """Time on the links for T tokens in `passes` passes through the layers.

    tp: 2 L (hop + 2 (T/dp) 2d (tp-1)/tp / link); ep and dp: L_moe (2 hop + 3 (T/n) k d (1 - 1/ep) / link).
    """
    link, hop = link_bytes_per_s(p, g), hop_s(p, g) * passes
    tensor = 2 * p.layers * (hop + 4 * tokens / p.dp * p.hidden * (p.tp - 1) / p.tp / link)
    routed = 3 * tokens / p.chips * p.experts_per_token * p.hidden * (1 - 1 / p.ep) / link
    expert = p.moe_layers * (2 * hop + routed)
    return np.where(p.tp > 1, tensor, 0.0) + np.where((p.ep > 1) & (p.dp > 1), expert, 0.0)


def cache_bytes_read(p: Physics, context: Vec) -> Vec:
    """kappa(s): bytes of one sequence's cache that a step reads.

    Full layers grow with s, windowed ones stop at w, sparse ones read a fixed number of tokens and an index over all,
    linear layers read and write a fixed state.
    """
    return (
        p.kv_elems_full * p.bytes_kv * np.minimum(context, p.sparse_tokens)
        + p.kv_elems_window * p.bytes_kv * np.minimum(context, p.window_tokens)
        + p.index_bytes_per_token * context
        + 2 * p.fixed_bytes_per_seq
    )


def attention_flop_per_token(p: Physics, context: Vec) -> Vec:
    """FLOP of attention for one decoded token.

    GQA: 4 L_full h d_h s + 4 L_win h d_h min(s, w); MLA, absorbed: 2 L h (2r + d_r) s.
    """
    seen = np.minimum(context, p.sparse_tokens)
    latent = 2 * p.full_layers * p.heads * (2 * p.mla_rank + p.mla_rope) * seen
    grouped = 4 * p.full_layers * p.heads * p.head_dim * seen
    window = 4 * p.window_layers * p.heads * p.head_dim * np.minimum(context, p.window_tokens)
    return np.where(p.mla_rank > 0, latent, grouped) + window


def kv_replication(p: Physics) -> Vec:
    """R = max(1, tp / h_kv): tensor parallelism beyond the KV heads copies the cache."""
    return np.maximum(1.0, p.tp / p.kv_heads)


def weight_read_s(p: Physics, tokens: Vec, g: Parameters) -> Vec:
    """t_w: weights that T tokens touch, over the bandwidth of the chips that hold them."""
    ranks = p.chips / p.pp
    rest = p.params_rest_read * p.bytes_rest / p.tp
    experts = p.params_expert * p.bytes_expert / ranks * experts_touched(p, tokens) * imbalance(p, tokens, g)
    bandwidth = p.mbu * p.memory_bytes_per_s * p.weight_mbu_factor
    return (rest + experts) * p.weight_bytes_factor / bandwidth


def multiply_s(p: Physics, tokens: Vec, g: Parameters) -> Vec:
    """t_c: matrix products of T tokens; an expert pays for a tile of x0 tokens whatever it gets."""
    ranks = p.chips / p.pp * p.mfu_decode * p.linear_flop_factor
    tile = 2 * p.params_expert * experts_touched(p, tokens) * g.expert_tile
    experts = (2 * p.active_expert * tokens + np.where(p.experts > 1, tile, 0.0)) * imbalance(p, tokens, g)
    return 2 * p.active_rest * tokens / (ranks * p.flop_rest_per_s) + experts / (ranks * p.flop_expert_per_s)


def decode_step(p: Physics, batch: Vec, g: Parameters) -> Step:
    """Time of one decode step of a replica with `batch` sequences.

    t = [(t_w^3 + t_c^3)^(1/3) + t_att + t_coll + t_0 + tl L + cs b/dp] (1 + mat) (1 + dc m); TPOT is t / tau.
    With two-batch overlap the larger of compute and collectives counts. SRAM machines: `_sram_layers`.
    Args:
        p: replicas, fields of shape (n,), or (n, 1) against a batch of shape (n, k).
        batch: b, sequences decoded together. [1]
        g: global constants.
    Returns: the step and its parts, of the batch's shape. [s]
    Source: engine design, sections 2 and 4.
    """
    tokens = batch * (p.draft_tokens + 1)
    context = p.isl + p.osl / 2
    weights, compute = weight_read_s(p, tokens, g), multiply_s(p, tokens, g)
    cache = batch / p.dp * cache_bytes_read(p, context) * kv_replication(p) / p.tp
    attention_flop = tokens / p.dp * attention_flop_per_token(p, context)
    attention = np.maximum(
        cache / (p.mbu * p.memory_bytes_per_s),
        attention_flop / (p.tp * g.mfu_attention * p.flop_16_per_s * p.attention_flop_factor),
    )
    links = collectives_s(p, tokens, 1.0, g)
    busy = smooth_max(weights, compute) + attention
    overhead = p.step_overhead_s + p.layer_overhead_s * p.layers + p.sequence_overhead_s * batch / p.dp
    working = np.where(p.overlap > 0, np.maximum(busy, links), busy + links) + overhead
    if (p.kind != HBM).any():
        working = np.where(p.kind != HBM, _sram_layers(p, tokens, attention, compute, g), working)
    draft = (1 + p.immaturity) * (1 + p.draft_cost * p.draft_tokens)
    tau = tokens_per_step(p.draft_tokens, p.acceptance)
    return Step(working * draft, weights, compute, attention, links, overhead, np.broadcast_to(tau, working.shape))


def _sram_layers(p: Physics, tokens: Vec, attention: Vec, compute: Vec, g: Parameters) -> Vec:
    """Step of a machine that keeps its weights in SRAM.

    LPU v1 and wafer: L t_L / g, or the arithmetic of the batch where that is longer. LPX beside a GPU: the GPU's
    attention, two hand-overs a layer, and the feed-forward weights streamed from the LPUs' SRAM.
    """
    pipeline = np.maximum(p.layers * p.layer_time_s / p.speed_gain, compute)
    stored = p.params_rest_read * p.bytes_rest + p.params_expert * p.bytes_expert * experts_touched(p, tokens)
    sram = np.maximum(p.sram_chips * p.sram_bytes_per_s * p.sram_mbu, 1.0)
    beside = attention + 2 * p.layers * p.sram_hop_s + stored / sram
    return np.where((p.kind == LPX) & (p.kind != LPU_V1), beside, pipeline)
