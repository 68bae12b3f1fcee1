"""A Hugging Face config.json, and the safetensors index beside it where given, as a model of the reader's own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from pydantic import ValidationError

from components.catalog.architecture import Model
from components.catalog.config_experts import expert_fields, experts_of, feed_forward_params, routed_params
from components.catalog.config_families import FAMILIES, FOREIGN, PLAIN, REFUSED, Family
from components.catalog.config_fields import ConfigError, Fields, json_object, said
from components.catalog.config_layers import CACHE_BYTES, Mixer, attention_of, counts_of, linear_of
from components.catalog.load import load_catalog
from components.catalog.own_records import OwnModel

Precision = Literal["bf16", "fp8", "mxfp4", "int4", "fp4"]
INSIDE = ("text_config", "llm_config", "language_config")
"""Groups that hold the language model of one that reads images."""
SAME_SIZE = 0.01
"""Difference in size below which a listed model of the same layers has the same shape. [1]"""
FAR_OFF = 0.1
"""Difference between counted and published size that is said. [1]"""
BYTES = {"float32": 4, "float16": 2, "bfloat16": 2}
"""Of a weight as stored. [B]"""


class ReadModel(NamedTuple):
    """A model as read, and what the reader should know of how."""

    model: OwnModel
    notes: tuple[str, ...]


def read_config(text: str, index: str = "", *, key: str = "own-model-1", name: str = "") -> ReadModel:
    """The model that a config.json describes.

    Args:
        text: the file.
        index: model.safetensors.index.json of the same checkpoint; empty without one.
        key: id of the record.
        name: as shown; that of the file where empty.
    Raises: ConfigError with one sentence that names the field.
    """
    whole = json_object(text.strip(), "config.json")
    inner = _language_part(whole)
    kind = str(inner.get("model_type") or whole.get("model_type") or "")
    family, notes = _family(kind, inner)
    c = Fields({**whole, **inner}, family.usual, kind or "decoder")
    fields, total = _architecture(c, family)
    precision = _native(c.raw("quantization_config") or whole.get("quantization_config"))
    published = _published_size(index, c, precision) if index.strip() else 0.0
    fields |= {
        "id": key, "name": said(name)[:40] or _named(whole, kind), "native_precision": precision,
        "reads_images": any(isinstance(whole.get(part), dict) for part in ("vision_config", "vision_tower_config")),
        "mtp_layers": c.whole_or(0, "num_nextn_predict_layers", "mtp_num_hidden_layers"),
        "release": load_catalog().data_date,
    }  # fmt: skip
    _size(fields, notes, total, published)
    try:
        model = OwnModel.model_validate(fields)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        why = first["msg"].removeprefix("Value error, ")
        where = "".join(f"{part}: " for part in first["loc"])
        raise ConfigError(f"config.json describes no model: {where}{why[:1].lower()}{why[1:]}") from None
    return _as_listed(model, notes, exact=not published)


def _language_part(whole: dict[str, Any]) -> dict[str, Any]:
    """The fields of the language model: those of the group that holds them, or the file's."""
    for group in INSIDE:
        found = whole.get(group)
        if isinstance(found, dict) and "num_hidden_layers" not in whole:
            return found
    return whole


def _named(whole: Mapping[str, Any], kind: str) -> str:
    path = str(whole.get("_name_or_path") or "").rstrip("/").rpartition("/")[2]
    return said(path or kind or "own model")[:40]


def _family(kind: str, inner: Mapping[str, Any]) -> tuple[Family, list[str]]:
    """How the layers are built.    Raises: ConfigError for a type that is not known and not plain."""
    if kind in REFUSED:
        raise ConfigError(f"model_type “{kind}” cannot be described: {REFUSED[kind]}")
    if kind in FAMILIES:
        return FAMILIES[kind], []
    if inner.get("is_encoder_decoder") is True:
        raise ConfigError(f"model_type “{said(kind)}” cannot be described: it has an encoder beside the decoder")
    foreign = [name for name in FOREIGN if inner.get(name) not in (None, False)]
    if foreign:
        raise ConfigError(f"model_type “{said(kind)}” is not known, and what its {foreign[0]} means with it")
    named = f"model_type “{said(kind)}” is not known" if kind else "there is no model_type"
    return PLAIN, [f"{named}: read as a plain decoder like Llama, so compare the number of parameters"]


def _architecture(c: Fields, family: Family) -> tuple[dict[str, Any], int]:
    """Fields of the record but its size, and all parameters."""
    layers = c.whole("num_hidden_layers", "n_layer", "n_layers", "num_layers", what="how many layers")
    hidden = c.whole("hidden_size", "n_embd", "d_model", what="width of the model")
    heads = c.whole("num_attention_heads", "n_head", "n_heads", what="how many attention heads")
    kv_heads = _kv_heads(c, heads)
    head_dim = c.whole_or(0, "head_dim") or hidden // heads
    vocab = c.whole("vocab_size", "padded_vocab_size", what="how many different tokens")
    context = c.whole(
        "max_position_embeddings", "n_positions", "seq_length", "max_sequence_length", "n_ctx",
        what="longest context in tokens",
    )  # fmt: skip
    if layers > 1000 or head_dim < 1 or kv_heads > heads:
        raise ConfigError(
            f"config.json: {layers:,} layers of {heads:,} heads on {kv_heads:,} cached ones is no model: compare "
            "num_hidden_layers, num_attention_heads and num_key_value_heads"
        )
    counts = counts_of(c, family, layers, context)
    attention = attention_of(c, family, hidden=hidden, heads=heads, kv_heads=kv_heads, head_dim=head_dim)
    experts = experts_of(c, family, layers, counts)
    linear = linear_of(c, family, hidden=hidden, heads=heads, head_dim=head_dim) if counts.linear else None
    whole, wide = _full_attention(c, family, attention, hidden, (heads, kv_heads, head_dim))
    mixers = counts.full * whole.params + counts.window * attention.params
    mixers += counts.linear * linear.params if linear else 0
    growing = counts.full * whole.cache_elements * CACHE_BYTES
    windowed = counts.window * attention.cache_elements * CACHE_BYTES
    tied = c.flag("tie_word_embeddings", otherwise=True)
    positions = _table(context, hidden) if family.learned_positions else 0
    rest = mixers + feed_forward_params(c, family, hidden, layers, counts, experts) + positions
    total = rest + _table(vocab, hidden) * (1 if tied else 2) + routed_params(experts, family, hidden)
    latent = family.attention.startswith("latent")
    fixed = counts.linear * linear.state_bytes if linear else windowed * (counts.window_tokens or 0)
    kinds = {"latent": "mla", "latent sparse": "mla+sparse", "sparse heads": "gqa+sparse"}
    return {
        "layers": layers, "hidden": hidden, "heads": heads, "kv_heads": heads if latent else wide[1],
        "head_dim": _latent_width(c) if latent else wide[2], "vocab": vocab, "context_tokens": context,
        "attention_kind": kinds.get(family.attention, "gqa"),
        "full_attention_layers": counts.full, "window_layers": counts.window, "window_tokens": counts.window_tokens,
        "linear_layers": counts.linear, "kv_bytes_per_token_bf16": growing,
        "kv_bytes_per_token_all_layers_bf16": growing + windowed,
        "kv_fixed_bytes_per_sequence_bf16": fixed, "ffn_matrices": family.matrices, "tied_embeddings": tied,
        "kv_lora_rank": c.whole_or(0, "kv_lora_rank") if latent else None,
        "qk_rope_head_dim": c.whole_or(0, "qk_rope_head_dim") if latent else None,
        "active_params": total - routed_params(experts, family, hidden, idle=True),
        **expert_fields(experts, counts),
    }, total  # fmt: skip


def _full_attention(
    c: Fields, family: Family, windowed: Mixer, hidden: int, shape: tuple[int, int, int]
) -> tuple[Mixer, tuple[int, int, int]]:
    """Layers that read the whole context, with their heads, cached heads and width, where these are others."""
    if not c.has("global_head_dim"):
        return windowed, shape
    for name in ("num_kv_shared_layers", "hidden_size_per_layer_input"):
        if c.whole_or(0, name):
            raise ConfigError(f"model_type “{c.family}” with {name} cannot be described: layers share what they hold")
    heads, kv_heads, _ = shape
    kv_heads = c.whole_or(0, "num_global_key_value_heads") or kv_heads
    width = c.whole("global_head_dim", what="width of a head with full attention")
    found = attention_of(c, family, hidden=hidden, heads=heads, kv_heads=kv_heads, head_dim=width)
    twice = hidden * kv_heads * width if c.flag("attention_k_eq_v", otherwise=False) else 0
    return found._replace(params=found.params - twice), (heads, kv_heads, width)


def _table(rows: int, hidden: int) -> int:
    """Parameters of a table with a row for each token or position."""
    return rows * hidden


def _latent_width(c: Fields) -> int:
    return c.whole_or(0, "qk_nope_head_dim") + c.whole_or(0, "qk_rope_head_dim")


def _kv_heads(c: Fields, heads: int) -> int:
    if c.has("multi_query"):
        grouped = c.flag("new_decoder_architecture", otherwise=False)
        return 1 if c.flag("multi_query", otherwise=True) and not grouped else c.whole_or(heads, "num_kv_heads")
    return (
        c.whole_or(0, "num_key_value_heads", "num_kv_heads", "multi_query_group_num", "num_attention_groups") or heads
    )


def _native(found: object) -> Precision:
    """What the checkpoint stores its weights in.    Raises: ConfigError for a format that the engine does not know."""
    if not isinstance(found, dict):
        return "bf16"
    method, bits = str(found.get("quant_method") or found.get("quant_algo") or "").lower(), found.get("bits")
    text = f"{method} {found.get('quant_algo', '')} {found.get('fmt', '')} {found.get('format', '')}".lower()
    group = found.get("config_groups")
    first = next(iter(group.values()), None) if isinstance(group, dict) else None
    weights = first.get("weights") if isinstance(first, dict) else None
    if isinstance(weights, dict):
        bits, text = weights.get("num_bits"), f"{text} {weights.get('type')}".lower()
    if "mxfp4" in text:
        return "mxfp4"
    if "nvfp4" in text or (bits == 4 and "float" in text):
        return "fp4"
    if bits == 4 or found.get("load_in_4bit") is True:
        return "int4"
    if "fp8" in text or (bits == 8 and "float" in text):
        return "fp8"
    raise ConfigError(
        f"config.json: quantization_config “{said(method or bits or 'without a method')}” is not known here: give the "
        "file of the unquantised model, and choose the format of the weights in the strategy"
    )


def _published_size(index: str, c: Fields, precision: Precision) -> float:
    """Parameters by the safetensors index, of which the head is enough; 0 where its bytes do not tell them. [1]"""
    stated, size = (_figure(index, name) for name in ("total_parameters", "total_size"))
    if stated:
        return stated
    if not size:
        raise ConfigError("The safetensors index lacks metadata.total_size, the bytes of the weights")
    stored = BYTES.get(str(c.raw("torch_dtype") or c.raw("dtype") or "bfloat16"), 2)
    return size / stored if precision == "bf16" else 0.0


def _figure(index: str, name: str) -> float:
    found = re.search(rf'"{name}"\s*:\s*(\d{{1,15}})\b', index)
    return float(found[1]) if found else 0.0


def _size(fields: dict[str, Any], notes: list[str], counted: int, published: float) -> None:
    """Put the size in: the published one where there is one, what it has beside the shapes always active."""
    fields["total_params"] = published or counted
    if published:
        fields["active_params"] = max(published - (counted - fields["active_params"]), 1.0)
        if abs(published / counted - 1) > FAR_OFF:
            notes.append(
                f"the index has {published / 1e9:,.4g} billion parameters, the shapes in config.json "
                f"{counted / 1e9:,.4g} billion: the index is used"
            )


def _as_listed(model: OwnModel, notes: list[str], *, exact: bool) -> ReadModel:
    """The model with the age, and the published size, of a listed one of the same shape."""
    twins = [listed for listed in load_catalog().models.values() if _same_shape(model, listed)]
    if not twins:
        return ReadModel(model, tuple(notes))
    twin = min(twins, key=lambda listed: listed.release)
    update: dict[str, Any] = {"release": twin.release}
    if exact and twin.vocab == model.vocab:
        update |= {"total_params": twin.total_params, "active_params": twin.active_params}
    notes.append(f"same shape as {twin.name}: servers know it since {twin.release}")
    return ReadModel(model.model_copy(update=update), tuple(notes))


def _same_shape(model: OwnModel, listed: Model) -> bool:
    shape = ("layers", "hidden", "heads", "kv_heads", "head_dim", "experts", "experts_per_token", "window_layers",
             "linear_layers", "full_attention_layers")  # fmt: skip
    alike = all(getattr(model, name) == getattr(listed, name) for name in shape)
    alike = alike and ("sparse" in model.attention_kind) == listed.sparse_attention
    return alike and abs((listed.total_params or 0) / model.total_params - 1) <= SAME_SIZE
