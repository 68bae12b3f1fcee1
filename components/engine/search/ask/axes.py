"""What is varied: formats, stacks, drafts and workload levers, every choice once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product
from typing import TYPE_CHECKING

from components.engine.strategy.lever_record import Breadth, Lever, Setting, Settings
from components.engine.strategy.lever_table import every_lever, lever
from components.engine.strategy.levers import edits_for

if TYPE_CHECKING:
    from components.catalog.records import Accelerator, Model
    from components.engine.facts.book import Book
    from components.engine.facts.workload import Traffic
    from components.engine.scenario import Strategy
    from components.engine.search.ask.requirements import Requirements
    from components.engine.strategy.edits import Edits
    from components.engine.strategy.lever_record import Scope


Choice = dict[str, Setting]
"""Fields of `Strategy` that differ from the defaults."""


ONE_DEVICE = frozenset({"cpu", "edge-soc"})


APART = frozenset({"lpu-3", "wafer"})
"""Device classes that need a second kind of chip beside them: computed one by one."""


STACKS: dict[Breadth, tuple[str, ...]] = {
    "narrow": ("vllm",), "default": ("vllm", "trtllm"), "wide": ("vllm", "sglang", "trtllm"),
}  # fmt: skip


def tried(q: Requirements, field: str) -> tuple[Setting, ...]:
    """Values of one lever at this breadth, lossy ones only where they are allowed."""
    return tuple(setting[0] for setting in lever(field).tried(q.breadth, lossy=q.lossy))


def stacks(q: Requirements, chip: Accelerator) -> tuple[str, ...]:
    """Serving stacks that run on a chip: llama.cpp on devices, TensorRT-LLM on NVIDIA only."""
    if chip.device_class.startswith("edge") or chip.family in ONE_DEVICE:
        return ("llama.cpp",)
    return tuple(s for s in STACKS[q.breadth] if s != "trtllm" or chip.vendor == "NVIDIA") or ("vllm",)


def _combined(levers: Iterable[tuple[Lever, tuple[Settings, ...]]]) -> Iterator[Choice]:
    """Every combination of the levers' settings, off first."""
    axes = [[dict(zip(each.fields, setting, strict=True)) for setting in settings] for each, settings in levers]
    for parts in product(*axes):
        yield {name: value for part in parts for name, value in part.items()}


def _varied(q: Requirements, scope: Scope) -> Iterator[Choice]:
    """Settings of the levers of one scope at this breadth."""
    return _combined(
        (each, each.tried(q.breadth, lossy=q.lossy)) for each in every_lever() if each.scope == scope and each.axis
    )


def _asked(q: Requirements) -> Iterator[Choice]:
    """Levers of the workload as far as the question allows them."""
    return _combined(
        (each, tuple(dict.fromkeys(((each.off[each.field],), (getattr(q, each.field),)))))
        for each in every_lever()
        if each.asked
    )


def formats(
    book: Book, q: Requirements, traffic: Traffic, model: Model, chip: Accelerator, base: Strategy
) -> list[Choice]:
    """Weights, cache and sparsity; choices that come to the same on this chip are left out."""
    found: dict[object, Choice] = {}
    for choice in _varied(q, "format"):
        edits = edits_for(book, base.model_copy(update=choice), traffic, model, chip)
        found.setdefault(edits.machine, choice)
    return list(found.values())


def _effect(edits: Edits, choice: Choice) -> tuple[object, ...]:
    """What a choice comes to on machines; equal effects are one configuration."""
    return (edits, *(choice[each.field] for each in every_lever() if each.asked))


def lever_choices(
    book: Book, q: Requirements, traffic: Traffic, model: Model, chip: Accelerator, base: Strategy
) -> list[Choice]:
    """Levers of stack and workload; choices that come to the same for this model are left out."""
    found: dict[tuple[object, ...], Choice] = {}
    for asked, served in product(_asked(q), list(_varied(q, "serving"))):
        choice = asked | served
        edits = edits_for(book, base.model_copy(update=choice), traffic, model, chip)
        found.setdefault(_effect(edits, choice), choice)
    return list(found.values())


def workload_choices(q: Requirements) -> list[Choice]:
    """Levers of the workload alone, for what brings its own stack."""
    return list(_asked(q))
