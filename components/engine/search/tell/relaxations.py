"""Where nothing fits: the smallest change of each limit that lets something in, tried on the engine first."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from components.engine.facts.workload import effective_workload
from components.engine.search.price.limits import Limit, bounds, latency_limits_s
from components.engine.search.rank.one_by_one import option_faults, option_figure, options
from components.engine.search.rank.option import Option
from components.engine.search.tell.found import Relaxation
from components.engine.search.tell.words import LIMITS, machine, ms

if TYPE_CHECKING:
    from components.engine.search.ask.replicas import Question
    from components.engine.search.ask.requirements import Requirements
    from components.engine.search.rank.keep import Kept


TRIES = 6
"""Near misses tried for each limit. [1]"""


def relaxed(q: Requirements, limit: Limit, option: Option, chip_vendor: str) -> tuple[Requirements, float | None]:
    """The question with one limit moved as far as the configuration needs, and the new bound in the question's unit."""
    s, value = option.strategy, option_figure(option, limit)
    if limit in {"ttft", "tpot"} and value is not None:
        needed = float(math.ceil(value * 1e3 * 100) / 100)
        return q.model_copy(update={"workload": q.workload.model_copy(update={f"{limit}_ms": needed})}), needed
    if limit in _FIELDS and value is not None:
        needed = _rounded_up(value) if limit != "throughput" else -_rounded_up(value)
        return q.model_copy(update={_FIELDS[limit]: int(needed) if limit == "accelerators" else needed}), needed
    changes: dict[Limit, dict[str, object]] = {
        "grade": {"grade": option.grade},
        "confidence": {"confidence": option.confidence},
        "vendors": {"vendors": (*(q.vendors or ()), chip_vendor) if chip_vendor else None},
        "providers": {"providers": (*(q.providers or ()), s.provider) if s.provider else None},
        "buys": {"buys": (*(q.buys or ()), s.buy)},
        "places": {"places": (*q.places, s.place)},
        "shipping": {"shipping_only": False},
    }
    return q.model_copy(update=changes.get(limit, {"unpublished": True})), None


_FIELDS: dict[Limit, str] = {
    "budget": "budget_usd_per_month", "power": "power_kw", "carbon": "carbon_kg_per_month",
    "accelerators": "accelerators", "throughput": "throughput_tokens_per_s",
}  # fmt: skip


def _rounded_up(value: float) -> float:
    """A bound just above the figure, four digits."""
    if not value:
        return 0.0
    unit = 10.0 ** (math.floor(math.log10(abs(value))) - 3)
    return math.ceil(value / unit - 1e-9) * unit


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
        near[limit] = [(n.chain, kept.option(n.spot, few=n.few)) for n in first]
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
        moved, needed = relaxed(ask.q, limit, option, chip.vendor if chip else "")
        wider = replace(ask, q=moved, traffic=effective_workload(moved.workload, ask.book.catalog))
        (again,) = options(wider, [option.strategy])
        if again is not None and not option_faults(wider, again):
            return Relaxation(limit, _sentence(ask, limit, needed, again), needed, again)
    return None


def _sentence(ask: Question, limit: Limit, needed: float | None, option: Option) -> str:
    what = machine(ask.book, option)
    if limit in {"ttft", "tpot"} and needed is not None:
        now = latency_limits_s(ask)[limit]
        return f"Allow {ms(needed / 1e3)} instead of {ms(now)} for the {LIMITS[limit]}: {what} fits"
    if needed is not None:
        verb, unit = _VERBS[limit]
        now = abs(bounds(ask.q)[limit])
        return f"{verb} the {LIMITS[limit]} from {now:,.6g} to {needed:,.6g}{unit}: {what} fits"
    new = {
        "grade": f"Accept quality grade {option.grade}", "confidence": f"Accept confidence {option.confidence}",
        "vendors": "Allow another chip maker", "providers": "Allow another cloud or platform",
        "buys": "Allow another way to buy", "places": "Allow another place", "shipping": "Allow announced hardware",
    }.get(limit, f"Accept that the {LIMITS[limit]} is not published")  # fmt: skip
    return f"{new}: {what} fits"


_VERBS: dict[Limit, tuple[str, str]] = {
    "budget": ("Raise", " USD a month"), "power": ("Raise", " kW"), "carbon": ("Raise", " kg a month"),
    "accelerators": ("Raise", ""), "throughput": ("Lower", " tokens/s"),
}  # fmt: skip


def closest(ask: Question, kept: Kept, singles: list[Option]) -> str:
    """What misses fewest limits, where moving one is not enough; empty where nothing can be built at all."""
    found: list[tuple[int, float, tuple[Limit, ...], Option]] = []
    if kept.closest is not None:
        count, usd, limits, spot = kept.closest
        found.append((count, usd, limits, kept.option(spot, few=True)))
    for option in singles:
        missed = tuple(option_faults(ask, option))
        found.append((len(missed), option.cost_usd_per_month, missed, option))
    if not found:
        return ""
    _, _, limits, option = min(found, key=lambda each: each[:2])
    words = [LIMITS[limit] for limit in limits]
    return f"The closest misses {' and '.join(words)}: {machine(ask.book, option)}"


def words_of_none(ask: Question, found: tuple[Relaxation, ...], near: str) -> tuple[str, ...]:
    """What to say where nothing fits; `near` is the sentence of `closest`."""
    q = ask.q
    named = [LIMITS[limit] for limit in latency_limits_s(ask)]
    named += [LIMITS[limit] for limit in bounds(q) if limit != "confidence" or q.confidence != "low"]
    named += [
        LIMITS[limit]  # type: ignore[index]
        for limit, value in (
            ("vendors", q.vendors),
            ("providers", q.providers),
            ("buys", q.buys),
            ("places", q.places or None),
        )
        if value is not None
    ]
    if found:
        return ("Nothing keeps every limit: one of the changes below is enough",)
    words = f"Nothing keeps these limits together, and moving one is not enough: {', '.join(named)}"
    return (words, near) if near else (words,)
