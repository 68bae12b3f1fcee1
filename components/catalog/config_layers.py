"""Layers of a model from its config.json: how many of each kind, with how many parameters and what they cache.

Norms and biases are left out: below 0.3 % of the parameters of any model.
"""

from __future__ import annotations

from typing import NamedTuple

from components.catalog.config_families import Family
from components.catalog.config_fields import ConfigError, Fields, said

FULL = frozenset({"full_attention", "attention", "full", "global", "deepseek_sparse_attention"})
WINDOW = frozenset({"sliding_attention", "chunked_attention", "local_attention", "sliding"})
LINEAR = frozenset({"linear_attention", "mamba", "mamba2", "kda", "linear"})
ALONE = frozenset({"moe", "mlp"})
"""Feed-forward layers in a list of layers that have no mixer beside them."""
STATE_BYTES = 4
"""Of one element of a recurrent state, kept in 32 bits. [B]"""
CACHE_BYTES = 2
"""Of one cached element in 16 bits. [B]"""


class Counts(NamedTuple):
    """How many layers of each kind. [1]"""

    full: int
    window: int = 0
    linear: int = 0
    window_tokens: int | None = None
    experts_only: int | None = None
    """Layers of experts, where these stand alone (Nemotron-H)."""
    dense_only: int = 0
    """Feed-forward layers that stand alone."""


class Mixer(NamedTuple):
    """What a layer mixes tokens with."""

    params: int
    cache_elements: int = 0
    """That each token adds. [1]"""
    state_bytes: int = 0
    """Of one sequence, whatever its length. [B]"""


def counts_of(c: Fields, family: Family, layers: int, context: int) -> Counts:
    """Layers by kind, from whichever field the family uses."""
    if c.has("hybrid_override_pattern"):
        return _by_letters(c, layers)
    listed = next((name for name in ("layer_types", "layers_block_type") if c.has(name)), "")
    if listed:
        return _by_names(c, listed, layers, context)
    if family.linear:
        full = _full_layers(c, family, layers)
        return Counts(full, linear=layers - full)
    return _windowed(c, layers, context)


def _by_letters(c: Fields, layers: int) -> Counts:
    pattern = str(c.raw("hybrid_override_pattern"))
    if len(pattern) != layers or set(pattern) - set("M*-E"):
        raise ConfigError(f"config.json: hybrid_override_pattern must have {layers} letters of M, *, - and E")
    letters = {letter: pattern.count(letter) for letter in "M*-E"}
    return Counts(letters["*"], linear=letters["M"], experts_only=letters["E"], dense_only=letters["-"])


def _by_names(c: Fields, listed: str, layers: int, context: int) -> Counts:
    names = [str(name) for name in c.each(listed, layers)]
    if unknown := [name for name in names if name not in FULL | WINDOW | LINEAR | ALONE]:
        raise ConfigError(f"config.json: {listed} names “{said(unknown[0])}”, a kind of layer that is not known here")
    window, linear = (sum(name in kind for name in names) for kind in (WINDOW, LINEAR))
    tokens = _window_tokens(c) if window else 0
    if window and not tokens:
        raise ConfigError(f"config.json lacks sliding_window, which its {listed} need")
    if tokens >= context:
        window = 0
    moe, dense = names.count("moe"), names.count("mlp")
    alone = moe if moe or dense else None
    full = sum(name in FULL | WINDOW for name in names) - window
    return Counts(full, window, linear, tokens or None if window else None, alone, dense)


def _full_layers(c: Fields, family: Family, layers: int) -> int:
    """Layers with attention in a hybrid that does not list them by name."""
    if c.has("attn_type_list"):
        return sum(kind == 1 for kind in c.each("attn_type_list", layers))
    if family.linear == "kimi delta":
        named = c.part("linear_attn_config").raw("full_attn_layers")
        if not isinstance(named, list):
            raise ConfigError("config.json lacks full_attn_layers in linear_attn_config")
        return min(len(named), layers)
    if c.has("full_attention_interval"):
        return layers // c.whole("full_attention_interval", what="every how many layers attention is full")
    if family.linear == "mamba":
        period = c.whole("attn_layer_period", what="every how many layers there is attention")
        return sum(i % period == c.whole_or(0, "attn_layer_offset") for i in range(layers))
    raise ConfigError(f"config.json lacks layer_types, which a {c.family} model needs to tell attention from the rest")


def _window_tokens(c: Fields) -> int:
    return c.whole_or(0, "sliding_window", "sliding_window_size", "attention_chunk_size")


def _windowed(c: Fields, layers: int, context: int) -> Counts:
    tokens = _window_tokens(c)
    if not tokens or tokens >= context or not c.flag("use_sliding_window", otherwise=True):
        return Counts(layers)
    if c.has("hybrid_layer_pattern"):
        window = sum(kind == 1 for kind in c.each("hybrid_layer_pattern", layers))
    elif c.has("use_sliding_window") and c.has("max_window_layers"):
        window = max(layers - c.whole_or(layers, "max_window_layers"), 0)
    else:
        every = c.whole_or(0, "sliding_window_pattern", "_sliding_window_pattern")
        window = layers - layers // every if every else layers
    return Counts(layers - window, window, window_tokens=tokens if window else None)


def attention_of(c: Fields, family: Family, *, hidden: int, heads: int, kv_heads: int, head_dim: int) -> Mixer:
    """Attention of a layer."""
    if family.attention.startswith("latent"):
        return _latent(c, family, hidden, heads)
    queries = hidden * heads * head_dim * (2 if family.attention == "gated heads" else 1)
    values = c.whole_or(head_dim, "v_head_dim")
    params = queries + hidden * kv_heads * (head_dim + values) + heads * values * hidden
    return Mixer(params, kv_heads * (head_dim + values))


def _latent(c: Fields, family: Family, hidden: int, heads: int) -> Mixer:
    rank = c.whole("kv_lora_rank", what="width of the cached latent")
    rope = c.whole("qk_rope_head_dim", what="width of the cached positions")
    nope = c.whole("qk_nope_head_dim", what="width of a query without position")
    values = c.whole("v_head_dim", what="width of a value")
    q_rank = c.whole_or(0, "q_lora_rank")
    queries = q_rank * (hidden + heads * (nope + rope)) if q_rank else hidden * heads * (nope + rope)
    params = queries + hidden * (rank + rope) + rank * heads * (nope + values) + heads * values * hidden
    if family.attention == "latent sparse":
        picks = c.whole("index_n_heads", what="heads that pick tokens")
        width = c.whole("index_head_dim", what="width of the heads that pick tokens")
        params += (q_rank or hidden) * picks * width + hidden * (width + picks)
    return Mixer(params, rank + rope)


def linear_of(c: Fields, family: Family, *, hidden: int, heads: int, head_dim: int) -> Mixer:
    """What stands in the place of attention."""
    if family.linear == "gated delta":
        return _gated_delta(c, hidden)
    if family.linear == "kimi delta":
        part = c.part("linear_attn_config")
        count, width = part.whole("num_heads", what="heads"), part.whole("head_dim", what="width of a head")
        inner = count * width
        params = 4 * hidden * inner + 2 * width * (hidden + inner) + hidden * count
        return Mixer(params, state_bytes=count * width * width * STATE_BYTES)
    if family.linear == "lightning":
        return Mixer(5 * hidden * heads * head_dim, state_bytes=heads * head_dim * head_dim * STATE_BYTES)
    return _mamba(c, hidden) if family.linear == "mamba" else _mamba2(c, hidden)


def _gated_delta(c: Fields, hidden: int) -> Mixer:
    key_heads = c.whole("linear_num_key_heads", what="key heads of a linear layer")
    value_heads = c.whole("linear_num_value_heads", what="value heads of a linear layer")
    key = c.whole("linear_key_head_dim", what="width of a key of a linear layer")
    value = c.whole("linear_value_head_dim", what="width of a value of a linear layer")
    mixed = 2 * key_heads * key + value_heads * value
    params = hidden * (mixed + value_heads * value + 2 * value_heads)
    params += mixed * c.whole_or(4, "linear_conv_kernel_dim") + value_heads * value * hidden
    return Mixer(params, state_bytes=value_heads * key * value * STATE_BYTES)


def _mamba2(c: Fields, hidden: int) -> Mixer:
    heads = c.whole("mamba_num_heads", "mamba_n_heads", what="heads of a Mamba layer")
    inner = heads * c.whole("mamba_head_dim", "mamba_d_head", what="width of a Mamba head")
    state = c.whole("ssm_state_size", "mamba_d_state", what="state of a Mamba head")
    groups = c.whole_or(1, "n_groups", "mamba_n_groups")
    mixed = inner + 2 * groups * state
    params = hidden * (inner + mixed + heads) + mixed * c.whole_or(4, "conv_kernel", "mamba_d_conv") + inner * hidden
    return Mixer(params, state_bytes=inner * state * STATE_BYTES)


def _mamba(c: Fields, hidden: int) -> Mixer:
    inner = hidden * c.whole("mamba_expand", what="width of a Mamba layer over the model's")
    state = c.whole("mamba_d_state", what="state of a Mamba layer")
    rank = c.whole_or(0, "mamba_dt_rank") if c.raw("mamba_dt_rank") != "auto" else 0
    rank = rank or -(-hidden // 16)
    params = 3 * hidden * inner + inner * (c.whole_or(4, "mamba_d_conv") + 2 * rank + 3 * state)
    return Mixer(params, state_bytes=inner * state * STATE_BYTES)
