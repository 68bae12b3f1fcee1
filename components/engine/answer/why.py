"""Why this number: the chain from demand to money, each step with its formula, inputs, sources and basis."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components.engine.answer.records import WhyStep
from components.engine.answer.why_fleet import PLAN, ROLE, fleet_steps
from components.engine.economics.monthly_bill import PARTS
from components.engine.facts.periods import DAYS_PER_MONTH
from components.engine.facts.trust import Basis

if TYPE_CHECKING:
    from components.engine.economics.terms import TokenTerms
    from components.engine.facts.book import Book
    from components.engine.facts.workload import Traffic
    from components.engine.outcome.evaluation import Outcome
    from components.engine.strategy.records import Deployment


PART_FORMULA = {
    "compute_busy": "chips x price x paid hours that work",
    "compute_idle": "chips x price x paid hours that wait: peaks, spares and nights are paid for",
    "power": "kWh at the meter x tariff",
    "facility": "chips x all-in kW x space price",
    "staff": "loaded salary x people / 12",
    "support_overheads": "network, storage, egress and upkeep; router, compressor and response cache",
    "devices": "share of users' devices charged to this service",
    "api_input": "requests x prompt tokens not cached x input price",
    "api_cached": "requests x cached prompt tokens x cached price",
    "api_output": "requests x output tokens x output price",
}


def ledger(outcome: Outcome, traffic: Traffic, book: Book) -> tuple[WhyStep, ...]:
    """All steps of one outcome, demand first, money last."""
    steps = _demand(outcome, traffic)
    for deployment in outcome.resolved.deployments:
        if deployment.api is not None:
            steps += _api(deployment, deployment.api)
    for fleet in outcome.fleets:
        steps += fleet_steps(fleet, outcome, book)
    steps += _quality(outcome)
    return tuple(steps + _cost(outcome))


def _demand(outcome: Outcome, t: Traffic) -> list[WhyStep]:
    r = outcome.resolved
    month = t.requests_per_month
    served = ((1 - r.cached_share), "share that reaches a model")
    steps = [
        WhyStep(
            "demand",
            "Requests a month",
            month,
            "requests",
            f"{t.requests_per_day:,.0f} x {DAYS_PER_MONTH:.2f} days",
            (("answered from the response cache", f"{r.cached_share:.0%}"), (served[1], f"{served[0]:.0%}")),
            (PLAN,) if t.estimated else (),
            "estimated" if t.estimated else "modelled",
        ),
        WhyStep(
            "demand",
            "Busiest hour",
            t.peak_requests_per_s,
            "requests/s",
            f"{t.requests_per_day:,.0f} / 86,400 s x {t.peak:.3g}",
            (("peak over the mean hour", f"{t.peak:.3g}"), ("hours of operation", f"{t.hours:.0f} h/week")),
        ),
        WhyStep(
            "demand",
            "Tokens of one request",
            t.isl + t.osl,
            "tokens",
            f"{t.isl:,.0f} in + {t.osl:,.0f} out",
            (("prompt tokens seen before", f"{t.reuse:.0%}"),),
        ),
    ]
    return steps + [WhyStep("demand", "Lever", None, "", sentence) for sentence in r.edits]


def _api(d: Deployment, api: TokenTerms) -> list[WhyStep]:
    head = ROLE[d.role]
    prices = (
        ("input", api.usd_per_token_input),
        ("cached input", api.usd_per_token_cached),
        ("output", api.usd_per_token_output),
    )
    steps = [
        WhyStep(
            "price",
            f"{head}price per million {name} tokens",
            usd * 1e6,
            "USD/Mtok",
            api.rule,
            (),
            api.sources,
            "measured" if api.confidence == "high" else "modelled",
            api.confidence,
        )
        for name, usd in prices
    ]
    speed = api.speed
    measured: Basis = "measured" if speed.tokens_per_s else "modelled"
    source = (speed.source,) if speed.source else ()
    steps.append(
        WhyStep(
            "speed",
            f"{head}speed per user",
            speed.tokens_per_s,
            "tokens/s",
            f"median, {speed.kind}",
            (
                ("slow end", _maybe(speed.low_tokens_per_s, "tokens/s")),
                ("fast end", _maybe(speed.high_tokens_per_s, "tokens/s")),
            ),
            source,
            measured,
            speed.confidence,
        )
    )
    steps.append(
        WhyStep(
            "speed",
            f"{head}time to first token",
            speed.ttft_s,
            "s",
            f"median, {speed.kind}; p95 is not published: the slow end of measured speed stands in for it",
            (),
            source,
            measured,
            speed.confidence,
        )
    )
    return steps


def _maybe(value: float | None, unit: str) -> str:
    return "not published" if value is None else f"{value:,.3g} {unit}"


def _quality(outcome: Outcome) -> list[WhyStep]:
    r = outcome.resolved
    return [
        WhyStep(
            "quality",
            "Expected extra errors",
            r.extra_errors_per_1000,
            "per 1,000 answers",
            f"10 x points lost, added up as an upper bound; grade {r.grade}. {r.quality_note}",
            basis="estimated",
            confidence="low",
        )
    ]


def _cost(outcome: Outcome) -> list[WhyStep]:
    parts = outcome.parts_usd_per_month
    if not parts:
        return []
    steps = [WhyStep("cost", name, parts[name], "USD/month", PART_FORMULA[name]) for name in PARTS if parts.get(name)]
    words = " + ".join(f"{parts[name]:,.0f}" for name in PARTS if parts.get(name))
    return [WhyStep("cost", "Total", outcome.cost_usd_per_month, "USD/month", words or "0"), *steps]
