"""Errors are counted by group; what is left out is decided without looking at the outcome."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.catalog.evidence import MeasuredPoint, measured_points
from components.engine.evidence import error_scores
from components.engine.evidence.error_scores import Prediction
from components.engine.facts.trust import Range


def point(number: int = 0, group: str = "bench|model|chip", **fields: object) -> MeasuredPoint:
    return MeasuredPoint.model_validate(
        {
            "point_id": f"p{number}", "benchmark": "bench", "model": "model", "accelerator_id": "chip",
            "group_id": group, "model_kind": "dense", "accelerator_class": "nvidia-hopper", "source_id": "source",
            "value_date": "2026-01-01", "confidence": "high", "input_tokens": 1024, "speculative": False,
            "concurrency": 8, "parallelism": "tp1", "output_tokens_per_s_per_accelerator": 100, **fields,
        }
    )  # fmt: skip


def throughput(*ratios: float) -> list[Prediction]:
    return [Prediction({"throughput": Range(80 * r, 100 * r, 125 * r)}) for r in ratios]


def test_a_long_sweep_counts_as_one_group() -> None:
    points = [*(point(i, "long") for i in range(9)), point(9, "short")]
    got = error_scores.score(error_scores.pairs(points, throughput(*[1.1] * 9, 1.5)))
    assert got is not None
    assert (got.groups, got.points) == (2, 10)
    assert got.median == pytest.approx((0.1 + 0.5) / 2)
    assert got.p90 == pytest.approx(0.1 + 0.9 * 0.4)
    assert got.inside == pytest.approx(0.9)


def test_nothing_to_score_is_none() -> None:
    assert error_scores.score(()) is None
    assert error_scores.scores_by((), error_scores.band) == {}
    assert error_scores.coverage(()).share == 0


def test_measured_takes_the_users_speed_where_no_time_is_published() -> None:
    assert error_scores.measured(point(output_tokens_per_s_per_user=50), "tpot") == pytest.approx(0.02)
    assert error_scores.measured(point(output_tokens_per_s_per_user=50, tpot_ms=10), "tpot") == pytest.approx(0.01)
    assert error_scores.measured(point(), "tpot") is None
    assert error_scores.measured(point(ttft_s=0.3), "ttft") == 0.3


@pytest.mark.parametrize(
    ("fields", "regime"),
    [
        ({}, "dense model"),
        ({"model_kind": "moe"}, "mixture of experts"),
        ({"speculative": True}, "with speculation"),
        ({"disaggregated": True, "speculative": True}, "prompt and answer apart"),
        ({"benchmark": "mlperf-inference-v6.0"}, "MLPerf, under limits"),
        ({"accelerator_class": "jetson"}, "edge and workstation"),
        ({"accelerator_class": "groq"}, "Groq and Cerebras"),
    ],
)
def test_regimes(fields: dict[str, Any], regime: str) -> None:
    assert error_scores.regime(point(**fields)) == regime


@pytest.mark.parametrize(
    ("concurrency", "words"),
    [(None, "load not published"), (1, "one request"), (8, "2 to 8"), (65, "65 to 256"), (1e4, "above 256")],
)
def test_bands(concurrency: float | None, words: str) -> None:
    assert error_scores.band(point(concurrency=concurrency)) == words


def test_bands_stand_in_their_order() -> None:
    points = [point(0, "a", concurrency=300), point(1, "b", concurrency=1), point(2, "c", concurrency=None)]
    found = error_scores.pairs(points, throughput(1.1, 1.1, 1.1))
    assert list(error_scores.scores_by(found, error_scores.band)) == ["one request", "above 256", "load not published"]


def test_the_worst_come_first_and_say_what_is_missing() -> None:
    points = [point(0, "good"), point(1, "bad", input_tokens=None, concurrency=None)]
    first, second = error_scores.worst_points(error_scores.pairs(points, throughput(1.0, 0.25)))
    assert (first.group_id, second.group_id) == ("bad", "good")
    assert first.error == pytest.approx(0.75)
    assert first.ratio == pytest.approx(0.25)
    assert first.missing == ("prompt length not published", "requests in flight not published")
    assert first.suspects == second.suspects
    assert second.missing == ()
    assert len(error_scores.worst_points(error_scores.pairs(points, throughput(1.0, 0.25)), 1)) == 1


def test_what_the_engine_probably_lacks_follows_from_most_points() -> None:
    crowded = [point(i, "a", concurrency=300.0, speculative=True) for i in range(3)]
    alone = [point(3, "a", concurrency=1.0, accelerator_class="groq")]
    assert error_scores.suspects([*crowded, *alone]) == (
        "how many guessed tokens are accepted",
        "requests waiting in the client",
    )
    assert len(error_scores.suspects(alone)) == 2


def test_coverage_counts_reasons() -> None:
    got = error_scores.coverage(
        [*throughput(1.0), Prediction(reason="no fit"), Prediction(reason="no fit"), Prediction()]
    )
    assert (got.answered, got.total, got.share) == (1, 4, 0.25)
    assert got.reasons == (("no fit", 2), ("no reason stated", 1))


def test_every_class_of_chip_has_words() -> None:
    assert {p.accelerator_class for p in measured_points()} == set(error_scores.CHIPS)


@given(ratios=st.lists(st.floats(0.01, 100), min_size=1, max_size=20), unit=st.floats(1e-3, 1e3))
def test_law_the_error_knows_no_unit(ratios: list[float], unit: float) -> None:
    groups = [f"g{i % 3}" for i in range(len(ratios))]
    plain = error_scores.score(error_scores.pairs([point(i, g) for i, g in enumerate(groups)], throughput(*ratios)))
    scaled_points = [point(i, g, output_tokens_per_s_per_accelerator=100 * unit) for i, g in enumerate(groups)]
    scaled = error_scores.score(error_scores.pairs(scaled_points, throughput(*(np.array(ratios) * unit))))
    assert plain is not None
    assert scaled is not None
    assert scaled.median == pytest.approx(plain.median, rel=1e-6, abs=1e-9)
    assert scaled.p90 == pytest.approx(plain.p90, rel=1e-6, abs=1e-9)
