"""Cost of latency and cost of quality: the cheapest cost as a function of the target and of the grade."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from components.engine.facts.workload import effective_workload
from components.engine.outcome.compute import ROWS_AT_ONCE
from components.engine.scenario import Grade
from components.engine.search.find import ask_of, singles_of
from components.engine.search.price.limits import faults, figures, late_rows
from components.engine.search.price.served import scales_of, served
from components.engine.search.rank.keep import Kept, OfferedBlock, Spot
from components.engine.search.rank.one_by_one import doubtful, option_faults, options
from components.engine.search.rank.order import Order
from components.engine.search.space import Lot, lots, problems_of
from components.engine.strategy.quality import GRADES

if TYPE_CHECKING:
    from components.engine.facts.arrays import Vec
    from components.engine.facts.book import Book
    from components.engine.search.ask.replicas import Block, Question, Rows
    from components.engine.search.ask.requirements import Requirements
    from components.engine.search.price.served import Served
    from components.engine.search.rank.option import Option


STEPS = (0.25, 0.35, 0.5, 0.7, 1.0, 1.4, 2.0, 2.8, 4.0)
"""Targets tried over today's, unless others are given. [1]"""


@dataclass(frozen=True, slots=True)
class LatencyPoint:
    """Cheapest configuration under one target."""

    target_s: float
    option: Option | None
    """None where nothing fits."""


@dataclass(frozen=True, slots=True)
class QualityPoint:
    """Cheapest configuration of a grade or better."""

    grade: Grade
    option: Option | None


def _asked(q: Requirements, book: Book) -> Question | None:
    try:
        ask = ask_of(q, book)
    except ValueError:
        return None
    return None if problems_of(ask) else ask


def cost_of_quality(requirements: Requirements, book: Book) -> tuple[QualityPoint, ...]:
    """The cheapest cost by worst grade accepted, all other limits held, from one pass.

    Returns: known grades, A to E; empty where the question makes no sense (`search` says why).
    """
    ask = _asked(requirements.model_copy(update={"grade": "E"}), book)
    if ask is None:
        return ()
    scales = scales_of(book, ask.traffic)
    kept = Kept(ask, Order(ask.q, None), scales)
    best: dict[int, tuple[float, Spot | Option]] = {}
    for slab in lots(ask, len(scales)):
        done = served(book, ask.traffic, scales, [lot.block for lot in slab])
        for lot, each in zip(slab, done, strict=True):
            kept.entries.append(OfferedBlock(lot.block.light(), each, lot.undominated, lot.undominated))
            for scale in range(len(scales)):
                cost = _costs(ask, lot, each, scale)
                for grade in set(lot.block.grade.tolist()):
                    rows = np.where((lot.block.grade == grade)[:, None], cost, np.inf)
                    at = int(rows.argmin())
                    row, offer = divmod(at, rows.shape[1])
                    _better(best, grade, float(rows[row, offer]), Spot(len(kept.entries) - 1, row, scale, offer))
    last: dict[int, tuple[float, Spot | Option]] = {}
    (baseline,) = options(ask, [ask.q.baseline])
    for option in singles_of(ask):
        if not option_faults(ask, option):
            into = last if doubtful(option, baseline) else best
            _better(into, GRADES.index(option.grade), option.cost_usd_per_month, option)
    points = ((_up_to(kept, best, grade), _up_to(kept, last, grade)) for grade in range(GRADES.index("E") + 1))
    return tuple(sure if sure.option is not None else risky for sure, risky in points)


def _better(best: dict[int, tuple[float, Spot | Option]], key: int, usd: float, what: Spot | Option) -> None:
    if usd < best.get(key, (math.inf, what))[0]:
        best[key] = usd, what


def _up_to(kept: Kept, best: dict[int, tuple[float, Spot | Option]], grade: int) -> QualityPoint:
    found = [best[g] for g in range(grade + 1) if g in best]
    if not found:
        return QualityPoint(GRADES[grade], None)
    _, what = min(found, key=lambda pair: pair[0])
    return QualityPoint(GRADES[grade], kept.option(what, undominated=True) if isinstance(what, Spot) else what)


def _costs(ask: Question, lot: Lot, done: Served, scale: int) -> Vec:
    """Cost under the undominated offers; inf where a limit is missed. Shape (n, offers). [USD/month]"""
    f = figures(ask, lot.block, done, lot.undominated, scale)
    cost = np.where(lot.undominated.possible(scales_of(ask.book, ask.traffic)[scale]), f.cost_usd_per_month, np.inf)
    for mask in faults(ask, f, late_rows(ask, lot.block, done)).values():
        cost = np.where(mask, np.inf, cost)
    return cost


def cost_of_latency(
    requirements: Requirements, book: Book, limit: Literal["ttft", "tpot"] = "ttft", targets_s: Sequence[float] = ()
) -> tuple[LatencyPoint, ...]:
    """The cheapest cost by latency target, all other limits held.

    The loosest target is searched in full; a stricter target never lowers the cost of a replica, so what a replica cost
    under the looser one bounds it from below, and only those that may still win are computed again.

    Args:
        limit: which target moves.
        targets_s: targets to try; nine around the question's if not given, a second where it has none. [s]
    Returns: points in order of the target; empty where the question makes no sense (`search` says why).
    """
    ask = _asked(requirements, book)
    if ask is None:
        return ()
    now = ask.traffic.ttft_limit_s if limit == "ttft" else ask.traffic.tpot_limit_s
    around = now if math.isfinite(now) else 1.0 if limit == "ttft" else 0.05
    wanted = sorted(targets_s or [step * around for step in STEPS], reverse=True)
    path = _Path(_at(ask, limit, wanted[0]))
    return tuple(LatencyPoint(t, path.cheapest(_at(ask, limit, t))) for t in wanted)[::-1]


def _at(ask: Question, limit: Literal["ttft", "tpot"], target_s: float) -> Question:
    workload = ask.q.workload.model_copy(update={f"{limit}_ms": target_s * 1e3})
    traffic = effective_workload(workload, ask.book.catalog)
    return replace(ask, q=ask.q.model_copy(update={"workload": workload}), traffic=traffic)


class _Path:
    """The machines of a question with a lower bound of their cost, raised as targets tighten."""

    def __init__(self, ask: Question) -> None:
        """Gather the space at the loosest target; nothing is known of any cost yet."""
        self.lots = [lot for slab in lots(ask, 1) for lot in slab if len(lot.block.code)]
        self.least = [np.zeros(len(lot.block.code)) for lot in self.lots]
        self.singles = singles_of(ask)

    def cheapest(self, ask: Question) -> Option | None:
        """The cheapest configuration under the targets of `ask`, which are never looser than before."""
        kept = Kept(ask, Order(ask.q, None), scales_of(ask.book, ask.traffic))
        sure, single = self._singles(ask)
        usd = sure.cost_usd_per_month if sure is not None else math.inf
        best: Spot | None = None
        waiting: list[tuple[int, Rows]] = []
        for i in sorted(range(len(self.lots)), key=lambda i: float(self.least[i].min())):
            waiting.append((i, np.flatnonzero(self.least[i] < usd)))
            if sum(len(rows) for _, rows in waiting) >= ROWS_AT_ONCE:
                usd, best = self._tried(ask, kept, waiting, usd, best)
                waiting = []
        _, best = self._tried(ask, kept, waiting, usd, best)
        return kept.option(best, undominated=True) if best is not None else sure or single

    def _singles(self, ask: Question) -> tuple[Option | None, Option | None]:
        """The cheapest of what was computed one by one that may be called the best, and the cheapest of all.

        Whether a service may miss a target is asked anew for each target.
        """
        inside = [o for o in self.singles if not option_faults(ask, o)]
        (baseline, *platforms) = options(ask, [ask.q.baseline, *(o.strategy for o in inside if o.kind == "api")])
        every = [*(o for o in inside if o.kind != "api"), *(o for o in platforms if o is not None)]
        sure = [o for o in every if not doubtful(o, baseline)]
        first, second = (min(some, key=lambda o: o.cost_usd_per_month, default=None) for some in (sure, every))
        return first, second

    def _tried(
        self, ask: Question, kept: Kept, waiting: list[tuple[int, Rows]], usd: float, best: Spot | None
    ) -> tuple[float, Spot | None]:
        """Serve some rows under the targets, raise their bounds, and keep the cheapest."""
        waiting = [(i, rows) for i, rows in waiting if len(rows)]
        blocks = [_aimed(ask, self.lots[i].block.part(rows)) for i, rows in waiting]
        for (i, rows), block, done in zip(
            waiting, blocks, served(ask.book, ask.traffic, kept.scales, blocks), strict=True
        ):
            lot = replace(self.lots[i], block=block)
            kept.entries.append(OfferedBlock(block.light(), done, lot.undominated, lot.undominated))
            costs = np.stack([_costs(ask, lot, done, scale) for scale in range(len(kept.scales))])
            self.least[i][rows] = costs.min(axis=(0, 2))
            scale, row, offer = (int(v) for v in np.unravel_index(costs.argmin(), costs.shape))
            if costs[scale, row, offer] < usd:
                usd, best = float(costs[scale, row, offer]), Spot(len(kept.entries) - 1, row, scale, offer)
        return usd, best


def _aimed(ask: Question, block: Block) -> Block:
    """The block with the targets of `ask` where somebody waits."""
    d, waits = block.demand, block.defer < 1
    ttft = np.where(waits, ask.traffic.ttft_limit_s, math.inf)
    tpot = np.where(waits, ask.traffic.tpot_limit_s, math.inf)
    return replace(block, demand=replace(d, ttft_limit_s=ttft, tpot_limit_s=tpot))
