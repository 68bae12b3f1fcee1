"""Three ways to choose: the cheapest, the safest and the fastest strategy, each with what must be true for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from components.engine.answer.records import Answer
from components.engine.comparison.choice import eligible, meets_targets, suitable
from components.engine.comparison.lever_words import setting_words
from components.engine.facts.trust import CONFIDENCE
from components.engine.scenario import Buy, Floor, Strategy
from components.engine.strategy.lever_table import every_lever
from components.engine.strategy.quality import GRADES
from components.wording import numbers
from components.wording.vocabulary import grade_words

BOUND: Mapping[Buy, str] = {
    "spot": "the work stands machines being taken away",
    "reserved-1yr": "you need the machines for a year",
    "reserved-3yr": "you need the machines for three years",
    "owned": "you use the machines for their whole life",
}
"""What has to hold for a way to buy to pay off."""


@dataclass(frozen=True, slots=True)
class Pick:
    """One strategy and what it takes."""

    index: int
    """In the scenario's order."""
    because: str
    """Why this one, in words."""
    must_be_true: tuple[str, ...]
    """What has to hold, the most doubtful first."""


@dataclass(frozen=True, slots=True)
class Picks:
    """The three; None where no strategy meets the targets."""

    cheapest: Pick | None
    safest: Pick | None
    fastest: Pick | None


def picks(answers: Sequence[Answer], strategies: Sequence[Strategy], floor: Floor = "") -> Picks:
    """The cheapest, the safest and the fastest strategy.

    The cheapest is the best of the headline unless a service that may miss a target in the slow case costs less. The
    safest keeps the quality, runs under one's own control, has the surest figures and then costs least; the baseline
    is taken only where nothing else is left. The fastest has the shortest whole answer in the slow case of all that
    meet the targets, whatever its quality.
    Args:
        answers: baseline first.
        strategies: as entered, in the same order.
        floor: worst grade that the cheapest and the safest may have; empty keeps the baseline's band.
    """
    fit, cheap = eligible(answers, floor), suitable(answers, floor)
    safest = min([i for i in fit if i] or list(fit), key=lambda i: _risk(answers[i]), default=None)
    timed = [i for i, a in enumerate(answers) if meets_targets(a) and a.e2e_p95_s is not None]
    fastest = min(timed, key=lambda i: (answers[i].e2e_p95_s or 0.0, answers[i].cost_usd_per_month.base), default=None)

    def pick(index: int | None, because: Callable[[Answer], str]) -> Pick | None:
        if index is None:
            return None
        return Pick(index, because(answers[index]), must_be_true(strategies[index], answers[index]))

    return Picks(
        cheapest=pick(next(iter(cheap), None), lambda _: "lowest cost that meets the targets and keeps the quality"),
        safest=pick(safest, _safety),
        fastest=pick(fastest, lambda a: f"{numbers.seconds(a.e2e_p95_s)} for a whole answer in the slow case"),
    )


def _risk(answer: Answer) -> tuple[bool, int, int, float]:
    """What a cautious buyer looks at, in order."""
    own_control = answer.kind == "accelerators"
    sure = CONFIDENCE.index(answer.confidence)
    return not own_control, sure, GRADES.index(answer.grade), answer.cost_usd_per_month.base


def _safety(answer: Answer) -> str:
    control = "under your own control, " if answer.kind == "accelerators" else ""
    return f"{control}{grade_words(answer.grade)}, {answer.known_how}"


def must_be_true(strategy: Strategy, answer: Answer) -> tuple[str, ...]:
    """What has to hold for a strategy to keep what its answer says, from its levers and from what it rests on.

    Args: strategy, as entered; answer, computed of it.
    """
    return (*_of_quality(answer), *_of_price(strategy, answer), *_of_work(strategy), *_of_speed(answer))


def _of_quality(answer: Answer) -> tuple[str, ...]:
    if answer.grade == "?":
        return (f"its answers are good enough for you: {answer.quality_note}",)
    errors = answer.extra_errors_per_1000
    if not errors:
        return ()
    return (f"your own check finds no more than {numbers.number(errors)} extra errors in 1,000 answers",)


def _of_price(strategy: Strategy, answer: Answer) -> tuple[str, ...]:
    found = []
    if answer.overrides:
        found.append("you get your own prices")
    elif answer.basis == "estimated":
        found.append("an estimated price can be had")
    elif strategy.buy == "api" and not _on_devices(strategy):
        found.append("the price list holds")
    if answer.basis == "announced":
        found.append("announced hardware comes as announced")
    return (*found, *filter(None, ["" if _on_devices(strategy) else BOUND.get(strategy.buy, "")]))


def _of_work(strategy: Strategy) -> tuple[str, ...]:
    """What the workload itself must allow, by each lever in use."""
    used = [lever for lever in every_lever() if lever.needs and lever.used(strategy) and lever.counts(strategy)]
    kept = [lever for lever in used if not _on_devices(strategy) or (lever.on_device and lever.scope != "fleet")]
    return tuple(lever.needs.format(setting_words(lever, strategy)) for lever in kept)


def _on_devices(strategy: Strategy) -> bool:
    """Whether users' devices answer everything, so that no server and no platform is left."""
    return strategy.edge >= 1


def _of_speed(answer: Answer) -> tuple[str, ...]:
    unsure = ("the figures, of low confidence, hold",) if answer.confidence == "low" else ()
    risks = (f"times stay near the middle of their range ({answer.at_risk[0]})",) if answer.at_risk else ()
    return (*risks, *unsure)
