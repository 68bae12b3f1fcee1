"""Prefill: machine time of one prompt (its occupancy) and the time until a lone prompt has its first token."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from components.engine.facts.arrays import Vec
from components.engine.replica.decode import collectives_s, smooth_max, weight_read_s
from components.engine.replica.record import HBM, LPX, Physics

if TYPE_CHECKING:
    from components.catalog.parameters import Parameters


def attention_flop(p: Physics) -> Vec:
    """A(i): arithmetic of attention for the new tokens of a prompt, which look at the whole prompt. [FLOP]

    Full layers 2 L h d_h (i^2 - cached^2), the causal half included; windowed 4 L_win h d_h new min(i, w); sparse
    attention reads a fixed number of tokens where that is less.
    """
    cached = p.isl - p.new_isl
    width = p.heads * p.head_dim
    causal = 2 * p.full_layers * width * p.new_isl * (p.isl + cached)
    sparse = 4 * p.full_layers * width * p.new_isl * np.minimum(p.isl, p.sparse_tokens)
    window = 4 * p.window_layers * width * p.new_isl * np.minimum(p.isl, p.window_tokens)
    return np.asarray(np.minimum(causal, sparse) + window)


def prefill_occupancy_s(p: Physics, g: Parameters) -> Vec:
    """S, the time one prompt keeps the replica busy when prompts are batched.

    S = [2 (N_act - N_act,exp) i / F_r + 2 N_act,exp i (1 + xp/x) / F_e] / (n mfu_p) + A(i) / (n mfu_a F_16)
        + collectives(i), with x = max(i, chunk) k / E tokens per expert. Attention-DP ranks pass through the layers
    together with a prompt each, so a prompt bears 1 / dp of the hops. With two-batch overlap the larger of arithmetic
    and collectives counts, as in decode. An own measurement multiplies S and S_1 by one factor.
    Args: p, fields of shape (n,); i is `new_isl`, the tokens that the prefix cache does not hold.
    Returns: shape (n,), 0 where nothing is computed. [s]    Source: docs/engine.md#prefill.
    """
    new = p.new_isl
    per_expert = np.maximum(new, g.chunk_tokens) * p.experts_per_token / p.experts
    padding = np.where(p.experts > 1, 1 + g.expert_prefill_padding / per_expert, 1.0)
    rest = 2 * p.active_rest * new / p.flop_rest_per_s
    experts = 2 * p.active_expert * new * padding / p.flop_expert_per_s
    chips = p.chips ** np.where(p.layer_split > 0, g.layer_split_exponent, 1.0)
    multiply = (rest + experts) / (chips * p.mfu_prefill * p.linear_flop_factor)
    attention = attention_flop(p) / (chips * g.mfu_attention * p.flop_16_per_s)
    links = collectives_s(p, new, _chunks(p, g) / p.dp, g)
    busy = multiply + attention
    return np.where(new > 0, np.where(p.overlap > 0, np.maximum(busy, links), busy + links), 0.0) * p.prefill_factor


def prefill_alone_s(p: Physics, g: Parameters) -> Vec:
    """S_1, the time to compute one prompt on an otherwise idle replica.

    S_1 = ((S n / tp)^3 + t_w(i)^3)^(1/3) + t_0 + tlp L: one attention-DP rank or pipeline stage works at a time, and
    launches are not captured in graphs.
    Returns: shape (n,), 0 without a prompt. [s]    Source: docs/engine.md#prefill.
    """
    lone_ranks = np.where(p.layer_split > 0, 1.0, p.chips / p.tp)
    chunks = _chunks(p, g)
    read = weight_read_s(p, np.minimum(p.new_isl, g.chunk_tokens), g) * chunks
    # weights that lie in SRAM are not streamed, and a pipeline is one launch per layer
    read = np.where((p.kind == HBM) | (p.kind == LPX), read, p.layers * p.layer_time_s)
    work = smooth_max(prefill_occupancy_s(p, g) * lone_ranks, read * p.prefill_factor)
    launches = (p.step_overhead_s + p.prefill_layer_overhead_s * p.layers * chunks) * p.prefill_factor
    return np.where(p.new_isl > 0, work + launches, 0.0)


def _chunks(p: Physics, g: Parameters) -> Vec:
    """Passes through the layers that one prompt takes. [1]"""
    return np.asarray(np.ceil(p.new_isl / g.chunk_tokens))
