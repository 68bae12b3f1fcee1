from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.charts import cost, frontier, latency, steps, theme, volume
from components.engine.comparison.choice import cheapest
from components.engine.comparison.records import Crossover
from components.wording.money import Money
from tests.charts.make import DRAW, answer, around, attribution, curves, six


def words(figure: theme.Figure) -> str:
    """All that Plotly would read as text."""
    return json.dumps(figure, default=lambda array: array.tolist())


def title(figure: theme.Figure) -> str:
    return str(figure["layout"]["title"]["text"]).replace("<br>", " ")


@pytest.mark.parametrize("name", DRAW)
def test_every_figure_is_valid_titled_and_sourced(name: str) -> None:
    figure = DRAW[name]()
    go.Figure(figure)  # raises on a property Plotly does not know
    assert title(figure)
    assert "2026-11-01" in figure["layout"]["title"]["subtitle"]["text"]
    assert figure["layout"]["paper_bgcolor"] == "rgba(0,0,0,0)"


@pytest.mark.parametrize("name", DRAW)
def test_names_are_escaped(name: str) -> None:
    text = words(DRAW[name]())
    assert "<b>Dublin" not in text
    assert "<i>FP4" not in text
    assert "<b>fleet" not in text


def bars(figure: theme.Figure) -> list[dict[str, Any]]:
    return [trace for trace in figure["data"] if trace["type"] == "bar"]


def test_cost_parts_add_up_to_the_label() -> None:
    figure = cost.monthly_by_component(six(), Money("EUR", 0.9))
    total = np.sum([bar["x"] for bar in bars(figure)], axis=0)
    assert total == pytest.approx([a.cost_usd_per_month.base * 0.9 for a in six()])
    texts = [text.strip() for trace in figure["data"] if trace.get("mode") == "text" for text in trace["text"]]
    assert "<b>€900,000</b>" in texts
    assert "<b>€360,000</b>" in texts


def test_idle_is_its_own_hatched_part_and_the_baseline_is_on_top() -> None:
    figure = cost.monthly_by_component(six())
    idle = bars(figure)[-1]
    assert idle["name"] == "Accelerators, idle"
    assert set(idle["marker"]["pattern"]["shape"]) == {"/"}
    bottom, top = figure["layout"]["yaxis"]["range"]
    assert top < idle["y"][0] < idle["y"][-1] < bottom


def test_an_infeasible_strategy_stays_and_says_why() -> None:
    figure = cost.monthly_by_component(six())
    assert bars(figure)[0]["marker"]["opacity"] == [1, 1, 1, 1, 1, cost.FADED]
    assert "does not meet targets" in words(figure)
    unfit = answer("Too big", feasible=False, reasons=("70 GB of weights need 2 chips, not 1.",))
    assert cost.why_not(unfit) == "does not qualify"
    assert "70 GB" in words(cost.monthly_by_component([unfit]))
    assert cheapest([unfit]) is None


def test_cost_titles_are_true() -> None:
    base, cheap = answer("A"), answer("B", {"power": 250_000.0})
    assert cost.finding([base, cheap]) == "Up to $750,000 a month can be saved (75 %)"
    assert cost.finding([cheap, base]) == "The baseline is the cheapest that qualifies"
    assert cost.finding([base, replace(cheap, feasible=False)]) == "The baseline is the cheapest that qualifies"
    assert cost.finding([base]) == "It costs $1M a month"
    assert cost.finding([replace(base, feasible=False)]) == "No strategy qualifies as set"
    assert cost.finding([replace(base, feasible=False), cheap]) == "The cheapest that qualifies costs $250,000 a month"
    assert "B $250,000" in cost.alt_text([base, cheap])


def test_a_strategy_that_costs_nothing_is_drawn() -> None:
    figure = cost.monthly_by_component([answer("Free", {"devices": 0.0})])
    go.Figure(figure)  # raises on a property Plotly does not know
    assert "<b>$0</b>" in words(figure)
    assert "Free" in words(figure)


def test_latency_draws_the_values_and_the_targets() -> None:
    data = latency.against_targets(six(), 1.0, 0.05)["data"]
    most = [trace for trace in data if trace["name" if "name" in trace else "mode"] == "p95"]
    assert most[0]["x"] == pytest.approx([0.4, 0.4, 0.4, 0.4, 0.01, 4.4])
    assert np.isnan(most[1]["x"][3])
    assert most[0]["marker"]["symbol"][-1] == "x"
    targets = [float(trace["x"][0]) for trace in data if trace.get("name") == "target"]
    assert targets == [1.0, 0.05]
    layout = latency.against_targets(six(), 1.0, 0.05)["layout"]
    assert layout["xaxis"]["type"] == "log"
    assert "type" not in layout["xaxis2"]


def test_latency_without_targets_or_values() -> None:
    silent = replace(
        answer("Embeddings"),
        ttft_p50_s=None,
        ttft_p95_s=None,
        tpot_p50_s=None,
        tpot_p95_s=None,
        meets_ttft=None,
        meets_tpot=None,
    )
    figure = latency.against_targets([silent], None, None)
    go.Figure(figure)
    assert title(figure) == "No latency target, and none published"
    assert words(figure).count("no figure") >= 2
    mute = replace(silent, blend="input only", writes=False)
    assert "no output" in words(latency.against_targets([mute], None, None))
    half = replace(silent, ttft_p50_s=0.2)
    assert "200 ms (typical)" in words(latency.against_targets([half], None, None))


@given(slow=st.floats(0.5, 500), fast=st.floats(1e-3, 0.02))
def test_law_no_label_of_a_latency_stands_outside_its_axis(slow: float, fast: float) -> None:
    """Plotly draws a text beyond the range with no size: on a logarithmic axis the end came back rounded up."""
    figure = latency.against_targets((answer("A", tpot_p95_s=around(fast)), answer("B", tpot_p95_s=around(slow))), 1, 1)
    for trace in (trace for trace in figure["data"] if trace.get("mode") == "text"):
        axis = figure["layout"]["xaxis" + trace["xaxis"][1:]]
        where = np.log10(trace["x"]) if axis.get("type") == "log" else np.asarray(trace["x"])
        low, high = axis["range"]
        hair = 1e-9 * (high - low)
        assert ((where > low + hair) & (where < high - hair)).all(), (trace["text"], where, axis["range"])


def test_latency_titles_are_true() -> None:
    met, missed, unknown = answer("A"), answer("B", meets_tpot=False), answer("C", meets_tpot=None)
    assert latency.finding([met, missed], 1.0, 0.05) == "1 of 2 meets both latency targets"
    assert latency.finding([met, missed], 1.0, None) == "2 of 2 meet the latency target"
    assert latency.finding([met, unknown], 1.0, 0.05) == "1 of 2 meets both latency targets, 1 not published"
    assert latency.finding([met], None, None) == "First word in 400 ms at best, in the slow case"
    assert latency.alt_text([met], 1.0, 0.05).endswith("A: first word 400 ms, each further word 30 ms.")


@pytest.mark.parametrize("fair", [False, True])
def test_the_steps_lead_from_the_baseline_to_the_strategy(fair: bool) -> None:
    one = attribution()
    bar, names, amounts = steps.steps(one, Money("EUR", 0.9), fair=fair)["data"]
    level = one.baseline_usd_per_month * 0.9
    for row, step in enumerate(one.steps, start=1):
        saving = step.shapley if fair else step.waterfall
        after = level - saving * 0.9
        assert bar["base"][row] == pytest.approx(min(level, after))
        assert bar["x"][row] == pytest.approx(abs(level - after))
        assert bar["marker"]["color"][row] == (theme.SAVING if saving >= 0 else theme.INCREASE)
        level = after
    assert bar["x"][-1] == pytest.approx(360_000)
    assert amounts["text"][1].strip() == ("<b>+\u20ac72,000</b>" if fair else "<b>+\u20ac90,000</b>")
    assert "answered from &lt;b&gt;memory" in names["text"][1]
    assert "as today" in names["text"][2]


def test_titles_of_the_steps_are_true() -> None:
    one = attribution()
    assert steps.finding(one) == "$600,000 a month saved, 75 % by bought stack (An <b>API</b>)"
    assert steps.finding(one, fair=True) == "$600,000 a month saved, 73 % by bought stack (An <b>API</b>)"
    dearer = replace(one, strategy_usd_per_month=1_200_000.0)
    assert steps.finding(dearer) == steps.finding(dearer, fair=True) == "$200,000 a month more"
    same = replace(one, strategy_usd_per_month=1_000_000.0)
    assert steps.finding(same) == "The cost does not change"
    alone = replace(one, steps=(*one.steps[:2], replace(one.steps[2], shapley=900_000.0)))
    assert steps.finding(alone, fair=True) == "$600,000 a month saved, all by bought stack (An <b>API</b>)"
    assert "memory</b>) adds $100,000" in steps.alt_text(one)
    nothing = tuple(replace(step, waterfall=0.0) for step in one.steps)
    still = replace(one, steps=nothing, baseline_usd_per_month=0, strategy_usd_per_month=0)
    amounts = steps.steps(still)["data"][2]["text"]
    assert [words.strip() for words in amounts[1:-1]] == ["<b>no change</b>"] * 3


def test_the_front_holds_what_nothing_beats() -> None:
    answers = six()
    assert frontier.front(answers) == (4, 2, 1)
    assert frontier.finding(answers) == "3 best trade-offs: the cheaper, the slower"
    assert frontier.finding(answers[:2]) == "One strategy is the cheapest and the fastest"
    assert frontier.finding(answers[:1]) == "One strategy qualifies"
    assert frontier.finding(answers[-1:]) == "No strategy that qualifies has a known speed"
    assert "Groq LPU dedicated, $1M a month at 1.0 s" in frontier.alt_text(answers)
    assert frontier.alt_text(answers[-1:]).endswith("has a known speed.")


def test_infeasible_points_are_hollow_and_unknown_latency_is_named() -> None:
    data = frontier.cost_latency([*six()[:-1], answer("Silent", e2e_p95_s=None), six()[-1]])["data"]
    assert data[-1]["marker"]["symbol"].endswith("-open")
    assert data[-2]["name"] == "Silent (latency not published)"
    nobody = frontier.cost_latency([answer("Silent", e2e_p95_s=None)])
    go.Figure(nobody)


def test_volume_marks_flips_idle_and_today() -> None:
    figure = volume.cost_against_volume(curves(), Money("EUR", 0.9))
    names = [trace.get("name", "") for trace in figure["data"]]
    assert "① flips at 96,000 requests/day, 48 % utilised" in names
    assert any(name.startswith("Idle: Own") for name in names)
    lines = [trace for trace in figure["data"] if trace.get("name", "").startswith("Own")]
    assert lines[0]["line"]["shape"] == "hv"
    assert lines[0]["y"][0] == pytest.approx(48_000 * 0.9)
    assert lines[0]["customdata"][0, 0] == pytest.approx(48_000 * 0.9 * (1 - 1e3 / 2e5))
    assert "utilised" in lines[0]["hovertemplate"]
    assert figure["layout"]["shapes"][0]["x0"] == 250_000
    assert "An API is cheaper below" in volume.alt_text(curves())


def test_volume_keeps_marks_apart_and_says_how_many_there_are() -> None:
    many = tuple(Crossover(240_000.0 * 1.02**k, "A", "B", 50_000.0, None) for k in range(5))
    figure = volume.cost_against_volume(curves(many))
    assert sum("flips at" in trace.get("name", "") for trace in figure["data"]) == 1
    assert figure["layout"]["title"]["subtitle"]["text"].startswith("5 flips in all")
    assert title(figure) == "The cheapest flips at 250,000 requests/day"


def test_volume_without_flips_own_capacity_or_today_in_view() -> None:
    lone = curves((), today=1.0)
    lone = replace(lone, utilisation=np.full_like(lone.utilisation, np.nan))
    figure = volume.cost_against_volume(lone)
    go.Figure(figure)
    assert title(figure) == "An API is cheapest today"
    nothing = replace(lone, cost_usd_per_month=np.full_like(lone.cost_usd_per_month, np.nan))
    assert title(volume.cost_against_volume(nothing)) == "Cost by volume"
    assert volume.finding(lone, out=[0]) == "Own <b>fleet</b> is cheapest at every volume"
    assert figure["layout"]["shapes"] == []
    assert not any("Idle" in trace.get("name", "") for trace in figure["data"])
    free = replace(lone, cost_usd_per_month=np.zeros_like(lone.cost_usd_per_month))
    go.Figure(volume.cost_against_volume(free))


def test_what_has_no_price_is_not_free() -> None:
    unpriced = answer("Announced", {}, feasible=False, reasons=("No published price.",))
    assert cost.why_not(unpriced) == "no price"
    assert "not priced" in words(cost.monthly_by_component([answer("A"), unpriced]))
    points = frontier.cost_latency([answer("A"), unpriced])["data"]
    assert points[-1]["name"] == "Announced (no price)"
    assert points[-1]["y"] == [None]


def test_what_misses_the_targets_is_never_called_the_cheapest() -> None:
    figure = volume.cost_against_volume(curves(), out=[0])
    assert title(figure) == "Own <b>fleet</b> is cheapest at every volume".replace("<", "&lt;").replace(">", "&gt;")
    assert any(trace.get("name") == "An API (does not qualify)" and trace["opacity"] < 1 for trace in figure["data"])
    assert "flips at" not in volume.alt_text(curves(), out=[0])


def test_a_spread_of_costs_takes_a_log_axis() -> None:
    layout = frontier.cost_latency([answer("A"), answer("B", {"power": 1e3})])["layout"]
    assert layout["yaxis"]["type"] == "log"


def test_a_bar_at_the_readers_own_figures_says_so() -> None:
    own = answer("Ours", overrides=("own price 2.10 USD per chip-hour instead of 3.99 (list)",))
    figure = cost.monthly_by_component([answer("Listed"), own])
    assert words(figure).count("your figures") == 1
    assert "Ours $" in cost.alt_text([answer("Listed"), own])
    assert "(your figures)" in cost.alt_text([answer("Listed"), own])
    assert own.known_how.startswith("your figures, ")


def test_the_times_of_work_that_writes_nothing_are_of_results() -> None:
    answers = [answer("One", writes=False), answer("Two", writes=False)]
    said = latency.alt_text(answers, None, None)
    assert "result 400 ms" in said
    assert "Result in 400 ms at best" in said
    assert "token" not in said
    figure = latency.against_targets(answers, None, None)
    assert "wait for a result" in str(figure)
