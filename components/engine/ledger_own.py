"""Why this number: the reader's own measurement, the factors that follow from it, and the error before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components.engine.answer import Step
from components.engine.own import WORDS

if TYPE_CHECKING:
    from components.engine.evaluate import Fleet, Outcome


def own_steps(fleet: Fleet, outcome: Outcome) -> list[Step]:
    """The reader's measurement: what the model said, the factors that follow, and what it says with them."""
    own = outcome.resolved.own
    if own is None or fleet.deployment.role != "main":
        return []
    where = (
        ("chips per replica", f"{own.chips:,.0f}"),
        ("requests in flight per replica", f"{own.concurrency:,.0f}"),
        ("prompt", f"{own.isl:,.0f} tokens, {own.new_isl:,.0f} of them computed"),
        ("answer", f"{own.osl:,.0f} tokens"),
    )
    steps = [
        Step(
            "speed",
            f"own measurement, {WORDS[check.metric]}",
            check.measured * (1.0 if check.metric == "throughput" else 1e3),
            "tokens/s" if check.metric == "throughput" else "ms",
            check.sentence,
            where,
            basis="measured",
        )
        for check in own.checks
    ]
    for what, value in (("decode step", own.factors.step), ("prefill", own.factors.prefill)):
        found = "as modelled" if value == 1 else "makes the model give what was measured"
        steps.append(
            Step(
                "speed",
                f"own measurement, factor on the time of a {what}",
                value,
                "x modelled",
                found,
                basis="measured",
            )
        )
    return steps
