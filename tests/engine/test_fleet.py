"""A fleet given as a fact: so many servers are there, and are paid, whatever the load."""

from __future__ import annotations

import numpy as np
import pytest

from components.catalog.load import load_catalog
from components.engine.answer.records import Answer
from components.engine.comparison.compare_strategies import compare, evaluate_one
from components.engine.outcome.evaluation import evaluate, open_book
from components.engine.outcome.variants import evaluate_variants
from components.engine.scenario import Scenario, Strategy, Workload

CATALOG = load_catalog()
HAVE = Strategy(name="Ours", hardware="h100-sxm", chips=4, fleet=6)


def answered(requests_per_day: float, **edits: object) -> Answer:
    work = Workload(requests_per_day=requests_per_day)
    return evaluate_one(HAVE.model_copy(update=edits), work, CATALOG)


def test_it_is_paid_whatever_the_load_and_its_use_is_told() -> None:
    quiet, busy = answered(50_000), answered(500_000)
    assert quiet.replicas == busy.replicas == 6
    assert quiet.accelerators == 24
    assert quiet.cost_usd_per_month.base == pytest.approx(busy.cost_usd_per_month.base)
    assert quiet.utilisation is not None
    assert busy.utilisation == pytest.approx(10 * quiet.utilisation)
    assert quiet.tpot_p50_s is not None
    assert busy.tpot_p50_s is not None
    assert quiet.tpot_p50_s < busy.tpot_p50_s


def test_more_than_it_carries_is_refused_with_the_servers_that_would_do() -> None:
    got = answered(50_000_000)
    assert not got.feasible
    (reason,) = got.reasons
    enough = int(reason.rsplit(": ", 1)[1].split()[0])
    assert "a fleet of 6 carries" in reason
    assert enough > 6
    assert answered(50_000_000, fleet=enough).feasible
    assert not answered(50_000_000, fleet=enough - 1).feasible


def test_no_spare_and_no_scaling() -> None:
    got = answered(50_000, scale="hourly")
    assert got.replicas == 6
    assert any("scaling is left out" in warning for warning in got.warnings)
    assert got.cost_usd_per_month == answered(50_000).cost_usd_per_month


def test_a_routed_share_is_sized_as_needed() -> None:
    (outcome,) = evaluate([HAVE.model_copy(update={"route": 0.5})], Workload(), open_book(CATALOG))
    replicas = {f.deployment.role: f.computed.service.replicas[f.chosen] for f in outcome.fleets}
    assert replicas["main"] == 6
    assert replicas["routed"] < 6


def test_its_line_ends_at_the_volume_it_carries() -> None:
    got = compare(Scenario(workload=Workload(requests_per_day=250_000), strategies=(HAVE,)), CATALOG).curves
    cost = got.cost_usd_per_month[0]
    known = np.isfinite(cost)
    assert known[0]
    assert not known[-1]
    assert np.ptp(cost[known]) == pytest.approx(0, abs=1e-6)
    work = Workload(requests_per_day=1.0)
    tried = evaluate_variants(HAVE, work, open_book(CATALOG), volume_factor=got.requests_per_day)
    assert (tried.works == known).mean() > 0.98


@pytest.mark.parametrize("preset", ["classification_batch", "embeddings"])
def test_every_way_of_serving_knows_it(preset: str) -> None:
    model = "bge-large-en-v1.5" if preset == "embeddings" else "llama-3.1-8b"
    strategy = Strategy(model=model, chips=1, fleet=3)
    few, many = (
        evaluate_one(strategy, Workload(preset=preset, requests_per_day=volume), CATALOG) for volume in (1000.0, 1e10)
    )
    assert few.replicas == 3
    assert few.feasible
    assert not many.feasible
