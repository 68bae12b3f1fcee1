"""Why this number: memory, replicas and hours of one fleet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components.engine.answer.chosen import Chosen, only
from components.engine.answer.records import WhyStep
from components.engine.answer.why_step import Trust, calculated
from components.engine.economics.hours import (
    BUSY_HOURS,
    BUSY_HOURS_OF_POOL,
    PAID_FIXED,
    Autoscale,
)
from components.engine.facts.periods import HOURS_PER_MONTH
from components.engine.replica.memory import (
    CAPACITY,
    CAPACITY_PIPELINE,
    FREE,
    FREE_SRAM,
    MEAN_OUTPUT_SHARE,
    free_bytes,
    kv_bytes_per_sequence,
    weight_bytes,
)
from components.engine.replica.record import HBM, LPX
from components.engine.serving.sizing import REPLICAS

if TYPE_CHECKING:
    from components.catalog.parameters import Parameters
    from components.engine.economics.hours import Hours


PLAN = "planning-estimate"
PLANNED = Trust(sources=(PLAN,))


def capacity_steps(chosen: Chosen, g: Parameters, trust: Trust) -> list[WhyStep]:
    """What fits, what a replica can take, how many there are and the hours they are paid for.

    Args: trust, the sources of the constants of memory.
    """
    return [*_memory(chosen, g, trust), *_serving(chosen, trust)]


def _memory(chosen: Chosen, g: Parameters, trust: Trust) -> list[WhyStep]:
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
        trust=trust,
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
            trust=trust,
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
    if only(d.fleet) > 0:
        return WhyStep(
            topic="capacity", name=name, value=only(s.replicas), unit="replicas", found="look-up", formula="as given",
            inputs=(("load at peak", f"{only(s.load):.0%} of what they carry inside the targets"),),
        )  # fmt: skip
    return calculated(
        "capacity",
        name,
        value=only(s.replicas),
        formula=REPLICAS,
        inputs={
            "peak": only(d.peak_requests_per_s),
            "headroom": only(d.headroom),
            "rate": only(s.sizing.rate_max_per_replica),
            "spare": only(s.replicas - s.sizing.replicas_active),
        },
        trust=PLANNED,
    )


def _paid(chosen: Chosen, name: str, replicas: float, hours: Hours) -> WhyStep:
    scaling = only(chosen.batch.plan.autoscale)
    busy = (("busy share", f"{only(hours.busy_share):.0%}"),)
    if scaling == Autoscale.FIXED:
        return calculated(
            "capacity",
            name,
            value=only(hours.paid),
            formula=PAID_FIXED,
            inputs={"replicas": replicas, "hours per month": HOURS_PER_MONTH},
            also=busy,
        )
    floor = "with start-up" if scaling == Autoscale.HOURLY else "none when idle"
    return WhyStep(
        topic="capacity",
        name=name,
        value=only(hours.paid),
        unit="h/month",
        found="search",
        formula=f"replicas needed in each hour of the week, {floor}",
        inputs=busy,
    )


def _serving(chosen: Chosen, trust: Trust) -> list[WhyStep]:
    s, head = chosen.service, chosen.head
    requests, rate = only(chosen.batch.plan.requests_per_month), only(s.sizing.rate_max_per_replica)
    steps = [
        WhyStep(
            topic="capacity",
            name=f"{head}requests a replica can take",
            value=rate,
            unit="requests/s",
            found="search",
            formula="the largest rate inside memory and every target",
            sources=trust.sources,
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
            inputs={"requests": requests, "prompt": only(s.sizing.prefill_occupancy_s), "paid hours": only(hours.paid)},
        ),
    ]
