"""What a looser target saves is what `evaluate` gives with that target, and nothing smaller than a quarter is said."""

from __future__ import annotations

import numpy as np
import pytest

from components.catalog.load import load_catalog
from components.engine.comparison.compare_strategies import evaluate_one
from components.engine.comparison.price_of_target import (
    LOOSEST,
    WORTH_SAYING,
    TargetPrice,
    looser_targets,
    target_price,
)
from components.engine.scenario import Scenario, Strategy, Workload
from components.share.presets import presets

CATALOG = load_catalog()
CODING = Workload(preset="coding_agent")
"""One request alone takes 16 ms a word on an H100 replica, and the target is 20 ms."""


def _usd(strategy: Strategy, workload: Workload) -> float:
    return evaluate_one(strategy, workload, CATALOG).cost_usd_per_month.base


def priced(strategy: Strategy, workload: Workload) -> TargetPrice | None:
    return target_price(Scenario(workload=workload, strategies=(strategy,)), 0, CATALOG)


def test_a_target_that_leaves_replicas_nearly_alone_has_its_price_said() -> None:
    strategy = presets()["h100-default"].strategy
    found = priced(strategy, CODING)
    assert found is not None
    assert found.target == "tpot_ms"
    assert found.now_ms == pytest.approx(20)
    assert found.usd_per_month_now == pytest.approx(_usd(strategy, CODING), rel=1e-9)
    taken = CODING.model_copy(update={found.target: found.looser_ms})
    assert found.usd_per_month_looser == pytest.approx(_usd(strategy, taken), rel=1e-9)
    assert found.saving_share > WORTH_SAYING


def test_it_is_the_smallest_step_that_is_worth_saying() -> None:
    strategy = presets()["h100-default"].strategy
    found = priced(strategy, CODING)
    assert found is not None
    now = _usd(strategy, CODING)
    for ms in looser_targets(found.now_ms):
        if ms < found.looser_ms:
            cost = _usd(strategy, CODING.model_copy(update={"tpot_ms": float(ms)}))
            assert cost > (1 - WORTH_SAYING) * now


def test_where_the_target_costs_nothing_nothing_is_said() -> None:
    strategy = presets()["plain"].strategy
    assert (
        target_price(
            Scenario(workload=Workload(preset="support_chat", ttft_ms=0, tpot_ms=0), strategies=(strategy,)), 0, CATALOG
        )
        is None
    )
    assert (
        target_price(
            Scenario(workload=Workload(preset="support_chat", tpot_ms=400, ttft_ms=8000), strategies=(strategy,)),
            0,
            CATALOG,
        )
        is None
    )


@pytest.mark.parametrize("key", ["platform", "groq", "edge-split"])
def test_a_platform_or_a_split_fleet_has_no_price_of_a_target(key: str) -> None:
    assert priced(presets()[key].strategy, CODING) is None


def test_a_target_missed_as_it_is_has_no_price() -> None:
    impossible = CODING.model_copy(update={"tpot_ms": 0.5})
    assert priced(presets()["h100-default"].strategy, impossible) is None


@pytest.mark.parametrize("now_ms", [0.7, 1.0, 8.0, 20.0, 50.0, 95.0, 100.0, 300.0, 2500.0])
def test_looser_targets_are_round_and_end_at_twice(now_ms: float) -> None:
    values = looser_targets(now_ms)
    assert len(values) >= 3
    assert (np.diff(values) > 0).all()
    assert now_ms < values[0]
    assert values[-1] <= LOOSEST * now_ms * (1 + 1e-9)
    assert all(float(f"{v:.2g}") == pytest.approx(v) for v in values)
