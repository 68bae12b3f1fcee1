"""Rent, own or API: monthly cost of every way to buy against volume, and where the cheapest changes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from components.engine.comparison.choice import eligible
from components.engine.economics.monthly_bill import annuity_usd_per_month
from components.engine.facts.arrays import Vec, one
from components.engine.facts.trust import SAME_COST
from components.engine.facts.workload import effective_workload
from components.engine.outcome.evaluation import scenario_book
from components.engine.plan.base_and_burst import Mixed, Pairs, mixed_points, pairs_of
from components.engine.plan.cost_points import Points, cost_points
from components.engine.plan.crossovers import Crossing, cheapest, crossings
from components.engine.plan.ownership import Ownership, bill_of_owning
from components.engine.plan.ways_to_buy import EDGE, HALL, IN_OWN_HALL, MIX, Way, Words, renamed, ways

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from components.catalog.load import Catalog
    from components.engine.answer.records import Answer
    from components.engine.facts.book import Book
    from components.engine.plan.ways_to_buy import Family
    from components.engine.scenario import Buy, Scenario, Strategy

POINTS = 200
FIRST, LAST = 1e3, 1e9
"""Requests a day at the ends of the picture. [1/day]"""
STEPS = 16
"""Servers up to which each one is a step that is seen. [1]"""
PROBE = 1e6
"""Requests a day at which ways are laid out where nobody asks today. [1/day]"""
HALL_KW = 1e3
"""The build cost of a hall is published per megawatt: below one, nobody builds. [kW]"""
MIXED = Words("Base held, peak bought", "Holding the base and buying the peak", "mix")


@dataclass(frozen=True, slots=True)
class Drawn:
    """One way over the volumes of the picture; arrays of shape (k,)."""

    key: str
    label: str
    doing: str
    family: Family
    buy: Buy | None
    """How its machines or tokens are bought; None for two ways together and for users' devices."""
    may_win: bool
    doubt: str
    """Why it may not be called the cheapest; empty where it may."""
    estimated: bool
    """Whether its price is estimated or its machine announced."""
    usd_per_month: Vec
    """NaN where it does not work. [USD/month]"""
    idle_usd_per_month: Vec
    busy_share: Vec
    """NaN where no hours are paid. [1]"""
    replicas: Vec
    today_usd_per_month: float
    """NaN where nobody asks today, or it does not work. [USD/month]"""
    today_busy_share: float
    answer: Answer | None = None
    """At today's volume; None for what follows from other ways."""


@dataclass(frozen=True, slots=True)
class Crossover:
    """Where the cheapest way changes."""

    requests_per_day: float
    below: int
    """Position in the lines."""
    above: int
    usd_per_month: float
    """Of the way below, at this volume; both are the same where `equal`."""
    busy_share: float
    """Of the machines of the way above, of the one below where it has none; NaN where neither has. [1]"""
    equal: bool
    """Whether both cost the same there; else one more replica turns the order at this volume."""


@dataclass(frozen=True, slots=True)
class Base:
    """What a hybrid holds at today's volume."""

    base: Buy
    """How what carries it is bought."""
    burst: Buy
    replicas: int
    """Held, without the spare. [1]"""
    share: float
    """Of the work. [1]"""
    held_usd_per_month: float
    """Without people, as are the next. [USD/month]"""
    burst_usd_per_month: float
    staff_usd_per_month: float
    """For both together. [USD/month]"""
    beside_usd_per_month: float
    """What runs beside the model. [USD/month]"""


@dataclass(frozen=True, slots=True)
class BreakEven:
    """The answer of the page."""

    strategy: str
    chosen: int | None
    """The line that is bought as the strategy is."""
    requests_per_day: Vec
    lines: tuple[Drawn, ...]
    """Those that have a cost somewhere."""
    left_out: tuple[tuple[str, str], ...]
    """Ways without a cost, each with its reason."""
    crossovers: tuple[Crossover, ...]
    today_requests_per_day: float
    winner: int | None
    """The cheapest that may win at today's volume."""
    wins_from: Crossover | None
    """Where the winner's reign begins, small changes within `SAME_COST` passed over; None at the left end."""
    wins_to: Crossover | None
    base: Base | None
    """The hybrid at today's volume."""
    threshold: tuple[float, float]
    """Rent over the cost of owning from which advisers say to study owning. [1]"""
    data_date: str
    ownership: Ownership
    """The bill of owning at today's volume, in a rented hall."""
    ways: tuple[Way, ...] = field(repr=False)


def chosen_by_default(scenario: Scenario, answers: tuple[Answer, ...]) -> int:
    """The cheapest strategy on machines that may be the best, else the first on machines, else the baseline."""
    machines = [i for i, s in enumerate(scenario.strategies) if s.buy != "api"]
    fit = [i for i in eligible(answers, scenario.workload.grade) if i in machines]
    return next(iter([*fit, *machines, 0]))


class _Hall(NamedTuple):
    """What an own hall costs against a rented one."""

    share: float
    """Of the rent. [1]"""
    rent_usd_per_kw: float


def _hall(book: Book) -> _Hall:
    """Payment for a hall that is built, per kilowatt, over the rent of one."""
    build = one(book.value("facility_build") / HALL_KW)
    life, interest = one(book.value("facility_life_years")), one(book.value("cost_of_capital"))
    rent = book.value("colo_us_primary")
    return _Hall(float(annuity_usd_per_month(build, life, interest, one(0.0))[0]) / rent, rent)


class _Lines:
    """Every way as a line over the requests, in one call for any of them."""

    def __init__(self, found: tuple[Way, ...], book: Book, requests_per_day: float) -> None:
        """Ways computed at `requests_per_day`, with those that follow from them."""
        self.g, self.hall, self.unit = book.parameters, _hall(book), requests_per_day
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


def _laid_out(scenario: Scenario) -> Scenario:
    """The scenario at a volume at which fleets can be laid out, where nobody asks today."""
    workload = scenario.workload.model_copy(update={"requests_per_day": PROBE})
    return scenario.model_copy(update={"workload": workload})


def break_even(scenario: Scenario, index: int, catalog: Catalog) -> BreakEven:
    """Monthly cost of every way to buy one strategy's service against volume, and every change of the cheapest.

    Args:
        scenario: the page; its floor of quality decides with the strategy's own what may be called the cheapest.
        index: of the strategy whose model, machine, formats and workload levers all ways share.
        catalog: the facts.
    """
    today = effective_workload(scenario.workload, catalog).requests_per_day
    asked = scenario if today > 0 else _laid_out(scenario)
    book, strategy = scenario_book(asked, catalog), scenario.strategies[index]
    found = ways(strategy, asked, book)
    lines = _Lines(found, book, today or PROBE)
    x = np.unique(np.concatenate([np.geomspace(FIRST, LAST, POINTS), [today] * (FIRST <= today <= LAST)]))
    x, table = lines.with_steps(x, lines.table(x), _owned(found, strategy))
    now = lines.table(one(today)) if today > 0 else None
    every = _drawn(lines, table, now)
    known = [i for i, each in enumerate(every) if np.isfinite(each.usd_per_month).any()]
    drawn = tuple(every[i] for i in known)
    winners = np.array([i for i, each in zip(known, drawn, strict=True) if each.may_win], dtype=np.intp)
    turns = crossings(lambda which, v: lines.usd(winners[which], v), len(winners), x, table.usd_per_month[winners])
    place = {i: position for position, i in enumerate(known)}
    flips = tuple(_crossover(lines, turn, winners, place) for turn in turns)
    winner = _winner(drawn)
    reign = _reign(drawn, x, flips, winner, today)
    trigger = catalog.economics["cloud_vs_own_threshold"]
    return BreakEven(
        strategy=strategy.name,
        chosen=next((place[i] for i, way in enumerate(found) if way.strategy == strategy and i in place), None),
        requests_per_day=x,
        lines=drawn,
        left_out=tuple((e.label, e.doubt) for i, e in enumerate(every) if i not in place),
        crossovers=flips,
        today_requests_per_day=today,
        winner=winner,
        wins_from=reign[0],
        wins_to=reign[1],
        base=_base(lines, today),
        threshold=(trigger.low or 0.0, trigger.high or 0.0),
        data_date=catalog.data_date,
        ownership=bill_of_owning(_owned(found, strategy).outcome, book),
        ways=found,
    )


def _owned(found: tuple[Way, ...], strategy: Strategy) -> Way:
    """The strategy itself where it is owned, else its machines bought."""
    owned = [way for way in found if way.key == "owned" or (way.strategy == strategy and strategy.buy == "owned")]
    return owned[-1]


def _drawn(lines: _Lines, table: Points, now: Points | None) -> list[Drawn]:
    """Every line as it is shown."""
    found = []
    for i in range(lines.count):
        mixed = i == lines.count - 1
        way = None if mixed else lines.ways[i]
        words = MIXED if way is None else way.words
        doubt = lines.pairs.missing if way is None else way.doubt.words
        if not doubt and not np.isfinite(table.usd_per_month[i]).any():
            doubt = "no fleet of this picture is large enough" if way is None else "it draws less than a megawatt"
        busy = np.asarray(table.line(i).busy_share)
        found.append(
            Drawn(
                key=MIX if way is None else way.key,
                label=words.label,
                doing=words.doing,
                family=words.family,
                buy=None if way is None or way.key == EDGE else way.strategy.buy,
                may_win=not doubt,
                doubt=doubt,
                estimated=way is not None and way.answer.basis in {"estimated", "announced"},
                usd_per_month=table.usd_per_month[i],
                idle_usd_per_month=table.idle_usd_per_month[i],
                busy_share=busy,
                replicas=table.replicas[i],
                today_usd_per_month=float(now.usd_per_month[i, 0]) if now is not None else float("nan"),
                today_busy_share=float(now.line(i).busy_share[0]) if now is not None else float("nan"),
                answer=way.answer if way is not None and way.key != HALL else None,
            )
        )
    return found


def _winner(drawn: tuple[Drawn, ...]) -> int | None:
    """The cheapest that may win today."""
    usd = np.array([[each.today_usd_per_month if each.may_win else np.nan] for each in drawn]).reshape(-1, 1)
    best = int(cheapest(usd)[0]) if len(usd) else -1
    return best if best >= 0 else None


def _crossover(lines: _Lines, turn: Crossing, winners: NDArray[np.intp], place: dict[int, int]) -> Crossover:
    both = winners[[turn.below, turn.above]]
    at = lines.points(both, np.array([turn.volume, turn.volume * (1 + 1e-9)]))
    busy = at.busy_share[::-1]
    known = busy[np.isfinite(busy)]
    return Crossover(
        requests_per_day=turn.volume,
        below=place[int(both[0])],
        above=place[int(both[1])],
        usd_per_month=float(at.usd_per_month[0]),
        busy_share=float(known[0]) if len(known) else float("nan"),
        equal=turn.equal,
    )


def _reign(
    drawn: tuple[Drawn, ...], x: Vec, flips: tuple[Crossover, ...], winner: int | None, today: float
) -> tuple[Crossover | None, Crossover | None]:
    """First and last change of the stretch around today in which the winner costs about the least."""
    if winner is None:
        return None, None
    usd = np.array([np.where(np.isfinite(e.usd_per_month) & e.may_win, e.usd_per_month, np.inf) for e in drawn])
    about = usd[winner] <= usd.min(axis=0) * SAME_COST
    here = int(np.clip(np.searchsorted(x, today), 0, len(x) - 1))
    off_left = np.flatnonzero(~about[:here])
    off_right = np.flatnonzero(~about[here + 1 :])
    left = x[off_left[-1]] if len(off_left) else 0.0
    right = x[here + 1 + off_right[0]] if len(off_right) else np.inf
    begins = [c for c in flips if c.above == winner and left <= c.requests_per_day <= today]
    ends = [c for c in flips if c.below == winner and today <= c.requests_per_day <= right]
    return (begins[0] if begins else None), (ends[-1] if ends else None)


def _base(lines: _Lines, today: float) -> Base | None:
    found = lines.mix(today) if today > 0 else None
    if found is None or not np.isfinite(found.usd[0]):
        return None
    pair = lines.pairs.pairs[int(found.pair[0])]
    return Base(
        base=pair.base.strategy.buy,
        burst=pair.burst.strategy.buy,
        replicas=int(found.base_replicas[0]),
        share=float(found.base_share[0]),
        held_usd_per_month=float(found.held_usd[0]),
        burst_usd_per_month=float(found.burst_usd[0]),
        staff_usd_per_month=float(found.staff_usd[0]),
        beside_usd_per_month=pair.base.outcome.resolved.extra_usd_per_month,
    )
