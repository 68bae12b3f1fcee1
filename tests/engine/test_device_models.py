"""A device's list holds what fits it: weights in four bits and one request."""

from __future__ import annotations

import pytest

from components.catalog.levers import DEVICE_KINDS, load_levers
from components.catalog.load import load_catalog
from components.engine.comparison.compare_strategies import evaluate_one
from components.engine.comparison.device_models import models_that_fit
from components.engine.scenario import Strategy, Workload

CATALOG, PHONE = load_catalog(), Workload(preset="on_device")


def test_every_user_device_is_in_the_catalog_and_phones_are_more_than_one() -> None:
    devices = load_levers().user_devices
    assert set(devices) <= set(CATALOG.accelerators)
    assert sum(row.kind == "phone" for row in devices.values()) >= 3
    assert {row.kind for row in devices.values()} == set(DEVICE_KINDS)
    assert all(CATALOG.accelerators[key].family != "cpu" for key in devices)


def test_a_phone_holds_small_models_and_no_large_ones() -> None:
    fits = models_that_fit("apple-a19-pro", PHONE, CATALOG)
    assert {"gemma-3-1b", "llama-3.2-3b", "llama-3.1-8b"} <= fits
    assert not {"llama-3.3-70b", "gpt-oss-120b", "llama-3.1-405b"} & fits
    assert fits < models_that_fit("apple-m4-max", PHONE, CATALOG)


@pytest.mark.parametrize("model", ["llama-3.1-8b", "gemma-3-27b", "llama-3.3-70b"])
def test_the_list_agrees_with_the_answer(model: str) -> None:
    strategy = Strategy(edge=1, edge_device="apple-a19-pro", edge_model=model)
    answer = evaluate_one(strategy, PHONE, CATALOG)
    too_large = any("GB" in reason and "needs" in reason for reason in answer.reasons)
    assert too_large == (model not in models_that_fit("apple-a19-pro", PHONE, CATALOG)), answer.reasons
