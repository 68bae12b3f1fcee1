"""From a computed outcome to the answer people read: money with its range, speed, fleet, footprint, trust."""

from __future__ import annotations

import math
from functools import cache, partial
from typing import TYPE_CHECKING

from components.engine.answer.fleet_figures import fleet_figures
from components.engine.answer.latency import (
    fleet_latency,
    mean,
    meets,
    platform_latency,
    worst,
    worst_range,
)
from components.engine.answer.records import Answer
from components.engine.answer.spreads import cost_range, spreads
from components.engine.answer.targets import at_risk, missed_by_fleet, missed_by_platform, unproven
from components.engine.answer.why import ledger
from components.engine.economics.monthly_bill import UnitCost, prompt_share, unit_cost
from components.engine.facts.trust import Range
from components.engine.outcome.evaluation import people_of

if TYPE_CHECKING:
    from components.engine.facts.book import Book
    from components.engine.facts.workload import Traffic
    from components.engine.outcome.evaluation import Outcome


NO_UNITS = UnitCost(None, None, None, None)


def _unit_cost(outcome: Outcome, traffic: Traffic) -> UnitCost:
    """Cost per unit of the workload; prompts carry their lines of a per-token bill and their share of each fleet."""
    parts = outcome.parts_usd_per_month
    prompts = parts.get("api_input", 0.0) + parts.get("api_cached", 0.0)
    split = prompts + parts.get("api_output", 0.0)
    for fleet in outcome.fleets:
        sizing, i, d = fleet.computed.service.sizing, fleet.chosen, fleet.deployment
        usd = float(fleet.computed.cost.total[i])
        occupied_s = float(sizing.prefill_occupancy_s[i]), float(sizing.decode_occupancy_s[i])
        prompts += usd * prompt_share(d.isl, d.osl, *occupied_s)
        split += usd
    share = prompts / split if split else 1.0
    return unit_cost(outcome.cost_usd_per_month, share, traffic.requests_per_month, traffic.isl, traffic.osl)


def reasons(outcome: Outcome) -> tuple[str, ...]:
    """Why a computed strategy does not work, each sentence with what to change."""
    found = list(outcome.resolved.reasons)
    for fleet in outcome.fleets:
        found += missed_by_fleet(fleet, outcome)
    return tuple(dict.fromkeys(found))


def answer(outcome: Outcome, traffic: Traffic, book: Book, name: str) -> Answer:
    """Everything the page, an export or the command line shows of one strategy."""
    r = outcome.resolved
    seen = [fleet_latency(fleet, outcome) for fleet in outcome.fleets]
    seen += [platform_latency(d, d.api) for d in r.deployments if d.api is not None]
    ttft, tpot = worst_range(seen, lambda d: d.ttft_p95), worst_range(seen, lambda d: d.tpot_p95)
    units = _unit_cost(outcome, traffic) if outcome.priced else NO_UNITS
    machines, used = fleet_figures(outcome), outcome.footprint
    unknown = spreads(outcome, book) if outcome.priced else ()
    works = outcome.works and meets(ttft, r.ttft_limit_s) is not False and meets(tpot, r.tpot_limit_s) is not False
    speed = mean(seen, lambda d: d.tpot_p50)
    return Answer(
        name=name,
        kind="api" if not outcome.fleets and r.deployments else "accelerators" if len(r.deployments) < 2 else "mixed",
        feasible=works,
        reasons=reasons(outcome) or missed_by_platform(ttft, tpot, r, writes=traffic.osl > 0),
        warnings=r.warnings,
        overrides=r.overrides,
        cost_usd_per_month=cost_range(outcome.cost_usd_per_month, unknown) if outcome.priced else Range(0, 0, 0),
        spreads=unknown,
        cost_parts_usd_per_month=outcome.parts_usd_per_month if outcome.priced else {},
        usd_per_mtok_input=units.usd_per_mtok_input,
        usd_per_mtok_output=units.usd_per_mtok_output,
        usd_per_mtok_blended=units.usd_per_mtok_blended,
        blend=f"{traffic.isl / traffic.osl:.1f} : 1 input to output" if traffic.osl else "input only",
        usd_per_request=units.usd_per_request,
        ttft_p50_s=mean(seen, lambda d: d.ttft_p50),
        ttft_p95_s=ttft,
        tpot_p50_s=speed,
        tpot_p95_s=tpot,
        e2e_p50_s=mean(seen, lambda d: d.e2e_p50),
        e2e_p95_s=worst(seen, lambda d: d.e2e_p95),
        output_tokens_per_s_per_user=1 / speed if speed else None,
        requests_per_s_peak=_peak_rate(outcome),
        meets_ttft=meets(ttft, r.ttft_limit_s),
        meets_tpot=meets(tpot, r.tpot_limit_s),
        quality_note=r.quality_note,
        grade=r.grade,
        extra_errors_per_1000=r.extra_errors_per_1000,
        basis=r.basis,
        confidence=r.confidence,
        explain=cache(partial(ledger, outcome, traffic, book, unknown)),
        own=r.own,
        writes=traffic.osl > 0,
        awaited=not (math.isinf(r.ttft_limit_s) and math.isinf(r.tpot_limit_s)),
        unproven=unproven(ttft, tpot, r, writes=traffic.osl > 0),
        at_risk=at_risk(ttft, tpot, r, writes=traffic.osl > 0),
        accelerators=machines.accelerators,
        accelerator_name=machines.accelerator_name,
        chips_per_replica=machines.chips_per_replica,
        replicas=machines.replicas,
        prefill_accelerators=machines.prefill_accelerators,
        paid_hours_per_month=machines.paid_hours_per_month,
        utilisation=machines.utilisation,
        concurrency_peak=machines.concurrency_peak,
        people=people_of(outcome.fleets) if outcome.fleets else None,
        output_tokens_per_s_capacity=machines.output_tokens_per_s_capacity,
        power_kw=used.power_kw,
        energy_kwh_per_month=used.energy_kwh_per_month,
        carbon_kg_per_month=used.carbon_kg_per_month,
    )


def _peak_rate(outcome: Outcome) -> float:
    api = sum(d.peak_requests_per_s for d in outcome.resolved.deployments if d.api is not None)
    return api + sum(float(f.batch.demand.peak_requests_per_s[f.chosen]) for f in outcome.fleets)
