"""Two-part mixes: machines that are owned or reserved carry the base load, a platform or rented machines the peak.

A mix is two services, each a strategy on a workload of its own, and costs what the engine says of both, with the
people charged for both together. Each keeps a spare and headroom of its own, so a mix is priced with caution.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from components.engine.economics.hours import week_profile
from components.engine.economics.staff import servers_per_chip, team_of
from components.engine.facts.periods import HOURS_PER_WEEK
from components.engine.facts.workload import effective_workload
from components.engine.scenario import Workload
from components.engine.search.ask.limits import Bound, field_of, limits_of, off
from components.engine.search.price.limits import bounds
from components.engine.search.rank.one_by_one import option_faults, option_figure, options
from components.engine.search.rank.option import Option
from components.engine.search.tell.words import factor, machine, percent

if TYPE_CHECKING:
    from components.engine.scenario import Buy, Strategy
    from components.engine.search.ask.replicas import Question
    from components.engine.search.ask.requirements import Requirements


LEVELS = (0.08, 0.15, 0.22, 0.3, 0.45, 0.6, 0.8)
"""Largest load of the base over the peak of the week. [1]"""


BASES: tuple[Buy, ...] = ("owned", "reserved-3yr", "reserved-1yr")


PEAKS: tuple[Buy, ...] = ("on-demand", "spot")


TRIED = 3
"""Machines, and platforms, of the list that are tried in each part. [1]"""


MOST = 5
"""Mixes kept. [1]"""


MOST_PEAKED = next(m.le for m in Workload.model_fields["peak"].metadata if hasattr(m, "le"))


@dataclass(frozen=True, slots=True)
class Mix:
    """Two services that share one demand."""

    base: Option
    base_workload: Workload
    peak: Option
    peak_workload: Workload
    base_share: float
    """Of the requests. [1]"""
    cost_usd_per_month: float
    """Both, with people by the servers of both together."""
    sentence: str


@dataclass(frozen=True, slots=True)
class _Split:
    """The week cut at a level."""

    base: Workload
    peak: Workload
    share: float


def _splits(ask: Question) -> Iterator[_Split]:
    """The demand below and above each level, as two workloads."""
    t = ask.traffic
    week = week_profile(t.peak, t.hours)
    for level in LEVELS:
        below = np.minimum(week, level * week.max())
        above = week - below
        share = float(below.sum() / week.sum())
        if share >= 1 or not above.any():
            continue
        peaked = float(above.max() / above.mean())
        if peaked > MOST_PEAKED:
            continue
        base = {"requests_per_day": t.requests_per_day * share, "peak": float(below.max() / below.mean())}
        peak = {
            "requests_per_day": t.requests_per_day * (1 - share),
            "peak": peaked,
            "hours": float(np.clip((above > 0).sum(), 1, HOURS_PER_WEEK)),
        }
        yield _Split(ask.q.workload.model_copy(update=base), ask.q.workload.model_copy(update=peak), share)


def _parts(listed: list[Option]) -> tuple[list[Strategy], list[Strategy]]:
    """Strategies for the base and for the peak, from the best of the list."""
    still = [o for o in listed if not o.strategy.defer and not o.strategy.route and not o.strategy.edge]
    machines = list({o.strategy.hardware: o.strategy for o in reversed(still) if o.kind == "accelerators"}.values())
    machines = machines[::-1][:TRIED]
    base = [s.model_copy(update={"buy": b, "provider": "", "scale": "fixed"}) for s, b in product(machines, BASES)]
    base += [s.model_copy(update={"scale": "fixed"}) for s in machines]
    peak = [o.strategy for o in still if o.kind == "api"][:TRIED]
    peak += [s.model_copy(update={"scale": "hourly"}) for s in machines if s.buy in PEAKS]
    peak += [s.model_copy(update={"buy": b, "provider": "", "scale": "hourly"}) for s, b in product(machines, PEAKS)]
    return base, peak


def _fitting(ask: Question, workload: Workload, strategies: list[Strategy]) -> list[Option]:
    """Those that keep every limit which each part must keep for itself."""
    kind = type(ask.q)
    free = {field_of(kind, limit): off(kind, limit) for limit in _shared(ask.q)} | {"workload": workload}
    part = replace(ask, q=ask.q.model_copy(update=free), traffic=effective_workload(workload, ask.book.catalog))
    return [o for o in options(part, strategies) if o is not None and not option_faults(part, o)]


def _staff(ask: Question, base: Option, peak: Option) -> float:
    """What people cost less for both fleets together than for each alone. [USD/month]"""
    if "api" in {base.kind, peak.kind}:
        return 0.0
    chips = ask.book.catalog.accelerators
    servers = [np.array([(o.accelerators or 0) * servers_per_chip(chips[o.strategy.hardware])]) for o in (base, peak)]
    owned = [some * (o.strategy.buy == "owned") for some, o in zip(servers, (base, peak), strict=True)]
    team = team_of(ask.book)
    alone = [float(team.usd_per_month(*each)[0]) for each in zip(servers, owned, strict=True)]
    return sum(alone) - float(team.usd_per_month(servers[0] + servers[1], owned[0] + owned[1])[0])


def _shared(q: Requirements) -> list[Bound]:
    """Limits that the two parts keep together."""
    return [limit for limit in limits_of(type(q)) if isinstance(limit, Bound) and limit.adds_up]


def _whole_kept(q: Requirements, base: Option, peak: Option, usd: float) -> bool:
    """Whether both together keep the limits they share; what is not published counts as unknown, or adds nothing."""
    for limit, bound in bounds(q).items():
        if not isinstance(limit, Bound) or not limit.adds_up:
            continue
        values = [option_figure(o, limit) for o in (base, peak)] if limit.figure != "cost_usd_per_month" else [usd]
        known = [v for v in values if v is not None]
        if (len(known) < len(values) and not limit.least and not q.unpublished) or sum(known) > bound:
            return False
    return True


def mixes_of(ask: Question, listed: list[Option]) -> tuple[Mix, ...]:
    """The cheapest mixes of the best of the list, cheapest first; empty where none keeps the limits.

    Args:
        listed: the ranked list, winner first.
    """
    found: list[tuple[float, Option, Option, _Split]] = []
    bases, peaks = _parts(listed)
    for split in _splits(ask) if bases and peaks else ():
        tops = _fitting(ask, split.peak, peaks)
        for base, peak in product(_fitting(ask, split.base, bases) if tops else (), tops):
            usd = base.cost_usd_per_month + peak.cost_usd_per_month - _staff(ask, base, peak)
            if _whole_kept(ask.q, base, peak, usd):
                found.append((usd, base, peak, split))
    first: dict[tuple[str, ...], tuple[float, Option, Option, _Split]] = {}
    for each in sorted(found, key=lambda each: each[0]):
        first.setdefault(
            tuple(name for o in each[1:3] for name in (o.strategy.hardware, o.strategy.buy, o.seller)), each
        )
    return tuple(_mix(ask, *each, listed[0]) for each in list(first.values())[:MOST])


def _mix(ask: Question, usd: float, base: Option, peak: Option, split: _Split, winner: Option) -> Mix:
    change = usd / winner.cost_usd_per_month - 1 if winner.cost_usd_per_month else 0.0
    against = f"{percent(abs(change))} {'dearer' if change >= 0 else 'cheaper'} than the winner alone"
    if change >= 1:
        against = f"{factor(change + 1)} the cost of the winner alone"
    words = (
        f"{machine(ask.book, base)} for the base, {split.share:.0%} of requests, "
        f"and {machine(ask.book, peak)} for the peak: {against}"
    )
    return Mix(base, split.base, peak, split.peak, split.share, usd, words)
