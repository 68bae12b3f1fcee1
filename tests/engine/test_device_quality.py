"""Devices that answer more than the easy questions answer with their own model's quality."""

from __future__ import annotations

import pytest

from components.catalog.load import load_catalog
from components.engine.outcome.evaluation import evaluate, open_book
from components.engine.scenario import Strategy, Workload
from components.engine.strategy.quality import ERRORS_PER_POINT, Quality

CATALOG = load_catalog()
BOOK = open_book(CATALOG)
EASY = BOOK.value("routed_lossless_share")


def _quality(share: float, edge_model: str) -> Quality:
    strategy = Strategy(model="gemma-3-4b", edge=share, edge_device="apple-a19-pro", edge_model=edge_model)
    (outcome,) = evaluate([strategy], Workload(preset="on_device"), BOOK)
    assert outcome.resolved.quality is not None
    return outcome.resolved.quality


def test_easy_questions_lose_the_same_whatever_small_model_answers() -> None:
    assert _quality(EASY, "gemma-3-1b").extra_errors_per_1000 == _quality(EASY, "gemma-3-4b").extra_errors_per_1000


def test_beyond_them_the_gap_of_the_models_counts_by_its_share() -> None:
    values = {key: CATALOG.models[key].quality_value for key in ("gemma-3-4b", "gemma-3-1b")}
    large, small = values["gemma-3-4b"], values["gemma-3-1b"]
    assert large is not None
    assert small is not None
    same, less = _quality(1, "gemma-3-4b").extra_errors_per_1000, _quality(1, "gemma-3-1b").extra_errors_per_1000
    assert same is not None
    assert less == pytest.approx(same + ERRORS_PER_POINT * (1 - EASY) * (large - small))
    assert _quality(1, "gemma-3-1b").grade == "E"


def test_a_device_model_without_a_common_metric_is_not_graded() -> None:
    assert _quality(1, "llama-3.2-3b").grade == "?"
    assert _quality(EASY, "llama-3.2-3b").grade != "?"
