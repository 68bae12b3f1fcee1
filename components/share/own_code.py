"""Chips and models of the reader's own as text and back: `own-chip-1~like.b200~gbs.9000~~own-chip-2~...`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from pydantic import ValidationError

from components.catalog.own_records import MOST_OWN, OwnChip, OwnModel
from components.share import codec

LONGEST_CODE = 4000
BETWEEN = "~~"
_R = TypeVar("_R", OwnChip, OwnModel)
CHIP_WORDS: Mapping[str, str] = {
    "name": "name", "like": "like", "memory_gb": "gb", "memory_bandwidth_gb_per_s": "gbs",
    "peak_bf16_tflop_per_s": "bf16", "peak_fp8_tflop_per_s": "fp8", "peak_int8_top_per_s": "int8",
    "peak_fp4_tflop_per_s": "fp4", "link_gb_per_s": "link", "scale_up_domain_chips": "domain", "power_w": "w",
    "usd_per_chip_hour": "hour", "usd_per_chip": "usd",
}  # fmt: skip
"""Fields of a chip by their word in the link; a word once used keeps its meaning."""
MODEL_WORDS: Mapping[str, str] = {
    "name": "name", "release": "since", "total_params": "params", "active_params": "active", "layers": "layers",
    "hidden": "hidden", "heads": "heads", "kv_heads": "kvh", "head_dim": "dim", "attention_kind": "att",
    "full_attention_layers": "full", "window_layers": "win", "window_tokens": "wtok", "linear_layers": "lin",
    "kv_bytes_per_token_bf16": "kv", "kv_bytes_per_token_all_layers_bf16": "kvall",
    "kv_fixed_bytes_per_sequence_bf16": "fix", "kv_lora_rank": "rank", "qk_rope_head_dim": "rope",
    "ffn_expert": "effn", "experts": "exp", "experts_per_token": "top", "dense_ffn_layers": "dense",
    "moe_layer_count": "moe", "expert_input_width": "ein", "ffn_matrices": "mats", "vocab": "vocab",
    "tied_embeddings": "tied", "native_precision": "fmt", "mtp_layers": "mtp", "context_tokens": "ctx",
    "reads_images": "img",
}  # fmt: skip
"""Fields of a model by their word in the link."""


def _words(kind: type[OwnChip] | type[OwnModel]) -> Mapping[str, str]:
    return CHIP_WORDS if kind is OwnChip else MODEL_WORDS


def own_code(records: Sequence[OwnChip] | Sequence[OwnModel]) -> str:
    """Records as text: each its id and what differs from the usual; empty for none."""
    return BETWEEN.join(_code(record) for record in records)


def _code(record: OwnChip | OwnModel) -> str:
    kind = type(record)
    parts = [
        f"{word}.{codec.encode(value)}"
        for field, word in _words(kind).items()
        if (value := getattr(record, field)) != kind.model_fields[field].default
    ]
    return "~".join([record.id, *parts])


def read_own(code: str, kind: type[_R]) -> tuple[tuple[_R, ...], list[str]]:
    """Records from their code, and a sentence for each part that was not taken as written."""
    where = "Your chips" if kind is OwnChip else "Your models"
    notices = [f"{where}: the code was too long and was cut."] if len(code) > LONGEST_CODE else []
    found: dict[str, _R] = {}
    texts = [text for text in code[:LONGEST_CODE].split(BETWEEN) if text.strip("~")]
    for text in texts[:MOST_OWN]:
        record, more = _read(text.strip("~"), kind, where)
        notices += more
        if record is not None and record.id in found:
            notices.append(f"{where}: {record.id} is given twice; the first is used.")
        elif record is not None:
            found[record.id] = record
    if len(texts) > MOST_OWN:
        notices.append(f"{where}: at most {MOST_OWN} fit; the others were left out.")
    return tuple(found.values()), notices


def _read(text: str, kind: type[_R], where: str) -> tuple[_R | None, list[str]]:
    """One record; None where it cannot be used."""
    key, *parts = text.split("~")
    fields: dict[str, object] = {"id": key}
    names = {word: field for field, word in _words(kind).items()}
    notices: list[str] = []
    for part in parts:
        word, dot, value = part.partition(".")
        if not dot or word not in names:
            notices.append(f"{where}: “{codec.plain(part, 30)}” is not a figure of them and was ignored.")
            continue
        try:
            fields[names[word]], notice = codec.decode(kind, names[word], value)
        except codec.CodecError as reason:
            notices.append(f"{where}: {reason} and was ignored.")
            continue
        notices += [f"{where}: {notice}."] if notice else []
    try:
        return kind.model_validate(fields), notices
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = ".".join(str(part) for part in first["loc"])
        why = codec.plain(f"{field} {first['msg'].removeprefix('Value error, ')}", 120)
        return None, [*notices, f"{where}: “{codec.plain(key, 30)}” was left out: {why}."]
