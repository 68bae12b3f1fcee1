"""The answer in one sentence, said of computed numbers only."""

from __future__ import annotations

from collections.abc import Sequence

from components.engine.answer.records import Answer
from components.engine.answer.targets import risky, slow_case
from components.engine.comparison.choice import cheapest, eligible, meets_targets, passed_over
from components.engine.comparison.saving_spread import saving_range
from components.engine.facts.trust import SAME_COST
from components.engine.scenario import Floor
from components.wording import numbers
from components.wording.money import DOLLARS, Money

SLOWER = 1.5
"""An answer that takes so many times as long is a price of the saving. [1]"""
SAME_TIME = 1.05
"""Times closer than this are the same. [1]"""


def headline(answers: Sequence[Answer], money: Money = DOLLARS, floor: Floor = "") -> str:
    """What we pay, what we would pay, how fast and how good that is, and how sure.

    Args:
        answers: Baseline first.
        money: Currency and locale shown.
        floor: Worst grade that the best may have; empty keeps the baseline's band.
    """
    fit, today = eligible(answers, floor), answers[0]
    if not fit:
        return _none(answers)
    best = answers[fit[0]]
    cost, now = money.compact(best.cost_usd_per_month.base), money.compact(today.cost_usd_per_month.base)
    if fit[0] == 0:
        return _baseline(answers, fit, cost)
    if not today.feasible and today.cost_usd_per_month.base <= 0:
        return f"{best.name} costs {cost} a month; {today.name} cannot be priced for this workload."
    if best.cost_usd_per_month.base >= today.cost_usd_per_month.base:
        fault = _today_fault(today)
        return (
            f"{best.name} is the cheapest that meets the targets: {cost} a month against {now} for {today.name}, "
            f"which {fault}."
        )
    return f"{_less(answers, fit, cost, now)}{_speed(best, today)}{_quality(best, today)}{_doubts(best, today)}."


def _today_fault(today: Answer) -> str:
    """Why the baseline is not the cheapest that meets the targets."""
    if today.unproven and today.feasible:
        return "publishes no time"
    return "misses them" if not meets_targets(today) else f"has quality grade {today.grade}"


def _none(answers: Sequence[Answer]) -> str:
    """Nothing may be called the best: for speed, or for quality alone."""
    if any(meets_targets(a) for a in answers):
        return (
            "No strategy shown meets the targets at the quality asked for: allow a lower grade, or change a strategy."
        )
    if any(a.feasible for a in answers):
        return "No strategy shown has a published time for every target: drop a target, or choose another platform."
    shared = [reason for reason in answers[0].reasons if all(reason in a.reasons for a in answers)]
    if shared and len(answers) > 1:
        return f"No strategy shown can do this: {shared[0]}."
    return "No strategy shown meets the targets: each one says below what to change."


def _tied(answers: Sequence[Answer], fit: tuple[int, ...]) -> list[Answer]:
    """Further strategies that cost about the same as the best."""
    limit = answers[fit[0]].cost_usd_per_month.base * SAME_COST
    return [answers[i] for i in fit[1:] if answers[i].cost_usd_per_month.base <= limit]


def _baseline(answers: Sequence[Answer], fit: tuple[int, ...], cost: str) -> str:
    """The baseline is the best."""
    today = answers[0].name
    if len(answers) == 1 or (len(fit) == 1 and not any(a.feasible for a in answers[1:])):
        other = (
            "add a strategy to compare it with" if len(answers) == 1 else "no other strategy shown meets the targets"
        )
        return f"{today} costs {cost} a month; {other}."
    if tied := _tied(answers, fit):
        return f"{_listed([today, *(a.name for a in tied)])} cost about the same: {cost} a month."
    return f"{today} at {cost} a month is the cheapest shown that meets the targets and keeps the quality."


def _less(answers: Sequence[Answer], fit: tuple[int, ...], cost: str, now: str) -> str:
    """The saving, of all that cost about as little."""
    best, today, tied = answers[fit[0]], answers[0], _tied(answers, fit)
    if today in tied:
        return f"{best.name} and {today.name} cost about the same: {cost} a month"
    share = 1 - best.cost_usd_per_month.base / today.cost_usd_per_month.base
    saving = f"{cost} a month instead of {now} ({numbers.percent(share)} less)"
    if tied:
        return f"{_listed([best.name, *(a.name for a in tied)])} cost about the same: {saving}"
    return f"{best.name} would cost {saving}"


def _listed(names: Sequence[str]) -> str:
    """ "A, B and C"."""
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _speed(best: Answer, today: Answer) -> str:
    """How long the whole answer takes in the slow case, where somebody waits for it."""
    new, old = best.e2e_p95_s, today.e2e_p95_s
    if not best.awaited or new is None or not old:
        return ""
    what = "answers" if best.writes else "results"
    times = f"{numbers.seconds(new)} instead of {numbers.seconds(old)}"
    if new > old * SLOWER:
        return f", but {what} take {times} in the slow case"
    if new > old * SAME_TIME:
        return f", {what} take {times} in the slow case"
    if new * SAME_TIME < old:
        return f", and {what} get faster ({times} in the slow case)"
    return f", {what} as fast as today"


def _quality(best: Answer, today: Answer) -> str:
    """The grade, and what the change may cost."""
    if best.grade == "?":
        return f"; its quality is not known ({best.quality_note})"
    if best.grade == today.grade:
        return f"; quality grade {best.grade} as today"
    errors = best.extra_errors_per_1000
    worse = best.grade > today.grade if today.grade != "?" else False
    cause = f", up to {numbers.number(errors)} more errors in 1,000" if worse and errors else ""
    instead = f"instead of {today.grade}" if today.grade != "?" else "instead of one not published"
    return f"; quality grade {best.grade} {instead}{cause}"


def _doubts(best: Answer, today: Answer) -> str:
    """What makes the saving less sure."""
    found = []
    if best.overrides or today.overrides:
        found.append("at your own prices")
    if saving_range(today, best).low <= 0 and not _close(best, today):
        found.append("though within the ranges nothing may be saved")
    if risky(best):
        found.append(slow_case(best))
    if not meets_targets(today):
        unknown = f"no time is published for {today.name}"
        found.append(unknown if today.unproven and today.feasible else f"{today.name} also misses its targets")
    return "".join(f"; {words}" for words in found)


def _close(best: Answer, today: Answer) -> bool:
    return today.cost_usd_per_month.base <= best.cost_usd_per_month.base * SAME_COST


def cheaper_but(answers: Sequence[Answer], money: Money = DOLLARS, floor: Floor = "") -> str:
    """Why what costs less than the best is not the best, in a sentence; empty where nothing does.

    Args: as `headline`.
    """
    found = passed_over(answers, floor)
    if not found or cheapest(answers, floor) is None:
        return ""
    cheaper = answers[found[0]]
    return f"{cheaper.name} costs {money.compact(cheaper.cost_usd_per_month.base)} a month, but {_fault(cheaper)}."


def _fault(answer: Answer) -> str:
    if answer.unproven:
        return f"no time is published for {' and '.join(answer.unproven)}"
    if not meets_targets(answer):
        return "it misses a target"
    if risky(answer):
        return slow_case(answer)
    return "its quality is not known" if answer.grade == "?" else f"its quality is grade {answer.grade}"
