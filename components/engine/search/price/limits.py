"""Which limits of the question a configuration misses: masks over replicas and offers."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from components.engine.economics.monthly_bill import chips_bought
from components.engine.economics.purchase import sold_together
from components.engine.economics.staff import servers_per_chip, team_of
from components.engine.facts.periods import HOURS_PER_MONTH
from components.engine.facts.trust import CONFIDENCE
from components.engine.search.ask.limits import (
    TARGETS,
    TPOT,
    TTFT,
    Bound,
    LeftOut,
    Limit,
    Named,
    Target,
    WayBought,
    Worst,
    limits_of,
    off,
    value_of,
)
from components.engine.search.price.offers import machine_trust
from components.engine.serving.peak import within_target

if TYPE_CHECKING:
    from components.catalog.records import Accelerator
    from components.engine.facts.arrays import Vec
    from components.engine.search.ask.replicas import Block, Question
    from components.engine.search.ask.requirements import Requirements
    from components.engine.search.price.offers import Offers
    from components.engine.search.price.served import Served


Mask = NDArray[np.bool_]
Rule = Callable[[WayBought], bool]
"""Whether an offer is allowed."""


@dataclass(frozen=True, slots=True)
class OptionFigures:
    """One block under one way to scale and some offers; arrays broadcast to (replicas, offers)."""

    cost_usd_per_month: Vec
    energy_kwh_per_month: Vec
    carbon_kg_per_month: Vec
    extra_errors_per_1000: Vec
    slow_s: Vec
    """Seconds per output token at the median; to the first word where nothing is written."""
    ttft_p95_s: Vec
    tpot_p95_s: Vec
    accelerators: Vec
    throughput_tokens_per_s: Vec
    grade: Vec
    """Position in `GRADES`."""
    confidence: Vec
    """Position in `CONFIDENCE`."""

    @property
    def power_kw(self) -> Vec:
        """Mean facility power. [kW]"""
        return self.energy_kwh_per_month / HOURS_PER_MONTH

    def of(self, limit: Limit) -> Vec | None:
        """The figure that a limit bounds, smaller is better; None for a limit on what is named."""
        match limit:
            case Bound():
                found: Vec = getattr(self, limit.figure)
                return limit.sign * found
            case Target():
                return np.asarray(getattr(self, limit.figure))
            case Worst():
                return np.asarray(getattr(self, limit.name))
        return None


def outer_sum(*pairs: tuple[Vec, Vec]) -> Vec:
    """Sum over pairs of a quantity of each row, shape (n,), times its price in each offer, shape (m,). Shape (n, m)."""
    quantities, prices = zip(*pairs, strict=True)
    return np.asarray(np.stack(quantities, axis=1) @ np.stack(prices))


def _staff(ask: Question, servers: Vec, owned: Vec) -> Vec:
    """What people cost for servers of shape (n,), under offers of machines rented or owned. Shape (n, offers)."""
    team = team_of(ask.book)
    usd = [team.usd_per_month(servers, servers * of_them) for of_them in (0.0, 1.0)]
    return np.stack(usd, axis=1)[:, owned.astype(np.intp)]


def figures(ask: Question, block: Block, served: Served, offers: Offers, scale: int) -> OptionFigures:
    """What a block comes to under every offer."""
    paid, chips, busy = (each[:, scale] for each in (served.paid_by_scale, served.chips_by_scale, served.busy_by_scale))
    usd, energy = offers.prices, offers.energy
    pool, system = served.pool_chips_by_scale[:, scale], np.array(sold_together(block.chip))
    bought = chips_bought(chips - pool, system) + chips_bought(pool, system)
    kwh = outer_sum(
        (paid, energy.kwh_per_chip_hour), (chips, energy.kwh_per_chip_month), (busy, energy.kwh_per_busy_chip_hour)
    )[:, offers.energy_class]
    trust = np.maximum(CONFIDENCE.index(block.model.confidence), machine_trust(ask.book, block.chip).confidence)
    return OptionFigures(
        cost_usd_per_month=outer_sum(
            (paid, usd.usd_per_chip_hour),
            (chips, usd.usd_per_chip_month),
            (bought, usd.usd_per_chip_bought_month),
            (busy, usd.usd_per_busy_chip_hour),
            (block.extra_usd_per_month, np.ones_like(usd.owned)),
        )
        + _staff(ask, chips * servers_per_chip(block.chip), usd.owned),
        energy_kwh_per_month=kwh,
        carbon_kg_per_month=kwh * energy.carbon_kg_per_kwh[offers.energy_class],
        extra_errors_per_1000=block.errors[:, None],
        slow_s=(served.tpot_p50_s if ask.traffic.osl else served.ttft_p95_s)[:, None],
        ttft_p95_s=served.ttft_p95_s[:, None],
        tpot_p95_s=served.tpot_p95_s[:, None],
        accelerators=chips[:, None],
        throughput_tokens_per_s=served.capacity_tokens_per_s[:, None],
        grade=block.grade[:, None].astype(np.float64),
        confidence=np.maximum(offers.confidence, trust)[None].astype(np.float64),
    )


def bound_of(q: Requirements, limit: Limit) -> float | None:
    """Largest value of the figure in the sense of `OptionFigures.of`; None where nothing is asked."""
    value = value_of(q, limit)
    match limit:
        case Bound() if isinstance(value, float | int):
            return None if limit.least and not value else limit.sign * value
        case Worst():
            return limit.scale.index(str(value))
    return None


def bounds(q: Requirements) -> dict[Bound | Worst, float]:
    """Bounds of all figures that are limited; targets of latency and what is named are judged apart."""
    found = ((limit, bound_of(q, limit)) for limit in limits_of(type(q)) if isinstance(limit, Bound | Worst))
    return {limit: bound for limit, bound in found if bound is not None}


def late_rows(ask: Question, block: Block, served: Served) -> dict[Limit, Mask]:
    """Targets of latency that replicas miss, shape (n, 1)."""
    waits = block.defer < 1
    found: dict[Limit, Mask] = {}
    for target, value in ((TTFT, served.ttft_p95_s), (TPOT, served.tpot_p95_s)):
        late = (served.binding == target.binding) | (waits & ~within_target(value, target.target_s(ask.traffic)))
        if late.any():
            found[target] = late[:, None]
    return found


def faults(ask: Question, f: OptionFigures, late: dict[Limit, Mask]) -> dict[Limit, Mask]:
    """Every limit that something misses, each mask broadcasting to (replicas, offers)."""
    found = dict(late)
    for limit, bound in bounds(ask.q).items():
        figure = f.of(limit)
        missed = figure is not None and figure > bound
        if np.any(missed):
            found[limit] = np.asarray(missed)
    return found


def named_in(q: Requirements, limit: Named) -> tuple[str, ...] | None:
    """What the question allows; None for anything."""
    value = value_of(q, limit)
    return None if value == off(type(q), limit) or not isinstance(value, tuple) else value


def chip_faults(q: Requirements, chip: Accelerator) -> list[Limit]:
    """Limits that a machine misses by itself, wherever and however it is bought."""
    found: list[Limit] = []
    for limit in limits_of(type(q)):
        if isinstance(limit, LeftOut) and value_of(q, limit) and limit.of_chip(chip):
            found.append(limit)
        elif isinstance(limit, Named) and limit.of_chip is not None:
            named = named_in(q, limit)
            if named is not None and limit.of_chip(chip) not in named:
                found.append(limit)
    return found


def offer_rules(q: Requirements) -> dict[Named, Rule]:
    """What an offer must be, by limit; only limits that are asked."""
    rules: dict[Named, Rule] = {}
    for limit in limits_of(type(q)):
        named = named_in(q, limit) if isinstance(limit, Named) and limit.of_offer is not None else None
        if named is not None and isinstance(limit, Named):
            rules[limit] = partial(_allowed, limit, frozenset(named))
    return rules


def _allowed(limit: Named, named: frozenset[str], offer: WayBought) -> bool:
    return limit.exempt(offer) or (limit.of_offer is not None and limit.of_offer(offer) in named)


def named_faults(q: Requirements, block: Block, offers: Offers) -> dict[Limit, Mask]:
    """Limits on what is named that a machine or an offer misses, shape (1, offers)."""
    every = np.ones((1, len(offers.offers)), dtype=bool)
    found: dict[Limit, Mask] = dict.fromkeys(chip_faults(q, block.chip), every)
    for limit, allowed in offer_rules(q).items():
        found[limit] = np.array([[not allowed(o) for o in offers.offers]])
    return {limit: mask for limit, mask in found.items() if mask.any()}


def targets_s(ask: Question) -> dict[Target, float]:
    """Targets of latency that are set. [s]"""
    limits = {target: target.target_s(ask.traffic) for target in TARGETS}
    return {target: value for target, value in limits.items() if math.isfinite(value)}
