"""Every way to buy as a line over the requests: those that are evaluated, and the own hall and the hybrid from them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from components.engine.economics.monthly_bill import annuity_usd_per_month
from components.engine.facts.arrays import Vec, one
from components.engine.plan.base_and_burst import Mixed, Pairs, mixed_points, pairs_of
from components.engine.plan.cost_points import Points, cost_points
from components.engine.plan.ways_to_buy import HALL, IN_OWN_HALL, Way, renamed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from components.engine.facts.book import Book

STEPS = 16
"""Servers up to which each one is a step that is seen. [1]"""
HALL_KW = 1e3
"""The build cost of a hall is published per megawatt: below one, nobody builds. [kW]"""


class Hall(NamedTuple):
    """What an own hall costs against a rented one."""

    share: float
    """Of the rent. [1]"""
    rent_usd_per_kw: float


def hall_of(book: Book) -> Hall:
    """Payment for a hall that is built, per kilowatt, over the rent of one."""
    build = one(book.value("facility_build") / HALL_KW)
    life, interest = one(book.value("facility_life_years")), one(book.value("cost_of_capital"))
    rent = book.value("colo_us_primary")
    return Hall(float(annuity_usd_per_month(build, life, interest, one(0.0))[0]) / rent, rent)


class Lines:
    """Every way as a line over the requests, in one call for any of them."""

    def __init__(self, found: tuple[Way, ...], book: Book, requests_per_day: float) -> None:
        """Ways computed at `requests_per_day`, with those that follow from them."""
        self.g, self.hall, self.unit = book.parameters, hall_of(book), requests_per_day
        self.pairs: Pairs = pairs_of(found)
        owned = next(way for way in found if way.key == "owned")
        self.outcomes = [way.outcome for way in found]
        self.ways = [*found, renamed(owned, HALL, IN_OWN_HALL)]
        self.of = [*range(len(found)), found.index(owned)]
        self.count = len(self.ways) + 1

    def points(self, which: NDArray[np.intp], volume: Vec) -> Points:
        """Lines at volumes, each of shape (n,). The last line is the hybrid."""
        factor = volume / self.unit
        mixed, hall = which == self.count - 1, which == self.count - 2
        index = np.asarray([*self.of, 0])[which]
        kept = np.flatnonzero(~mixed)
        found = Points(*np.full((7, len(which)), np.nan))
        found.put(kept, cost_points(self.outcomes, index[kept], factor[kept], self.g))
        if hall.any():
            self._built(found, hall)
        if mixed.any() and self.pairs.pairs:
            found.put(np.flatnonzero(mixed), mixed_points(self.pairs, factor[mixed], self.g)[0])
        return found

    def _built(self, found: Points, hall: NDArray[np.bool_]) -> None:
        """Put the payment for an own hall in the place of rent, from one megawatt on."""
        space = found.facility_usd_per_month[hall]
        saved = space * (1 - self.hall.share)
        large = space >= HALL_KW * self.hall.rent_usd_per_kw
        found.usd_per_month[hall] = np.where(large, found.usd_per_month[hall] - saved, np.nan)
        found.facility_usd_per_month[hall] = space - saved

    def usd(self, which: NDArray[np.intp], volume: Vec) -> Vec:
        """Cost alone. [USD/month]"""
        return self.points(which, volume).usd_per_month

    def table(self, volumes: Vec) -> Points:
        """Every line at every volume: fields of shape (lines, k)."""
        which = np.repeat(np.arange(self.count), len(volumes))
        found = self.points(which, np.tile(volumes, self.count))
        return Points(*(getattr(found, name).reshape(self.count, -1) for name in Points.__slots__))

    def with_steps(self, x: Vec, table: Points, way: Way) -> tuple[Vec, Points]:
        """The table with the volumes just before and at which one way takes a server more, as long as steps are seen.

        Args: x, volumes, shape (k,); table of the lines at them; way, whose servers are those of all ways on machines.
        """
        if len(way.outcome.fleets) != 1:
            return x, table
        fleet, line = way.outcome.fleets[0], self.ways.index(way)
        sizing, demand = fleet.computed.service.sizing, fleet.batch.demand
        rows = np.unique(table.row[line][table.row[line] >= 0]).astype(np.intp)
        carried = sizing.rate_max_per_replica[rows] * (1 - demand.headroom[rows]) / demand.peak_requests_per_s[rows]
        last = np.outer(carried * self.unit, np.arange(1, STEPS + 1)).ravel()
        last = last[(last > x[0]) & (last < x[-1])]
        steps = np.setdiff1d(np.concatenate([last, last * (1 + 1e-9)]), x)
        if not len(steps):
            return x, table
        every, more = np.concatenate([x, steps]), self.table(steps)
        order = np.argsort(every, kind="stable")
        fields = (np.concatenate([getattr(table, n), getattr(more, n)], axis=1) for n in Points.__slots__)
        return every[order], Points(*(field[:, order] for field in fields))

    def mix(self, volume: float) -> Mixed | None:
        """The hybrid at one volume."""
        if not self.pairs.pairs:
            return None
        return mixed_points(self.pairs, one(volume / self.unit), self.g)[1]
