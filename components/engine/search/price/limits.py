"""Limits of the question as faults: which of them a configuration misses."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from components.engine.facts.periods import HOURS_PER_MONTH
from components.engine.facts.trust import CONFIDENCE
from components.engine.search.price.offers import machine_trust
from components.engine.serving.peak import Binding, within_target
from components.engine.strategy.quality import GRADES

if TYPE_CHECKING:
    from components.engine.facts.arrays import Vec
    from components.engine.search.ask.replicas import Block, Question
    from components.engine.search.ask.requirements import Requirements
    from components.engine.search.price.offers import Offers
    from components.engine.search.price.served import Served


Limit = Literal[
    "ttft", "tpot", "throughput", "accelerators", "grade", "budget", "power", "carbon", "confidence", "vendors",
    "providers", "buys", "places", "shipping",
]  # fmt: skip


Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class OptionFigures:
    """One block under one way to scale and some offers; arrays broadcast to (replicas, offers)."""

    cost: Vec
    kwh: Vec
    errors: Vec
    slow_s: Vec
    """Seconds per output token at the median; to the first word where nothing is written."""
    ttft_s: Vec
    tpot_s: Vec
    chips: Vec
    throughput: Vec
    carbon_kg: Vec
    grade: Vec
    """Position in `GRADES`."""
    confidence: Vec
    """Position in `CONFIDENCE`."""

    def of(self, limit: Limit) -> Any:
        """The figure a numeric limit bounds, smaller is better; None for a limit of kind."""
        return {
            "ttft": self.ttft_s, "tpot": self.tpot_s, "throughput": -self.throughput, "accelerators": self.chips,
            "grade": self.grade, "budget": self.cost, "power": self.kwh / HOURS_PER_MONTH, "carbon": self.carbon_kg,
            "confidence": self.confidence,
        }.get(limit)  # fmt: skip


def figures(ask: Question, block: Block, served: Served, offers: Offers, scale: int) -> OptionFigures:
    """What a block comes to under every offer."""
    one = np.ones(len(block.code))
    parts = [served.paid_by_scale[:, scale], served.chips_by_scale[:, scale], served.busy_by_scale[:, scale]]
    usd = np.concatenate([offers.usd, np.ones((len(offers.usd), 1))], axis=1)
    kwh = (np.stack(parts, axis=1) @ offers.kwh.T)[:, offers.cls]
    trust = np.maximum(CONFIDENCE.index(block.model.confidence), machine_trust(ask.book, block.chip)[0])
    return OptionFigures(
        cost=np.stack([*parts, one, block.extra_usd], axis=1) @ usd.T,
        kwh=kwh,
        errors=block.errors[:, None],
        slow_s=(served.tpot_p50_s if ask.traffic.osl else served.ttft_p95_s)[:, None],
        ttft_s=served.ttft_p95_s[:, None],
        tpot_s=served.tpot_p95_s[:, None],
        chips=parts[1][:, None],
        throughput=served.capacity_tokens_per_s[:, None],
        carbon_kg=kwh * offers.carbon[offers.cls],
        grade=block.grade[:, None].astype(np.float64),
        confidence=np.maximum(offers.confidence, trust)[None].astype(np.float64),
    )


def bounds(q: Requirements) -> dict[Limit, float]:
    """Largest value of each figure that is limited, in the sense of `Figures.of`; latency is judged apart."""
    found: dict[Limit, float] = {
        "grade": GRADES.index(q.grade), "confidence": CONFIDENCE.index(q.confidence),
    }  # fmt: skip
    if q.throughput_tokens_per_s:
        found["throughput"] = -q.throughput_tokens_per_s
    for limit, value in (
        ("accelerators", q.accelerators),
        ("budget", q.budget_usd_per_month),
        ("power", q.power_kw),
        ("carbon", q.carbon_kg_per_month),
    ):
        if value is not None:
            found[limit] = value  # type: ignore[index]
    return found


def row_faults(ask: Question, block: Block, served: Served) -> dict[Limit, Mask]:
    """Targets of latency that replicas miss, shape (n, 1)."""
    t, waits = ask.traffic, block.defer < 1
    found: dict[Limit, Mask] = {}
    for limit, code, value, target in (
        ("ttft", Binding.TTFT, served.ttft_p95_s, t.ttft_limit_s),
        ("tpot", Binding.TPOT, served.tpot_p95_s, t.tpot_limit_s),
    ):
        late = (served.binding == code) | (waits & ~within_target(value, target))
        if late.any():
            found[limit] = late[:, None]  # type: ignore[index]
    return found


def faults(ask: Question, f: OptionFigures, late: dict[Limit, Mask]) -> dict[Limit, Mask]:
    """Every limit that something misses, each mask broadcasting to (replicas, offers)."""
    found = dict(late)
    for limit, bound in bounds(ask.q).items():
        missed = f.of(limit) > bound
        if missed.any():
            found[limit] = missed
    return found


def kind_faults(q: Requirements, block: Block, offers: Offers) -> dict[Limit, Mask]:
    """Limits of kind that a machine or an offer misses, shape (1, offers)."""
    found: dict[Limit, Mask] = {}
    every = np.ones((1, len(offers.offers)), dtype=bool)
    if q.shipping_only and block.chip.status == "announced":
        found["shipping"] = every
    if q.vendors is not None and block.chip.vendor not in q.vendors:
        found["vendors"] = every
    for limit, allowed in offer_rules(q).items():
        found[limit] = np.array([[not allowed(o) for o in offers.offers]])
    return {limit: mask for limit, mask in found.items() if mask.any()}


def offer_rules(q: Requirements) -> dict[Limit, Any]:
    """What an offer must be, by limit."""
    rules: dict[Limit, Any] = {}
    if q.providers is not None:
        sellers = frozenset(q.providers)
        rules["providers"] = lambda o: o.buy == "owned" or o.provider in sellers
    if q.buys is not None:
        ways = frozenset(q.buys)
        rules["buys"] = lambda o: o.buy in ways
    if q.places:
        places = frozenset(q.places)
        rules["places"] = lambda o: o.place in places
    return rules


def latency_limits_s(ask: Question) -> dict[Limit, float]:
    """Targets of latency that are set. [s]"""
    limits: dict[Limit, float] = {"ttft": ask.traffic.ttft_limit_s, "tpot": ask.traffic.tpot_limit_s}
    return {limit: value for limit, value in limits.items() if math.isfinite(value)}
