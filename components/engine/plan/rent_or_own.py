"""Rent, own or API: monthly cost of every way to buy against volume, and where the cheapest changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from components.engine.comparison.choice import eligible
from components.engine.facts.arrays import Vec, one
from components.engine.facts.trust import SAME_COST
from components.engine.facts.workload import effective_workload
from components.engine.outcome.evaluation import scenario_book
from components.engine.plan.cost_points import Points
from components.engine.plan.crossovers import Crossing, cheapest, crossings
from components.engine.plan.ownership import bill_of_owning
from components.engine.plan.volume_lines import Lines
from components.engine.plan.volume_records import Base, BreakEven, BreakEvenPoint, Drawn
from components.engine.plan.ways_to_buy import EDGE, HALL, MIX, Way, Words, ways

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from components.catalog.load import Catalog
    from components.engine.answer.records import Answer
    from components.engine.scenario import Scenario, Strategy

POINTS = 200
FIRST, LAST = 1e3, 1e9
"""Requests a day at the ends of the picture. [1/day]"""
PROBE = 1e6
"""Requests a day at which ways are laid out where nobody asks today. [1/day]"""
MIXED = Words("Base held, peak bought", "Holding the base and buying the peak", "mix")


def chosen_by_default(scenario: Scenario, answers: tuple[Answer, ...]) -> int:
    """The cheapest strategy on machines that may be the best, else the first on machines, else the baseline."""
    machines = [i for i, s in enumerate(scenario.strategies) if s.buy != "api"]
    fit = [i for i in eligible(answers, scenario.workload.grade) if i in machines]
    return next(iter([*fit, *machines, 0]))


def laid_out(scenario: Scenario, catalog: Catalog) -> Scenario:
    """The scenario, at a volume at which fleets can be laid out where nobody asks today."""
    if effective_workload(scenario.workload, catalog).requests_per_day > 0:
        return scenario
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
    asked = laid_out(scenario, catalog)
    book, strategy = scenario_book(asked, catalog), scenario.strategies[index]
    found = ways(strategy, asked, book)
    lines = Lines(found, book, today or PROBE)
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
        base=base_at(lines, today),
        threshold=(trigger.low or 0.0, trigger.high or 0.0),
        data_date=catalog.data_date,
        ownership=bill_of_owning(_owned(found, strategy).outcome, book),
        ways=found,
    )


def _owned(found: tuple[Way, ...], strategy: Strategy) -> Way:
    """The strategy itself where it is owned, else its machines bought."""
    owned = [way for way in found if way.key == "owned" or (way.strategy == strategy and strategy.buy == "owned")]
    return owned[-1]


def _drawn(lines: Lines, table: Points, now: Points | None) -> list[Drawn]:
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


def _crossover(lines: Lines, turn: Crossing, winners: NDArray[np.intp], place: dict[int, int]) -> BreakEvenPoint:
    both = winners[[turn.below, turn.above]]
    at = lines.points(both, np.array([turn.volume, turn.volume * (1 + 1e-9)]))
    busy = at.busy_share[::-1]
    known = busy[np.isfinite(busy)]
    return BreakEvenPoint(
        requests_per_day=turn.volume,
        below=place[int(both[0])],
        above=place[int(both[1])],
        usd_per_month=float(at.usd_per_month[0]),
        busy_share=float(known[0]) if len(known) else float("nan"),
        equal=turn.equal,
    )


def _reign(
    drawn: tuple[Drawn, ...], x: Vec, flips: tuple[BreakEvenPoint, ...], winner: int | None, today: float
) -> tuple[BreakEvenPoint | None, BreakEvenPoint | None]:
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


def base_at(lines: Lines, today: float) -> Base | None:
    """What the hybrid holds and buys at a volume; None where there is none."""
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
