"""Why, in words: what the winner wins on, why each other lost, and what would have to give where nothing fits."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from components.engine.answer.targets import slow_case
from components.engine.outcome.evaluation import evaluate
from components.engine.scenario import Strategy
from components.engine.search.ask.limits import Bound, Limit, Target, Worst, value_of
from components.engine.search.ask.requirements import Objective
from components.engine.search.price.limits import bounds, targets_s
from components.engine.search.rank.one_by_one import option_figure
from components.engine.search.rank.option import Option
from components.engine.search.rank.order import Order, option_values
from components.engine.search.tell.found import LeverWorth, Ranked, Why
from components.engine.search.tell.room import Moved, crossing, moved, room_of
from components.engine.search.tell.words import bought, factor, machine, ms, percent
from components.engine.strategy.lever_table import every_lever

if TYPE_CHECKING:
    from components.engine.outcome.evaluation import Outcome
    from components.engine.search.ask.replicas import Question
    from components.engine.strategy.lever_record import Setting


MOST_LEVERS = 5


COMPARED = 8
"""Lines of the list whose cost is followed over demand and targets. [1]"""


PURCHASE: dict[str, tuple[dict[str, Setting], str]] = {
    "provider": ({"provider": ""}, "this seller's price"),
    "buy": ({"buy": "on-demand", "provider": ""}, "this way to buy"),
}
"""Choice of the purchase to the change that takes it back, and its name."""


def without(strategy: Strategy) -> dict[str, tuple[dict[str, Setting], str]]:
    """What a strategy uses, by field: the change that takes it back, and its name.

    On a per-token platform only what acts on the requests counts.
    """
    api, plain = strategy.buy == "api", Strategy()
    found = {
        lever.field: (lever.off, lever.without)
        for lever in every_lever()
        if lever.without and lever.used(strategy) and (not api or lever.scope == "request")
    }
    if api:
        return found
    return found | {k: told for k, told in PURCHASE.items() if getattr(strategy, k) != getattr(plain, k)}


def why_of(
    ask: Question, order: Order, winner: Option, others: list[Option], *, best_of_all: bool = True
) -> tuple[Why, list[Ranked]]:
    """Why the winner won, and the list with a reason for every other.

    Args: best_of_all, whether nothing inside the limits is better and only may miss a target.
    """
    near = others[:COMPARED]
    paths = [moved(ask, o) for o in (winner, *near)]
    (outcome,) = evaluate([winner.strategy], ask.q.workload, ask.book, ask.reference.id)
    why = Why(
        headline=headline(ask, winner) if best_of_all else f"{headline(ask, winner)}, in the slow case too",
        binding=binding(ask, winner),
        levers=tuple(_levers(ask, winner) if winner.kind != "api" else _platform_levers(ask, winner, others)),
        assumes=assumed(outcome, winner),
        room=room_of(ask, winner, near, paths),
    )
    listed = [Ranked(winner, why.headline)]
    for i, other in enumerate(others):
        path = paths[i + 1] if i < len(near) else None
        listed.append(Ranked(other, lost(ask, order, winner, other, paths[0], path)))
    return why, listed


def headline(ask: Question, winner: Option) -> str:
    """The winner in one sentence."""
    first = {
        "cost": "costs least", "speed": "is the fastest for each user", "energy": "uses least energy",
        "quality": "risks least quality",
    }[ask.q.objectives[0]]  # fmt: skip
    if ask.q.weights:
        first = "has the best weighted score"
    price = ", at an estimated price" if winner.basis == "estimated" else ""
    return f"{machine(ask.book, winner)} {first} inside every limit{price}"


def binding(ask: Question, winner: Option) -> str:
    """The limit with the least room, and how much is left."""
    used: list[tuple[float, str]] = []
    every: list[tuple[Limit, float]] = [*bounds(ask.q).items()]
    every += targets_s(ask).items() if winner.strategy.defer < 1 else ()
    for limit, bound in every:
        value = option_figure(winner, limit)
        if value is None or isinstance(limit, Worst) or not bound:
            continue
        share = bound / value if isinstance(limit, Bound) and limit.least else value / bound
        words = limit.words_for(ask.traffic) if isinstance(limit, Target) else limit.words
        used.append((share, f"{words}: {max(1 - share, 0):.0%} room left"))
    if not used:
        return "no limit binds: the objective alone decides"
    return max(used)[1]


def _levers(ask: Question, winner: Option) -> list[LeverWorth]:
    """What each choice is worth: the cost without it, everything else kept and the replica chosen anew."""
    s = winner.strategy
    tried = [(name, words, s.model_copy(update=change | {"chips": 0})) for name, (change, words) in without(s).items()]
    base = ask.q.baseline
    if winner.kind == "accelerators" and s.hardware != base.hardware and base.buy != "api":
        swap = {"hardware": base.hardware, "chips": 0, "provider": ""}
        tried.append(("hardware", "this accelerator", s.model_copy(update=swap)))
    if s.model != ask.reference.id:
        swap = {"model": ask.reference.id, "chips": 0}
        tried.append(("model", "this model", s.model_copy(update=swap)))
    outcomes = evaluate([t[2] for t in tried], ask.q.workload, ask.book, ask.reference.id) if tried else []
    found = []
    for (name, words, _), outcome in zip(tried, outcomes, strict=True):
        usd = outcome.cost_usd_per_month if outcome.works else math.nan
        saved = usd - winner.cost_usd_per_month
        if saved > 0:
            more = percent(saved / winner.cost_usd_per_month)
            found.append(LeverWorth(name, saved, f"without {words} it would cost {more} more"))
        elif math.isnan(saved) and outcome.fleets:
            found.append(LeverWorth(name, 0.0, f"without {words} it would not keep the limits"))
    found.sort(key=lambda lever: -lever.usd_per_month)
    return found[:MOST_LEVERS]


def _platform_levers(ask: Question, winner: Option, others: list[Option]) -> list[LeverWorth]:
    """What a platform is worth against the best machines of the list, beside the levers of the workload."""
    machines = next((o for o in others if o.kind == "accelerators"), None)
    found = _levers(ask, winner)
    if machines is not None and machines.cost_usd_per_month > winner.cost_usd_per_month:
        times = factor(machines.cost_usd_per_month / winner.cost_usd_per_month)
        saved = machines.cost_usd_per_month - winner.cost_usd_per_month
        found.append(
            LeverWorth("buy", saved, f"the best machines, {machine(ask.book, machines)}, cost {times} as much")
        )
    return sorted(found, key=lambda lever: -lever.usd_per_month)[:MOST_LEVERS]


def assumed(outcome: Outcome, winner: Option) -> tuple[str, ...]:
    """What the winner rests on."""
    rules = [d.purchase.rule for d in outcome.resolved.deployments if d.purchase is not None and d.purchase.rule]
    rules += [d.api.rule for d in outcome.resolved.deployments if d.api is not None]
    found = [f"price: {rule}" for rule in rules]
    if winner.kind == "accelerators":
        found.append(f"capacity can be had at this price in {winner.strategy.place}, {bought(winner)}")
    found.append(f"figures are {winner.basis}, confidence {winner.confidence}")
    return tuple(dict.fromkeys([*found, *outcome.resolved.warnings]))


def lost(ask: Question, order: Order, winner: Option, other: Option, own: Moved | None, path: Moved | None) -> str:
    """The one reason a configuration inside the limits is not first."""
    mine, its = option_values(winner), option_values(other)
    if order.weights:
        worst = max(order.weights, key=lambda name: order.weights[name] * (its[name] - mine[name]))
        return f"a worse weighted score: {_difference(worst, mine[worst], its[worst])}"
    for name in order.names:
        if not (its[name] <= mine[name] * (1 + 1e-9)):
            words = _difference(name, mine[name], its[name])
            turn = crossing(ask, own, path) if name == "cost" and own is not None and path is not None else ""
            at = " at this volume" if turn else ""
            equal = "" if name == order.names[0] else f"same {_NOUN[order.names[0]]}, but "
            better = wins_on(mine, its, besides=name)
            return f"{equal}{words}{at}{', ' + turn if turn else ''}{', but ' + better if better else ''}"
    return "equal in every objective: another seller or way to buy"


LEAST_WIN = 1.1
"""Times by which a figure must be better to be worth saying. [1]"""


def wins_on(mine: dict[Objective, float], its: dict[Objective, float], *, besides: Objective) -> str:
    """Where a configuration that lost is better, in words: speed, then energy, then quality; empty where nowhere.

    Args:
        mine: the winner's figures, small is good.
        its: those of the one that lost.
        besides: what it lost on.
    """
    words = {"speed": "{} as fast for each user", "energy": "uses {} less energy"}
    for name in ("speed", "energy"):
        if name != besides and math.isfinite(mine[name]) and 0 < its[name] * LEAST_WIN < mine[name]:
            times = mine[name] / its[name]
            return words[name].format(factor(times) if name == "speed" else percent(1 - 1 / times))
    if besides != "quality" and its["quality"] < mine["quality"] < math.inf:
        return f"{mine['quality'] - its['quality']:.0f} fewer wrong answers in 1,000 expected"
    return ""


_NOUN: dict[Objective, str] = {"cost": "cost", "speed": "speed", "energy": "energy", "quality": "quality"}


def _difference(name: Objective, mine: float, its: float) -> str:
    if not math.isfinite(its):
        return f"{_NOUN[name]} not published"
    more = its / mine - 1 if mine else math.inf
    if name == "quality":
        return f"{its - mine:.0f} more wrong answers in 1,000 expected"
    word = {"cost": "dearer", "speed": "slower for each user", "energy": "more energy", "quality": ""}[name]
    if more >= 1:
        return (
            f"{factor(more + 1)} the {_NOUN[name]}" if name != "speed" else f"{factor(more + 1)} slower for each user"
        )
    return f"{percent(abs(more))} {word if more >= 0 else 'cheaper'}"


def cheaper_but(ask: Question, limit: Limit, option: Option, winner: Option) -> str:
    """The one limit that a better configuration misses, and by how much."""
    return f"{_ahead(option, winner)}but {missed(ask, limit, option)}"


def better_but_for_the_slow_case(option: Option, winner: Option) -> str:
    """The target that a better service may miss."""
    return f"{_ahead(option, winner)}but {slow_case(option)}"


def _ahead(option: Option, winner: Option) -> str:
    saved = 1 - option.cost_usd_per_month / winner.cost_usd_per_month if winner.cost_usd_per_month else 0.0
    return f"{percent(saved)} cheaper, " if saved > 0 else "better, "


def missed(ask: Question, limit: Limit, option: Option) -> str:
    """A missed limit as a sentence part: "the first word comes 140 ms too late in the slow case"."""
    value = option_figure(option, limit)
    match limit:
        case Target():
            if value is None:
                return f"its {limit.words_for(ask.traffic)} is not published"
            return limit.late_for(ask.traffic).format(ms(value - limit.target_s(ask.traffic)))
        case Worst():
            has, worst = getattr(option, limit.name), value_of(ask.q, limit)
            return f"its {limit.words} is {limit.word(has)}, not {worst} or better"
        case Bound() if value is None:
            return f"its {limit.words} cannot be shown"
        case Bound():
            bound = bounds(ask.q)[limit]
            return limit.missed.format(words=limit.words, value=limit.sign * (value or 0), bound=limit.sign * bound)
    return f"it is outside the {limit.words} allowed"
