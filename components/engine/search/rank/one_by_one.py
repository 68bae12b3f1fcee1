"""What is computed one by one: per-token platforms, machines that need a second chip beside them, the baseline."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from components.engine.answer.fleet_figures import fleet_figures
from components.engine.answer.latency import fleet_latency, mean, platform_latency, worst_range
from components.engine.answer.targets import at_risk, risky
from components.engine.outcome.evaluation import Outcome, evaluate
from components.engine.scenario import Strategy
from components.engine.search.ask.axes import formats, workload_choices
from components.engine.search.ask.limits import Bound, Limit, Named, Target, Worst, limits_of
from components.engine.search.price.limits import bounds, chip_faults, named_in, offer_rules, targets_s
from components.engine.search.price.offers import COMMITTED, Offer, offers_of
from components.engine.search.price.served import scales_of
from components.engine.search.rank.option import Option
from components.engine.serving.peak import within_target

if TYPE_CHECKING:
    from components.catalog.records import Accelerator, AnsweringModel, Model
    from components.engine.search.ask.replicas import Question
    from components.engine.search.ask.requirements import Requirements


def platform_strategies(ask: Question, model: AnsweringModel) -> list[Strategy]:
    """Every current per-token price of a model, with the levers of the workload that act there."""
    sold = {
        (row.provider, row.tier): row.batch_discount
        for row in ask.book.catalog.api_prices
        if row.answering_id == model.id and row.status == "current"
    }
    plain = Strategy(model=model.id, buy="api", place=ask.q.baseline.place)
    return [
        plain.model_copy(update={"provider": provider, "tier": tier} | choice)
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
    shapes = formats(ask.book, ask.q, ask.traffic, model, chip, base)
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
    machines, used, own = bool(outcome.fleets), outcome.footprint, fleet_figures(outcome)
    return Option(
        strategy=r.strategy,
        kind="accelerators" if machines else "api",
        seller=_seller(outcome),
        cost_usd_per_month=outcome.cost_usd_per_month,
        ttft_p95_s=ttft.base if ttft else None,
        tpot_p95_s=tpot.base if tpot else None,
        slow_s=slow,
        throughput_tokens_per_s=own.output_tokens_per_s_capacity or 0.0 if machines else None,
        accelerators=float(own.accelerators or 0) if machines else None,
        power_kw=used.power_kw,
        energy_kwh_per_month=used.energy_kwh_per_month,
        carbon_kg_per_month=used.carbon_kg_per_month,
        grade=r.grade,
        extra_errors_per_1000=r.extra_errors_per_1000,
        confidence=r.confidence,
        basis=r.basis,
        at_risk=() if machines else at_risk(ttft, tpot, r, writes=r.traffic.osl > 0),
    )


def _seller(outcome: Outcome) -> str:
    s = outcome.resolved.strategy
    api = next((d.api.provider for d in outcome.resolved.deployments if d.api is not None), "")
    return api or s.provider or ("own machines" if s.buy == "owned" else "market median")


def doubtful(option: Option, baseline: Option | None) -> bool:
    """Whether a service may miss a target in the slow case; of the one that is used today it is known."""
    return risky(option) and (baseline is None or _service(option) != _service(baseline))


def _service(option: Option) -> tuple[object, ...]:
    """What is bought, and what it comes to."""
    s = option.strategy
    return option.kind, option.seller, s.answering_model, s.tier, option.cost_usd_per_month


def option_faults(ask: Question, option: Option) -> dict[Limit, float | None]:
    """Limits that one configuration misses, each with its figure; None where the figure is not published."""
    q = ask.q
    found: dict[Limit, float | None] = {}
    for limit, bound in bounds(q).items():
        value = option_figure(option, limit)
        if (value is None and not q.unpublished) or (value is not None and value > bound):
            found[limit] = value
    if option.strategy.defer < 1:
        found |= _late(ask, option)
    return found | dict.fromkeys(_named_faults(ask, option))


def _late(ask: Question, option: Option) -> dict[Limit, float | None]:
    """Targets of latency that a configuration misses, or of which nobody says whether it keeps them."""
    found: dict[Limit, float | None] = {}
    for target, target_s in targets_s(ask).items():
        value = option_figure(option, target)
        silent = value is None and not ask.q.unpublished and not (target.needs_output and not ask.traffic.osl)
        if silent or (value is not None and not within_target(value, target_s)):
            found[target] = value
    return found


def _named_faults(ask: Question, option: Option) -> list[Limit]:
    """Limits on what is named that a configuration misses."""
    q, s = ask.q, option.strategy
    if option.kind == "api":
        return _platform_faults(q, Offer(s.buy, option.seller, s.place))
    offer = Offer(s.buy, s.provider, s.place)
    found: list[Limit] = [limit for limit, allowed in offer_rules(q).items() if not allowed(offer)]
    return found + chip_faults(q, ask.book.catalog.accelerators[s.hardware])


def _platform_faults(q: Requirements, offer: Offer) -> list[Limit]:
    """Limits on what is named that a platform misses; what it does not publish is unknown."""
    rules = offer_rules(q)
    found: list[Limit] = []
    for limit in limits_of(type(q)):
        if not isinstance(limit, Named) or named_in(q, limit) is None:
            continue
        silent = not limit.published
        if (silent and not q.unpublished) or (not silent and not rules[limit](offer)):
            found.append(limit)
    return found


def option_figure(option: Option, limit: Limit) -> float | None:
    """The figure that a limit bounds, smaller is better; None where it is not published or the limit names things."""
    match limit:
        case Bound():
            value: float | None = getattr(option, limit.figure)
            return None if value is None else limit.sign * value
        case Target():
            late: float | None = getattr(option, limit.figure)
            return late
        case Worst():
            return float(limit.scale.index(getattr(option, limit.name)))
    return None


def finite(option: Option | None) -> bool:
    """Whether a configuration has a cost that can be compared."""
    return option is not None and bool(np.isfinite(option.cost_usd_per_month))
