"""What is varied: formats, stacks, drafts and workload levers, every choice once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING, Any

from components.engine.strategy.levers import edits_for

if TYPE_CHECKING:
    from components.catalog.records import Accelerator, Model
    from components.engine.facts.book import Book
    from components.engine.facts.workload import Traffic
    from components.engine.scenario import Strategy
    from components.engine.search.ask.requirements import Breadth, Requirements
    from components.engine.strategy.levers import Edits


Choice = dict[str, Any]
"""Fields of `Strategy` that differ from the defaults."""


ONE_DEVICE = frozenset({"cpu", "edge-soc"})


APART = frozenset({"lpu-3", "wafer"})
"""Device classes that need a second kind of chip beside them: computed one by one."""


@dataclass(frozen=True, slots=True)
class Axes:
    """Values tried on each axis."""

    weights: tuple[str, ...]
    kv: tuple[str, ...]
    sparsity: tuple[str, ...]
    drafts: tuple[tuple[str, int], ...]
    """Kind and depth; depth 0 lets the engine choose."""
    disagg: tuple[bool, ...]
    ep: tuple[bool, ...]
    offload: tuple[bool, ...]
    chunked: tuple[bool, ...]
    prefix: tuple[bool, ...]
    static: tuple[int, ...]
    """Sizes of static batches tried beside continuous batching."""
    pruned: tuple[float, ...]
    stacks: tuple[str, ...]


_DEFAULT = Axes(
    weights=("native", "bf16", "fp8", "int8", "int4", "fp4"), kv=("bf16", "fp8"), sparsity=("none",),
    drafts=(("none", 0), ("eagle", 0), ("mtp", 0)), disagg=(False, True), ep=(False, True), offload=(False,),
    chunked=(True,), prefix=(True,), static=(), pruned=(0.0,), stacks=("vllm", "trtllm"),
)  # fmt: skip


AXES: dict[Breadth, Axes] = {
    "narrow": Axes(
        weights=("native", "fp8"), kv=("bf16",), sparsity=("none",), drafts=(("none", 0),), disagg=(False,),
        ep=(False, True), offload=(False,), chunked=(True,), prefix=(True,), static=(), pruned=(0.0,),
        stacks=("vllm",),
    ),
    "default": _DEFAULT,
    "wide": Axes(
        weights=_DEFAULT.weights, kv=("bf16", "fp8", "int4"), sparsity=("none", "2:4"),
        drafts=(("none", 0), ("draft", 0), ("eagle", 0), ("mtp", 0), ("eagle", 1), ("eagle", 3), ("eagle", 5)),
        disagg=(False, True), ep=(False, True), offload=(False, True), chunked=(True, False), prefix=(True, False),
        static=(8, 32), pruned=(0.0, 0.25), stacks=("vllm", "sglang", "trtllm"),
    ),
}  # fmt: skip


def axes_of(q: Requirements) -> Axes:
    """What is tried at this breadth, narrower formats only where they are allowed."""
    axes = AXES[q.breadth]
    if q.lossy:
        return axes
    weights = tuple(w for w in axes.weights if w in {"native", "bf16"})
    return replace(axes, weights=weights, kv=("bf16",), sparsity=("none",), pruned=(0.0,))


def stacks(axes: Axes, chip: Accelerator) -> tuple[str, ...]:
    """Serving stacks that run on a chip: llama.cpp on devices, TensorRT-LLM on NVIDIA only."""
    if chip.device_class.startswith("edge") or chip.family in ONE_DEVICE:
        return ("llama.cpp",)
    return tuple(s for s in axes.stacks if s != "trtllm" or chip.vendor == "NVIDIA") or ("vllm",)


def formats(book: Book, axes: Axes, traffic: Traffic, model: Model, chip: Accelerator, base: Strategy) -> list[Choice]:
    """Weights, cache and sparsity; choices that come to the same on this chip are left out."""
    found: dict[tuple[object, ...], Choice] = {}
    for weights, kv, sparsity in product(axes.weights, axes.kv, axes.sparsity):
        choice = {"weights": weights, "kv": kv, "sparsity": sparsity}
        edits = edits_for(book, base.model_copy(update=choice), traffic, model, chip)
        found.setdefault((edits.weights, edits.kv, edits.two_four), choice)
    return list(found.values())


def _workload_levers(q: Requirements) -> Iterator[Choice]:
    """Levers of the workload, off first."""
    for cache, compress, shorten, defer in product(
        dict.fromkeys((0.0, q.cache)),
        dict.fromkeys((1.0, q.compress)),
        dict.fromkeys((1.0, q.shorten)),
        dict.fromkeys((0.0, q.defer)),
    ):
        yield {"cache": cache, "compress": compress, "shorten": shorten, "defer": defer}


def _stack_levers(axes: Axes) -> Iterator[Choice]:
    """Levers of the serving stack that leave the machine as it is."""
    batching = [("continuous", 8), *(("static", size) for size in axes.static)]
    for (spec, depth), offload, chunked, prefix, pruned, (kind, size) in product(
        axes.drafts, axes.offload, axes.chunked, axes.prefix, axes.pruned, batching
    ):
        yield {
            "spec": spec, "depth": depth, "offload": offload, "chunked": chunked, "prefix": prefix, "pruned": pruned,
            "batching": kind, "static_batch": size,
        }  # fmt: skip


def _effect(edits: Edits, choice: Choice) -> tuple[object, ...]:
    """What a choice comes to on machines; equal effects are one configuration."""
    return (
        edits.isl, edits.new_isl, edits.osl, edits.draft_tokens, edits.acceptance, edits.draft_cost, edits.static_batch,
        edits.chunked or edits.static_batch > 0, edits.reload_tokens, edits.server_extra_s, edits.pruned,
        choice["cache"], choice["defer"], choice["compress"], choice["shorten"],
    )  # fmt: skip


def lever_choices(
    book: Book, q: Requirements, traffic: Traffic, model: Model, chip: Accelerator, base: Strategy
) -> list[Choice]:
    """Levers of stack and workload; choices that come to the same for this model are left out."""
    found: dict[tuple[object, ...], Choice] = {}
    for asked, served in product(_workload_levers(q), _stack_levers(axes_of(q))):
        choice = asked | served
        edits = edits_for(book, base.model_copy(update=choice), traffic, model, chip)
        found.setdefault(_effect(edits, choice), choice)
    return list(found.values())


def workload_choices(q: Requirements) -> list[Choice]:
    """Levers of the workload alone, for what brings its own stack."""
    return list(_workload_levers(q))
