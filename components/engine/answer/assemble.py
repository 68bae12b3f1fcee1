"""From a computed outcome to the answer people read: money with its range, speed, fleet, footprint, trust."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from components.engine.answer.latency import (
    error,
    fleet_latency,
    mean,
    meets,
    own_of,
    platform_latency,
    worst,
    worst_range,
)
from components.engine.answer.records import Answer
from components.engine.answer.why import ledger
from components.engine.economics.energy import footprint
from components.engine.economics.monthly_bill import input_share
from components.engine.facts.trust import Range
from components.engine.outcome.batch import DAYS_PER_MONTH
from components.engine.outcome.compute import charge, resized
from components.engine.serving.peak import Binding
from components.wording.numbers import seconds

if TYPE_CHECKING:
    from components.engine.facts.book import Book
    from components.engine.facts.workload import Traffic
    from components.engine.outcome.evaluation import Fleet, Outcome


@dataclass(frozen=True, slots=True)
class Money:
    """Cost of one outcome with its bounds and units."""

    total: Range
    usd_per_mtok_input: float | None
    usd_per_mtok_output: float | None
    usd_per_mtok_blended: float | None
    usd_per_request: float | None


def _bounds(outcome: Outcome) -> tuple[float, float]:
    """Cost with replicas faster and slower by the model's error. [USD/month]"""
    low = high = outcome.cost_usd_per_month
    for fleet in outcome.fleets:
        chip = fleet.deployment.chip
        if outcome.batch is None or outcome.computed is None or chip is None:
            continue
        share = error(chip, "throughput", own_of(fleet, outcome))
        rows = np.array([fleet.chosen, fleet.chosen])
        picked = outcome.batch.take(rows)
        sized = resized(outcome.computed.service.take(rows), picked.demand, np.array([1 + share, 1 / (1 + share)]))
        fast, slow = charge(picked, sized).cost.total
        base = outcome.computed.cost.total[fleet.chosen]
        low, high = low + min(fast - base, 0.0), high + max(slow - base, 0.0)
    return float(low), float(high)


def _money(outcome: Outcome, traffic: Traffic) -> Money:
    total = outcome.cost_usd_per_month
    low, high = _bounds(outcome)
    requests = traffic.requests_per_day * DAYS_PER_MONTH
    tokens_in, tokens_out = requests * traffic.isl, requests * traffic.osl
    prompts = sum(outcome.parts_usd_per_month.get(name, 0.0) for name in ("api_input", "api_cached"))
    given = prompts + outcome.parts_usd_per_month.get("api_output", 0.0)
    for fleet in outcome.fleets:
        assert outcome.computed is not None
        one = np.array([fleet.chosen])
        cost = float(outcome.computed.cost.total[fleet.chosen])
        prompts += cost * float(input_share(outcome.computed.usage.take(one))[0])
        given += cost
    share = prompts / given if given else 1.0
    share = share if tokens_out else 1.0

    def per(usd: float, units_: float) -> float | None:
        return usd / units_ if units_ > 0 and math.isfinite(usd) else None

    return Money(
        Range(low, total, high),
        per(total * share * 1e6, tokens_in),
        per(total * (1 - share) * 1e6, tokens_out),
        per(total * 1e6, tokens_in + tokens_out),
        per(total, requests),
    )


def reasons(outcome: Outcome) -> tuple[str, ...]:
    """Why a computed strategy does not work, each sentence with what to change."""
    found = list(outcome.resolved.reasons)
    for fleet in outcome.fleets:
        assert outcome.computed is not None
        found += _binding(fleet, outcome)
    return tuple(dict.fromkeys(found))


def _binding(fleet: Fleet, outcome: Outcome) -> list[str]:
    """The target that a fleet misses; replicas too small for the model were left out when it was resolved."""
    assert outcome.computed is not None
    s, i, r = outcome.computed.service, fleet.chosen, outcome.resolved
    code = int(s.binding[i])
    if s.meets_ttft[i] <= 0 or code == Binding.TTFT:
        alone = "even alone on the machine " if code == Binding.TTFT else ""
        takes_s = max(s.ttft_p95_s[i], s.ttft_alone_s[i]) if code == Binding.TTFT else s.ttft_p95_s[i]
        return [
            f"the first word takes {seconds(float(takes_s))} at p95 against a target of {seconds(r.ttft_limit_s)}, "
            f"{alone}with this set-up: {_ttft_cure(fleet, outcome)}"
        ]
    if s.meets_tpot[i] <= 0 or code == Binding.TPOT:
        takes_s = max(s.tpot_p95_s[i], s.tpot_alone_s[i])
        return [
            f"each further word takes {takes_s * 1e3:.3g} ms at p95 against a target of "
            f"{r.tpot_limit_s * 1e3:.3g} ms: more chips per replica, fewer bits or faster memory would help"
        ]
    return []


def _ttft_cure(fleet: Fleet, outcome: Outcome) -> str:
    if outcome.resolved.strategy.batching == "static" and fleet.deployment.role != "edge":
        return "use continuous batching, since a static batch makes each request wait for the one before"
    if outcome.resolved.scaling == "zero":
        return "keep at least one replica running"
    return "use a faster chip, more chips per replica, a prefix cache or a longer target"


def answer(outcome: Outcome, traffic: Traffic, book: Book, name: str) -> Answer:
    """Everything the page, an export or the command line shows of one strategy."""
    r = outcome.resolved
    priced = bool(outcome.parts_usd_per_month) and r.feasible
    seen = [fleet_latency(fleet, outcome) for fleet in outcome.fleets]
    seen += [platform_latency(d, d.api) for d in r.deployments if d.api is not None]
    ttft, tpot = worst_range(seen, "ttft_p95"), worst_range(seen, "tpot_p95")
    own = [f for f in outcome.fleets if f.deployment.role != "edge"]
    money = _money(outcome, traffic) if priced else Money(Range(0, 0, 0), None, None, None, None)
    works = outcome.works and meets(ttft, r.ttft_limit_s) is not False and meets(tpot, r.tpot_limit_s) is not False
    speed = mean(seen, "tpot_p50")
    return Answer(
        name=name,
        kind="api" if not outcome.fleets and r.deployments else "accelerators" if len(r.deployments) < 2 else "mixed",
        feasible=works,
        reasons=reasons(outcome) or _late(ttft, tpot, outcome),
        warnings=r.warnings,
        overrides=r.overrides,
        cost_usd_per_month=money.total,
        cost_parts_usd_per_month=outcome.parts_usd_per_month if priced else {},
        usd_per_mtok_input=money.usd_per_mtok_input,
        usd_per_mtok_output=money.usd_per_mtok_output,
        usd_per_mtok_blended=money.usd_per_mtok_blended,
        blend=f"{traffic.isl / traffic.osl:.1f} : 1 input to output" if traffic.osl else "input only",
        usd_per_request=money.usd_per_request,
        ttft_p50_s=mean(seen, "ttft_p50"),
        ttft_p95_s=ttft,
        tpot_p50_s=speed,
        tpot_p95_s=tpot,
        e2e_p50_s=mean(seen, "e2e_p50"),
        e2e_p95_s=worst(seen, "e2e_p95"),
        output_tokens_per_s_per_user=1 / speed if speed else None,
        requests_per_s_peak=_peak_rate(outcome),
        meets_ttft=meets(ttft, r.ttft_limit_s),
        meets_tpot=meets(tpot, r.tpot_limit_s),
        quality_note=r.quality_note,
        grade=r.grade,
        extra_errors_per_1000=r.extra_errors_per_1000,
        basis=r.basis,
        confidence=r.confidence,
        ledger=ledger(outcome, traffic, book),
        own=r.own,
        **_fleet_figures(outcome, own),
        **_footprint(outcome),
    )


def _late(ttft: Range | None, tpot: Range | None, outcome: Outcome) -> tuple[str, ...]:
    """Reasons of a per-token platform that is measured slower than the targets."""
    r = outcome.resolved
    if meets(ttft, r.ttft_limit_s) is False and ttft is not None:
        return (f"the slow end of measured time to the first word is {ttft.base:.2g} s against a target of "
                f"{r.ttft_limit_s:.2g} s: choose a faster platform or a longer target",)  # fmt: skip
    if meets(tpot, r.tpot_limit_s) is False and tpot is not None:
        return (f"the slow end of measured speed is {1 / tpot.base:.0f} tokens/s per user, the target needs "
                f"{1 / r.tpot_limit_s:.0f}: choose a faster platform or a longer target",)  # fmt: skip
    return ()


def _peak_rate(outcome: Outcome) -> float:
    computed = outcome.computed
    api = sum(d.requests_per_day * d.peak / 86400 for d in outcome.resolved.deployments if d.api is not None)
    return api + sum(float(d.demand.peak_requests_per_s[0]) for d in (f.candidate for f in outcome.fleets) if computed)


def _fleet_figures(outcome: Outcome, own: list[Fleet]) -> dict[str, Any]:
    c = outcome.computed
    main = next((f for f in own if f.deployment.role == "main"), own[0] if own else None)
    if c is None or main is None or main.deployment.chip is None:
        api = next((d.api for d in outcome.resolved.deployments if d.api is not None), None)
        keys = ("accelerators", "chips_per_replica", "replicas", "prefill_accelerators", "paid_hours_per_month",
                "utilisation", "concurrency_peak", "output_tokens_per_s_capacity")  # fmt: skip
        return dict.fromkeys(keys) | {"accelerator_name": api.provider if api else ""}
    s = c.service
    paid = sum(float(c.hours.paid[f.chosen]) for f in own)
    busy = sum(float(c.hours.busy[f.chosen]) for f in own)
    serving, reading = zip(*(f.accelerators(c) for f in own), strict=True)
    chips, pools = int(sum(serving)), int(sum(reading))
    sram = main.deployment.sram_chip
    return {
        "accelerators": chips + pools,
        "accelerator_name": main.deployment.chip.name if sram is None else f"{main.deployment.chip.name} + {sram.name}",
        "chips_per_replica": main.chips_per_replica,
        "replicas": int(s.replicas[main.chosen]),
        "prefill_accelerators": pools or None,
        "paid_hours_per_month": paid,
        "utilisation": busy / paid if paid else None,
        "concurrency_peak": sum(float(s.batch_mean[f.chosen] * s.replicas_active[f.chosen]) for f in own),
        "output_tokens_per_s_capacity": sum(float(s.output_tokens_per_s_capacity[f.chosen]) for f in own),
    }


def _footprint(outcome: Outcome) -> dict[str, Any]:
    used = outcome.computed.energy if outcome.computed is not None else None
    whole = all(d.api is None for d in outcome.resolved.deployments)
    power_kw, kwh, carbon_kg = footprint(used, [f.chosen for f in outcome.fleets], whole=whole)
    return {"power_kw": power_kw, "energy_kwh_per_month": kwh, "carbon_kg_per_month": carbon_kg}
