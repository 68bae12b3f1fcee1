"""What is kept of a pass: the best of each seller, fronts, cheaper ones that miss one limit. Never the whole space."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from components.engine.facts.trust import BASES, CONFIDENCE
from components.engine.search.ask.limits import Limit
from components.engine.search.ask.requirements import Objective
from components.engine.search.price.limits import Mask, OptionFigures, faults, figures, late_rows, named_faults
from components.engine.search.price.offers import machine_trust
from components.engine.search.rank.option import Option
from components.engine.search.rank.order import PAIRS, Order, alike, best_rows, front, values
from components.engine.strategy.quality import GRADES

if TYPE_CHECKING:
    from components.engine.scenario import Scale
    from components.engine.search.ask.replicas import Block, Question
    from components.engine.search.price.offers import Offer, Offers
    from components.engine.search.price.served import Served


CELLS = 200_000
"""Configurations priced at once: arrays that stay in the processor's cache. [1]"""


IMPOSSIBLE = 64
"""More limits than there are. [1]"""


BEST_OF_BLOCK = 8
"""Sellers kept for one model on one chip. [1]"""


class Spot(NamedTuple):
    """A configuration by position."""

    entry: int
    row: int
    scale: int
    offer: int


@dataclass(frozen=True, slots=True)
class OfferedBlock:
    """A block with what it came to and how it can be bought."""

    block: Block
    served: Served
    offers: Offers
    undominated: Offers
    """Of the offers, those that some replica may prefer."""


@dataclass(frozen=True, slots=True)
class Near:
    """A configuration that misses limits: its spot, the figure of the first limit, and the order's chain."""

    spot: Spot
    undominated: bool
    """Whether the offer counts in `OfferedBlock.undominated`."""
    figure: float
    chain: tuple[float, ...]


@dataclass(slots=True)
class Kept:
    """State of a pass."""

    ask: Question
    order: Order
    scales: tuple[Scale, ...]
    entries: list[OfferedBlock] = field(default_factory=list)
    best: list[tuple[tuple[float, ...], Spot]] = field(default_factory=list)
    near: dict[Limit, list[Near]] = field(default_factory=dict)
    """By limit, the best of each block among what misses only this one."""
    fronts: dict[tuple[Objective, Objective], tuple[NDArray[np.float64], NDArray[np.intp]]] = field(
        default_factory=dict
    )
    """By pair: points of shape (n, 2) and their spots of shape (n, 4), offers in `OfferedBlock.undominated`."""
    closest: tuple[int, float, tuple[Limit, ...], Spot] | None = None
    """Where one limit is not enough: the least number of limits missed, the cost, the limits, and the spot."""
    evaluated: int = 0
    feasible: int = 0

    def add(self, entry: OfferedBlock) -> None:
        """Price a block under every offer and keep what may be reported."""
        number = len(self.entries)
        self.entries.append(entry)
        late = late_rows(self.ask, entry.block, entry.served)
        fit = ~np.any([m[:, 0] for m in late.values()], axis=0) if late else np.ones(len(entry.block.code), dtype=bool)
        for scale in range(len(self.scales)):
            self.evaluated += len(entry.block.code) * int(entry.offers.possible(self.scales[scale]).sum())
            self._near_and_fronts(number, entry, late, scale)
        self._best(number, entry, np.flatnonzero(fit))

    def _best(self, number: int, entry: OfferedBlock, rows: NDArray[np.intp]) -> None:
        """The first of each seller over rows and ways to scale."""
        found: list[tuple[NDArray[np.float64], NDArray[np.intp]]] = []
        step = max(CELLS // max(len(entry.offers.offers), 1), 1)
        for start in range(0, len(rows), step):
            part = rows[start : start + step]
            block, served = entry.block.take(part), entry.served.take(part)
            for scale in range(len(self.scales)):
                f = figures(self.ask, block, served, entry.offers, scale)
                shape = f.cost_usd_per_month.shape
                ok = ~_any(list(faults(self.ask, f, {}).values()), shape) & entry.offers.possible(self.scales[scale])
                self.feasible += int(ok.sum())
                chain = self.order.chain(values(f))
                first, some = best_rows(chain, ok)
                columns = np.flatnonzero(some)
                picked = [np.broadcast_to(v, shape)[first[columns], columns] for v in chain]
                where = [part[first[columns]], np.full(len(columns), scale), columns]
                found.append((np.stack(picked), np.stack(where)))
        if found:
            self._firsts(number, entry, *(np.concatenate(each, axis=1) for each in zip(*found, strict=True)))

    def _firsts(self, number: int, entry: OfferedBlock, chain: NDArray[np.float64], where: NDArray[np.intp]) -> None:
        order = np.lexsort((where[2], *[alike(v) for v in chain[::-1]]))
        sellers = {(o.buy, o.provider): i for i, o in reversed(list(enumerate(entry.offers.offers)))}
        code = np.array([sellers[o.buy, o.provider] for o in entry.offers.offers])[where[2][order]]
        _, firsts = np.unique(code, return_index=True)
        for i in order[np.sort(firsts)][:BEST_OF_BLOCK]:
            row, scale, offer = (int(each) for each in where[:, i])
            self.best.append((tuple(float(alike(v)) for v in chain[:, i]), Spot(number, row, scale, offer)))

    def _near_and_fronts(self, number: int, entry: OfferedBlock, late: dict[Limit, Mask], scale: int) -> None:
        f = figures(self.ask, entry.block, entry.served, entry.undominated, scale)
        shape = f.cost_usd_per_month.shape
        missed = faults(self.ask, f, late)
        count = self._counted(missed, entry.undominated, scale, shape)
        self._nearest(Spot(number, 0, scale, 0), f, missed, count, undominated=True)
        self._fronts(number, f, count == 0, scale)

    def _counted(
        self, missed: dict[Limit, Mask], offers: Offers, scale: int, shape: tuple[int, ...]
    ) -> NDArray[np.int8]:
        """Limits missed by each configuration; a large number where it cannot be bought so."""
        none = np.zeros(shape, dtype=np.int8) + np.where(offers.possible(self.scales[scale]), 0, IMPOSSIBLE).astype(
            np.int8
        )
        return sum((m.astype(np.int8) for m in missed.values()), start=none)

    def _nearest(
        self,
        first_spot: Spot,
        f: OptionFigures,
        missed: dict[Limit, Mask],
        count: NDArray[np.int8],
        *,
        undominated: bool,
    ) -> None:
        """For each limit the best that misses only this one; `first_spot` is that of the first row and offer."""
        chain = self.order.chain(values(f))
        for limit, mask in missed.items():
            only = mask & (count == 1)
            if not only.any():
                continue
            figure = f.of(limit)
            first = chain if undominated or figure is None else [figure, *chain]
            rows, some = best_rows(first, only)
            columns = np.flatnonzero(some)
            flat = [np.broadcast_to(v, count.shape)[rows[columns], columns] for v in first]
            at = int(np.lexsort([alike(v) for v in flat[::-1]])[0])
            row, column = int(rows[columns[at]]), int(columns[at])
            value = 0.0 if figure is None else float(np.broadcast_to(figure, count.shape)[row, column])
            keys = tuple(float(alike(v[at])) for v in flat)
            spot = first_spot._replace(row=first_spot.row + row, offer=column)
            self.near.setdefault(limit, []).append(Near(spot, undominated, value, keys))

    def _fronts(self, number: int, f: OptionFigures, ok: Mask, scale: int) -> None:
        row, column = np.nonzero(ok)
        if not len(row):
            return
        by_name = {n: np.broadcast_to(v, ok.shape)[row, column] for n, v in values(f).items()}
        spots = np.stack([np.full_like(row, number), row, np.full_like(row, scale), column], axis=1)
        for pair in PAIRS:
            points = np.stack([by_name[pair[0]], by_name[pair[1]]], axis=1)
            new = front(points[:, 0], points[:, 1])
            old_points, old_spots = self.fronts.get(pair, (np.empty((0, 2)), np.empty((0, 4), dtype=np.intp)))
            points = np.concatenate([old_points, points[new]])
            where = np.concatenate([old_spots, spots[new]])
            left = front(points[:, 0], points[:, 1])
            self.fronts[pair] = points[left], where[left]

    def add_near_misses(self, entry: OfferedBlock) -> None:
        """Second pass, when nothing fits: find near misses, limits on what is named among them."""
        number = len(self.entries)
        self.entries.append(entry)
        late = late_rows(self.ask, entry.block, entry.served)
        kinds = named_faults(self.ask.q, entry.block, entry.offers)
        step = max(CELLS // max(len(entry.offers.offers), 1), 1)
        for start in range(0, len(entry.block.code), step):
            part = np.arange(start, min(start + step, len(entry.block.code)))
            for scale in range(len(self.scales)):
                f = figures(self.ask, entry.block.take(part), entry.served.take(part), entry.offers, scale)
                missed = faults(self.ask, f, {k: m[part] for k, m in late.items()}) | kinds
                count = self._counted(missed, entry.offers, scale, f.cost_usd_per_month.shape)
                self._nearest(Spot(number, start, scale, 0), f, missed, count, undominated=False)
                self._closest(Spot(number, start, scale, 0), f, missed, count)

    def _closest(self, first_spot: Spot, f: OptionFigures, missed: dict[Limit, Mask], count: NDArray[np.int8]) -> None:
        """The cheapest of what misses fewest limits."""
        least = int(count.min())
        cost = np.where(count == least, f.cost_usd_per_month, np.inf)
        row, column = divmod(int(cost.argmin()), count.shape[1])
        found = least, float(cost[row, column])
        if self.closest is None or found < self.closest[:2]:
            limits = tuple(k for k, mask in missed.items() if np.broadcast_to(mask, count.shape)[row, column])
            self.closest = *found, limits, first_spot._replace(row=first_spot.row + row, offer=column)

    def option(self, spot: Spot, *, undominated: bool) -> Option:
        """The configuration at a spot, with its strategy and figures."""
        entry = self.entries[spot.entry]
        offers, rows = (entry.undominated if undominated else entry.offers), np.array([spot.row])
        block, served = entry.block.take(rows), entry.served.take(rows)
        f = figures(self.ask, block, served, offers, spot.scale)
        offer = offers.offers[spot.offer]
        levers = {"buy": offer.buy, "provider": offer.provider, "place": offer.place, "scale": self.scales[spot.scale]}
        errors = float(block.errors[0])
        return Option(
            strategy=block.strategy(0).model_copy(update=levers),
            kind="accelerators",
            seller=seller(offer),
            cost_usd_per_month=float(f.cost_usd_per_month[0, spot.offer]),
            ttft_p95_s=float(served.ttft_p95_s[0]),
            tpot_p95_s=float(served.tpot_p95_s[0]) if self.ask.traffic.osl else None,
            slow_s=float(f.slow_s[0, 0]),
            throughput_tokens_per_s=float(served.capacity_tokens_per_s[0]),
            accelerators=float(f.accelerators[0, 0]),
            power_kw=float(f.power_kw[0, spot.offer]),
            energy_kwh_per_month=float(f.energy_kwh_per_month[0, spot.offer]),
            carbon_kg_per_month=float(f.carbon_kg_per_month[0, spot.offer]),
            grade=GRADES[int(block.grade[0])],
            extra_errors_per_1000=None if np.isinf(errors) else errors,
            confidence=CONFIDENCE[int(f.confidence[0, spot.offer])],
            basis=BASES[max(int(offers.basis[spot.offer]), machine_trust(self.ask.book, block.chip).basis)],
        )

    def named(self, spot: Spot) -> tuple[str, str, str]:
        """Model, machine and seller at a spot of `best`."""
        entry = self.entries[spot.entry]
        return entry.block.model.id, entry.block.chip.id, seller(entry.offers.offers[spot.offer])


def seller(offer: Offer) -> str:
    """Who sells, in words."""
    return offer.provider or ("own machines" if offer.buy == "owned" else "market median")


def _any(masks: list[Mask], shape: tuple[int, ...]) -> Mask:
    found = np.zeros(shape, dtype=bool)
    for mask in masks:
        found |= mask
    return found
