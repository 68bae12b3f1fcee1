"""Figures of the Plan page: valid, titled by their finding, true to the answers they draw."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest

from components.charts import plan as months
from components.charts import plan_risk as risk
from components.charts import theme
from components.engine.plan import (
    BasePlan,
    DrawModel,
    Futures,
    base_plan,
    draw_futures,
    explained,
    flip_map,
    swings_of,
    switch_plan,
    worth_of_knowing,
)
from components.wording.money import Money
from tests.engine.plan.cases import model

EURO = Money("EUR", 0.9)


@cache
def answered() -> tuple[DrawModel, BasePlan, Futures]:
    of = model("eu-bank", 36)
    base = base_plan(of.case)
    return of, base, draw_futures(of, base, 1_000)


def _moved() -> Any:
    of, base, _ = answered()
    found = swings_of(of, base)
    assert found is not None
    return found


def _map() -> Any:
    of, _, _ = answered()
    by_key = {one.key: one for one in of.unknowns}
    return flip_map(of, by_key["growth"], by_key["chips"], points=9)


def _waiting() -> Any:
    found = switch_plan(answered()[0].case).waiting
    assert found is not None
    return found


DRAW = {
    "paid": lambda: months.paid_chart(answered()[1], answered()[2].fans, EURO, note="As planned"),
    "paid, before the draws": lambda: months.paid_chart(answered()[1], {}, note="As planned"),
    "months": lambda: months.monthly_chart(answered()[1], EURO, note="Modelled"),
    "swings": lambda: risk.swings(_moved(), answered()[0].unknowns, EURO, note="Each input"),
    "worth": lambda: risk.worth(worth_of_knowing(answered()[2], answered()[0].unknowns, 1), EURO, note="Knowing"),
    "explained": lambda: risk.explained(explained(answered()[0], answered()[1], 64), note="Indices"),
    "map": lambda: risk.winner_map(_map(), answered()[1], EURO, note="Star"),
    "waiting": lambda: risk.waiting(_waiting(), 1, EURO, note="Worth today"),
}


@pytest.mark.parametrize("name", DRAW)
def test_every_figure_is_valid_titled_and_drawn_with_the_basic_bundle(name: str) -> None:
    figure = DRAW[name]()
    go.Figure(figure)
    assert figure["layout"]["title"]["text"]
    assert figure["layout"]["title"]["subtitle"]["text"]
    assert {trace["type"] for trace in figure["data"]} <= {"scatter", "bar"}
    assert theme.legend(figure) or name == "waiting" or name == "worth"


def test_payments_and_fans_are_in_the_readers_currency() -> None:
    _, base, found = answered()
    figure = months.paid_chart(base, found.fans, EURO)
    line = next(trace for trace in figure["data"] if trace.get("name") == base.today.name)
    assert line["y"][-1] == pytest.approx(0.9 * base.today.total_usd)
    tops = [trace["y"][-1] for trace in figure["data"] if trace.get("fill") == "tonexty"]
    assert tops == pytest.approx([0.9 * found.fans[place].high[-1] for place in (0, base.best)])


def test_bars_of_the_swings_run_from_the_lead_to_their_ends() -> None:
    found = _moved()
    figure = risk.swings(found, answered()[0].unknowns)
    low, high = (trace for trace in figure["data"] if trace["type"] == "bar")
    assert low["base"] + low["x"] == pytest.approx([s.at_low_usd for s in found.swings[:8]])
    assert high["base"] + high["x"] == pytest.approx([s.at_high_usd for s in found.swings[:8]])


def test_the_regions_of_the_map_cover_it_once() -> None:
    found = _map()
    figure = risk.winner_map(found, answered()[1])
    step = (found.x_values[1] - found.x_values[0]) * (found.y_values[1] - found.y_values[0])
    area = 0.0
    for trace in figure["data"]:
        if trace.get("fill") == "toself":
            x = np.array([list(trace["x"][i : i + 5]) for i in range(0, len(trace["x"]), 6)], dtype=float)
            y = np.array([list(trace["y"][i : i + 5]) for i in range(0, len(trace["y"]), 6)], dtype=float)
            area += float((np.ptp(x, axis=1) * np.ptp(y, axis=1)).sum())
    assert area == pytest.approx(step * found.winner.size)


def test_texts_for_a_screen_reader_say_the_finding() -> None:
    of, base, found = answered()
    worth = worth_of_knowing(found, of.unknowns, 1)
    for alt, finding in (
        (months.paid_alt(base, found.fans), months.paid_finding(base)),
        (months.monthly_alt(base), months.monthly_finding(base)),
        (risk.swings_alt(_moved()), risk.swings_finding(_moved())),
        (risk.worth_alt(worth), risk.worth_finding(worth)),
        (risk.map_alt(_map(), base), risk.map_finding(_map(), base)),
        (risk.waiting_alt(_waiting()), risk.waiting_finding(_waiting())),
    ):
        assert finding in alt
