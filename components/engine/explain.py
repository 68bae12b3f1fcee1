"""Why a resolved strategy looks as it does: demand, model, hardware, price and quality as ledger lines.

Never called while savings are attributed: only for answers that somebody reads.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from components.engine.answer import Step
from components.engine.machine import stored_bytes

if TYPE_CHECKING:
    from components.engine.deployment import Deployment, Purchase, Resolved, TokenTerms

WHO = {"main": "", "routed": ", routed share", "edge": ", edge share"}


def explain(resolved: Resolved) -> tuple[Step, ...]:
    """Ledger lines of everything that is known before speed and cost are computed."""
    steps = [*_demand(resolved)]
    for deployment in resolved.deployments:
        steps += _model(deployment)
        steps += _price(deployment)
    return (*steps, *_levers(resolved), *_quality(resolved))


def _demand(resolved: Resolved) -> list[Step]:
    """Requests, tokens, peak and targets."""
    t = resolved.traffic
    guessed = bool(t.estimated)
    steps = [
        Step(
            "demand", "Requests", t.requests_per_day, "1/day", f"{t.requests_per_day:,.0f} per day",
            inputs=tuple(("estimate", words) for words in t.estimated), basis="estimated" if guessed else "modelled",
            confidence="low" if guessed else "high",
        ),
        Step(
            "demand", "Peak", t.peak, "1",
            f"busiest hour = {t.peak:.2f} x the mean of all 168 hours; at least 168 h / {t.hours:g} h",
        ),
    ]  # fmt: skip
    for deployment in resolved.deployments:
        steps.append(_tokens(resolved, deployment))
    for name, limit in (("TTFT target", resolved.ttft_limit_s), ("TPOT target", resolved.tpot_limit_s)):
        words = "nobody waits: no target" if math.isinf(limit) else f"p95 <= {limit * 1e3:g} ms"
        steps.append(Step("demand", name, None if math.isinf(limit) else limit, "s", words))
    return steps


def _tokens(resolved: Resolved, d: Deployment) -> Step:
    """Tokens a day of one deployment."""
    tokens = d.requests_per_day * (d.isl + d.osl)
    return Step(
        "demand",
        f"Tokens{WHO[d.role]}",
        tokens,
        "tokens/day",
        f"{resolved.requests_per_day:,.0f}/day x {d.share:.1%} x ({d.isl:,.0f} + {d.osl:,.0f} tokens)",
        inputs=(("prompt tokens computed", f"{d.new_isl:,.0f}"), ("prompt", f"{d.isl:,.0f} tokens")),
    )


def _model(d: Deployment) -> list[Step]:
    """Parameters, stored bytes and chips."""
    name = f"{d.model.name}{WHO[d.role]}"
    steps = [
        Step(
            "model", name, d.model.total_params, "parameters",
            f"{(d.model.total_params or 0) / 1e9:,.1f}e9 parameters, {(d.model.active_params or 0) / 1e9:,.1f}e9 per token",
            sources=(d.model.source_id,), confidence=d.model.confidence,
        )
    ]  # fmt: skip
    if d.chip is None or not d.candidates:
        return steps
    fields = d.candidates[0].physics
    steps.append(
        Step(
            "model", f"Weights{WHO[d.role]}", stored_bytes(fields) / 1e9, "GB",
            f"{fields['bytes_rest']:g} B per weight, {fields['bytes_expert']:g} B per expert weight, "
            f"x {fields['weight_bytes_factor']:g} left by sparsity",
        )
    )  # fmt: skip
    tried = ", ".join(str(candidate.layout.chips) for candidate in d.candidates)
    steps.append(
        Step(
            "hardware", f"{d.chip.name}{WHO[d.role]}", d.chip.memory_gb, "GB",
            f"{d.chip.memory_gb:g} GB, {d.chip.memory_bandwidth_gb_per_s:,.0f} GB/s per chip; tried replicas of {tried}",
            sources=(d.chip.source_id,), confidence=d.chip.confidence,
            basis="announced" if d.chip.status == "announced" else "modelled",
        )
    )  # fmt: skip
    return steps


def _price(d: Deployment) -> list[Step]:
    """What machines or tokens cost."""
    found: list[Step] = []
    if d.api is not None:
        found += _token_prices(d.api)
    named = ((d.purchase, d.chip), (d.pool_purchase, d.pool_chip), (d.sram_purchase, d.sram_chip))
    for purchase, chip in named:
        if purchase is not None and chip is not None:
            found.append(_machine_price(purchase, f"{chip.name}{WHO[d.role]}"))
    return found


def _machine_price(p: Purchase, name: str) -> Step:
    """Rent or price of one chip."""
    owned = p.kind in {"owned", "edge"}
    value, unit = (p.capex_usd_per_chip, "USD") if owned else (p.usd_per_chip_hour, "USD/h")
    inputs = [("power", f"{p.kw_per_chip:g} kW"), ("PUE", f"{p.pue:g}"), ("seller", p.provider)]
    if owned:
        inputs += [("life", f"{p.years:g} years"), ("electricity", f"{p.usd_per_kwh:g} USD/kWh")]
    if p.high_usd_per_chip_hour > p.low_usd_per_chip_hour:
        inputs.append(("range of offers", f"{p.low_usd_per_chip_hour:.2f} to {p.high_usd_per_chip_hour:.2f} USD/h"))
    return Step(
        "price", name, value, unit, p.rule, tuple(inputs), p.sources, basis=p.basis, confidence=p.confidence
    )  # fmt: skip


def _token_prices(terms: TokenTerms) -> list[Step]:
    """Three prices and the measured speed."""
    prices = {
        "input": terms.usd_per_token_input, "cached input": terms.usd_per_token_cached,
        "output": terms.usd_per_token_output,
    }  # fmt: skip
    steps = [
        Step(
            "price", f"{terms.provider}, {name}", usd * 1e6, "USD/Mtok", terms.rule, sources=terms.sources,
            confidence=terms.confidence,
        )
        for name, usd in prices.items()
    ]  # fmt: skip
    speed = terms.speed
    known = speed.tokens_per_s is not None
    steps.append(
        Step(
            "speed", f"Speed at {terms.provider}", speed.tokens_per_s, "tokens/s", f"measured: {speed.kind}",
            sources=(speed.source,) if speed.source else (), basis="measured" if known else "estimated",
            confidence=speed.confidence,
        )
    )  # fmt: skip
    return steps


def _levers(resolved: Resolved) -> list[Step]:
    """Each lever in use, as what it edits."""
    return [Step("model", "Lever", None, "", words) for words in resolved.edits]


def _quality(resolved: Resolved) -> list[Step]:
    """Points lost by lever, then their sum."""
    q = resolved.quality
    if q is None:
        return []
    steps = [
        Step("quality", words, points, "points", f"{points:.1f} points lost", sources=q.sources)
        for words, points in q.parts
    ]
    total = q.extra_errors_per_1000
    words = "not comparable" if total is None else "10 x the sum of points lost: an upper bound for planning"
    return [*steps, Step("quality", "Extra errors", total, "per 1,000", words, sources=q.sources, confidence="low")]
