"""The evidence figures are valid Plotly, say their finding, and keep every point."""

import math

import plotly.graph_objects as go
import pytest

from components.catalog.evidence import measured_points
from components.charts import evidence, theme
from components.engine.evidence import error_scores
from components.engine.evidence.error_scores import METRICS, Metric, Pair, Prediction
from components.engine.facts.trust import Range


def _pairs(metric: Metric) -> tuple[Pair, ...]:
    points = measured_points()
    predictions = [
        Prediction({m: Range(0.7 * v, 1.2 * v, 1.5 * v) for m in METRICS if (v := error_scores.measured(p, m))})
        for p in points
    ]
    return error_scores.of(error_scores.pairs(points, predictions), metric)


@pytest.mark.parametrize("metric", METRICS)
def test_the_scatter_holds_every_point(metric: Metric) -> None:
    found = _pairs(metric)
    figure = evidence.predicted_against_measured(found, metric, {}, note="note")
    go.Figure(figure)
    marks = [trace for trace in figure["data"] if trace["mode"] == "markers"]
    assert sum(len(trace["x"]) for trace in marks) == len(found)
    assert figure["layout"]["xaxis"]["range"] == figure["layout"]["yaxis"]["range"]
    assert all("<b>" in tip for trace in marks for tip in trace["customdata"])
    assert len(theme.legend(figure)) == len(marks)
    assert evidence.finding(found).startswith("100 % of")
    assert "modelled against measured" in evidence.scatter_alt(found, metric)


def test_many_points_are_drawn_by_the_graphics_card(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence, "MANY", 10)
    figure = evidence.predicted_against_measured(_pairs("ttft"), "ttft", {})
    assert {trace["type"] for trace in figure["data"] if trace["mode"] == "markers"} == {"scattergl"}


def test_nothing_to_draw_is_said() -> None:
    figure = evidence.predicted_against_measured((), "ttft", {})
    go.Figure(figure)
    assert "No point" in figure["layout"]["title"]["text"]
    go.Figure(evidence.error_bars({}, "class of chip"))
    assert evidence.bars_finding({}, "class of chip") == "No error by class of chip"


def test_bars_have_a_whisker_to_the_p90_and_stay_inside() -> None:
    scores = error_scores.scores_by(_pairs("throughput"), error_scores.device)
    figure = evidence.error_bars(scores, "class of chip", note="note")
    go.Figure(figure)
    bar = figure["data"][0]
    ends = bar["x"] + bar["error_x"]["array"]
    assert max(ends) <= figure["layout"]["xaxis"]["range"][1] + 1e-12
    assert list(bar["x"]) == [score.median for score in scores.values()]
    assert "nine of ten within 20 %" in evidence.bars_alt(scores, "class of chip")


def test_one_slice_alone_has_no_best_and_worst() -> None:
    scores = error_scores.scores_by(_pairs("throughput"), lambda _: "all")
    assert evidence.bars_finding(scores, "load") == "Error by load: 20 % in half of the benchmarks"


def test_off_by() -> None:
    assert evidence.off_by(0.25) == "25 % of measured"
    assert evidence.off_by(3.0) == "3.0x of measured"
    assert evidence.off_by(math.inf) == "not published"


def test_a_slice_of_one_benchmark_is_not_told_of() -> None:
    def score(median: float, groups: int) -> error_scores.Score:
        return error_scores.Score(median=median, p90=2 * median, groups=groups, points=9, inside=0.8)

    scores = {"lone": score(0.01, 1), "good": score(0.1, 5), "bad": score(0.4, 5)}
    told = evidence.bars_finding(scores, "class of chip")
    assert told.replace("\u00a0", " ") == "Off by 10 % (good) to 40 % (bad)"
    assert "1.0 % (lone)" in evidence.bars_finding({"lone": score(0.01, 1), "pair": score(0.2, 2)}, "x")


@pytest.mark.parametrize("slices", [tuple(error_scores.CHIPS.values()), error_scores.BAND_ORDER])
def test_titles_keep_to_two_lines(slices: tuple[str, ...]) -> None:
    names = sorted(slices, key=len)[-2:]
    scores = {
        name: error_scores.Score(median=0.1 + place / 10, p90=0.5, groups=5, points=9, inside=0.8)
        for place, name in enumerate(names)
    }
    figure = evidence.error_bars(scores, "class of chip", note="note")
    assert figure["layout"]["title"]["text"].count("<br>") <= 1
