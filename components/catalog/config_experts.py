"""Feed-forward layers and experts of a model from its config.json: how many, how wide, with how many parameters."""

from __future__ import annotations

from typing import Any, NamedTuple

from components.catalog.config_families import Family
from components.catalog.config_fields import Fields
from components.catalog.config_layers import Counts


class Experts(NamedTuple):
    """Experts of a model; all 0 for a dense one. [1]"""

    number: int = 0
    per_token: int = 0
    ffn: int = 0
    layers: int = 0
    dense_layers: int = 0
    shared_ffn: int = 0
    input_width: int = 0


def _dense_width(c: Fields, hidden: int) -> int:
    """Width of a feed-forward layer without experts; four times the model's for the oldest families."""
    found = c.whole_or(
        0, "intermediate_size_mlp", "dense_intermediate_size", "intermediate_size", "ffn_dim", "n_inner",
        "ffn_hidden_size",
    )  # fmt: skip
    if not found and c.family in {"gpt2", "gptj", "bloom", "falcon"}:
        return 4 * hidden
    return found or c.whole("intermediate_size", what="width of the feed-forward layers")


def experts_of(c: Fields, family: Family, layers: int, counts: Counts) -> Experts:
    """The experts that the file describes."""
    count = c.whole_or(0, "n_routed_experts", "num_experts", "num_local_experts", "moe_num_experts")
    if count <= 1:
        return Experts()
    per_token = c.whole(
        "num_experts_per_tok", "num_experts_per_token", "moe_topk", "moe_k", "moe_top_k", "top_k_experts",
        "experts_per_token",
        what="experts that a token uses",
    )  # fmt: skip
    ffn = c.whole("moe_intermediate_size", "intermediate_size", what="width of an expert")
    moe = _moe_layers(c, layers) if counts.experts_only is None else counts.experts_only
    shared = c.whole_or(
        0, "moe_shared_expert_intermediate_size", "shared_expert_intermediate_size", "shared_intermediate_size",
        "share_expert_dim",
    )  # fmt: skip
    shared = shared or ffn * c.whole_or(0, "n_shared_experts", "num_shared_experts", "moe_num_shared_experts")
    shared = shared or (ffn if family.shared_as_routed else 0)
    shared += _dense_width(c, 0) if family.dense_beside else 0
    dense = 0 if counts.experts_only is not None else layers - moe
    return Experts(count, per_token, ffn, moe, dense, shared, c.whole_or(0, "moe_latent_size"))


def _moe_layers(c: Fields, layers: int) -> int:
    """Layers with experts."""
    if isinstance(c.raw("moe_layer_freq"), list):
        return sum(bool(kind) for kind in c.each("moe_layer_freq", layers))
    if c.has("mlp_layer_types"):
        return sum(kind != "dense" for kind in c.each("mlp_layer_types", layers))
    if isinstance(c.raw("moe_layers_enum"), str):
        return len([number for number in str(c.raw("moe_layers_enum")).split(",") if number])
    if c.has("expert_layer_period"):
        period, first = (
            c.whole("expert_layer_period", what="every how many layers"),
            c.whole_or(0, "expert_layer_offset"),
        )
        return sum(i % period == first for i in range(layers))
    step = (
        c.whole_or(1, "interleave_moe_layer_step", "decoder_sparse_step", "moe_layer_freq", "moe_layer_interval") or 1
    )
    plain = c.raw("mlp_only_layers")
    dense = c.whole_or(0, "first_k_dense_replace", "moe_layer_start_index")
    dense += len(plain) if isinstance(plain, list) else 0
    return max(layers - dense, 0) // step


def routed_params(experts: Experts, family: Family, hidden: int, *, idle: bool = False) -> int:
    """Parameters of all routed experts, or of those that a token leaves idle."""
    count = experts.number - experts.per_token if idle else experts.number
    return experts.layers * count * family.matrices * (experts.input_width or hidden) * experts.ffn


def feed_forward_params(c: Fields, family: Family, hidden: int, layers: int, counts: Counts, experts: Experts) -> int:
    """Parameters of feed-forward layers, routers and shared experts."""
    if not experts.number:
        alone = counts.experts_only is not None
        return (counts.dense_only if alone else layers) * family.matrices * hidden * _dense_width(c, hidden)
    dense = counts.dense_only if counts.experts_only is not None else experts.dense_layers
    params = dense * family.matrices * hidden * _dense_width(c, hidden) if dense else 0
    latent = 2 * hidden * experts.input_width
    each = hidden * experts.number + family.matrices * hidden * experts.shared_ffn + latent
    return params + experts.layers * each


def expert_fields(experts: Experts, counts: Counts) -> dict[str, Any]:
    """Fields of the record; none for a dense model."""
    if not experts.number:
        return {}
    alone = {"moe_layer_count": experts.layers} if counts.experts_only is not None else {}
    return {
        "experts": experts.number, "experts_per_token": experts.per_token, "ffn_expert": experts.ffn,
        "dense_ffn_layers": experts.dense_layers, "expert_input_width": experts.input_width or None, **alone,
    }  # fmt: skip
