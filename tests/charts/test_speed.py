"""The chart of throughput against speed per user."""

import pytest

from components.catalog.evidence import measured_points
from components.catalog.load import load_catalog
from components.charts.speed import alt_text, finding, speed_chart
from components.engine.comparison.chips import ChipAnswer, hardware
from components.engine.evidence.published_runs import Run, runs
from components.share.presets import first_screen

CATALOG = load_catalog()
TITLES = {source.id: source.title for source in CATALOG.sources.values()}

Runs = dict[str, tuple[Run, ...]]


@pytest.fixture(scope="module")
def machines() -> tuple[ChipAnswer, ...]:
    """Of the first screen."""
    return hardware(first_screen(), CATALOG)


@pytest.fixture(scope="module")
def published(machines: tuple[ChipAnswer, ...]) -> Runs:
    """Published runs of the same models on the same chips."""
    return {m.name: runs(measured_points(), dict(CATALOG.models), m.model, m.chip) for m in machines}


def test_a_curve_a_strategy_and_each_run_once(machines: tuple[ChipAnswer, ...], published: Runs) -> None:
    figure = speed_chart(machines, published, TITLES)
    lines = [t for t in figure["data"] if t["mode"] == "lines"]
    rings = [t for t in figure["data"] if t["mode"] == "markers"]
    assert [t["name"] for t in lines] == [m.name for m in machines if m.curve is not None]
    distinct = {run.point.point_id for own in published.values() for run in own}
    assert sum(len(t["x"]) for t in rings) == len(distinct) > 0
    assert f"{len(distinct):,} published runs" in finding(machines, published)
    assert all("measured" in tip for t in rings for tip in t["customdata"])


def test_nothing_to_draw_is_said(machines: tuple[ChipAnswer, ...], published: Runs) -> None:
    assert "No strategy runs" in finding([], {})
    assert "No published run" in finding(machines, {})
    assert speed_chart([], {}, {})["data"] == []
    assert machines[0].name in alt_text(machines, published)
