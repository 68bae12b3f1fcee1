"""Which replicas are worth trying: chip counts that hold the model, and how they are cut."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from components.engine.replica.formats import LOCAL_STACKS

if TYPE_CHECKING:
    from components.catalog.parameters import Parameters
    from components.catalog.records import Accelerator, Model


MOST_COUNTS = 4
"""Counts tried where the reader leaves the choice open."""


SPAN = 8
"""Largest count over the smallest, where the domain does not end first."""


PIPELINES = frozenset({"lpu", "wafer"})
"""Families whose chips hold consecutive layers, each sequence cached once."""


def tensor_width(chip: Accelerator, stack: str, constants: Parameters) -> int:
    """Chips that tensors are split over at most: the scale-up domain, or the cards of a host on its bus. [1]

    Servers run tensor parallelism over PCIe (TensorRT-LLM performance overview v0.14: over 2 and 8 A100 PCIe); a stack
    of one's own gives each card its layers.
    """
    bus = chip.family == "gpu" and chip.scale_up_domain_chips == 1 and stack not in LOCAL_STACKS
    return int(constants.host_cards) if bus else chip.scale_up_domain_chips


def parallel(model: Model, chip: Accelerator, chips: int, *, experts: bool, width: int) -> Layout:
    """Cut one replica: experts and attention data parallel, or tensor parallel and stages beyond its width.

    Args:
        model: its heads bound tensor parallelism: a rank needs at least one query head.
        chip: where its family holds consecutive layers, all chips are stages.
        chips: n. [1]
        experts: expert parallelism with attention data parallel; the model must have experts.
        width: from `tensor_width`. [1]
    """
    if chip.family in PIPELINES:
        return Layout(chips=chips, pp=chips)
    if experts and chips > 1:
        return Layout(chips=chips, dp=chips, ep=chips)
    widest = min(chips, width, max(model.heads, 1))
    tp = next(width for width in range(widest, 0, -1) if chips % width == 0)
    return Layout(chips=chips, tp=tp, pp=chips // tp)


def counts(chip: Accelerator, least: int, *, one_device: bool) -> tuple[int, ...]:
    """Chip counts to try, from the least that fits: powers of two and the whole domain. [1]

    A server class with a domain of 72 offers 72 as well. Empty where nothing the domain knows is large enough and the
    machine cannot be widened (a single device).
    """
    domain = chip.scale_up_domain_chips
    if one_device:
        return (1,) if least <= 1 else ()
    first = 1 << (least - 1).bit_length()
    if least <= domain < first:
        return (domain,)
    found = [n for n in (first << step for step in range(MOST_COUNTS)) if n <= min(max(domain, first), first * SPAN)]
    if domain > first and len(found) < MOST_COUNTS and domain not in found and domain <= first * SPAN:
        found.append(domain)
    return tuple(found[:MOST_COUNTS])


@dataclass(frozen=True, slots=True)
class Layout:
    """How one replica is cut over its chips. [1]"""

    chips: int
    tp: int = 1
    dp: int = 1
    ep: int = 1
    pp: int = 1
