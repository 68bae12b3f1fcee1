"""Three ways to choose among strategies: the cheapest, the safest and the fastest, and what each needs to be true."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from components.engine.answer.records import Answer
from components.engine.comparison.lever_words import setting_words
from components.engine.facts.trust import CONFIDENCE
from components.engine.scenario import Buy, Strategy
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


def picks(answers: Sequence[Answer], strategies: Sequence[Strategy]) -> tuple[Pick, ...]:
    """The cheapest, the safest and the fastest of the strategies that keep all targets; empty where none does.

    Safest is the best grade, then the surest figures, then the lowest cost, of those that cost no more than the
    baseline. Fastest is the shortest whole answer in the slow case.

    Args:
        answers: Baseline first.
        strategies: Of the same length and order.
    """
    kept = [i for i, a in enumerate(answers) if keeps_targets(a)]
    if not kept:
        return ()
    changes = [i for i in kept if i] or kept

    def cost(i: int) -> float:
        return answers[i].cost_usd_per_month.base

    def doubt(i: int) -> tuple[int, int, float]:
        answer = answers[i]
        unknown = answer.extra_errors_per_1000 is None
        return len(GRADES) if unknown else GRADES.index(answer.grade), CONFIDENCE.index(answer.confidence), cost(i)

    timed = [i for i in changes if answers[i].e2e_p95_s is not None]
    affordable = [i for i in changes if cost(i) <= cost(0)] or changes
    found: list[tuple[Kind, int]] = [
        ("cheapest", min(kept, key=cost)),
        ("safest", min(affordable, key=doubt)),
    ]
    if timed:
        found.append(("fastest", min(timed, key=lambda i: (answers[i].e2e_p95_s, cost(i)))))
    return tuple(Pick(kind, i, must_be_true(strategies[i], answers[i])) for kind, i in found)


def keeps_targets(answer: Answer) -> bool:
    """Whether a strategy works and misses no target."""
    return answer.feasible and answer.meets_ttft is not False and answer.meets_tpot is not False


def must_be_true(strategy: Strategy, answer: Answer) -> tuple[str, ...]:
    """What has to hold for a strategy to work as computed: quality, its levers, its terms, its figures."""
    words = [_quality(answer)]
    for lever in every_lever():
        if lever.needs and lever.used(strategy) and not (strategy.buy == "api" and lever.on_machines):
            words.append(lever.needs.format(setting_words(lever, strategy)))
    words.append(COMMITMENTS.get(strategy.buy, ""))
    if answer.basis in {"announced", "estimated"}:
        words.append(f"the {answer.basis} figures come true")
    return tuple(filter(None, words))


def _quality(answer: Answer) -> str:
    if answer.extra_errors_per_1000 is None:
        return "its answers are good enough: nothing comparable is published"
    if not answer.extra_errors_per_1000:
        return ""
    return f"up to {numbers.number(answer.extra_errors_per_1000)} more wrong answers in 1,000 are acceptable"
