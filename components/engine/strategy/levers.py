"""What each lever edits, when it is allowed, and the sentence that says so. No lever carries a saving of its own."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from components.engine.economics.power import kilowatts

if TYPE_CHECKING:
    from components.catalog.records import Accelerator, Model
    from components.engine.facts.book import Book
    from components.engine.facts.workload import Traffic
    from components.engine.scenario import Strategy


SPARSE_CLASSES = frozenset({"ampere", "ada", "hopper", "blackwell-hbm", "blackwell-gddr", "rubin", "cdna3", "cdna4"})
"""Device classes with 2:4 sparse matrix units."""


SMALL_PARAMS = 10e9
"""Below this, separate pools rarely pay. Source: docs/engine.md#levers."""


WIDE_CHIPS = 16
"""Below this many chips, expert parallelism rarely pays. Source: docs/engine.md#levers."""


BITS = {"bf16": 16, "fp8": 8, "int8": 8, "int4": 4, "fp4": 4, "mxfp4": 4}


SIDE_EFFECTS = frozenset({"coding_agent", "agentic_research"})
"""Presets whose calls act on the world: neither cached answers nor waiting suit them."""


AUTO = -1.0
"""Draft depth that the engine chooses at each operating point."""


DEFAULTS = {
    "weights": "native", "kv": "bf16", "sparsity": "none", "pruned": 0, "batching": "continuous", "chunked": True,
    "prefix": True, "spec": "none", "disagg": False, "ep": False, "offload": False,
}  # fmt: skip
"""Levers that a per-token platform keeps for itself."""


@dataclass(slots=True)
class Edits:
    """The levers' effect on one machine fleet, checked."""

    weights: str
    kv: str
    two_four: bool = False
    pruned: float = 0.0
    draft_tokens: float = 0.0
    acceptance: float | None = None
    draft_cost: float | None = None
    static_batch: float = 0.0
    chunked: bool = True
    ep: bool = False
    disagg: bool = False
    isl: float = 0.0
    new_isl: float = 0.0
    osl: float = 0.0
    reload_tokens: float = 0.0
    """Prompt tokens whose cache comes back from host memory. [tokens]"""
    server_extra_s: float = 0.0
    """Router and compressor ahead of the server. [s]"""
    warnings: list[str] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)


def edits_for(book: Book, strategy: Strategy, traffic: Traffic, model: Model, chip: Accelerator) -> Edits:
    """All levers of a strategy on one model and chip; what cannot apply is left out with a warning."""
    edits = Edits(weights=strategy.weights, kv=strategy.kv)
    _weights(edits, strategy, model, chip)
    _cache_format(edits, strategy, model)
    _sparsity_and_pruning(edits, strategy, chip)
    _tokens(edits, book, strategy, traffic)
    _prefix(edits, book, strategy, traffic)
    _batching(edits, strategy)
    _draft(edits, book, strategy, model)
    _pools(edits, strategy, model)
    return edits


def _weights(edits: Edits, strategy: Strategy, model: Model, chip: Accelerator) -> None:
    """Weight format: native is no change; narrower shrinks bytes, and speeds arithmetic only on chips that have it."""
    asked, native = strategy.weights, str(model.native_precision)
    if asked == "native":
        return
    if asked == native or (asked == "fp4" and native == "mxfp4"):
        edits.weights = "native"
        edits.sentences.append(f"{model.name} is published in {native.upper()}: no change, no saving counted")
        return
    if BITS[asked] >= BITS[native] and native != "bf16":
        edits.warnings.append(
            f"{model.name} is published in {native.upper()}: {asked.upper()} weights add no quality, only bytes"
        )
        return
    edits.sentences.append(f"{asked.upper()} weights: {BITS[native]} to about {BITS[asked]} bits each")
    if asked == "int4":
        edits.sentences.append("INT4 is weight-only: arithmetic stays 16-bit, so prompts do not get faster")
    units = {"fp8": "fp8", "int8": "int8", "fp4": "fp4"}.get(asked)
    if units is not None and chip.flop_per_s(units) is None:  # type: ignore[arg-type]
        edits.warnings.append(f"{chip.name} has no {asked.upper()} units: weights shrink, arithmetic does not speed up")


def _cache_format(edits: Edits, strategy: Strategy, model: Model) -> None:
    if strategy.kv == "bf16" or model.task == "embed":
        edits.kv = "bf16"
    elif strategy.kv == "fp8":
        edits.sentences.append("FP8 KV cache: half the bytes per cached token, room for twice the sequences")
    else:
        edits.sentences.append("4-bit KV cache: more sequences fit, attention arithmetic slows down")


def _sparsity_and_pruning(edits: Edits, strategy: Strategy, chip: Accelerator) -> None:
    """2:4 sparsity and structured pruning."""
    if strategy.pruned:
        edits.pruned = strategy.pruned
        edits.sentences.append(f"structured pruning: {strategy.pruned:.0%} of parameters removed, in depth and width")
    if strategy.sparsity != "2:4":
        return
    if chip.device_class not in SPARSE_CLASSES:
        edits.warnings.append(f"{chip.name} has no 2:4 sparse units: the lever is ignored")
        return
    edits.two_four = True
    edits.sentences.append("2:4 sparsity: linear weights store half their values and an index, linear FLOP rate rises")
    if strategy.pruned:
        edits.warnings.append("2:4 sparsity after structured pruning has no published evidence: evaluate it first")
    if strategy.weights in {"int4", "fp4"}:
        edits.warnings.append("2:4 sparsity on 4-bit weights saves less than shown: the index stays at full size")


def _tokens(edits: Edits, book: Book, strategy: Strategy, traffic: Traffic) -> None:
    """Prompt compression, shorter outputs, router and compressor time."""
    edits.isl, edits.osl = traffic.isl * strategy.compress, traffic.osl * strategy.shorten
    if strategy.compress < 1:
        edits.server_extra_s += traffic.isl / book.value("compressor_tokens_per_s")
        edits.sentences.append(f"prompts cut from {traffic.isl:,.0f} to {edits.isl:,.0f} tokens by a compressor")
    if strategy.shorten < 1:
        edits.sentences.append(f"answers cut from {traffic.osl:,.0f} to {edits.osl:,.0f} tokens")
    if strategy.route:
        edits.server_extra_s += book.value("router_s")


def _prefix(edits: Edits, book: Book, strategy: Strategy, traffic: Traffic) -> None:
    """Prefix cache: new tokens = (1 - h) prompt; the cached part still fills memory and is still read."""
    edits.new_isl = edits.isl
    if not strategy.prefix or not traffic.reuse:
        if strategy.offload:
            edits.warnings.append("KV offload without prefix reuse brings nothing: switch the prefix cache on")
        return
    compressed = strategy.compress < 1
    kept = book.value("compressed_hit_factor") if compressed else 1.0
    local = traffic.reuse * book.value("prefix_hit_local") * kept
    hit = max(local, traffic.reuse * book.value("prefix_hit_offload") * kept) if strategy.offload else local
    edits.new_isl = max(edits.isl * (1 - hit), 1.0)
    edits.sentences.append(f"prefix cache: {hit:.0%} of prompt tokens are not computed again")
    if strategy.offload:
        edits.reload_tokens = edits.isl * (hit - local)
        edits.sentences.append("KV offload: the cache outlives HBM, at the price of reading it back")
    if compressed:
        edits.warnings.append("prompt compression that depends on the question breaks prefixes: fewer cache hits")


def _batching(edits: Edits, strategy: Strategy) -> None:
    edits.chunked = strategy.chunked
    if strategy.batching == "static":
        edits.static_batch = float(strategy.static_batch)
        edits.sentences.append(f"static batches of {strategy.static_batch}: all wait for the longest answer")
    elif not strategy.chunked:
        edits.sentences.append("prompts are not chunked: each stalls the answers in progress")


def _draft(edits: Edits, book: Book, strategy: Strategy, model: Model) -> None:
    """Speculative decoding: drafted tokens are verified in one step; depth 0 lets the engine choose, never worse."""
    kind = strategy.spec
    if kind == "none" or model.task == "embed" or not edits.osl:
        return
    if kind == "mtp" and not model.mtp_layers:
        edits.warnings.append(f"{model.name} has no multi-token prediction layers: choose EAGLE or a draft model")
        return
    if edits.static_batch:
        edits.warnings.append("speculation is left out with static batching")
        return
    edits.draft_tokens = float(strategy.depth) or AUTO
    edits.acceptance = book.value(f"acceptance_{kind}")
    edits.draft_cost = book.value(f"draft_cost_{kind}")
    depth = f"{strategy.depth} tokens a step" if strategy.depth else "the depth that is best at each load"
    edits.sentences.append(f"speculation ({kind}): {depth}, {edits.acceptance:.0%} of drafted tokens accepted")
    if strategy.depth:
        edits.warnings.append("a fixed speculation depth may cost throughput at load: depth 0 adapts")


def _pools(edits: Edits, strategy: Strategy, model: Model) -> None:
    """Disaggregation and expert parallelism."""
    if strategy.ep and model.is_moe:
        edits.ep = True
        edits.sentences.append("expert parallelism: experts spread over all chips, attention data parallel")
        if 0 < strategy.chips < WIDE_CHIPS:
            edits.warnings.append(f"expert parallelism on {strategy.chips} chips rarely pays: use {WIDE_CHIPS} or more")
    elif strategy.ep:
        edits.warnings.append(f"{model.name} has no experts: expert parallelism is ignored")
    wanted = strategy.disagg or bool(strategy.prefill)
    if not wanted or not edits.osl:
        return
    if edits.static_batch:
        edits.warnings.append("separate prefill is left out with static batching")
        return
    edits.disagg = True
    edits.sentences.append("prefill and decode in separate pools: the KV cache crosses the network once")
    if (model.total_params or 0) < SMALL_PARAMS or edits.osl >= edits.isl:
        edits.warnings.append("separate prefill pools rarely pay for small models or answers longer than prompts")


def strategy_faults(book: Book, strategy: Strategy, traffic: Traffic) -> tuple[list[str], list[str]]:
    """Faults of a strategy whatever the machine: reasons it cannot be, and what to know."""
    reasons: list[str] = []
    warnings: list[str] = []
    cold = book.value("cold_start")
    if strategy.buy != "api" and strategy.scale == "zero" and traffic.ttft_limit_s < cold:
        reasons.append(
            f"scale to zero starts in about {cold:.0f} s, the first token is due in {traffic.ttft_limit_s:g} s: "
            "scale hourly, or drop the target"
        )
    return reasons, warnings


def habit_warnings(strategy: Strategy, preset: str) -> list[str]:
    """Levers that defeat their own purpose on this kind of work."""
    found: list[str] = []
    if preset in SIDE_EFFECTS and strategy.cache:
        found.append("cached answers do not suit agents whose calls have side effects")
    if preset in SIDE_EFFECTS and strategy.defer:
        found.append("a batch window does not suit an agent that waits for each answer")
    if strategy.student and strategy.route and strategy.student == strategy.route_model:
        found.append("routing to the model that answers anyway saves nothing: leave one of them out")
    return found


def ignored_on_api(strategy: Strategy) -> list[str]:
    """Engine levers that a per-token purchase leaves to the vendor."""
    used = [name for name, off in DEFAULTS.items() if getattr(strategy, name) != off and off is not True]
    if not used:
        return []
    return [f"the platform runs its own engine: {', '.join(used)} ignored, only price and tokens can change"]


def edge_fault(model: Model, chip: Accelerator, need_bytes: float) -> str:
    """Why a model cannot run on a device."""
    return (
        f"{model.name} needs {math.ceil(need_bytes / 1e9)} GB with one sequence, {chip.name} has "
        f"{chip.memory_gb:g} GB: choose a smaller edge model or a larger device"
    )


def hardware_warnings(book: Book, chip: Accelerator) -> list[str]:
    """What to know of a chip before believing a figure."""
    found: list[str] = []
    if chip.status == "announced":
        found.append(f"{chip.name} is announced, not measured: speeds and prices are expectations")
    if kilowatts(book, chip)[1]:
        found.append(f"power of {chip.name} is estimated: no all-in figure is published")
    return found
