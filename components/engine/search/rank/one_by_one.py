"""What is computed one by one: per-token platforms, machines that need a second chip beside them, the baseline."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from components.engine.answer.latency import fleet_latency, mean, meets, platform_latency, worst_range
from components.engine.facts.trust import CONFIDENCE
from components.engine.outcome.evaluation import Outcome, evaluate
from components.engine.scenario import Strategy
from components.engine.search.ask.axes import axes_of, formats, workload_choices
from components.engine.search.price.limits import Limit, bounds, latency_limits_s, offer_rules
from components.engine.search.price.offers import COMMITTED, Offer, offers_of
from components.engine.search.price.served import scales_of
from components.engine.search.rank.option import Option
from components.engine.strategy.quality import GRADES

if TYPE_CHECKING:
    from components.catalog.records import Accelerator, Model
    from components.engine.search.ask.replicas import Question


def platform_strategies(ask: Question, model: Model) -> list[Strategy]:
    """Every current per-token price of a model, with the levers of the workload that act there."""
    sold = {
        (row.provider, row.tier): row.batch_discount
        for row in ask.book.catalog.api_prices
        if row.model_id == model.id and row.status == "current"
    }
    place = ask.q.baseline.place
    return [
        Strategy(model=model.id, buy="api", provider=provider, tier=tier, place=place, **choice)
        for (provider, tier), discount in sold.items()
        for choice in workload_choices(ask.q)
        if discount or not choice["defer"]
    ]


def apart_strategies(ask: Question, model: Model, chip: Accelerator, places: tuple[str, ...]) -> list[Strategy]:
    """Machines beside which a second kind of chip works: formats, prices and ways to scale; the engine cuts them."""
    offers = offers_of(ask, chip, places[:1])
    if offers is None:
        return []
    base = Strategy(model=model.id, hardware=chip.id)
    shapes = formats(ask.book, axes_of(ask.q), ask.traffic, model, chip, base)
    found = []
    for shape, offer, scale in product(shapes, offers.offers, scales_of(ask.book, ask.traffic)):
        if scale != "fixed" and offer.buy in COMMITTED:
            continue
        bought = {"buy": offer.buy, "provider": offer.provider, "place": offer.place, "scale": scale}
        found.append(base.model_copy(update=shape | bought | {"disagg": True}))
    return found


def beside(ask: Question, best: list[Strategy]) -> list[Strategy]:
    """The same with a share routed to a smaller model, or answered on users' devices, where the reader allows it.

    The replica is left to the engine: the fleet that is left may want another.
    """
    q = ask.q
    routed = {"route": q.route, "route_model": q.route_model}
    on_devices = {"edge": q.edge, "edge_device": q.edge_device, "edge_model": q.edge_model}
    changes = [routed] * bool(q.route) + [on_devices] * bool(q.edge) + [routed | on_devices] * bool(q.route and q.edge)
    return [s.model_copy(update=change | {"chips": 0}) for s, change in product(best, changes)]


def options(ask: Question, strategies: list[Strategy]) -> list[Option | None]:
    """Each strategy evaluated by the engine, in order; None where it cannot be bought or built."""
    if not strategies:
        return []
    return [_option(outcome) for outcome in evaluate(strategies, ask.q.workload, ask.book, ask.reference.id)]


def _option(outcome: Outcome) -> Option | None:
    r = outcome.resolved
    if not outcome.priced:
        return None
    seen = [fleet_latency(f, outcome) for f in outcome.fleets] + [
        platform_latency(d, d.api) for d in r.deployments if d.api is not None
    ]
    ttft, tpot = worst_range(seen, lambda d: d.ttft_p95), worst_range(seen, lambda d: d.tpot_p95)
    slow = mean(seen, lambda d: d.tpot_p50) if r.traffic.osl else (ttft.base if ttft else None)
    machines, used = bool(outcome.fleets), outcome.footprint
    return Option(
        strategy=r.strategy,
        kind="accelerators" if machines else "api",
        seller=_seller(outcome),
        cost_usd_per_month=outcome.cost_usd_per_month,
        ttft_p95_s=ttft.base if ttft else None,
        tpot_p95_s=tpot.base if tpot else None,
        slow_s=slow,
        throughput_tokens_per_s=sum(f.output_tokens_per_s for f in outcome.fleets) if machines else None,
        accelerators=float(sum(f.accelerators for f in outcome.fleets)) if machines else None,
        power_kw=used.power_kw,
        energy_kwh_per_month=used.energy_kwh_per_month,
        carbon_kg_per_month=used.carbon_kg_per_month,
        grade=r.grade,
        extra_errors_per_1000=r.extra_errors_per_1000,
        confidence=r.confidence,
        basis=r.basis,
    )


def _seller(outcome: Outcome) -> str:
    s = outcome.resolved.strategy
    api = next((d.api.provider for d in outcome.resolved.deployments if d.api is not None), "")
    return api or s.provider or ("own machines" if s.buy == "owned" else "market median")


def option_faults(ask: Question, option: Option) -> dict[Limit, float | None]:
    """Limits that one configuration misses, each with its figure; None where the figure is not published."""
    q, s = ask.q, option.strategy
    found: dict[Limit, float | None] = {}
    for limit, bound in bounds(q).items():
        value = option_figure(option, limit)
        if (value is None and not q.unpublished) or (value is not None and value > bound):
            found[limit] = value
    if s.defer < 1:
        for limit, target in latency_limits_s(ask).items():
            value = option_figure(option, limit)
            if (value is None and not _without_latency(ask, limit) and not q.unpublished) or late(value, target):
                found[limit] = value
    return found | dict.fromkeys(_kinds(ask, option))


def late(value_s: float | None, target_s: float) -> bool:
    """Whether a p95 misses its target, within the engine's tolerance."""
    from components.engine.facts.trust import Range

    return value_s is not None and meets(Range(value_s, value_s, value_s), target_s) is False


def _without_latency(ask: Question, limit: Limit) -> bool:
    """Whether nothing is written, so that a target of output speed means nothing."""
    return limit == "tpot" and not ask.traffic.osl


def _kinds(ask: Question, option: Option) -> list[Limit]:
    q, s = ask.q, option.strategy
    found: list[Limit] = []
    offer = Offer(s.buy, option.seller if option.kind == "api" else s.provider, s.place)
    for limit, allowed in offer_rules(q).items():
        hidden = option.kind == "api" and limit == "places"
        if (hidden and not q.unpublished) or (not hidden and not allowed(offer)):
            found.append(limit)
    if option.kind == "api":
        return [*found, "vendors"] if q.vendors is not None and not q.unpublished else found
    chip = ask.book.catalog.accelerators[s.hardware]
    if q.shipping_only and chip.status == "announced":
        found.append("shipping")
    if q.vendors is not None and chip.vendor not in q.vendors:
        found.append("vendors")
    return found


def option_figure(option: Option, limit: Limit) -> float | None:
    """The figure that a limit bounds, smaller is better; None where it is not published or the limit is one of kind."""
    throughput = option.throughput_tokens_per_s
    found: dict[Limit, float | None] = {
        "ttft": option.ttft_p95_s, "tpot": option.tpot_p95_s, "accelerators": option.accelerators,
        "throughput": None if throughput is None else -throughput, "grade": float(GRADES.index(option.grade)),
        "budget": option.cost_usd_per_month, "power": option.power_kw, "carbon": option.carbon_kg_per_month,
        "confidence": float(CONFIDENCE.index(option.confidence)),
    }  # fmt: skip
    return found.get(limit)


def finite(option: Option | None) -> bool:
    """Whether a configuration has a cost that can be compared."""
    return option is not None and bool(np.isfinite(option.cost_usd_per_month))
