"""What the words of a published measurement mean: number formats, serving stack, split over chips."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from components.engine.replica.layout import Layout

if TYPE_CHECKING:
    from components.catalog.records import Model


class Formats(NamedTuple):
    """Formats of weights and cache, in the engine's words."""

    weights: str
    kv: str


class Pools(NamedTuple):
    """Prefill and decode machines of a disaggregated deployment."""

    prefill_count: int
    prefill: Layout
    decode_count: int
    decode: Layout


STACKS: tuple[tuple[str, str], ...] = (
    ("llama.cpp", "llama.cpp"),
    ("ollama", "llama.cpp"),
    ("sglang", "sglang"),
    ("tensorrt edge", "other"),
    ("trt", "trtllm"),
    ("tensorrt", "trtllm"),
    ("vllm", "vllm"),
    ("atom", "atom"),
)
"""Word in the source's name of a stack, and the stack whose offsets hold; the first that fits."""


WEIGHTS: tuple[tuple[str, str], ...] = (
    ("mxfp4", "mxfp4"),
    ("w4a16", "int4"),
    ("fp4", "fp4"),
    ("q4_k", "q4_k_m"),
    ("int4", "int4"),
    ("q4", "int4"),
    ("fp8", "fp8"),
    ("int8", "int8"),
    ("q8", "int8"),
    ("awq", "int4"),
    ("gptq", "int4"),
    ("bf16", "bf16"),
    ("fp16", "bf16"),
)
"""Word in the source's name of a format, and the engine's format; the first that fits, else the checkpoint's own."""


def stack_of(text: str) -> str:
    """The engine's name of a serving stack."""
    low = text.lower()
    return next((name for word, name in STACKS if word in low), "other")


def formats_of(text: str, model: Model) -> Formats:
    """Formats of a model's weights and cache; what the source does not state is the checkpoint's own and 16-bit KV."""
    low = text.lower()
    kv = "fp8" if re.search(r"(?<!16 )\bkv\b", low) and "fp8" in low else "bf16"
    weights = next((name for word, name in WEIGHTS if word in low), "native")
    if model.native_precision == "mxfp4" and weights in {"fp4", "fp8", "mxfp4"}:
        weights = "native"  # such a checkpoint exists in its own format only; sources label it by its activations
    return Formats(weights, kv)


_WIDE = re.compile(r"tp(\d+) pp(\d+) attention-dp(\d+) moe-tp(\d+) moe-ep(\d+)")


_POOLED = re.compile(
    r"prefill (\d+)x\(tp(\d+) ep(\d+)( dpa)?\) (\d+) gpus?; decode (\d+)x\(tp(\d+) ep(\d+)( dpa)?\) (\d+) gpus?"
)


_POOLED_FLAT = re.compile(r"prefill (\d+) gpus?, tp=(\d+); decode (\d+) gpus?, ep=(\d+)")


_SPLIT = re.compile(r"layer split over (\d+)")


_RANKS = re.compile(r"dep(\d+)$")


_PLAIN = re.compile(r"tp(\d+)(?: ep(\d+)?)?( dp-attention| dpa| \(attention dp\))?(?: pp(\d+))?")


_BARE = re.compile(r"tp(\d+)$")


_EXPERTS = re.compile(r"\bep(\d+)")


NODE_CHIPS = 8
"""Chips of a server where a source gives only the size of a whole pool."""


def _no_zero(text: str) -> str:
    """Lower case; a count of none, as some sources print for layers without experts, is one."""
    return re.sub(r"(?<![\d.])0(?=\D|$)", "1", text.lower().strip())


def layout_of(text: str, accelerators: float | None, *, moe: bool) -> Layout:
    """The replica that a source describes; without a description all its chips share every layer."""
    low = _no_zero(text)
    whole = max(1, int(accelerators or 1))
    if found := _SPLIT.match(low):
        return Layout(int(found[1]), pp=int(found[1]))
    if found := _WIDE.match(low):
        return _wide(*(int(v) for v in found.groups()), moe=moe)
    if found := _RANKS.match(low):
        return _data_parallel(int(found[1]))
    if found := _PLAIN.match(low):
        return _plain(found, whole if accelerators else None, moe=moe)
    return Layout(whole, whole)


def _plain(found: re.Match[str], whole: int | None, *, moe: bool) -> Layout:
    tp, ep, pp = int(found[1]), int(found[2] or 1), int(found[4] or 1)
    if found[3]:
        return _data_parallel(max(tp, ep))
    if whole is not None:
        tp = min(tp, whole)  # two cores of one chip
    return Layout(tp * pp, tp, ep=min(ep, tp) if moe else 1, pp=pp)


def decode_pool_of(text: str, accelerators: float | None) -> Layout:
    """The decode machines of a source that counts them alone.

    A bare "tp8" is one replica; else wide expert parallelism with attention in parallel.
    """
    low = _no_zero(text)
    if plain := _BARE.match(low):
        return Layout(int(plain[1]), int(plain[1]))
    found = _EXPERTS.search(low)
    return _data_parallel(max(1, int(found[1]) if found else int(accelerators or NODE_CHIPS)))


def _data_parallel(ranks: int) -> Layout:
    return Layout(ranks, 1, dp=ranks, ep=ranks)


def _wide(tp: int, pp: int, dp: int, moe_tp: int, moe_ep: int, *, moe: bool) -> Layout:
    """Beyond one server `tp` repeats the expert ranks in some rows (16 for 4 x 4): a factor is the number of chips."""
    if tp > NODE_CHIPS and moe_tp == moe_ep and tp == moe_tp * moe_ep:
        tp = moe_tp
    if dp > 1:
        return _data_parallel(tp)
    return Layout(tp * pp, tp, ep=min(max(moe_ep, 1), tp) if moe else 1, pp=pp)


def pools_of(text: str) -> Pools | None:
    """Both pools of a disaggregated deployment; None where the source describes none."""
    low = _no_zero(text)
    if found := _POOLED.match(low):
        g = found.groups()
        return Pools(
            int(g[0]), _pool_layout(g[0], g[4], g[1], g[2], g[3]), int(g[5]), _pool_layout(g[5], g[9], *g[6:9])
        )
    if found := _POOLED_FLAT.match(low):
        chips, tp, decode, ep = (int(v) for v in found.groups())
        tp = tp if chips % tp == 0 else chips
        size = _flat_decode_chips(decode, ep)
        layout = _data_parallel(size) if ep > NODE_CHIPS else Layout(size, size, ep=min(ep, size))
        return Pools(chips // tp, Layout(tp, tp), decode // size, layout)
    return None


def _flat_decode_chips(decode: int, ep: int) -> int:
    if ep > 1 and decode % ep == 0:
        return ep if ep > NODE_CHIPS or decode % NODE_CHIPS else NODE_CHIPS
    return NODE_CHIPS if decode % NODE_CHIPS == 0 else decode


def _pool_layout(count: str, chips: str, tp: str, ep: str, attention_dp: str | None) -> Layout:
    size = int(chips) // int(count)
    if attention_dp or (int(tp) == 1 and int(ep) > 1):
        return _data_parallel(size)
    ranks = min(int(tp), size) if int(tp) > 1 else size
    return Layout(size, ranks, ep=min(int(ep), size))
