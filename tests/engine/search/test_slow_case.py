"""A service that may miss a target in the slow case: passed over by the search as by the comparison."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from components.catalog.load import load_catalog
from components.engine.answer.targets import slow_case, spared
from components.engine.comparison import compare
from components.engine.outcome.evaluation import open_book
from components.engine.scenario import Buy, Scenario, Strategy, Workload
from components.engine.search import Found, Requirements, cost_of_latency, cost_of_quality, search

BOOK = open_book(load_catalog())
WORKLOAD = Workload(preset="content_generation")
BUYS: tuple[Buy, ...] = ("on-demand", "api")
SHOP = Strategy(buy="api", provider="DeepInfra", tier="turbo")
LATE = "in the slow case each word takes 67 to 136 ms against 100 ms"


def question(**change: Any) -> Requirements:
    usual: dict[str, Any] = {"hardware": ("h100-sxm",), "alternatives": "same", "buys": BUYS, "breadth": "narrow"}
    return Requirements(workload=WORKLOAD, **(usual | change))


@cache
def asked(**change: Any) -> Found:
    return search(question(**change), BOOK)


def test_the_winner_keeps_its_targets_in_the_slow_case_and_the_cheaper_one_says_why_it_is_not() -> None:
    found = asked()
    assert found.winner is not None
    assert found.why is not None
    assert found.winner.kind == "accelerators"
    assert [o.seller for o in found.passed_over] == ["DeepInfra"]
    assert found.cheaper is found.passed_over[0]
    (line,) = (r for r in found.ranked if r.option is found.cheaper)
    assert line.missed is None
    assert line.reason.endswith(f"cheaper, but {LATE}")
    assert found.why.headline.endswith("costs least inside every limit, in the slow case too")
    inside = [r.option for r in found.ranked if r.missed is None and r.option not in found.passed_over]
    assert inside[0] is found.winner
    assert all(o.cost_usd_per_month >= found.winner.cost_usd_per_month for o in inside)


def test_the_comparison_calls_the_same_one_the_best() -> None:
    found = asked()
    assert found.winner is not None
    result = compare(
        Scenario(workload=WORKLOAD, strategies=(Strategy(weights="bf16"), SHOP, found.winner.strategy)),
        load_catalog(),
    )
    assert result.best == 2
    assert slow_case(result.answers[1]) == LATE


def test_what_one_has_today_is_known_and_what_is_alone_is_taken() -> None:
    today = asked(baseline=SHOP)
    assert today.winner is not None
    assert today.winner.seller == "DeepInfra"
    assert today.passed_over == ()
    alone = asked(buys=("api",), providers=("DeepInfra",))
    assert alone.winner is not None
    assert alone.winner.at_risk
    assert alone.passed_over == ()
    assert alone.cheaper is None


def test_no_mix_and_no_tie_rests_on_a_service_that_was_passed_over() -> None:
    found = asked()
    assert all(not o.at_risk for mix in found.mixes for o in (mix.base, mix.peak))
    assert all(not o.at_risk for o in found.tied)


def test_what_a_target_and_a_grade_cost_follows_the_winner() -> None:
    found, q = asked(), question()
    assert found.winner is not None
    (now,) = cost_of_latency(q, BOOK, "tpot", [0.1])
    relaxed, tight = cost_of_latency(q, BOOK, "tpot", [0.2, 0.1])[::-1]
    assert now.option is not None
    assert now.option.cost_usd_per_month == pytest.approx(found.winner.cost_usd_per_month)
    assert tight.option == now.option
    assert relaxed.option is not None
    assert relaxed.option.seller == "DeepInfra", "136 ms are inside 200 ms"
    of_grade = {point.grade: point.option for point in cost_of_quality(q, BOOK)}
    assert of_grade["B"] is not None
    assert of_grade["B"].cost_usd_per_month == pytest.approx(found.winner.cost_usd_per_month)


def test_the_doubtful_are_taken_where_nothing_else_is_left() -> None:
    assert spared((1, 2, 3), lambda n: n < 3) == (3,)
    assert spared((1, 2), lambda n: n < 3) == (1, 2)
    assert spared((), bool) == ()
