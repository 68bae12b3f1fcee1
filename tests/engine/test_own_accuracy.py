"""The error left after an own measurement, found again on the published points it was taken from."""

from __future__ import annotations

import re
from collections import defaultdict

import numpy as np
import pytest

from components.catalog.evidence import MeasuredPoint, measured_points
from components.catalog.load import load_catalog
from components.catalog.parameters import load_own_accuracy, load_parameters
from components.engine.facts.book import month_of
from components.engine.strategy.own_fit import MeasuredReplica, fit, modelled
from components.engine.strategy.own_measurement import Measurement, Own
from tests.engine.replicas import one_replica

pytestmark = pytest.mark.slow
CATALOG, G = load_catalog(), load_parameters()
SPLIT = re.compile(r"tp(\d+)(?: ep1| pp1 attention-dp1 moe-tp\d+ moe-ep1)?")
FORMATS = ("fp4", "fp8", "bf16")
STACKS = ("sglang", "vllm", "trt")


def split(point: MeasuredPoint) -> int:
    """Chips of a plain tensor-parallel replica; 0 where the source describes another."""
    found = SPLIT.fullmatch(point.parallelism or "")
    return int(found[1]) if found and float(found[1]) == point.accelerators else 0


def simple(point: MeasuredPoint) -> bool:
    """A point that states all that its machine needs, served by one plain replica."""
    known = point.model in CATALOG.models and point.accelerator_id in CATALOG.accelerators
    told = point.tpot_ms and point.ttft_s and point.concurrency and point.input_tokens and point.output_tokens
    return bool(known and told and split(point) and not point.disaggregated and point.speculative is False)


def machine(point: MeasuredPoint) -> MeasuredReplica:
    model, chip = CATALOG.models[point.model], CATALOG.accelerators[str(point.accelerator_id)]
    said = point.model_precision.lower()
    weights = next((f for f in FORMATS if f in said and f[:3] not in model.native_precision), "native")
    stack = next((s for s in STACKS if s in point.serving_stack.lower()), "other")
    row = one_replica(
        model=model, chip=chip, weights=weights, kv="bf16", chips=split(point), g=G, isl=point.input_tokens or 1,
        new_isl=point.input_tokens or 1, osl=point.output_tokens or 1, stack="trtllm" if stack == "trt" else stack,
        age_months=month_of(point.value_date) - max(month_of(model.release), month_of(chip.release)),
    )  # fmt: skip
    return MeasuredReplica(row)


def errors() -> dict[str, dict[str, list[float]]]:
    """Metric to group to errors at the other points of each deployment, calibrated at its middle load."""
    deployments: dict[tuple[object, ...], list[MeasuredPoint]] = defaultdict(list)
    for point in filter(simple, measured_points()):
        key = (point.group_id, point.model, point.parallelism, point.model_precision, point.serving_stack)
        deployments[key].append(point)
    found: dict[str, dict[str, list[float]]] = {"tpot": defaultdict(list), "ttft": defaultdict(list)}
    for (group, *_), points in deployments.items():
        points.sort(key=lambda p: p.concurrency or 0)
        one = points.pop(len(points) // 2)
        assert one.tpot_ms and one.concurrency
        own = fit(machine(one), Measurement(one.tpot_ms / 1e3, one.ttft_s, None, one.concurrency), G)
        if not isinstance(own, Own):
            continue
        for other in points:
            assert other.tpot_ms and other.ttft_s and other.concurrency
            got = modelled(machine(other), other.concurrency, own.factors, G)
            found["tpot"][str(group)].append(abs(float(got.tpot_s[0]) / (other.tpot_ms / 1e3) - 1))
            if own.informs("ttft"):
                found["ttft"][str(group)].append(abs(float(got.ttft_s[0]) / other.ttft_s - 1))
    return found


def test_the_stored_error_is_what_published_deployments_leave() -> None:
    """On the plainly described part of the points; the row in data/ was taken over all of them, so it is not equal."""
    for metric, groups in errors().items():
        medians = [float(np.median(errors_)) for errors_ in groups.values() if errors_]
        assert len(medians) >= 6, metric
        p90, stored = float(np.percentile(medians, 90)), load_own_accuracy()["server", metric].p90_error
        assert 0.4 * stored < p90 < 1.25 * stored, (metric, p90, stored)
