"""Nothing that is left out could have won: small spaces searched exhaustively, one strategy at a time."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import product
from typing import Any

import pytest

from components.catalog.load import load_catalog
from components.engine.outcome.evaluation import open_book
from components.engine.scenario import Buy, Draft, Kv, Stack, Strategy, Weights, Workload
from components.engine.search.ask.replicas import Question
from components.engine.search.ask.requirements import Requirements
from components.engine.search.find import ask_of, search
from components.engine.search.rank.one_by_one import option_faults, options
from components.engine.search.rank.option import Option
from components.engine.search.rank.order import PAIRS, Order, option_values
from components.engine.search.trade_offs import cost_of_latency, cost_of_quality
from components.engine.strategy.resolve import resolve

pytestmark = pytest.mark.slow
BOOK = open_book(load_catalog())
MODEL, CHIPS, PLACES = "llama-3.1-8b", ("l4", "h100-nvl"), ("fra", "ind")
BUYS: tuple[Buy, ...] = ("on-demand", "reserved-3yr", "owned")
SMALL = Requirements(
    baseline=Strategy(model=MODEL, place="fra"), alternatives="same", hardware=CHIPS, places=PLACES, buys=BUYS,
    grade="E", confidence="low", workload=Workload(requests_per_day=1.5e6),
)  # fmt: skip


def sellers(chip: str, buy: str) -> set[str]:
    rows = BOOK.catalog.rentals
    return {""} | {r.provider for r in rows if r.current and r.accelerator_id == chip and r.price_type == buy}


def counts(strategy: Strategy) -> list[int]:
    """Chips per replica that the engine itself tries."""
    resolved = resolve(BOOK, strategy, SMALL.workload)
    return [cut.chips for d in resolved.deployments if d.candidates is not None for cut in d.candidates.layouts]


def every_strategy() -> list[Strategy]:
    """The raw product of all choices, without any rule of what is worth trying."""
    found = []
    weights_: tuple[Weights, ...] = ("native", "bf16", "fp8", "int8", "int4", "fp4")
    kv_: tuple[Kv, ...] = ("bf16", "fp8")
    drafts: tuple[Draft, ...] = ("none", "eagle")
    stacks: tuple[Stack, ...] = ("vllm", "trtllm")
    levers = product(CHIPS, weights_, kv_, drafts, (False, True), stacks)
    for chip, weights, kv, spec, disagg, stack in levers:
        machine = Strategy(
            model=MODEL,
            hardware=chip,
            weights=weights,
            kv=kv,
            spec=spec,
            disagg=disagg,
            stack=stack,
            buy="owned",
            price=1,
        )
        for chips, scale, buy, place in product(counts(machine), ("fixed", "hourly"), BUYS, PLACES):
            if scale == "hourly" and buy.startswith("reserved"):  # a commitment is paid around the clock
                continue
            for provider in sellers(chip, buy):
                bought = {"scale": scale, "buy": buy, "place": place, "provider": provider, "price": None}
                found.append(machine.model_copy(update=bought | {"chips": chips}))
    return found


@cache
def everything() -> list[Option]:
    """All that can be built, as the engine says it."""
    return [o for o in options(ask_of(SMALL, BOOK), every_strategy()) if o is not None]


def best(ask: Question) -> Option | None:
    order = Order(ask.q, options(ask, [ask.q.baseline])[0])
    return min((o for o in everything() if not option_faults(ask, o)), key=order.key, default=None)


LIMITS: dict[str, dict[str, Any]] = {
    "none": {},
    "grade": {"grade": "A"},
    "carbon": {"carbon_kg_per_month": 60.0},
    "power": {"power_kw": 1.1},
    "accelerators": {"accelerators": 2},
    "place": {"places": ("ind",)},
    "buys": {"buys": ("owned", "reserved-3yr")},
    "confidence": {"confidence": "medium"},
    "fastest": {"objectives": ("speed",)},
    "fastest and cheapest": {"objectives": ("speed", "cost"), "weights": (1.0, 2.0)},
    "frugal": {"objectives": ("energy", "quality")},
    "best": {"objectives": ("quality", "energy")},
    "all": {"objectives": ("cost", "speed", "energy", "quality"), "weights": (1.0, 1.0, 0.5, 0.1)},
    "throughput": {"throughput_tokens_per_s": 12_000.0},
}  # fmt: skip


@pytest.mark.parametrize("name", LIMITS)
def test_the_winner_is_the_best_of_all(name: str) -> None:
    q = SMALL.model_copy(update=LIMITS[name])
    ask, found = ask_of(q, BOOK), search(q, BOOK)
    told = best(ask)
    assert (found.winner is None) == (told is None), (found.problems, told)
    if told is None or found.winner is None:
        return
    order = Order(q, found.baseline)
    assert order.key(found.winner) == pytest.approx(order.key(told), rel=1e-8)
    assert not option_faults(ask, found.winner)


def test_limits_of_the_test_bite() -> None:
    """Each limit above changes the winner or the set it is chosen from."""
    free = {id(o) for o in everything() if not option_faults(ask_of(SMALL, BOOK), o)}
    for name, change in LIMITS.items():
        if "objectives" not in change and change:
            ask = ask_of(SMALL.model_copy(update=change), BOOK)
            assert {id(o) for o in everything() if not option_faults(ask, o)} < free, name


def test_fronts_hold_every_point_that_nothing_beats() -> None:
    ask, found = ask_of(SMALL, BOOK), search(SMALL, BOOK)
    fitting = [option_values(o) for o in everything() if not option_faults(ask, o)]
    for first, second in PAIRS:
        points = [(v[first], v[second]) for v in map(option_values, found.front(first, second))]
        assert points == sorted(points)
        for v in fitting:
            assert any(a <= v[first] * (1 + 1e-8) and b <= v[second] * (1 + 1e-8) for a, b in points), (first, second)
        for a, b in points:
            beaten = [v for v in fitting if v[first] < a * (1 - 1e-8) and v[second] < b * (1 - 1e-8)]
            assert not beaten, (first, second)


@pytest.mark.parametrize("target_s", [0.15, 0.3, 0.7, 1.4])
def test_cost_of_latency_is_the_best_of_all_at_each_target(target_s: float) -> None:
    points = cost_of_latency(SMALL, BOOK, "ttft", (0.15, 0.3, 0.7, 1.4))
    at = next(p for p in points if p.target_s == target_s)
    q = SMALL.model_copy(update={"workload": SMALL.workload.model_copy(update={"ttft_ms": target_s * 1e3})})
    found = search(q, BOOK)
    assert (at.option is None) == (found.winner is None)
    if at.option is not None and found.winner is not None:
        assert at.option.cost_usd_per_month == pytest.approx(found.winner.cost_usd_per_month, rel=1e-9)


def test_cost_of_quality_is_the_best_of_all_at_each_grade() -> None:
    costs = []
    for point in cost_of_quality(SMALL, BOOK):
        told = best(replace(ask_of(SMALL, BOOK), q=SMALL.model_copy(update={"grade": point.grade})))
        assert (point.option is None) == (told is None)
        if point.option is not None and told is not None:
            assert point.option.cost_usd_per_month == pytest.approx(told.cost_usd_per_month, rel=1e-9)
            costs.append(point.option.cost_usd_per_month)
    assert len(costs) > 1
    assert costs == sorted(costs, reverse=True)
