"""The picture of Rent, own or API: valid, in the reader's currency, steps and idle band, nothing wins unmarked."""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest

from components.catalog.load import load_catalog
from components.charts import break_even as charts
from components.charts import theme
from components.engine.plan import BreakEven, break_even
from components.share.starting_points import starts
from components.wording.money import DOLLARS, Money

CATALOG = load_catalog()


@pytest.fixture(scope="module")
def found() -> BreakEven:
    return break_even(starts()["support-chat"].scenario, 1, CATALOG)


def traces(figure: theme.Figure) -> dict[str, Any]:
    return {trace["name"]: trace for trace in figure["data"] if trace.get("name")}


@pytest.mark.parametrize("start", sorted(starts()))
@pytest.mark.parametrize("near", [False, True])
def test_every_picture_is_valid_and_told_in_words(start: str, near: bool) -> None:
    one = break_even(starts()[start].scenario, 1, CATALOG)
    figure = charts.cost_by_volume(one, Money("EUR", 0.9), near=near, note="Modelled")
    go.Figure(theme.plain(figure))
    assert "EUR" in figure["layout"]["yaxis"]["title"]["text"]
    assert charts.finding(one) in charts.alt_text(one)
    for note in figure["layout"]["annotations"]:
        low, high = figure["layout"]["xaxis"]["range"]
        assert low <= note["x"] <= high


def test_lines_are_in_the_readers_currency_and_machines_are_steps(found: BreakEven) -> None:
    drawn = traces(charts.cost_by_volume(found, Money("EUR", 0.5)))
    owned = next(line for line in found.lines if line.key == "owned")
    assert np.allclose(drawn[owned.label]["y"], owned.usd_per_month * 0.5, equal_nan=True)
    assert drawn[owned.label]["line"]["shape"] == "hv"
    token = next(line for line in found.lines if line.key == "api")
    assert drawn[f"{token.label} (may not win)"]["line"]["shape"] == "linear"


def test_what_may_not_win_is_marked_and_faint(found: BreakEven) -> None:
    drawn = traces(charts.cost_by_volume(found, DOLLARS))
    for line in found.lines:
        name = line.label if line.may_win else f"{line.label} (may not win)"
        assert drawn[name]["opacity"] == 1 if line.may_win else drawn[name]["opacity"] < 1


def test_the_idle_band_is_the_chosen_ways(found: BreakEven) -> None:
    figure = charts.cost_by_volume(found, DOLLARS)
    chosen = found.lines[found.chosen or 0]
    used, cost = figure["data"][:2]
    assert cost["name"] == f"Idle: {chosen.label}"
    assert cost["fill"] == "tonexty"
    today = int(np.searchsorted(found.requests_per_day, found.today_requests_per_day))
    idle = chosen.idle_usd_per_month[today]
    assert cost["y"][today] - used["y"][today] == pytest.approx(idle)


def test_crossovers_are_numbered_with_volume_and_use(found: BreakEven) -> None:
    figure = charts.cost_by_volume(found, DOLLARS)
    marks = [name for name in traces(figure) if name[0] in "①②③"]
    assert marks
    assert len(marks) <= charts.MOST_MARKED
    assert found.wins_from is not None
    assert any(re.search(r"[\d,.]+M? requests/day, \d+ % busy", name) for name in marks)
    notes = [note["text"] for note in figure["layout"]["annotations"]]
    assert any(note.startswith("today, ") for note in notes)


def test_a_way_beyond_the_paper_sets_no_axis(found: BreakEven) -> None:
    """A platform's cents at a thousand requests a day do not flatten the picture."""
    low, high = charts.cost_by_volume(found, DOLLARS)["layout"]["yaxis"]["range"]
    least = min(float(np.nanmin(line.usd_per_month)) for line in found.lines if line.may_win)
    assert math.log10(least) - low < 1
    assert high > math.log10(least)
