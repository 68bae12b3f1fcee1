"""The charts of an export: the figures of the Compare page, each with its key, finding and text."""

from __future__ import annotations

from typing import NamedTuple

from components.charts import cost, frontier, latency, steps, volume
from components.charts.theme import Figure
from components.exports.pack import Pack


class Drawn(NamedTuple):
    """One chart."""

    key: str
    """Stem of its file's name."""
    figure: Figure
    alt: str


def figures(pack: Pack) -> tuple[Drawn, ...]:
    """All charts of a comparison; no steps where nothing is compared."""
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
    )
