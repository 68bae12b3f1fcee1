"""Strategies on a workload: resolve, compute all candidates at once, choose, and add up the parts of each answer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from components.catalog.own_records import NOTHING_OWN
from components.catalog.parameters import load_parameters
from components.engine.economics.per_token import token_cost
from components.engine.facts.book import NO_SERVERS, Book, book_of
from components.engine.outcome.batch import Batch, FleetRows, stack
from components.engine.outcome.compute import Computed, compute
from components.engine.serving.peak import Binding
from components.engine.strategy.resolve import resolve

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from components.catalog.load import Catalog
    from components.catalog.own_records import Own
    from components.catalog.records import Accelerator
    from components.engine.economics.staff import Team
    from components.engine.economics.terms import Purchase
    from components.engine.facts.arrays import Vec
    from components.engine.scenario import Prices, Scenario, Strategy, Workload
    from components.engine.strategy.own_measurement import Factors
    from components.engine.strategy.records import Candidate, Candidates, Deployment, Resolved


@dataclass(frozen=True, slots=True)
class Fleet:
    """One fleet of a strategy: what its candidates came to, and the one chosen."""

    deployment: Deployment
    found: Candidates
    chip: Accelerator
    purchase: Purchase
    batch: Batch
    """Candidates of all strategies evaluated together."""
    computed: Computed
    """What those came to, row by row."""
    rows: range
    """Rows of this fleet's candidates."""
    chosen: int
    """Row in use."""

    @property
    def candidate(self) -> Candidate:
        """The replica in use."""
        return self.found[self.chosen - self.rows.start]

    @property
    def works(self) -> bool:
        """Whether it fits and meets its targets."""
        return bool(self.computed.feasible[self.chosen])

    @property
    def chips_per_replica(self) -> int:
        """Chips beside it that keep weights in SRAM included, the prefill pool's left out. [1]"""
        return self.candidate.layout.chips + self.deployment.sram_chips

    @property
    def chips_per_pool_replica(self) -> int:
        """Chips that read prompts together; 0 without a prefill pool. [1]"""
        return self.candidate.pool_layout.chips if self.candidate.pool_layout is not None else 0

    @property
    def pool_accelerators(self) -> int:
        """Chips of the prefill pool, spare included. [1]"""
        return int(self.computed.service.prefill_replicas[self.chosen]) * self.chips_per_pool_replica

    @property
    def accelerators(self) -> int:
        """Chips that exist: spare replicas, prefill pool and chips for weights in SRAM included. [1]"""
        return int(self.computed.service.replicas[self.chosen]) * self.chips_per_replica + self.pool_accelerators

    @property
    def output_tokens_per_s(self) -> float:
        """What the replicas that carry the peak can deliver inside the targets. [tokens/s]"""
        return float(self.computed.service.output_tokens_per_s_capacity[self.chosen])


@dataclass(frozen=True, slots=True)
class Footprint:
    """Electricity and carbon of a strategy; None is not published."""

    power_kw: float | None = None
    """Mean facility power over the month. [kW]"""
    energy_kwh_per_month: float | None = None
    carbon_kg_per_month: float | None = None
    """None where the grid is not known."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One strategy, computed: fleets of machines, and the bill of all its parts."""

    resolved: Resolved
    fleets: tuple[Fleet, ...]
    """None where nothing could be built, or all is bought per token."""
    parts_usd_per_month: dict[str, float]
    """Empty where there is no price."""

    @property
    def priced(self) -> bool:
        """Whether it can be built and its cost be told."""
        return self.resolved.feasible and bool(self.parts_usd_per_month)

    @property
    def cost_usd_per_month(self) -> float:
        """All parts; NaN where the strategy has no price. [USD/month]"""
        return sum(self.parts_usd_per_month.values()) if self.parts_usd_per_month else float("nan")

    @property
    def works(self) -> bool:
        """Whether it resolves and every fleet meets its targets."""
        return self.resolved.feasible and all(fleet.works for fleet in self.fleets)

    @property
    def footprint(self) -> Footprint:
        """What all fleets use together; not known where a platform serves a share, for it publishes nothing."""
        if not self.fleets or any(d.api is not None for d in self.resolved.deployments):
            return Footprint()
        used = [(fleet.computed.energy, fleet.chosen) for fleet in self.fleets]
        carbon_kg = float(sum(e.carbon_kg_per_month[i] for e, i in used))
        return Footprint(
            power_kw=float(sum(e.power_kw[i] for e, i in used)),
            energy_kwh_per_month=float(sum(e.kwh_per_month[i] for e, i in used)),
            carbon_kg_per_month=None if math.isnan(carbon_kg) else carbon_kg,
        )


def open_book(catalog: Catalog) -> Book:
    """The look-ups that every evaluation of a catalog at published prices shares."""
    return book_of(catalog, load_parameters())


def priced_book(
    catalog: Catalog, prices: Prices, baseline: Strategy, workload: Workload, own: Own = NOTHING_OWN
) -> Book:
    """The look-ups under the reader's own figures.

    Args:
        catalog: the facts as published.
        prices: the reader's own figures.
        baseline: whose people are there already, where only the difference is charged.
        workload: what those people serve.
        own: the reader's own chips and models.
    """
    whole = book_of(catalog, load_parameters(), prices, own=own)
    if prices.staff != "difference" or workload.preset not in catalog.workloads:
        return whole
    (today,) = evaluate([baseline], workload, whole)
    return book_of(catalog, load_parameters(), prices, _already(today.fleets), own)


def scenario_book(scenario: Scenario, catalog: Catalog) -> Book:
    """The look-ups under a scenario's own figures, with its own chips and models."""
    return priced_book(catalog, scenario.prices, scenario.strategies[0], scenario.workload, scenario.own)


def bill(scenario: Scenario, strategy: Strategy, catalog: Catalog) -> float:
    """What one strategy costs beside a scenario's baseline; NaN where it cannot be built or priced. [USD/month]"""
    book = scenario_book(scenario, catalog)
    (outcome,) = evaluate([strategy], scenario.workload, book, scenario.reference_model)
    return outcome.cost_usd_per_month if outcome.works else math.nan


def fleets_of(resolved: Resolved) -> list[FleetRows]:
    """Each fleet of machines that has a candidate, in the order of the deployments; a per-token purchase is none."""
    bought = [(d, d.chip, d.purchase) for d in resolved.deployments]
    return [
        FleetRows(resolved, d, d.candidates, chip, purchase)
        for d, chip, purchase in bought
        if chip is not None and purchase is not None and d.candidates is not None
    ]


def severity(computed: Computed) -> NDArray[np.int8]:
    """What is wrong with a row whatever its volume: 0 nothing; 1 it misses a target even alone; 2 it does not fit."""
    binding = computed.service.binding
    unfit = (binding == Binding.WEIGHTS) | (binding == Binding.SEQUENCE)
    return np.where(unfit, np.int8(2), (binding != Binding.OK).astype(np.int8))


SAME_COST = 1e-9
"""Relative difference below which two bills are one: rounding must not choose between them. [1]"""


def preferred(severe: NDArray[np.int8], usd: Vec) -> NDArray[np.intp]:
    """Position along the first axis of the cheapest among the least severe; of equals, the first."""
    open_to_choice = np.where(severe == severe.min(axis=0), usd, np.inf)
    return np.asarray((open_to_choice <= open_to_choice.min(axis=0) * (1 + SAME_COST)).argmax(axis=0))


def evaluate(
    strategies: Sequence[Strategy],
    workload: Workload,
    book: Book,
    reference_model: str | None = None,
    carried: Sequence[Factors] | None = None,
) -> list[Outcome]:
    """Each strategy on the workload, all in one vectorised pass.

    Args:
        strategies: any number; equal ones are computed once by the caller's choice.
        workload: what is asked for.
        book: `open_book(catalog)`.
        reference_model: id of the model whose quality is the measure; each strategy's own if not given.
        carried: speed of each main fleet over the modelled one; each strategy's own measurement if not given.
    Returns: in the order given. A strategy that cannot be built has no fleets and says why in `resolved.reasons`.
    """
    speeds: Sequence[Factors | None] = [None] * len(strategies) if carried is None else carried
    resolved = [
        resolve(book, strategy, workload, reference_model, factors)
        for strategy, factors in zip(strategies, speeds, strict=True)
    ]
    asked = [fleets_of(one) for one in resolved]
    fleets = iter(_computed([fleet for some in asked for fleet in some], book))
    return [_outcome(one, tuple(islice(fleets, len(some)))) for one, some in zip(resolved, asked, strict=True)]


def _computed(asked: Sequence[FleetRows], book: Book) -> list[Fleet]:
    """All fleets of all strategies in one pass, each with the replica it uses."""
    if not asked:
        return []
    batch = stack(asked, book)
    computed = compute(batch, book.parameters)
    severe, usd = severity(computed), computed.cost.total
    ends = np.cumsum([len(fleet.found) for fleet in asked]).tolist()
    found = []
    for fleet, start, end in zip(asked, [0, *ends], ends, strict=False):
        chosen = start + int(preferred(severe[start:end], usd[start:end]))
        found.append(
            Fleet(fleet.deployment, fleet.found, fleet.chip, fleet.purchase, batch, computed, range(start, end), chosen)
        )
    return found


def _outcome(resolved: Resolved, fleets: tuple[Fleet, ...]) -> Outcome:
    """A strategy's fleets and the parts of its bill, per-token purchases and extras included."""
    parts: dict[str, float] = {}
    for deployment in resolved.deployments:
        if deployment.api is not None:
            bill = token_cost(deployment.api, deployment.requests_per_month)
            _add(parts, {name: float(usd) for name, usd in bill.items()})
    for fleet in fleets:
        _add(parts, fleet.computed.cost.parts(fleet.chosen))
    if fleets:
        parts["staff"] = float(_team(fleets).usd_per_month(*servers_of(fleets))[0])
    if parts and resolved.extra_usd_per_day:
        _add(parts, {"support_overheads": resolved.extra_usd_per_month})
    return Outcome(resolved, fleets, parts)


def people_of(fleets: Sequence[Fleet]) -> float:
    """People charged who run all fleets of a strategy together; none without a fleet. [1]"""
    return float(_team(fleets).people(*servers_of(fleets))[0]) if fleets else 0.0


def _already(fleets: Sequence[Fleet]) -> tuple[float, float]:
    """Servers and owned ones that people look after today."""
    if not fleets:
        return NO_SERVERS
    servers, owned = servers_of(fleets)
    return float(servers[0]), float(owned[0])


def _team(fleets: Sequence[Fleet]) -> Team:
    return fleets[0].batch.team.take(slice(0, 1))


def servers_of(fleets: Sequence[Fleet]) -> tuple[Vec, Vec]:
    """Servers that people look after and those of them that are owned, each of shape (1,). [1]"""
    rows = [(fleet.computed, slice(fleet.chosen, fleet.chosen + 1)) for fleet in fleets]
    servers = np.sum([c.servers[row] for c, row in rows], axis=0)
    return servers, np.sum([c.owned_servers[row] for c, row in rows], axis=0)


def _add(parts: dict[str, float], more: dict[str, float]) -> None:
    for name, usd in more.items():
        parts[name] = parts.get(name, 0.0) + usd
