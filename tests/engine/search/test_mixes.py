"""Two-part mixes: two services that together are the whole, each as the engine says it."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from components.catalog.load import load_catalog
from components.engine.economics.hours import week_profile
from components.engine.facts.workload import effective_workload
from components.engine.outcome.evaluation import evaluate, open_book, people_of
from components.engine.scenario import Workload
from components.engine.search.ask.requirements import Requirements
from components.engine.search.find import ask_of, search
from components.engine.search.tell.found import Found
from components.engine.search.tell.mixes import LEVELS, mixes_of

BOOK = open_book(load_catalog())
Q = Requirements(
    hardware=("h100-sxm", "b200", "gh200"), alternatives="same", places=("usa",), unpublished=True,
    workload=Workload(requests_per_day=2e7, peak=4.0),
)  # fmt: skip


@cache
def asked(**change: Any) -> Found:
    return search(Q.model_copy(update=change), BOOK)


@pytest.mark.parametrize("buys", [None, ("on-demand", "owned", "reserved-3yr")])
def test_both_parts_are_the_engines_and_add_up(buys: tuple[str, ...] | None) -> None:
    found = asked(buys=buys)
    assert found.mixes
    for mix in found.mixes:
        parts = [(mix.base, mix.base_workload), (mix.peak, mix.peak_workload)]
        told = [evaluate([o.strategy], w, BOOK, "llama-3.3-70b")[0] for o, w in parts]
        for (option, _), outcome in zip(parts, told, strict=True):
            assert outcome.cost_usd_per_month == pytest.approx(option.cost_usd_per_month, rel=1e-9)
            assert outcome.works
        fleets = [fleet for o in told for fleet in o.fleets]
        people = sum(people_of(o.fleets) for o in told) - people_of(fleets)
        assert (people > 0) == (len(fleets) == 2)
        less = people * BOOK.value("staff_cost_loaded") / 12
        assert mix.cost_usd_per_month == pytest.approx(sum(o.cost_usd_per_month for o in told) - less)
    assert [m.cost_usd_per_month for m in found.mixes] == sorted(m.cost_usd_per_month for m in found.mixes)


def test_the_parts_ask_for_the_whole_demand() -> None:
    whole = effective_workload(Q.workload, BOOK.catalog)
    week = week_profile(whole.peak, whole.hours)
    for mix in asked().mixes:
        base, peak = (effective_workload(w, BOOK.catalog) for w in (mix.base_workload, mix.peak_workload))
        assert base.requests_per_day + peak.requests_per_day == pytest.approx(whole.requests_per_day)
        busiest = base.requests_per_day * base.peak + peak.requests_per_day * peak.peak
        assert busiest == pytest.approx(whole.requests_per_day * whole.peak)
        assert base.requests_per_day / whole.requests_per_day == pytest.approx(mix.base_share)
        levels = [np.minimum(week, level * week.max()).sum() / week.sum() for level in LEVELS]
        assert any(mix.base_share == pytest.approx(level) for level in levels)


def test_limits_hold_for_both_parts_together() -> None:
    cheapest = asked(buys=("on-demand", "owned")).mixes[0]
    ask, listed = ask_of(Q, BOOK), [r.option for r in asked(buys=("on-demand", "owned")).ranked if not r.missed]
    chips = int((cheapest.base.accelerators or 0) + (cheapest.peak.accelerators or 0))
    for change in ({"budget_usd_per_month": cheapest.cost_usd_per_month - 1}, {"accelerators": chips - 1}):
        for mix in mixes_of(replace(ask, q=ask.q.model_copy(update=change)), listed):
            assert (mix.base, mix.peak, mix.base_share) != (cheapest.base, cheapest.peak, cheapest.base_share)
            if "accelerators" in change and None not in (mix.base.accelerators, mix.peak.accelerators):
                assert (mix.base.accelerators or 0) + (mix.peak.accelerators or 0) <= chips - 1


def test_the_sentence_compares_with_the_winner() -> None:
    found = asked()
    assert found.winner is not None
    for mix in found.mixes:
        dearer = mix.cost_usd_per_month >= found.winner.cost_usd_per_month
        assert ("cheaper than" in mix.sentence) != dearer
