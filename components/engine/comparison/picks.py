"""Three ways to choose among strategies: the cheapest, the safest and the fastest, and what each needs to be true."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from components.engine.answer.records import Answer
from components.engine.comparison.choice import eligible, keeps_targets, suitable
from components.engine.comparison.lever_words import setting_words
from components.engine.facts.trust import CONFIDENCE
from components.engine.scenario import Buy, Floor, Strategy
from components.engine.strategy.lever_table import every_lever
from components.engine.strategy.quality import GRADES
from components.wording import numbers

Kind = Literal["cheapest", "safest", "fastest"]
COMMITMENTS: dict[Buy, str] = {
    "spot": "servers may be taken away at short notice",
    "reserved-1yr": "the demand lasts for the one year that is paid for",
    "reserved-3yr": "the demand lasts for the three years that are paid for",
    "owned": "the demand lasts for the life of the machines that are bought",
    "dedicated": "the seller keeps its price",
    "api": "the seller keeps its price and its speed",
}
"""What a way to buy asks of the future."""


class Pick(NamedTuple):
    """One strategy and what it is chosen for."""

    kind: Kind
    place: int
    """Of the strategy in the comparison's answers."""
    must_be_true: tuple[str, ...]
    """Conditions under which it works, weightiest first."""


def picks(answers: Sequence[Answer], strategies: Sequence[Strategy], floor: Floor = "") -> tuple[Pick, ...]:
    """The cheapest, the safest and the fastest of the strategies that keep all targets; empty where none does.

    Cheapest and safest keep the quality; the cheapest may be a service that risks a target. Safest runs under one's
    own control, then has the best grade, the surest figures and the lowest cost, of those that cost no more than the
    baseline. Fastest is the shortest whole answer in the slow case, whatever its quality: what must be true says so.

    Args:
        answers: Baseline first.
        strategies: Of the same length and order.
        floor: Worst grade that the cheapest and the safest may have; empty keeps the baseline's band.
    """
    fit = eligible(answers, floor)
    found: list[tuple[Kind, int]] = []
    if fit:
        changes = [i for i in fit if i] or [*fit]
        limit = answers[0].cost_usd_per_month.base
        affordable = [i for i in changes if answers[i].cost_usd_per_month.base <= limit] or changes
        found = [
            ("cheapest", suitable(answers, floor)[0]),
            ("safest", min(affordable, key=lambda i: _doubt(answers[i]))),
        ]
    kept = [i for i, a in enumerate(answers) if keeps_targets(a)]
    timed = [(s, answers[i].cost_usd_per_month.base, i) for i in kept if (s := answers[i].e2e_p95_s) is not None]
    changed = [each for each in timed if each[-1]] or timed
    if changed:
        found.append(("fastest", min(changed)[-1]))
    return tuple(Pick(kind, i, must_be_true(strategies[i], answers[i])) for kind, i in found)


def _doubt(answer: Answer) -> tuple[bool, int, int, float]:
    """What a cautious buyer looks at, in order."""
    shared = answer.kind != "accelerators"
    sure = CONFIDENCE.index(answer.confidence)
    return shared, GRADES.index(answer.grade), sure, answer.cost_usd_per_month.base


def must_be_true(strategy: Strategy, answer: Answer) -> tuple[str, ...]:
    """What has to hold for a strategy to work as computed: quality, its levers, its terms, its figures."""
    words = [_quality(answer)]
    for lever in every_lever():
        if lever.needs and lever.used(strategy) and not (strategy.buy == "api" and lever.on_machines):
            words.append(lever.needs.format(setting_words(lever, strategy)))
    words.append(COMMITMENTS.get(strategy.buy, ""))
    if answer.overrides:
        words.append("you get the prices that you entered")
    if answer.basis in {"announced", "estimated"}:
        words.append(f"the {answer.basis} figures come true")
    if answer.at_risk:
        words.append(f"times stay near the middle of their range ({answer.at_risk[0]})")
    return tuple(filter(None, words))


def _quality(answer: Answer) -> str:
    if answer.extra_errors_per_1000 is None:
        return f"its answers are good enough: {answer.quality_note.partition(':')[0]}"
    if not answer.extra_errors_per_1000:
        return ""
    return f"up to {numbers.number(answer.extra_errors_per_1000)} more wrong answers in 1,000 are acceptable"
