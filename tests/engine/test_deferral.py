"""Work that may wait: a bill that does not move says why."""

from __future__ import annotations

from components.catalog.load import load_catalog
from components.engine.comparison.compare_strategies import compare
from components.engine.scenario import Scenario, Strategy, Workload
from components.share.link import read_link_strictly

CATALOG = load_catalog()


def _warnings(query: str) -> list[list[str]]:
    result = compare(read_link_strictly(query), CATALOG)
    return [[w for w in a.warnings if "does not lower the bill" in w] for a in result.answers]


def test_a_bill_that_waiting_does_not_move_says_why() -> None:
    same = "letting 40 % of the work wait does not lower the bill: the same 2 chips are needed without it"
    assert _warnings("w=doc_summary_batch&s0=h100-tuned&s1=h100-tuned~defer.0.4") == [[], [same]]


def test_servers_that_follow_the_demand_have_nothing_to_fill() -> None:
    _, (said,) = _warnings("w=support_chat~requests_per_day.10000000&s0=h100-tuned&s1=h100-tuned~defer.0.1")
    assert said.endswith("servers that follow the demand already leave quiet hours unpaid")


def test_a_bill_that_falls_is_not_warned_of() -> None:
    strategies = (Strategy(), Strategy(defer=0.6))
    today, waiting = compare(Scenario(workload=Workload(preset="support_chat"), strategies=strategies), CATALOG).answers
    assert waiting.cost_usd_per_month.base < 0.95 * today.cost_usd_per_month.base
    assert not any("does not lower" in words for words in waiting.warnings)
