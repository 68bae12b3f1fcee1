"""Where nothing fits: the smallest change of each limit that lets something in, tried on the engine first."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from components.engine.facts.workload import effective_workload
from components.engine.search.ask.limits import (
    Bound,
    LeftOut,
    Limit,
    Named,
    Target,
    Worst,
    field_of,
    limits_of,
    off,
    value_of,
)
from components.engine.search.price.limits import bounds, named_in, targets_s
from components.engine.search.rank.one_by_one import option_faults, option_figure, options
from components.engine.search.rank.option import Option
from components.engine.search.tell.found import Relaxation
from components.engine.search.tell.words import machine, ms

if TYPE_CHECKING:
    from components.catalog.records import Accelerator
    from components.engine.search.ask.replicas import Question
    from components.engine.search.ask.requirements import Requirements
    from components.engine.search.rank.keep import Kept


TRIES = 6
"""Near misses tried for each limit. [1]"""


def relaxed(
    q: Requirements, limit: Limit, option: Option, chip: Accelerator | None
) -> tuple[Requirements, float | None]:
    """The question with one limit moved as far as the configuration needs, and the new bound in the question's unit."""
    value = option_figure(option, limit)
    match limit:
        case Target() if value is not None:
            needed = limit.relaxed(value)
            return q.model_copy(update={"workload": limit.moved(q.workload, needed)}), needed
        case Bound() if value is not None:
            needed = limit.relaxed(limit.sign * value)
            return _with(q, limit, needed), needed
        case Worst():
            return _with(q, limit, getattr(option, limit.name)), None
        case Named():
            return _with(q, limit, _allowing(q, limit, option, chip)), None
        case LeftOut():
            return _with(q, limit, False), None
    return q.model_copy(update={"unpublished": True}), None


def _with(q: Requirements, limit: Limit, value: object) -> Requirements:
    return q.model_copy(update={field_of(type(q), limit): value})


def _allowing(q: Requirements, limit: Named, option: Option, chip: Accelerator | None) -> object:
    """What must be named for the configuration to be allowed; anything where it has no name."""
    if limit.of_offer is not None:
        name = limit.of_offer(option.strategy)
    else:
        name = limit.of_chip(chip) if chip is not None and limit.of_chip is not None else ""
    return (*(named_in(q, limit) or ()), name) if name else off(type(q), limit)


def relaxations(ask: Question, kept: Kept, singles: list[Option]) -> tuple[Relaxation, ...]:
    """One entry per limit that is enough by itself, the others held.

    Args:
        ask: the question, nothing left out.
        kept: what missed one limit only.
        singles: configurations computed one by one.
    """
    near: dict[Limit, list[tuple[tuple[float, ...], Option]]] = {}
    for limit, found in kept.near.items():
        first = sorted(found, key=lambda n: n.chain)[:TRIES]
        near[limit] = [(n.chain, kept.option(n.spot, undominated=n.undominated)) for n in first]
    for option in singles:
        missed = option_faults(ask, option)
        if len(missed) == 1:
            limit, figure = next(iter(missed.items()))
            key = kept.order.key(option)
            near.setdefault(limit, []).append(((figure, *key) if figure is not None else key, option))
    tried = (_tried(ask, limit, [o for _, o in sorted(n, key=lambda p: p[0])[:TRIES]]) for limit, n in near.items())
    return tuple(t for t in tried if t is not None)


def _tried(ask: Question, limit: Limit, found: list[Option]) -> Relaxation | None:
    """The first near miss that the engine lets in once the limit has moved."""
    for option in found:
        chip = ask.book.catalog.accelerators.get(option.strategy.hardware) if option.kind == "accelerators" else None
        moved, needed = relaxed(ask.q, limit, option, chip)
        wider = replace(ask, q=moved, traffic=effective_workload(moved.workload, ask.book.catalog))
        (again,) = options(wider, [option.strategy])
        if again is not None and not option_faults(wider, again):
            return Relaxation(limit.name, _sentence(ask, limit, needed, again), needed, again)
    return None


def _sentence(ask: Question, limit: Limit, needed: float | None, option: Option) -> str:
    return f"{_change(ask, limit, needed, option)}: {machine(ask.book, option)} fits"


def _change(ask: Question, limit: Limit, needed: float | None, option: Option) -> str:
    """What would have to give, in words."""
    match limit:
        case Target() if needed is not None:
            what = limit.words_for(ask.traffic)
            return f"Allow {ms(needed / 1e3)} instead of {ms(targets_s(ask)[limit])} for the {what}"
        case Bound() if needed is not None:
            return limit.relaxation(limit.sign * bounds(ask.q)[limit], needed)
        case Worst():
            return f"Accept {limit.step} {limit.word(getattr(option, limit.name))}"
        case Named() | LeftOut():
            return limit.relaxation
    return f"Accept that the {limit.words} is not published"


def closest(ask: Question, kept: Kept, singles: list[Option]) -> str:
    """What misses fewest limits, where moving one is not enough; empty where nothing can be built at all."""
    found: list[tuple[int, float, tuple[Limit, ...], Option]] = []
    if kept.closest is not None:
        count, usd, limits, spot = kept.closest
        found.append((count, usd, limits, kept.option(spot, undominated=True)))
    for option in singles:
        missed = tuple(option_faults(ask, option))
        found.append((len(missed), option.cost_usd_per_month, missed, option))
    if not found:
        return ""
    _, _, limits, option = min(found, key=lambda each: each[:2])
    words = [limit.words for limit in limits]
    return f"The closest misses {' and '.join(words)}: {machine(ask.book, option)}"


def words_of_none(ask: Question, found: tuple[Relaxation, ...], near: str) -> tuple[str, ...]:
    """What to say where nothing fits; `near` is the sentence of `closest`."""
    named = [target.words for target in targets_s(ask)]
    named += [limit.words for limit in limits_of(type(ask.q)) if _asked(ask.q, limit)]
    if found:
        return ("Nothing keeps every limit: one of the changes below is enough",)
    words = f"Nothing keeps these limits together, and moving one is not enough: {', '.join(named)}"
    return (words, near) if near else (words,)


def _asked(q: Requirements, limit: Limit) -> bool:
    """Whether a limit counts among those that nothing keeps together."""
    match limit:
        case Bound():
            return limit in bounds(q)
        case Worst():
            return value_of(q, limit) != limit.scale[-1]
        case Named():
            return named_in(q, limit) is not None
    return False
