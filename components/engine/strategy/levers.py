"""What follows from the table of levers: edits, what is reset or ignored, what is lost, and warnings."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from components.engine.economics.power import kilowatts
from components.engine.strategy.edits import Edits, Factors
from components.engine.strategy.lever_record import IN_ORDER, PLATFORM, LeverCase, ShareLoss
from components.engine.strategy.lever_table import every_lever

if TYPE_CHECKING:
    from collections.abc import Collection

    from components.catalog.records import Accelerator, Model
    from components.engine.facts.book import Book
    from components.engine.facts.workload import Traffic
    from components.engine.scenario import Strategy
    from components.engine.strategy.lever_record import Lever, Loss, Scope, Setting


def edits_for(book: Book, strategy: Strategy, traffic: Traffic, model: Model, chip: Accelerator) -> Edits:
    """All levers of a strategy on one model and chip; what cannot apply is left out with a warning."""
    case = LeverCase(book, strategy, traffic, model, chip)
    edits = Edits(isl=traffic.isl, new_isl=traffic.isl, osl=traffic.osl)
    held: list[str] = []
    sentences: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    of_machine: Factors = ()
    of_serving: Factors = ()
    for lever in in_order(every_lever()):
        if lever.edit is None:
            continue
        done = lever.edit(case, edits)
        if done.edits is not edits or done.factors:
            held.append(lever.field)
        edits, sentences, warnings = done.edits, sentences + done.sentences, warnings + done.warnings
        if lever.scope == "format":
            of_machine += done.factors
        else:
            of_serving += done.factors
    machine = replace(edits.machine, factors=of_machine) if of_machine else edits.machine
    return replace(edits, machine=machine, factors=of_serving, held=tuple(held), sentences=sentences, warnings=warnings)


@cache
def in_order(levers: tuple[Lever, ...]) -> tuple[Lever, ...]:
    """Levers in the order in which they bite: formats, what is asked, how it is served, how chips are divided."""
    return tuple(sorted(levers, key=lambda lever: IN_ORDER.index(lever.scope)))


def losses_of(
    book: Book, strategy: Strategy, edits: Edits | None, scopes: Collection[Scope] = IN_ORDER
) -> tuple[Loss, ...]:
    """What the levers in use may cost in quality: losses on every answer first, then those on single answers.

    Args:
        book: the tables.
        strategy: the levers.
        edits: what holds on the machines; None for a per-token purchase.
        scopes: levers that are asked.
    """
    rules = (lever.loss for lever in every_lever() if lever.loss is not None and lever.scope in scopes)
    found = [loss for rule in rules if (loss := rule(book, strategy, edits)) is not None]
    return tuple(sorted(found, key=lambda loss: isinstance(loss, ShareLoss)))


def platform_decides() -> tuple[Lever, ...]:
    """Levers that a per-token platform keeps for itself."""
    return tuple(lever for lever in every_lever() if lever.scope in PLATFORM)


def reset_on_device() -> dict[str, Setting]:
    """What a user's own device is never set to, taken back."""
    return {field: off for lever in every_lever() if not lever.on_device for field, off in lever.off.items()}


def strategy_faults(book: Book, strategy: Strategy, traffic: Traffic) -> tuple[str, ...]:
    """Reasons why a strategy cannot be, whatever the machine."""
    cold = book.value("cold_start")
    if strategy.buy == "api" or strategy.scale != "zero" or traffic.ttft_limit_s >= cold:
        return ()
    return (
        f"scale to zero starts in about {cold:.0f} s, the first token is due in {traffic.ttft_limit_s:g} s: "
        "scale hourly, or drop the target",
    )


def unsuited(strategy: Strategy, preset: str) -> tuple[str, ...]:
    """Levers that defeat their own purpose on this kind of work."""
    rules = (lever.unsuited for lever in every_lever() if lever.unsuited is not None)
    return tuple(words for rule in rules if (words := rule(strategy, preset)))


def ignored_on_api(strategy: Strategy) -> tuple[str, ...]:
    """Engine levers that a per-token purchase leaves to the vendor."""
    used = [lever.field for lever in platform_decides() if lever.used(strategy) and lever.off[lever.field] is not True]
    if not used:
        return ()
    return (f"the platform runs its own engine: {', '.join(used)} ignored, only price and tokens can change",)


def edge_fault(model: Model, chip: Accelerator, need_bytes: float) -> str:
    """Why a model cannot run on a device."""
    return (
        f"{model.name} needs {math.ceil(need_bytes / 1e9)} GB with one sequence, {chip.name} has "
        f"{chip.memory_gb:g} GB: choose a smaller edge model or a larger device"
    )


def hardware_warnings(book: Book, chip: Accelerator) -> tuple[str, ...]:
    """What to know of a chip before believing a figure."""
    found: list[str] = []
    if chip.status == "announced":
        found.append(f"{chip.name} is announced, not measured: speeds and prices are expectations")
    if kilowatts(book, chip)[1]:
        found.append(f"power of {chip.name} is estimated: no all-in figure is published")
    return tuple(found)
