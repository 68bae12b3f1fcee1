"""The roofline and the bars show what the engine says, and their titles claim no more."""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np
import pytest

from components.catalog.load import load_catalog
from components.charts import hardware as charts
from components.charts import theme
from components.engine.comparison.chips import ChipAnswer, hardware
from components.engine.replica.roofline import LINKS
from components.engine.scenario import Scenario, Strategy, Workload
from components.share.presets import first_screen
from components.wording import numbers


@cache
def found() -> tuple[ChipAnswer, ...]:
    return hardware(first_screen(), load_catalog(), ("mi355x", "groq-lpu-v1", "apple-m4-max", "rubin-vr-nvl72"))


def _marks(figure: theme.Figure) -> list[dict[str, Any]]:
    return [trace for trace in figure["data"] if trace["mode"] == "markers"]


def test_every_point_stands_where_the_engine_puts_it() -> None:
    marks = _marks(charts.roofline(found()))
    points = [(p.intensity, p.flop_per_s) for m in found() for p in m.points]
    drawn = [pair for mark in marks for pair in zip(mark["x"], mark["y"], strict=True)]
    assert drawn == points


def test_roofs_bend_at_the_ridge_and_points_stay_inside_the_frame() -> None:
    figure = charts.roofline(found())
    lines = [trace for trace in figure["data"] if trace["mode"] == "lines" and trace["line"]["dash"] == "solid"]
    assert len(lines) == len({(m.chip.id, m.fmt) for m in found() if m.points})
    for line in lines:
        x, y = line["x"], line["y"]
        assert y[1] == y[2]
        assert y[0] / x[0] == pytest.approx(y[1] / x[1])
    xs, ys = figure["layout"]["xaxis"]["range"], figure["layout"]["yaxis"]["range"]
    for mark in _marks(figure):
        assert all(xs[0] < math.log10(x) < xs[1] for x in mark["x"])
        assert all(ys[0] < math.log10(y) < ys[1] for y in mark["y"])


def test_axes_carry_units_and_titles_say_what_is_drawn() -> None:
    figure = charts.roofline(found(), note="as of today")
    assert "[FLOP/B]" in figure["layout"]["xaxis"]["title"]["text"]
    assert "[TFLOP/s]" in figure["layout"]["yaxis"]["title"]["text"]
    assert charts.headline(found()).startswith("Writing answers waits for memory bandwidth")
    shares = [p.flop_per_s / m.peak.flop_per_s for m in found() if (p := m.point("decode")) is not None]
    assert numbers.percent(min(shares)) in charts.finding(found())


def test_the_headline_counts_when_chips_differ() -> None:
    first, *rest = (m for m in found() if m.points)
    odd = ChipAnswer(**{n: getattr(first, n) for n in ChipAnswer.__slots__ if n != "points"},
                  points=tuple(p._replace(bound=LINKS) for p in first.points))  # fmt: skip
    words = charts.headline((odd, *rest))
    assert f"memory bandwidth on {len(rest)} of {len(rest) + 1}" in words


@pytest.mark.parametrize("measure", charts.MEASURES)
def test_bars_have_the_engine_s_lengths(measure: charts.Measure) -> None:
    figure = charts.yield_bars(found(), measure)
    wanted = [charts.MEASURES[measure].value(m) or 0.0 for m in found()]
    assert np.asarray(figure["data"][0]["x"]) == pytest.approx(wanted)
    assert figure["layout"]["xaxis"]["title"]["text"]


def test_a_missing_figure_reads_not_published() -> None:
    figure = charts.yield_bars(found(), "dollar")
    assert "not published" in figure["data"][2]["text"]
    assert "not published" in charts.bars_alt(found(), "dollar")


def test_every_bar_title_fits_a_third_of_the_page() -> None:
    for measure in charts.MEASURES:
        assert len(charts.bars_finding(found(), measure)) <= 38


def test_one_first_or_no_set_up_claims_nothing() -> None:
    one = found()[:1]
    assert charts.bars_finding(one, "chip") == "Tokens per chip"
    assert charts.bars_finding((), "chip") == "Tokens per chip: not published"
    assert "waits" not in charts.headline(())
    assert charts.finding(()) == "No operating point to place"
    assert charts.roofline(())["data"] is not None
    assert charts.yield_bars((), "watt")["layout"]["height"] > 0


def test_names_are_escaped() -> None:
    named = Scenario(workload=Workload(), strategies=(Strategy(name="<b>x</b> & y"),))
    text = str(charts.roofline(hardware(named, load_catalog()))["data"])
    assert "&lt;b&gt;" in text
    assert "<b>x</b> & y" not in text


def test_alt_text_tells_every_point() -> None:
    words = charts.alt_text(found())
    assert words.count("bound by") == sum(len(m.points) for m in found())


def test_picked_chips_and_strategies_do_not_share_a_colour() -> None:
    own = {charts.colour(m) for m in found() if not m.picked}
    assert not own & {charts.colour(m) for m in found() if m.picked}


def test_roofs_close_together_share_one_name() -> None:
    pair = (
        Strategy(name="a", hardware="b200", weights="fp4"),
        Strategy(name="b", hardware="gb200-nvl72", weights="fp4"),
    )
    got = hardware(Scenario(workload=Workload(), strategies=pair), load_catalog())
    texts = [trace["text"] for trace in charts.roofline(got)["data"] if trace["mode"] == "text"]
    assert texts[0] == ["GB200 FP4"]
