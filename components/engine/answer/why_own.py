"""Why this number: the reader's own measurement, the factors that follow from it, and the error before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components.engine.answer.latency import accuracy, own_of
from components.engine.answer.records import WhyStep
from components.engine.strategy.own_measurement import WORDS

if TYPE_CHECKING:
    from components.engine.outcome.evaluation import Fleet, Outcome
    from components.engine.strategy.own_measurement import Metric


def own_steps(fleet: Fleet, outcome: Outcome) -> list[WhyStep]:
    """The reader's measurement: what the model said, the factors that follow, and what it says with them."""
    own = own_of(fleet, outcome)
    chip = fleet.deployment.chip
    if own is None or chip is None:
        return []
    where = (
        ("chips per replica", f"{own.chips:,.0f}"),
        ("requests in flight per replica", f"{own.concurrency:,.0f}"),
        ("prompt", f"{own.isl:,.0f} tokens, {own.new_isl:,.0f} of them computed"),
        ("answer", f"{own.osl:,.0f} tokens"),
    )
    steps = [
        WhyStep(
            topic="speed",
            name=f"own measurement, {WORDS[check.metric]}",
            value=check.measured * (1.0 if check.metric == "throughput" else 1e3),
            unit="tokens/s" if check.metric == "throughput" else "ms",
            found="look-up",
            formula=check.sentence,
            inputs=where,
            basis="measured",
        )
        for check in own.checks
    ]
    factors: tuple[tuple[str, float, Metric], ...] = (
        ("decode step", own.factors.step, "tpot"), ("prefill", own.factors.prefill, "ttft"),
    )  # fmt: skip
    for what, value, metric in factors:
        left = accuracy(chip, metric, own)
        steps.append(
            WhyStep(
                topic="speed",
                name=f"own measurement, factor on the time of a {what}",
                value=value,
                unit="x modelled",
                found="search",
                formula="as modelled" if value == 1 else "makes the model give what was measured",
                inputs=((f"error of the {WORDS[metric]} at other loads, p90", f"{left.p90_error:.0%}"),),
                sources=(left.source_id,),
                basis="measured" if own.informs(metric) else "modelled",
            )
        )
    return steps
