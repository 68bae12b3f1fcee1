"""Tables of the plan over time, in USD; one that says why where nothing can be planned."""

from __future__ import annotations

from typing import Any

from components.engine.plan import PlanAnswer
from components.exports.pack import Pack, Table, clean


def plan_tables(pack: Pack) -> dict[str, Table]:
    """Each table by the stem of its file."""
    found = pack.planned
    if found is None:
        return {"plan": (("plan",), [(pack.unplanned,)])}
    return {
        "plan-strategies": _strategies(pack, found),
        "plan-months": _months(pack, found),
        "plan-range": _ranges(pack, found),
        "plan-turns": _turns(found),
        "plan-inputs": _inputs(found),
    }


def _strategies(pack: Pack, found: PlanAnswer) -> Table:
    heads = (
        "strategy", "answers_from_month", "present_usd", "saving_usd", "p10_usd", "p50_usd", "p90_usd", "mean_usd",
        "cheapest_share", "payback_month", "peak_funding_usd", "resale_usd", "mean_regret_usd", "worst_regret_usd",
    )  # fmt: skip
    rows = [
        (pack.name(path.index), path.first_month, path.present_usd, path.saving_usd, one.low_usd, one.middle_usd,
         one.high_usd, one.expected_usd, one.cheapest_share, path.payback_month, path.peak_funding_usd,
         path.resale_usd, one.expected_regret_usd, one.worst_regret_usd)
        for path, one in zip(found.base.paths, found.futures.standings, strict=True)
    ]  # fmt: skip
    return heads, rows


def _months(pack: Pack, found: PlanAnswer) -> Table:
    """As planned; month 0 is the start, where machines are paid."""
    heads = ("strategy", "month", "requests_over_today", "cost_usd", "paid_usd", "running_usd", "busy_share")
    rows: list[tuple[Any, ...]] = []
    for path in found.base.paths:
        rows.append((pack.name(path.index), 0, None, None, float(path.cash_usd[0]), None, None))
        rows += [
            (pack.name(path.index), k + 1, float(path.volume[k]), float(path.cost_usd[k]), float(path.cash_usd[k + 1]),
             float(path.running_usd[k]), float(path.busy_share[k]))
            for k in range(found.base.terms.months)
        ]  # fmt: skip
    return heads, rows


def _ranges(pack: Pack, found: PlanAnswer) -> Table:
    """Paid by the end of each month in the draws, of the strategies that have a fan."""
    rows = [
        (pack.name(found.base.paths[place].index), month, float(low), float(middle), float(high))
        for place, fan in found.futures.fans.items()
        for month, (low, middle, high) in enumerate(zip(*fan, strict=True))
    ]
    return ("strategy", "month", "paid_p10_usd", "paid_p50_usd", "paid_p90_usd"), rows


def _turns(found: PlanAnswer) -> Table:
    heads = ("input", "planned", "turns_at", "as_it", "then_cheaper", "within_its_range")
    rows = [
        (clean(flip.words), flip.base, flip.value, "falls" if flip.below else "rises", clean(flip.instead, 60),
         "yes" if flip.likely else "no")
        for flip in found.flips
    ]  # fmt: skip
    return heads, rows


def _inputs(found: PlanAnswer) -> Table:
    """What is not known, with its ends and what knowing it before deciding is worth."""
    worth = {one.key: one.usd for one in found.information.worth}
    rows = [
        (clean(one.words), one.low, one.base, one.high, one.said, one.shape, one.confidence, worth.get(one.key, 0.0))
        for one in found.model.unknowns
    ]
    return ("input", "low", "planned", "high", "unit", "shape", "confidence", "worth_of_knowing_usd"), rows
