"""The best plan of moves: which strategy in which month, by dynamic programming, and what waiting costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from components.engine.plan.months import World, base_world, power_kw, run
from components.engine.plan.terms import Terms, discounted

if TYPE_CHECKING:
    from components.engine.facts.arrays import Mask, Vec
    from components.engine.plan.cost_table import Index
    from components.engine.plan.months import Run, Way
    from components.engine.plan.paths import Case


State = tuple[int, int]
"""Place of a strategy and the month, counted from 0, in which it began."""


@dataclass(frozen=True, slots=True)
class Stay:
    """A stretch of months with one strategy."""

    index: int
    """In the scenario's order."""
    name: str
    first_month: int
    """Counted from 1."""
    last_month: int
    """Its last paid month: until the move to the next is done."""

    @property
    def months(self) -> str:
        """In words: "in month 1", "from month 2 to 36"."""
        if self.first_month == self.last_month:
            return f"in month {self.first_month}"
        return f"from month {self.first_month} to {self.last_month}"


@dataclass(frozen=True, slots=True)
class Waiting:
    """What the first move of the best plan would cost if it came later."""

    name: str
    months: tuple[int, ...]
    """Months in which the strategy could first answer, counted from 1."""
    beyond_usd: tuple[float, ...]
    """Present value of each beyond the best month."""

    @property
    def best_month(self) -> int:
        """The month of least cost."""
        return self.months[int(np.argmin(self.beyond_usd))]

    def cost_of(self, later: int) -> float | None:
        """What so many months after the best one cost; None where the plan ends before. [USD]"""
        month = self.best_month + later
        return self.beyond_usd[self.months.index(month)] if month in self.months else None


@dataclass(frozen=True, slots=True)
class SwitchPlan:
    """The cheapest order of strategies on the plan's own terms."""

    stays: tuple[Stay, ...]
    present_usd: float
    waiting: Waiting | None
    """None where nothing moves."""

    @property
    def words(self) -> str:
        """Who answers when: "Platform in month 1, B200, owned from month 2 to 36"."""
        return ", then ".join(f"{stay.name} {stay.months}" for stay in self.paid)

    @property
    def paid(self) -> tuple[Stay, ...]:
        """The stretches that are paid for any month: today's is not where it is left at once."""
        return tuple(stay for stay in self.stays if stay.last_month >= stay.first_month)


def switch_plan(case: Case) -> SwitchPlan:
    """The cheapest sequence of strategies, over every month and every number of moves.

    State: the strategy that answers, and the month it began. A move pays its work, its lead time before, both
    strategies until it is done, what a contract still holds to, and gets what own machines are worth; today's contract
    is paid to its end. Bellman's equation over months, all starts of a strategy in one vectorised run.
    Source: docs/engine.md#plan.
    """
    terms, ways = case.terms, (*case.ways, *case.for_a_time)
    segments = [_segments(way, terms) for way in ways]
    enter, came_from = _forward(ways, segments, terms)
    wrong = _wrong(ways, terms)
    ends = enter + [found[:, -1] for found in segments] + wrong[:, -1:] - wrong[:, :-1]
    place, start = np.unravel_index(int(ends.argmin()), ends.shape)
    present = float(ends[place, start])
    stays: list[Stay] = []
    until, i, s = terms.months, int(place), int(start)
    while True:
        stays.insert(0, Stay(ways[i].index, ways[i].name, s + 1, until))
        if (i, s) == (0, 0):
            break
        before_i, before_s = came_from[i, s]
        until = _until(before_i, s, terms)
        i, s = int(before_i), int(before_s)
    return SwitchPlan(tuple(stays), present, _waiting(ways, terms, segments, stays))


def _wrong(ways: tuple[Way, ...], terms: Terms) -> Vec:
    """Present value of what wrong answers of each strategy cost before a month, shape (ways, months + 1). [USD]

    Only the strategy that answers errs, however long the one before it is paid for.
    """
    paid = np.cumsum(terms.volume * discounted(terms.discount, terms.months)[1:])
    usd = np.array([way.wrong_usd for way in ways])
    return np.asarray(usd[:, None] * np.concatenate([np.zeros(1), paid]))


def _until(place: int, start: int, terms: Terms) -> int:
    """Months paid of the strategy that is left for one that begins in a month."""
    done = start + terms.both
    return max(done, terms.contract) if place == 0 else done


def _segments(way: Way, terms: Terms) -> Vec:
    """Present value of a strategy in use from month s until before month e, at [s, e]; inf where it cannot be. [USD]"""
    n = terms.months
    starts = np.arange(n)
    world = World(*(np.broadcast_to(values, (n, n)) for values in base_world(terms)))
    ran = run(way, world, terms, starts)
    worth = discounted(terms.discount, n)
    paid = ran.cost - ran.payments if way.bought else ran.cost
    flows: Vec = paid * worth[1:, None]
    if way.bought:
        ordered = np.maximum(np.arange(n) - way.lead, 0)
        flows += ran.orders * worth[ordered][:, None] - ran.resale * worth[:-1, None]
    total = np.concatenate([np.zeros((1, n)), np.cumsum(flows, axis=0)])
    found = total.T.copy()
    ends = np.arange(1, n + 1)
    if way.bought:
        found[:, 1:] -= (ran.left * worth[1:, None]).T
    if way.held > 1 and not way.owned:
        found[:, 1:] += _owed(ran.rent * (1 + way.overhead_share), starts, ends, way.held, worth)
    impossible: Mask = ends[None, :] <= starts[:, None]
    found[:, 1:][impossible] = np.inf
    if way.index:
        found[: way.lead] = np.inf
        found[:, 1:][_unpowered(way, ran, terms)] = np.inf
    return found


def _unpowered(way: Way, ran: Run, terms: Terms) -> Mask:
    """Whether own machines outgrow the power there is, at [start, end]."""
    over = power_kw(way, ran) > terms.power_kw
    return np.logical_or.accumulate(over, axis=0).T


def _owed(rent: Vec, starts: Index, ends: Index, held: int, worth: Vec) -> Vec:
    """What a contract still costs when it is left before it ends, the plan's own end aside, at [start, end]. [USD]"""
    n = len(ends)
    used = ends[None, :] - starts[:, None]
    until = np.minimum(starts[:, None] + np.ceil(np.maximum(used, 1) / held).astype(int) * held, n)
    summed = np.concatenate([np.zeros(1), np.cumsum(worth[1:])])
    rest = summed[until] - summed[np.broadcast_to(ends, until.shape)]
    return np.asarray(rent.T * np.where(ends < n, rest, 0.0))


def _forward(
    ways: tuple[Way, ...], segments: list[Vec], terms: Terms
) -> tuple[Vec, dict[tuple[int, int], tuple[int, int]]]:
    """Least present value of all that is paid before a strategy begins, at [place, start], and where it came from."""
    n = terms.months
    enter = np.full((len(ways), n), np.inf)
    enter[0, 0] = 0.0
    came_from: dict[State, State] = {}
    worth, wrong = discounted(terms.discount, n), _wrong(ways, terms)
    for s in range(n):
        done = [_until(place, s, terms) for place in range(len(ways))]
        leave = np.full((len(ways), max(s, 1)), np.inf)
        for place in range(len(ways)):
            if s and done[place] < n:
                leave[place] = enter[place, :s] + segments[place][:s, done[place]] + wrong[place, s] - wrong[place, :s]
        if s == 0:
            leave = _at_the_start(segments, done, len(ways), n)
        for place, way in enumerate(ways):
            if (place, s) == (0, 0) or s < way.lead:
                continue
            options = leave.copy()
            options[place] = np.inf
            best = int(options.argmin())
            least = float(options.flat[best]) + terms.move_usd * float(worth[s])
            if least < enter[place, s]:
                enter[place, s] = least
                came_from[place, s] = divmod(best, options.shape[1])
    return enter, came_from


def _at_the_start(segments: list[Vec], done: list[int], count: int, n: int) -> Vec:
    """Leaving today's strategy in the first month: it is paid until the move is done."""
    leave = np.full((count, 1), np.inf)
    if done[0] < n:
        leave[0, 0] = segments[0][0, done[0]] if done[0] else 0.0
    return leave


def _waiting(ways: tuple[Way, ...], terms: Terms, segments: list[Vec], stays: list[Stay]) -> Waiting | None:
    """Cost of the first move by the month in which its target first answers, and nothing moves after it."""
    if len(stays) < 2:
        return None
    place = next(i for i, way in enumerate(ways) if way.index == stays[1].index)
    worth, wrong = discounted(terms.discount, terms.months), _wrong(ways, terms)
    months, usd = [], []
    for s in range(ways[place].lead, terms.months):
        done = _until(0, s, terms)
        if done >= terms.months or not np.isfinite(segments[place][s, terms.months]):
            break
        before = segments[0][0, done] if done else 0.0
        months.append(s + 1)
        errors = wrong[0, s] + wrong[place, -1] - wrong[place, s]
        usd.append(float(before + terms.move_usd * worth[s] + segments[place][s, terms.months] + errors))
    if not usd:
        return None
    least = min(usd)
    return Waiting(ways[place].name, tuple(months), tuple(u - least for u in usd))
