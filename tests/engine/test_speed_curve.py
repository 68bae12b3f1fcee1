"""Throughput against speed per user, and the published runs beside it."""

from typing import Any

import numpy as np
import pytest

from components.catalog.evidence import measured_points
from components.catalog.load import load_catalog
from components.catalog.parameters import load_parameters
from components.engine.evidence.published_runs import by_little, runs, same_shape
from components.engine.replica.record import Physics
from components.engine.serving.load_sweep import speed_curve
from tests.engine.replicas import one_replica

CATALOG, G = load_catalog(), load_parameters()
MODELS = dict(CATALOG.models)


def replica(model: str, chip: str, **more: Any) -> Physics:
    row: dict[str, Any] = {"weights": "fp8", "kv": "bf16", "chips": 8, "isl": 1024, "new_isl": 1024, "osl": 512} | more
    return one_replica(model=MODELS[model], chip=CATALOG.accelerators[chip], g=G, **row)


def test_more_users_mean_more_tokens_and_slower_ones() -> None:
    curve = speed_curve(replica("llama-3.3-70b", "h100-sxm"), G)
    assert len(curve.concurrency) > 20
    assert (np.diff(curve.tokens_per_s_per_chip) >= -1e-6).all()
    assert (np.diff(curve.tokens_per_s_per_user) <= 1e-6).all()


def test_what_does_not_fit_or_writes_nothing_has_no_curve() -> None:
    assert not len(speed_curve(replica("llama-3.1-405b", "h100-sxm", chips=1), G).concurrency)
    assert not len(speed_curve(replica("llama-3.3-70b", "h100-sxm", osl=0), G).concurrency)
    assert not len(speed_curve(replica("llama-3.3-70b", "groq-lpu-v1", chips=600), G).concurrency)


def test_versions_of_a_model_have_one_shape() -> None:
    assert same_shape(MODELS["llama-3.3-70b"], MODELS["llama-3.1-70b"])
    assert same_shape(MODELS["deepseek-r1"], MODELS["deepseek-r1-0528"])
    assert not same_shape(MODELS["llama-3.1-8b"], MODELS["llama-3.1-70b"])


def test_runs_are_of_the_chip_and_the_model() -> None:
    found = runs(measured_points(), MODELS, MODELS["llama-3.3-70b"], CATALOG.accelerators["h100-sxm"])
    assert len(found) >= 20
    assert {run.point.accelerator_id for run in found} == {"h100-sxm"}
    assert all(run.tokens_per_s_per_user > 0 and run.tokens_per_s_per_chip > 0 for run in found)
    assert runs(measured_points(), MODELS, MODELS["llama-3.3-70b"], CATALOG.accelerators["hailo-10h"]) == ()


def test_throughput_from_latencies_is_what_was_measured_where_both_are_known() -> None:
    gaps = [
        derived / p.output_tokens_per_s_per_accelerator
        for p in measured_points()
        if p.benchmark == "inferencemax"
        and not p.disaggregated
        and p.output_tokens_per_s_per_accelerator is not None
        and (derived := by_little(p)) is not None
    ]
    assert len(gaps) > 100
    assert np.median(gaps) == pytest.approx(1, abs=0.15)
