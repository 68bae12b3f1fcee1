"""Why this number, for one fleet of machines: model, hardware, speed, capacity, price and energy."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

from components.engine.answer.chosen import Chosen, only
from components.engine.answer.records import WhyStep
from components.engine.answer.why_own import own_steps
from components.engine.answer.why_price import price_steps
from components.engine.answer.why_speed import speed_steps
from components.engine.answer.why_step import Trust, calculated
from components.engine.economics.energy import CARBON, ELECTRICITY
from components.engine.economics.hours import (
    BUSY_HOURS,
    BUSY_HOURS_OF_POOL,
    FIXED,
    HOURLY,
    HOURS_PER_MONTH,
    PAID_FIXED,
)
from components.engine.facts.formula import Formula
from components.engine.replica.decode import kv_replication
from components.engine.replica.memory import (
    CACHE,
    CACHE_MIXED,
    CAPACITY,
    CAPACITY_PIPELINE,
    FREE,
    FREE_SRAM,
    MEAN_OUTPUT_SHARE,
    WEIGHTS,
    WEIGHTS_DENSE,
    free_bytes,
    kv_bytes_per_sequence,
    weight_bytes,
)
from components.engine.replica.record import HBM, LPX
from components.engine.serving.sizing import REPLICAS

if TYPE_CHECKING:
    from components.catalog.parameters import Parameters
    from components.engine.economics.hours import Hours
    from components.engine.facts.book import Book
    from components.engine.facts.trust import Basis
    from components.engine.outcome.evaluate import Fleet, Outcome


PLAN = "planning-estimate"


PLANNED = Trust(sources=(PLAN,))


def fleet_steps(fleet: Fleet, outcome: Outcome, book: Book) -> list[WhyStep]:
    """All steps of one fleet."""
    chosen = Chosen.of(fleet, outcome)
    return [
        *_model(chosen),
        *_hardware(fleet, chosen),
        *speed_steps(chosen, book.parameters, outcome.resolved.ttft_limit_s),
        *own_steps(fleet, outcome),
        *_memory(chosen, book.parameters),
        *_capacity(chosen),
        *price_steps(chosen),
        *_energy(chosen),
    ]


def _model(chosen: Chosen) -> list[WhyStep]:
    m, p = chosen.deployment.model, chosen.batch.physics
    trust = Trust(sources=(m.source_id,), confidence=m.confidence)
    dense = only(p.params_expert) == 0 and only(p.dp) == 1
    kept = only(p.weight_bytes_factor)
    inputs = {"bytes per parameter": only(p.bytes_rest), "part kept": kept}
    inputs |= {"parameters": only(p.params_total)} if dense else {
        "shared parameters": only(p.params_total - p.params_expert),
        "copies": only(p.dp),
        "expert parameters": only(p.params_expert),
        "bytes per expert parameter": only(p.bytes_expert),
    }  # fmt: skip
    weights = calculated(
        "model",
        f"{chosen.head}weights",
        value=only(chosen.service.weight_bytes),
        formula=WEIGHTS_DENSE if dense else WEIGHTS,
        inputs=inputs,
        also=(("model", m.name),),
        trust=trust,
    )
    return [weights, _cache(chosen, trust)]


def _cache(chosen: Chosen, trust: Trust) -> WhyStep:
    """One request's cache at its full length."""
    p = chosen.batch.physics
    tokens, window = only(p.isl + p.osl), only(p.window_tokens)
    inputs = {
        "growing": only(p.kv_elems_full * p.bytes_kv),
        "tokens": tokens,
        "copies": only(kv_replication(p)),
    }
    mixed = {
        "index": only(p.index_bytes_per_token),
        "windowed": only(p.kv_elems_window * p.bytes_kv),
        "state": only(p.fixed_bytes_per_seq),
    }
    plain = not any(mixed.values())
    return calculated(
        "model",
        f"{chosen.head}cache of one request",
        value=only(chosen.service.kv_bytes),
        formula=CACHE if plain else CACHE_MIXED,
        inputs=inputs if plain else inputs | mixed | {"tokens in window": min(tokens, window)},
        trust=trust,
    )


def _hardware(fleet: Fleet, chosen: Chosen) -> list[WhyStep]:
    chip, p = chosen.deployment.chip, chosen.batch.physics
    if chip is None:
        return []
    cut = fleet.candidate.layout
    basis: Basis = "announced" if chip.status == "announced" else "modelled"
    reread = "as published" if chip.reread else "not re-read from the data sheet"
    return [
        WhyStep(
            topic="hardware",
            name=f"{chosen.head}chips per replica",
            value=float(cut.chips),
            unit=chip.name,
            found="search",
            formula=f"the cheapest count that meets the targets; {reread}",
            inputs=(
                ("memory", f"{chip.memory_gb:g} GB"),
                ("bandwidth", f"{chip.memory_bandwidth_gb_per_s / 1e3:g} TB/s"),
                ("matrix peak in use", f"{only(p.flop_rest_per_s) / 1e12:,.0f} TFLOP/s"),
                ("layout", f"tensor {cut.tp}, data {cut.dp}, expert {cut.ep}, pipeline {cut.pp}"),
            ),
            sources=(chip.source_id,),
            basis=basis,
            confidence=chip.confidence,
        )
    ]


def _memory(chosen: Chosen, g: Parameters) -> list[WhyStep]:
    """What is left for caches, and how many fit."""
    p, kind = chosen.batch.physics, only(chosen.batch.physics.kind)
    pipeline = kind not in {HBM, LPX}
    held = 0.0 if kind == LPX else only(weight_bytes(p))
    inputs = {"chips": only(p.chips), "memory": only(p.memory_bytes), "weights": held}
    if not pipeline:
        reserve = min(g.memory_reserve_bytes, only(p.memory_bytes) / 4)
        inputs |= {"for caches": g.kv_share, "usable": g.memory_usable, "reserve": reserve}
    free = calculated(
        "capacity",
        f"{chosen.head}memory for caches, per replica",
        value=only(free_bytes(p, g)),
        formula=FREE_SRAM if pipeline else FREE,
        inputs=inputs,
    )
    cache = only(kv_bytes_per_sequence(p, p.isl + MEAN_OUTPUT_SHARE * p.osl))
    if cache <= 0:
        return [free]
    sequences = {"free memory": max(only(free_bytes(p, g)), 0.0), "cache": cache}
    return [
        free,
        calculated(
            "capacity",
            f"{chosen.head}sequences that fit in memory",
            value=only(chosen.service.batch_capacity),
            formula=CAPACITY_PIPELINE if pipeline else CAPACITY,
            inputs=sequences | ({"layers": only(p.layers)} if pipeline else {}),
        ),
    ]


def _replicas(chosen: Chosen) -> WhyStep:
    d, s, name = chosen.batch.demand, chosen.service, f"{chosen.head}replicas"
    if only(d.single_stream) > 0:
        return WhyStep(
            topic="capacity",
            name=name,
            value=only(s.replicas),
            unit="replicas",
            found="search",
            formula="fewest devices whose queue keeps the target",
            inputs=(("peak", f"{only(d.peak_requests_per_s):,.3g} requests/s"),),
            sources=(PLAN,),
        )
    return calculated(
        "capacity",
        name,
        value=only(s.replicas),
        formula=REPLICAS,
        inputs={
            "peak": only(d.peak_requests_per_s),
            "headroom": only(d.headroom),
            "rate": only(s.rate_max_per_replica),
            "spare": only(s.replicas - s.replicas_active),
        },
        trust=PLANNED,
    )


def _paid(chosen: Chosen, name: str, replicas: float, hours: Hours) -> WhyStep:
    scaling = only(chosen.batch.plan.autoscale)
    busy = (("busy share", f"{only(hours.busy_share):.0%}"),)
    if scaling == FIXED:
        return calculated(
            "capacity",
            name,
            value=only(hours.paid),
            formula=PAID_FIXED,
            inputs={"replicas": replicas, "hours per month": HOURS_PER_MONTH},
            also=busy,
        )
    floor = "with start-up" if scaling == HOURLY else "none when idle"
    return WhyStep(
        topic="capacity",
        name=name,
        value=only(hours.paid),
        unit="h/month",
        found="search",
        formula=f"replicas needed in each hour of the week, {floor}",
        inputs=busy,
    )


def _capacity(chosen: Chosen) -> list[WhyStep]:
    s, head = chosen.service, chosen.head
    requests, rate = only(chosen.batch.plan.requests_per_month), only(s.rate_max_per_replica)
    steps = [
        WhyStep(
            topic="capacity",
            name=f"{head}requests a replica can take",
            value=rate,
            unit="requests/s",
            found="search",
            formula="the largest rate inside memory and every target",
        ),
        _replicas(chosen),
        _paid(chosen, f"{head}replica-hours paid", only(s.replicas), chosen.hours),
        calculated(
            "capacity",
            f"{head}replica-hours at work",
            value=only(chosen.hours.busy),
            formula=BUSY_HOURS,
            inputs={"requests": requests, "rate": rate, "paid hours": only(chosen.hours.paid)},
        ),
    ]
    return steps + (_pool(chosen, requests) if only(s.prefill_replicas) > 0 else [])


def _pool(chosen: Chosen, requests: float) -> list[WhyStep]:
    """The machines that read prompts."""
    s, head, hours = chosen.service, chosen.head, chosen.pool_hours
    return [
        WhyStep(
            topic="capacity",
            name=f"{head}prefill replicas",
            value=only(s.prefill_replicas),
            unit="replicas",
            found="search",
            formula="fewest whose queue keeps the target of the time to first token, and spares",
        ),
        _paid(chosen, f"{head}prefill replica-hours paid", only(s.prefill_replicas), hours),
        calculated(
            "capacity",
            f"{head}prefill replica-hours at work",
            value=only(hours.busy),
            formula=BUSY_HOURS_OF_POOL,
            inputs={"requests": requests, "prompt": only(s.prefill_occupancy_s), "paid hours": only(hours.paid)},
        ),
    ]


def _energy(chosen: Chosen) -> list[WhyStep]:
    t = chosen.deployment.purchase
    if t is None:
        return []
    formulas: list[Formula] = []
    inputs: dict[str, float] = {}
    for group in chosen.groups:
        formula, terms = ELECTRICITY.of(group.whose), group.terms
        values = (
            group.chips,
            only(terms.kw_per_chip),
            only(terms.pue),
            group.busy_h,
            only(chosen.batch.plan.idle_power_share),
            group.powered_h,
        )
        formulas.append(formula)
        inputs |= {symbol.name: value for symbol, value in zip(formula.symbols, values, strict=True)}
    trust = Trust(sources=t.sources)
    kwh = chosen.kwh_per_month
    return [
        calculated(
            "energy",
            f"{chosen.head}electricity",
            value=kwh,
            formula=reduce(Formula.plus, formulas),
            inputs=inputs,
            trust=trust,
        ),
        calculated(
            "energy",
            f"{chosen.head}carbon",
            value=chosen.carbon_kg_per_month,
            formula=CARBON,
            inputs={"electricity": kwh, "intensity": t.carbon_kg_per_kwh},
            trust=trust,
        ),
    ]
