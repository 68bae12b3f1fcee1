"""Cost of latency and of quality over the whole catalog; the bound they use loses nothing."""

from __future__ import annotations

from typing import Literal

import pytest

from components.catalog.load import load_catalog
from components.engine.outcome.evaluation import open_book
from components.engine.scenario import Buy, Strategy, Workload
from components.engine.search.ask.requirements import Requirements
from components.engine.search.find import search
from components.engine.search.trade_offs import cost_of_latency, cost_of_quality

BOOK = open_book(load_catalog())
MACHINES: tuple[Buy, ...] = ("on-demand", "spot", "reserved-1yr", "reserved-3yr", "owned", "dedicated")
QUESTIONS = {
    "chat": Requirements(buys=MACHINES, workload=Workload(requests_per_day=5e6), places=("usa",)),
    "agent": Requirements(
        buys=MACHINES, places=("usa",), baseline=Strategy(model="gpt-oss-120b"),
        workload=Workload(preset="coding_agent"),
    ),
    "platforms": Requirements(alternatives="any", places=("usa",), unpublished=True, breadth="narrow", lossy=False),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("limit", ["ttft", "tpot"])
@pytest.mark.parametrize("name", QUESTIONS)
def test_each_point_is_what_a_search_finds_there(name: str, limit: Literal["ttft", "tpot"]) -> None:
    q = QUESTIONS[name]
    points = cost_of_latency(q, BOOK, limit)
    assert len(points) == 9
    costs = []
    for point in points[::2]:
        moved = q.workload.model_copy(update={f"{limit}_ms": point.target_s * 1e3})
        found = search(q.model_copy(update={"workload": moved}), BOOK)
        assert (point.option is None) == (found.winner is None)
        if point.option is not None and found.winner is not None:
            assert point.option.cost_usd_per_month == pytest.approx(found.winner.cost_usd_per_month, rel=1e-9)
            costs.append(point.option.cost_usd_per_month)
    assert costs == sorted(costs, reverse=True)


def test_a_question_without_a_target_gets_a_curve() -> None:
    q = Requirements(workload=Workload(ttft_ms=0, tpot_ms=0), hardware=("h100-sxm",), places=("usa",))
    assert any(p.option for p in cost_of_latency(q, BOOK))
    assert any(p.option for p in cost_of_latency(q, BOOK, "tpot"))


def test_better_quality_is_never_cheaper_and_each_grade_is_kept() -> None:
    points = cost_of_quality(QUESTIONS["platforms"], BOOK)
    assert [p.grade for p in points] == ["A", "B", "C", "D", "E"]
    found = [p for p in points if p.option is not None]
    assert all(p.option is not None and p.option.grade <= p.grade for p in found)
    costs = [p.option.cost_usd_per_month for p in found if p.option is not None]
    assert costs == sorted(costs, reverse=True)
    assert costs[0] > costs[-1]


@pytest.mark.parametrize("q", [Requirements(vendors=()), Requirements(baseline=Strategy(model="nonsense"))])
def test_a_question_without_sense_has_no_curve(q: Requirements) -> None:
    assert cost_of_latency(q, BOOK) == ()
    assert cost_of_quality(q, BOOK) == ()


def test_a_grade_that_nothing_reaches_has_no_configuration() -> None:
    q = Requirements(hardware=("raspberry-pi-5",), buys=("owned",), places=("usa",))
    assert all(p.option is None for p in cost_of_quality(q, BOOK))
