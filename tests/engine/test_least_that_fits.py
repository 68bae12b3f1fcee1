"""A stated count that does not hold the model: the least that does is assumed, and said."""

import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from components.catalog.evidence import Point, benchmark_traits
from components.catalog.load import load_catalog
from components.catalog.parameters import load_parameters, load_ranges
from components.engine.evidence.error_scores import Prediction
from components.engine.evidence.ranges import predict
from components.engine.evidence.setup import SIZES, request_of

CATALOG, G, TRAITS, RANGES = load_catalog(), load_parameters(), benchmark_traits(), load_ranges()
SAYS = re.compile(r"does not hold the model: (\d+), the least that do, assumed|do not hold the model: (\d+), the least")
MODELS = ("llama-3.1-70b", "mixtral-8x7b", "qwen3-235b-a22b", "deepseek-r1", "gpt-oss-120b", "llama-3.1-405b", "phi-4")
CHIPS = (
    "rtx-3060",
    "rtx-4090",
    "a100-80-sxm",
    "h100-sxm",
    "l4",
    "mi300x",
    "rtx-2080-ti",
    "arc-pro-b50",
    "b200",
    "tpu-v5e",
)


def said(found: Prediction) -> int | None:
    match = SAYS.search(found.basis)
    return None if match is None else int(match[1] or match[2])


def predicted(**given: object) -> Prediction:
    base = {
        "benchmark": "other-benchmark", "model": "llama-3.1-70b", "model_precision": "fp16", "accelerators": 1,
        "accelerator_id": "h100-sxm", "serving_stack": "vllm", "input_tokens": 512, "output_tokens": 128,
        "concurrency": 4, "speculative": False, "value_date": "2026-01-01", "ttft_stat": "mean",
    }  # fmt: skip
    (found,) = predict((Point.model_validate(base | given),), CATALOG, TRAITS, RANGES, G)
    return found


def test_70_billion_in_16_bits_take_two_h100_not_one() -> None:
    found = predicted()
    assert said(found) == 2 and "the 1 accelerator stated does not hold" in found.basis
    assert predicted(accelerators=2).values == found.values


def test_what_fits_is_taken_as_stated() -> None:
    assert said(predicted(model_precision="fp8")) is None
    assert said(predicted(accelerators=4)) is None


def test_a_split_that_the_source_states_gives_way_too() -> None:
    assert said(predicted(parallelism="tp1")) == 2


def test_pools_state_what_each_holds() -> None:
    pools = "prefill 1x(tp1 ep1) 1 gpus; decode 1x(tp1 ep1) 1 gpus"
    found = predicted(model="llama-3.1-405b", accelerators=2, disaggregated=True, parallelism=pools)
    assert not found.values and "do not fit" in found.reason


def test_more_than_anybody_joins_is_refused() -> None:
    found = predicted(model="deepseek-v4-pro", accelerator_id="gtx-1650", model_precision="fp16")
    assert not found.values and "do not fit" in found.reason


@settings(max_examples=40, deadline=None)
@given(
    model=st.sampled_from(MODELS),
    chip=st.sampled_from(CHIPS),
    precision=st.sampled_from(["fp16", "fp8", "int4"]),
    stated=st.sampled_from([1, 2, 4, None]),
    isl=st.sampled_from([128, 8192]),
)
def test_the_count_assumed_fits_and_no_smaller_one_does(
    model: str, chip: str, precision: str, stated: int | None, isl: int
) -> None:
    given_ = {"model": model, "accelerator_id": chip, "model_precision": precision, "input_tokens": isl}
    found = predicted(accelerators=stated, **given_)
    count = said(found)
    assume(count is not None and bool(found.values))
    assert count in SIZES and count > (stated or 0)
    assert predicted(accelerators=count, **given_).values == found.values
    for fewer in (n for n in SIZES if (stated or 0) < n < count):
        assert said(predicted(accelerators=fewer, **given_)) == count


@pytest.mark.parametrize("stated", [1, 2, 8])
def test_the_candidates_of_a_stated_count_are_not_touched(stated: int) -> None:
    """What a calibration fits is read as the source states it."""
    point = Point(benchmark="vllm", model="llama-3.1-405b", accelerator_id="l4", accelerators=stated)
    request = request_of(point, CATALOG, TRAITS)
    assert max(setup.decode.layout.chips for setup in request.candidates) <= stated
