"""Predictions scored beside measurements; the figures left out by rule are left out of one count alone."""

from components.catalog.evidence import measured_points
from components.catalog.parameters import load_accuracy
from components.engine.evidence.calibration.figures import left_out
from components.engine.evidence.error_scores import METRICS, Prediction, measured
from components.engine.evidence.scored_points import score_points, takes_error_of_unseen
from components.engine.facts.trust import Range

POINTS = measured_points()[::7]


def _twice_of_all() -> list[Prediction]:
    """Every figure predicted twice as large as it was measured, but for the last point's."""
    said = [
        Prediction(
            {m: Range(v, 2 * v, 3 * v) for m in METRICS if (v := measured(point, m)) is not None}, basis="modelled"
        )
        for point in POINTS[:-1]
    ]
    return [*said, Prediction(reason="no reason")]


def test_every_error_is_one_where_twice_is_predicted() -> None:
    found = score_points(POINTS, _twice_of_all())
    for metric in METRICS:
        everything, validated = found.everything[metric], found.as_validated[metric]
        assert everything is not None and validated is not None
        assert abs(everything.median - 1) < 1e-9
        assert abs(validated.p90 - 1) < 1e-9
        assert everything.points == sum(measured(p, metric) is not None for p in POINTS[:-1])
    assert found.coverage.answered == len(POINTS) - 1
    assert found.last_measured == max(point.value_date for point in POINTS)


def test_what_is_left_out_by_rule_counts_where_nothing_is_left_out() -> None:
    out = [p for p in measured_points() if measured(p, "ttft") is not None and left_out(p, "ttft")][:5]
    assert out
    said = [Prediction({"ttft": Range(1.0, 1.0, 1.0)}) for _ in out]
    found = score_points(out, said)
    assert found.as_validated["ttft"] is None
    assert found.everything["ttft"] is not None


def test_an_error_is_borrowed_where_all_its_figures_are_the_unseen_class_s() -> None:
    rows = dict(load_accuracy())
    assert not takes_error_of_unseen(rows, "tpot", "server")
    rows["amd", "tpot"] = rows["unseen", "tpot"].model_copy(update={"regime": "amd"})
    assert takes_error_of_unseen(rows, "tpot", "amd")
    assert not takes_error_of_unseen(rows, "tpot", "unseen")
