"""What each lever edits, when it is allowed, and the sentence that says so. No lever carries a saving of its own."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from components.engine.strategy.edits import Edits, Factors
from components.engine.strategy.lever_record import Edited, LeverCase

if TYPE_CHECKING:
    from components.catalog.records import Accelerator
    from components.engine.facts.book import Book


BITS = {"bf16": 16, "fp8": 8, "int8": 8, "int4": 4, "fp4": 4, "mxfp4": 4}


AUTO = -1.0
"""Draft depth that the engine chooses at each operating point."""


PRUNED_WHOLE = ("params_total", "params_rest_read", "params_expert", "active_rest", "active_expert")


PRUNED_DEPTH = ("layers", "moe_layers", "full_layers", "window_layers", "kv_elems_full", "kv_elems_window")


def weights(case: LeverCase, edits: Edits) -> Edited:
    """Weight format: native is no change; narrower shrinks bytes, and speeds arithmetic only on chips that have it."""
    asked, model = case.strategy.weights, case.model
    native = str(model.native_precision)
    if asked == "native":
        return Edited(edits)
    if asked == native or (asked == "fp4" and native == "mxfp4"):
        return Edited(edits, (f"{model.name} is published in {native.upper()}: no change, no saving counted",))
    edits = edits.on(weights=asked)
    if BITS[asked] >= BITS[native] and native != "bf16":
        words = f"{model.name} is published in {native.upper()}: {asked.upper()} weights add no quality, only bytes"
        return Edited(edits, warnings=(words,))
    said = [f"{asked.upper()} weights: {BITS[native]} to about {BITS[asked]} bits each"]
    if asked == "int4":
        said.append("INT4 is weight-only: arithmetic stays 16-bit, so prompts do not get faster")
    return Edited(edits, tuple(said), (*_without_units(case.chip, asked), *_published_losses(case, asked)))


def _published_losses(case: LeverCase, asked: str) -> tuple[str, ...]:
    """The warning where a narrower format was also published slower than FP8 on this chip: kernels are not modelled."""
    facts, chip = case.book.catalog.optimizations, case.chip
    pair, on = f"{asked}-vs-fp8-", f"-{chip.id}-"
    known = [fact.effect_value or 1 for fact in facts if fact.variant.startswith(pair) and on in fact.variant]
    if min(known, default=1) >= 1:
        return ()
    sizes = f"{min(known):.2g} to {max(known):.2g} times FP8 by model"
    return (f"{asked.upper()} on {chip.name} was published at {sizes}: measure yours, a loss is not modelled",)


def _without_units(chip: Accelerator, asked: str) -> tuple[str, ...]:
    """The warning where a chip computes a format no faster."""
    has = {
        "fp8": chip.peak_fp8_tflop_per_s, "int8": chip.peak_int8_top_per_s, "fp4": chip.peak_fp4_tflop_per_s,
    }  # fmt: skip
    if asked not in has or has[asked] is not None:
        return ()
    return (f"{chip.name} has no {asked.upper()} units: weights shrink, arithmetic does not speed up",)


def kv(case: LeverCase, edits: Edits) -> Edited:
    """Format of the cache; a model that embeds keeps none."""
    asked = case.strategy.kv
    if asked == "bf16" or case.model.task == "embed":
        return Edited(edits)
    if asked == "fp8":
        words = "FP8 KV cache: half the bytes per cached token, room for twice the sequences"
    else:
        words = "4-bit KV cache: more sequences fit, attention arithmetic slows down"
    return Edited(edits.on(kv=asked), (words,))


def sparsity(case: LeverCase, edits: Edits) -> Edited:
    """2:4 sparsity, on chips that skip zeros."""
    s, chip, g = case.strategy, case.chip, case.book.parameters
    if s.sparsity != "2:4":
        return Edited(edits)
    if not case.book.tables.sparse(chip.device_class):
        return Edited(edits, warnings=(f"{chip.name} has no 2:4 sparse units: the lever is ignored",))
    warnings = []
    if s.pruned:
        warnings.append("2:4 sparsity after structured pruning has no published evidence: evaluate it first")
    if s.weights in {"int4", "fp4"}:
        warnings.append("2:4 sparsity on 4-bit weights saves less than shown: the index stays at full size")
    words = "2:4 sparsity: linear weights store half their values and an index, linear FLOP rate rises"
    factors = (("weight_bytes_factor", g.sparsity_bytes), ("linear_flop_factor", g.sparsity_flop))
    return Edited(edits, (words,), tuple(warnings), factors)


def pruned(case: LeverCase, edits: Edits) -> Edited:
    """Structured pruning."""
    share = case.strategy.pruned
    if not share:
        return Edited(edits)
    words = f"structured pruning: {share:.0%} of parameters removed, in depth and width"
    return Edited(edits, (words,), factors=pruning_factors(case.book, share))


def pruning_factors(book: Book, share: float) -> Factors:
    """What is left of a model's sizes once a share of its parameters is removed."""
    depth = 1 - share * book.value("pruned_depth_share")
    return (
        *((name, 1 - share) for name in PRUNED_WHOLE),
        *((name, depth) for name in PRUNED_DEPTH),
        ("hidden", math.sqrt((1 - share) / depth)),
    )


def route(case: LeverCase, edits: Edits) -> Edited:
    """A router reads every request first."""
    if not case.strategy.route:
        return Edited(edits)
    return Edited(replace(edits, server_extra_s=edits.server_extra_s + case.book.value("router_s")))


def compress(case: LeverCase, edits: Edits) -> Edited:
    """Shorter prompts, at the price of reading them once more."""
    share, isl = case.strategy.compress, case.traffic.isl
    if share >= 1:
        return Edited(edits)
    kept, extra_s = isl * share, isl / case.book.value("compressor_tokens_per_s")
    done = replace(edits, isl=kept, new_isl=kept, server_extra_s=edits.server_extra_s + extra_s)
    return Edited(done, (f"prompts cut from {isl:,.0f} to {kept:,.0f} tokens by a compressor",))


def shorten(case: LeverCase, edits: Edits) -> Edited:
    """Shorter answers."""
    share, osl = case.strategy.shorten, case.traffic.osl
    if share >= 1:
        return Edited(edits)
    kept = osl * share
    return Edited(replace(edits, osl=kept), (f"answers cut from {osl:,.0f} to {kept:,.0f} tokens",))


def _hits(case: LeverCase) -> tuple[float, float]:
    """Share of the prompt in the prefix cache of the replica, and with host memory where that is used. [1]"""
    s, value, reuse = case.strategy, case.book.value, case.traffic.reuse
    kept = value("compressed_hit_factor") if s.compress < 1 else 1.0
    local = reuse * value("prefix_hit_local") * kept
    return local, max(local, reuse * value("prefix_hit_offload") * kept) if s.offload else local


def prefix(case: LeverCase, edits: Edits) -> Edited:
    """Prefix cache: new tokens = (1 - h) prompt; the cached part still fills memory and is still read."""
    if not case.strategy.prefix or not case.traffic.reuse:
        return Edited(edits)
    _, hit = _hits(case)
    warnings: tuple[str, ...] = ()
    if case.strategy.compress < 1:
        warnings = ("prompt compression that depends on the question breaks prefixes: fewer cache hits",)
    done = replace(edits, new_isl=max(edits.isl * (1 - hit), 1.0))
    return Edited(done, (f"prefix cache: {hit:.0%} of prompt tokens are not computed again",), warnings)


def offload(case: LeverCase, edits: Edits) -> Edited:
    """Caches kept in host memory: more hits, to be read back."""
    if not case.strategy.offload:
        return Edited(edits)
    if not case.strategy.prefix or not case.traffic.reuse:
        return Edited(edits, warnings=("KV offload without prefix reuse brings nothing: switch the prefix cache on",))
    local, hit = _hits(case)
    words = "KV offload: the cache outlives HBM, at the price of reading it back"
    return Edited(replace(edits, reload_tokens=edits.isl * (hit - local)), (words,))


def batching(case: LeverCase, edits: Edits) -> Edited:
    """Static batches wait for their longest answer."""
    if case.strategy.batching != "static":
        return Edited(edits)
    size = case.strategy.static_batch
    words = f"static batches of {size}: all wait for the longest answer"
    return Edited(replace(edits, static_batch=float(size)), (words,))


def chunked(case: LeverCase, edits: Edits) -> Edited:
    """Whole prompts stall the answers of a continuous batch; in a static one they come first anyway."""
    if case.strategy.chunked or edits.static_batch:
        return Edited(edits)
    words = "prompts are not chunked: each stalls the answers in progress"
    return Edited(replace(edits, chunked=False), (words,))


def admission(case: LeverCase, edits: Edits) -> Edited:
    """Decode steps between two looks at who waits; a static batch admits nobody on the way."""
    steps = case.strategy.admission
    if steps == 1 or edits.static_batch:
        return Edited(edits)
    words = f"new requests wait {steps} steps for their place: a later first token"
    return Edited(replace(edits, admission_steps=float(steps)), (words,))


def spec(case: LeverCase, edits: Edits) -> Edited:
    """Speculative decoding: drafted tokens are verified in one step; depth 0 lets the engine choose, never worse."""
    kind, depth, model, value = case.strategy.spec, case.strategy.depth, case.model, case.book.value
    if kind == "none" or model.task == "embed" or not edits.osl:
        return Edited(edits)
    if kind == "mtp" and not model.mtp_layers:
        words = f"{model.name} has no multi-token prediction layers: choose EAGLE or a draft model"
        return Edited(edits, warnings=(words,))
    if edits.static_batch:
        return Edited(edits, warnings=("speculation is left out with static batching",))
    acceptance = value(f"acceptance_{kind}")
    done = replace(
        edits, draft_tokens=float(depth) or AUTO, acceptance=acceptance, draft_cost=value(f"draft_cost_{kind}")
    )
    how = f"{depth} tokens a step" if depth else "the depth that is best at each load"
    words = f"speculation ({kind}): {how}, {acceptance:.0%} of drafted tokens accepted"
    fixed = ("a fixed speculation depth may cost throughput at load: depth 0 adapts",) if depth else ()
    return Edited(done, (words,), fixed)


def ep(case: LeverCase, edits: Edits) -> Edited:
    """Expert parallelism."""
    chips, least = case.strategy.chips, case.book.value("expert_parallel_chips")
    if not case.strategy.ep:
        return Edited(edits)
    if not case.model.is_moe:
        return Edited(edits, warnings=(f"{case.model.name} has no experts: expert parallelism is ignored",))
    warnings: tuple[str, ...] = ()
    if 0 < chips < least:
        warnings = (f"expert parallelism on {chips} chips rarely pays: use {least:.0f} or more",)
    words = "expert parallelism: experts spread over all chips, attention data parallel"
    return Edited(edits.on(ep=True), (words,), warnings)


def disagg(case: LeverCase, edits: Edits) -> Edited:
    """Separate pools for prompts and answers, by the lever or by naming the prefill chips."""
    if not (case.strategy.disagg or case.strategy.prefill) or not edits.osl:
        return Edited(edits)
    if edits.static_batch:
        return Edited(edits, warnings=("separate prefill is left out with static batching",))
    warnings: tuple[str, ...] = ()
    if (case.model.total_params or 0) < case.book.value("pd_pool_params") or edits.osl >= edits.isl:
        warnings = ("separate prefill pools rarely pay for small models or answers longer than prompts",)
    words = "prefill and decode in separate pools: the KV cache crosses the network once"
    return Edited(edits.on(disagg=True), (words,), warnings)
