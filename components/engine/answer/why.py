"""Why this number: the chain from demand to money, each step with its formula, inputs, sources and basis."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components.engine.answer.records import WhyStep
from components.engine.answer.why_capacity import PLAN
from components.engine.answer.why_cost import cost_steps, range_steps
from components.engine.answer.why_fleet import fleet_steps
from components.engine.answer.why_price import token_steps
from components.engine.answer.why_step import Trust, calculated
from components.engine.facts.periods import DAYS_PER_MONTH
from components.engine.facts.workload import BUSIEST_HOUR, REQUESTS_PER_MONTH, TOKENS_OF_A_REQUEST
from components.engine.strategy.quality import ERRORS_PER_POINT, EXTRA_ERRORS
from components.wording.vocabulary import grade_word

if TYPE_CHECKING:
    from components.engine.answer.spreads import Spread
    from components.engine.facts.book import Book
    from components.engine.facts.workload import Traffic
    from components.engine.outcome.evaluation import Outcome


def ledger(outcome: Outcome, traffic: Traffic, book: Book, unknown: tuple[Spread, ...]) -> tuple[WhyStep, ...]:
    """All steps of one outcome, demand first, money last.

    Args: unknown, what each of the figures that are not known for sure may change.
    """
    steps = _demand(outcome, traffic)
    for deployment in outcome.resolved.deployments:
        if deployment.api is not None:
            steps += token_steps(deployment, deployment.api)
    for fleet in outcome.fleets:
        steps += fleet_steps(fleet, outcome, book)
    return (*steps, _quality(outcome), *cost_steps(outcome), *range_steps(outcome, unknown))


def _demand(outcome: Outcome, t: Traffic) -> list[WhyStep]:
    r = outcome.resolved
    steps = [
        calculated(
            "demand",
            "Requests a month",
            value=t.requests_per_month,
            formula=REQUESTS_PER_MONTH,
            inputs={"requests per day": t.requests_per_day, "days per month": DAYS_PER_MONTH},
            also=(
                ("answered from the response cache", f"{r.cached_share:.0%}"),
                ("share that reaches a model", f"{1 - r.cached_share:.0%}"),
            ),
            trust=Trust(sources=(PLAN,), basis="estimated") if t.estimated else Trust(),
        ),
        calculated(
            "demand",
            "Busiest hour",
            value=t.peak_requests_per_s,
            formula=BUSIEST_HOUR,
            inputs={"requests per day": t.requests_per_day, "peak": t.peak},
            also=(("hours of operation", f"{t.hours:.0f} h/week"),),
        ),
        calculated(
            "demand",
            "Tokens of one request",
            value=t.isl + t.osl,
            formula=TOKENS_OF_A_REQUEST,
            inputs={"prompt": t.isl, "answer": t.osl},
            also=(("prompt tokens seen before", f"{t.reuse:.0%}"),),
        ),
    ]
    levers = [
        WhyStep(topic="demand", name="Lever", value=None, unit="", found="sentence", formula=sentence)
        for sentence in r.edits
    ]
    return steps + levers


def _quality(outcome: Outcome) -> WhyStep:
    r = outcome.resolved
    name, errors = "Expected extra errors", r.extra_errors_per_1000
    grade = ("grade", f"{grade_word(r.grade)}. {r.quality_note}")
    if errors is None or r.quality is None:
        return WhyStep(
            topic="quality",
            name=name,
            value=None,
            unit=EXTRA_ERRORS.unit,
            found="look-up",
            formula="not known",
            inputs=(grade,),
            basis="estimated",
            confidence="low",
        )
    return calculated(
        "quality",
        name,
        value=errors,
        formula=EXTRA_ERRORS,
        inputs={"errors per point": ERRORS_PER_POINT, "points lost": sum(points for _, points in r.quality.parts)},
        also=(grade,),
        trust=Trust(sources=r.quality.sources, basis="estimated", confidence="low"),
    )
