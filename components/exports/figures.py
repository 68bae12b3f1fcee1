"""The charts of an export: the figures of the Compare and Plan pages, each with its key, finding and text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from components.charts import cost, frontier, latency, plan, plan_risk, steps, volume
from components.charts.theme import Figure
from components.exports.pack import Pack


class Drawn(NamedTuple):
    """One chart."""

    key: str
    """Stem of its file's name."""
    figure: Figure
    alt: str


def figures(pack: Pack) -> tuple[Drawn, ...]:
    """All charts of a comparison; no steps where nothing is compared, none over time where nothing can be planned."""
    result, money, told = pack.result, pack.money, pack.attribution
    targets = (result.ttft_target_s, result.tpot_target_s)
    answers = result.answers
    saving = (Drawn("saving", steps.steps(told, money), steps.alt_text(told, money)),) if told else ()
    return (
        *saving,
        Drawn("cost", cost.monthly_by_component(answers, money), cost.alt_text(answers, money)),
        Drawn("latency", latency.against_targets(answers, *targets), latency.alt_text(answers, *targets)),
        Drawn("cost-speed", frontier.cost_latency(answers, money), frontier.alt_text(answers, money)),
        Drawn(
            "volume",
            volume.cost_against_volume(result.curves, money, out=pack.out),
            volume.alt_text(result.curves, money, out=pack.out),
        ),
        *_over_time(pack),
    )


def _over_time(pack: Pack) -> Iterator[Drawn]:
    """Payments of the plan with their fan, and what moves its decision."""
    found, money = pack.planned, pack.money
    if found is None:
        return
    fans, note = found.futures.fans, "As planned; band: eight of ten futures, dotted: the middle one"
    yield Drawn("plan", plan.paid_chart(found.base, fans, money, note=note), plan.paid_alt(found.base, fans, money))
    if found.sensitivity is not None:
        note = "Each input at the ends of eight of ten futures, the others as planned"
        moved, unknowns = found.sensitivity, found.model.unknowns
        yield Drawn("plan-inputs", plan_risk.swings(moved, unknowns, money, note=note),
                    plan_risk.swings_alt(moved, money))  # fmt: skip
