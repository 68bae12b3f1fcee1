"""The plan on its own terms: every strategy's way through the months, the best of them, and what that takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from components.engine.facts.workload import effective_workload
from components.engine.outcome.evaluation import evaluate, scenario_book
from components.engine.plan.cash_flow import (
    flows,
    in_time,
    left_at,
    npv_usd,
    payback_month,
    peak_funding_usd,
    starts_at,
    wrong_answers,
)
from components.engine.plan.cost_table import CostTable, cost_table
from components.engine.plan.months import BASE, Way, base_world, power_kw, run, way_of
from components.engine.plan.terms import Terms, discounted, plan_terms
from components.engine.plan.ways_to_buy import doubt
from components.wording import numbers

if TYPE_CHECKING:
    from components.catalog.load import Catalog
    from components.engine.comparison.records import Comparison
    from components.engine.facts.arrays import Vec
    from components.engine.facts.book import Book
    from components.engine.outcome.evaluation import Outcome
    from components.engine.scenario import PlanTerms, Scenario


@dataclass(frozen=True, slots=True)
class LookUps:
    """What a plan reads and no term of it changes: outcomes of today and a table of costs for each strategy."""

    scenario: Scenario
    book: Book
    names: tuple[str, ...]
    outcomes: tuple[Outcome, ...]
    tables: tuple[CostTable | None, ...]
    """None where a strategy has no price."""
    out: tuple[str, ...]
    """Why a strategy may not be the best, empty where it may."""
    requests_per_day: float


@dataclass(frozen=True, slots=True)
class Case:
    """A plan made computable."""

    terms: Terms
    ways: tuple[Way, ...]
    """Today's first, then those that may be the best and answer before the plan ends."""
    left_out: tuple[tuple[str, str], ...]
    """Names of the others, and why."""
    for_a_time: tuple[Way, ...]
    """Of those left out, own machines that outgrow the power there is: an order of moves may use them until then."""
    looked_up: LookUps


@dataclass(frozen=True, slots=True)
class Path:
    """One strategy's way through the plan; money in USD."""

    index: int
    """In the scenario's order."""
    name: str
    colour: int
    """Number of its colour."""
    first_month: int
    """Month in which it first answers, counted from 1."""
    alone_from: int
    """Month from which today's strategy is no longer paid."""
    volume: Vec
    """Requests of each month over today's, shape (months,). [1]"""
    running_usd: Vec
    """Cost of each month as if it had always been there, shape (months,); the first is Compare's."""
    cost_usd: Vec
    """What each month costs, today's strategy until the move is done and the work of the move included."""
    cash_usd: Vec
    """Paid at the start and at the end of each month, shape (months + 1,)."""
    busy_share: Vec
    """Of the paid machine hours, shape (months,); 0 without machines. [1]"""
    present_usd: float
    """Worth today of all that is paid, less what machines are sold for at the end."""
    saving_usd: float
    """Present value less than staying; negative where it is more."""
    resale_usd: float
    wrong_usd: float
    """Present value of what wrong answers cost, part of `present_usd`; 0 where the reader says nothing of them."""
    payback_month: int | None
    """Month from whose end on it has paid less in all than staying; None within the plan, or where it is today's."""
    peak_funding_usd: float
    """The most that is out beyond what staying would have cost by then."""

    @property
    def total_usd(self) -> float:
        """All payments, not discounted, sales of machines at the end taken off."""
        return float(self.cash_usd.sum())


@dataclass(frozen=True, slots=True)
class BasePlan:
    """The plan without uncertainty."""

    terms: Terms
    paths: tuple[Path, ...]
    """Today's first."""
    best: int
    """Place in `paths` of the one with the lowest present value."""
    left_out: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    """What the plan bets on, the most telling first."""

    @property
    def today(self) -> Path:
        """Staying with today's strategy."""
        return self.paths[0]

    @property
    def chosen(self) -> Path:
        """The best."""
        return self.paths[self.best]

    @property
    def rival(self) -> Path | None:
        """The next best; None where there is no other."""
        others = [p for i, p in enumerate(self.paths) if i != self.best]
        return min(others, key=lambda p: p.present_usd, default=None)

    @property
    def against(self) -> int:
        """Place of what the choice is measured by: staying, or the next best where the choice is to stay."""
        return self.paths.index(self.rival) if self.best == 0 and self.rival is not None else 0

    @property
    def shown(self) -> tuple[int, ...]:
        """Places of the paths in a picture: today's and the best, or the next best where that is to stay."""
        return tuple(dict.fromkeys((0, self.best, self.against)))


def look_ups(scenario: Scenario, result: Comparison, catalog: Catalog) -> LookUps:
    """Today's outcomes with their tables; `result` is the comparison of the same scenario."""
    book = scenario_book(scenario, catalog)
    outcomes = evaluate(scenario.strategies, scenario.workload, book, scenario.reference_model)
    priced = [o.priced for o in outcomes]
    return LookUps(
        scenario=scenario,
        book=book,
        names=result.curves.names,
        outcomes=tuple(outcomes),
        tables=tuple(
            cost_table(o, book.parameters) if told else None for o, told in zip(outcomes, priced, strict=True)
        ),
        out=tuple(
            "" if may and told else doubt(said, result.answers[0], scenario).words
            for may, told, said in zip(result.curves.may_win, priced, result.answers, strict=True)
        ),
        requests_per_day=effective_workload(scenario.workload, catalog).requests_per_day,
    )


def case_of(found: LookUps, plan: PlanTerms) -> Case:
    """The strategies that can be planned with.    Raises: ValueError where today's has no price."""
    terms = plan_terms(plan, found.book)
    ways: list[Way] = []
    for_a_time: list[Way] = []
    left_out: list[tuple[str, str]] = []
    most = float(terms.volume.max())
    for i, table in enumerate(found.tables):
        why = found.out[i] if i or table is None else ""
        if table is not None and not why:
            way = way_of(found, i, table, terms)
            why = _why_not(found, way, terms, most)
            short = _out_of_power(way, terms) if i and not why else ""
            if not i or not (why or short):
                ways.append(way)
                continue
            for_a_time += [way] if short else []
            why = why or short
        if not i:
            raise ValueError(f"{found.names[0]} has no price: nothing can be planned against it")
        left_out.append((found.names[i], why))
    return Case(terms, tuple(ways), tuple(left_out), tuple(for_a_time), found)


def _why_not(found: LookUps, way: Way, terms: Terms, most: float) -> str:
    if not in_time(way, terms):
        months = starts_at(way) + terms.both
        return f"it would answer alone after {months} months only, and the plan ends with month {terms.months}"
    if most > way.table.carries:
        return f"a fixed number of replicas carries {way.table.carries:.3g} times today's requests, not {most:.3g}"
    if terms.wrong_usd and _errors(found, way) is None:
        return "it is not known how many wrong answers it adds, and one costs money here"
    return ""


def _errors(found: LookUps, way: Way) -> float | None:
    return found.outcomes[way.index].resolved.extra_errors_per_1000


def _out_of_power(way: Way, terms: Terms) -> str:
    """From which month on own machines need more power than there is, and how much; empty where they never do."""
    if not np.isfinite(terms.power_kw):
        return ""
    start = starts_at(way) if way.index else 0
    needed = power_kw(way, run(way, base_world(terms), terms, start))[:, 0]
    over = np.flatnonzero(needed > terms.power_kw)
    if not len(over):
        return ""
    return (
        f"it needs {needed[over[0]]:,.4g} kW at full load from month {over[0] + 1} on, and "
        f"{terms.power_kw:,.4g} kW are available"
    )


def base_plan(case: Case) -> BasePlan:
    """Every strategy on the plan's own terms."""
    terms, world = case.terms, base_world(case.terms)
    found = list(flows(case.ways[0], BASE, case.ways, [BASE] * len(case.ways), world, terms))
    today = found[0].cash[:, 0]
    stay, worth = npv_usd(today, terms.discount), discounted(terms.discount, terms.months)[1:]
    paths = []
    for way, flow in zip(case.ways, found, strict=True):
        alone = run(way, world, terms)
        cash = flow.cash[:, 0]
        unsold = cash.copy()
        unsold[-1] += flow.resale_usd[0]
        moves = way.index > 0
        share = way.table.at(alone.held).of(way.table.busy_share) * alone.load / alone.held
        present = npv_usd(cash, terms.discount)
        paths.append(
            Path(
                index=way.index,
                name=way.name,
                colour=case.looked_up.scenario.colour_of[way.index],
                first_month=starts_at(way) + 1 if moves else 1,
                alone_from=left_at(way, terms) + 1 if moves else 1,
                volume=world.volume[:, 0],
                running_usd=(alone.cost + way.wrong_usd * world.volume)[:, 0],
                cost_usd=flow.cost[:, 0],
                cash_usd=cash,
                busy_share=share[:, 0],
                present_usd=present,
                saving_usd=stay - present,
                resale_usd=float(flow.resale_usd[0]),
                wrong_usd=float((worth * wrong_answers(case.ways[0], way, world.volume, terms)[:, 0]).sum()),
                payback_month=payback_month(today, unsold) if moves else None,
                peak_funding_usd=peak_funding_usd(today, unsold),
            )
        )
    best = int(np.argmin([p.present_usd for p in paths]))
    return BasePlan(terms, tuple(paths), best, case.left_out, _bets(case))


def _bets(case: Case) -> tuple[str, ...]:
    """What the plan takes for granted, as sentences without a stop."""
    t = case.terms
    found = [f"requests grow {t.growth:.3g} times a year" if t.growth != 1 else "requests stay as many as today"]
    if any(way.table.machines for way in case.ways):
        found.append(f"prices of chips {_course(t.chips)}{_risen(case.looked_up.book)}")
    if any(way.table.tokens.prompts + way.table.tokens.answers for way in case.ways):
        found.append(f"prices per token {_course(t.tokens)} for the same model")
    carries = case.ways[0].table.carries
    if float(t.volume.max()) > carries:
        found.append(f"today's fixed replicas, full at {carries:.3g} times today's requests, go on serving")
    if t.wrong_usd and _errors(case.looked_up, case.ways[0]) is None:
        found.append("today's strategy adds no wrong answers, for how many is not known")
    if short := _out_of_power(case.ways[0], t):
        found.append(f"today's strategy can stay although {short}")
    return tuple(found)


def _course(change: float) -> str:
    if not change:
        return "stay as they are"
    return f"{'rise' if change > 0 else 'fall'} by {numbers.percent(abs(change))} a year"


def _risen(book: Book) -> str:
    """That rent of one chip rose lately, where it did."""
    row = book.catalog.economics["h100_rent_1y_contract"]
    if not row.low or not row.base or row.base <= row.low:
        return ""
    return f" (rent of the H100 rose by {numbers.percent(row.base / row.low - 1)} in the months to {row.value_date})"
