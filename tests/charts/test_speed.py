"""The chart of throughput against speed per user."""

from components.catalog.evidence import measured_points
from components.catalog.load import load_catalog
from components.charts.speed import alt_text, finding, speed_chart
from components.engine.comparison.chips import hardware
from components.engine.evidence.published_runs import runs
from components.share.presets import first_screen

CATALOG = load_catalog()
MACHINES = hardware(first_screen(), CATALOG)
RUNS = {m.name: runs(measured_points(), dict(CATALOG.models), m.model, m.chip) for m in MACHINES}
TITLES = {source.id: source.title for source in CATALOG.sources.values()}


def test_a_curve_a_strategy_and_each_run_once() -> None:
    figure = speed_chart(MACHINES, RUNS, TITLES)
    lines = [t for t in figure["data"] if t["mode"] == "lines"]
    rings = [t for t in figure["data"] if t["mode"] == "markers"]
    assert [t["name"] for t in lines] == [m.name for m in MACHINES if m.curve is not None]
    distinct = {run.point.point_id for own in RUNS.values() for run in own}
    assert sum(len(t["x"]) for t in rings) == len(distinct) > 0
    assert f"{len(distinct):,} published runs" in finding(MACHINES, RUNS)
    assert all("measured" in tip for t in rings for tip in t["customdata"])


def test_nothing_to_draw_is_said() -> None:
    assert "No strategy runs" in finding([], {})
    assert "No published run" in finding(MACHINES, {})
    assert speed_chart([], {}, {})["data"] == []
    assert MACHINES[0].name in alt_text(MACHINES, RUNS)
