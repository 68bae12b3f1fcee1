from __future__ import annotations

import json
from itertools import combinations

import numpy as np
import pytest

from components.catalog.load import load_catalog
from components.charts import frontier, latency, theme, volume
from components.engine.comparison import compare
from components.engine.economics.monthly_bill import PARTS
from components.engine.scenario import Scenario
from components.share.presets import first_screen
from components.wording.money import DOLLARS
from components.wording.numbers import seconds


def _linear(colour: str) -> list[float]:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]


def _contrast(one: str, other: str) -> float:
    light = sorted(sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), _linear(x), strict=True)) for x in (one, other))
    return (light[1] + 0.05) / (light[0] + 0.05)


PAGES = ("#FFFFFF", "#10161F")
"""Grounds of the light and the dark page (`.streamlit/config.toml`)."""
DRAWN = (
    *theme.STRATEGY_COLOURS, *(shade for _, shade in theme.PART_WORDS.values()), theme.SAVING, theme.INCREASE,
    theme.NEUTRAL,
)  # fmt: skip
"""Every colour that a bar or a mark may have."""


@pytest.mark.parametrize("colour", DRAWN)
@pytest.mark.parametrize("page", PAGES)
def test_colours_stand_out_in_light_and_dark(colour: str, page: str) -> None:
    """WCAG 2.2, 1.4.11: 3:1 for graphics."""
    assert _contrast(colour, page) >= 3.0


def _deuteranope(colour: str) -> list[float]:
    """Machado, Oliveira and Fernandes 2009, full deuteranopia, on linear RGB; gamma restored for distance."""
    matrix = ((0.367, 0.861, -0.228), (0.280, 0.673, 0.047), (-0.012, 0.043, 0.969))
    line = _linear(colour)
    seen = [max(0.0, min(1.0, sum(m * c for m, c in zip(row, line, strict=True)))) for row in matrix]
    return [float(255 * c ** (1 / 2.2)) for c in seen]


def test_colours_or_symbols_differ_for_the_colour_blind() -> None:
    for one, other in combinations(theme.STRATEGY_COLOURS, 2):
        gap = sum((a - b) ** 2 for a, b in zip(_deuteranope(one), _deuteranope(other), strict=True)) ** 0.5
        assert gap > 15, (one, other, gap)
    assert len(set(theme.STRATEGY_SYMBOLS)) == len(theme.STRATEGY_COLOURS)


def test_a_saving_is_never_red() -> None:
    red, green, _ = (int(theme.SAVING[i : i + 2], 16) for i in (1, 3, 5))
    assert green > red


def test_text_is_escaped_and_fits() -> None:
    assert theme.label("<b>x</b> & y") == "&lt;b&gt;x&lt;/b&gt; &amp; y"
    assert theme.wrapped("one <two> three", 9) == "one &lt;two&gt;<br>three"
    assert theme.wrapped("", 10) == ""


def test_unknown_parts_are_read_out() -> None:
    assert theme.part_words("licence_fees") == "Licence fees"
    assert theme.part_colour("licence_fees", 0).startswith("#")


def test_idle_is_what_the_engine_says_and_not_what_a_name_holds() -> None:
    assert [part for part in PARTS if theme.is_idle(part)] == ["compute_idle"]
    assert not theme.is_idle("middleware")
    assert not theme.is_idle("idle staff")


def test_ticks_are_round_and_inside() -> None:
    marks = theme.ticks(0, 2.4e6, DOLLARS.tick)
    assert marks["ticktext"] == ["$0", "$1M", "$2M"]
    assert theme.log_ticks(1e3, 1e7, str)["tickvals"] == [1e3, 1e4, 1e5, 1e6, 1e7]
    assert theme.log_ticks(0.15, 0.9, seconds)["ticktext"] == ["200 ms", "500 ms"]
    assert len(theme.log_ticks(1e-3, 1e9, str, most=4)["tickvals"]) <= 4


def test_the_frame_makes_room_for_its_words() -> None:
    short, tall = theme.frame("A", "", 300), theme.frame("word " * 20, "note " * 40, 300)
    assert tall["margin"]["t"] > short["margin"]["t"]
    assert tall["height"] - tall["margin"]["t"] == short["height"] - short["margin"]["t"]


def test_words_are_large_enough_to_be_read_from_a_seat() -> None:
    layout = theme.frame("A", "b", 300, xaxis=theme.axis("cost [USD]"))
    assert layout["title"]["subtitle"]["font"]["size"] >= 13
    assert layout["xaxis"]["tickfont"]["size"] >= 12


def test_plain_is_what_json_can_say() -> None:
    figure = {"x": np.array([1.5, np.nan]), "y": (np.float64(2), np.int64(3)), "words": "a", "none": None}
    plain = theme.plain(figure)
    assert plain == {"x": [1.5, None], "y": [2.0, 3], "words": "a", "none": None}
    assert json.loads(json.dumps(plain, allow_nan=False)) == plain


def test_every_part_of_the_engine_has_words_and_a_colour_of_its_own() -> None:
    assert set(theme.PART_WORDS) == set(PARTS)
    colours = [colour for _, colour in theme.PART_WORDS.values()]
    assert len(set(colours)) == len(colours)


def test_the_legend_names_what_is_drawn_and_escapes() -> None:
    bar = {"type": "bar", "name": "Idle", "marker": {"color": "#999999", "pattern": {"shape": ["/"]}}}
    line = {"type": "scatter", "mode": "lines", "name": "B200", "line": {"color": "#123456", "dash": "dot"}}
    hidden = {"type": "scatter", "mode": "lines", "name": "edge", "showlegend": False}
    marks = theme.legend({"data": [bar, line, hidden], "layout": {}})
    assert [(m.name, m.colour, m.shape) for m in marks] == [("Idle", "#999999", "hatch"), ("B200", "#123456", "dot")]


def _drawn(scenario: Scenario) -> dict[str, set[str]]:
    """Colours by strategy on the charts of cost against speed and volume, and of latency."""
    result = compare(scenario, load_catalog())
    found: dict[str, set[str]] = {a.name: set() for a in result.answers}
    for answer in result.answers:
        for figure in (frontier.cost_latency(result.answers), volume.cost_against_volume(result.curves)):
            for trace in figure["data"]:
                if trace.get("name", "").startswith(theme.label(answer.name, 40)):
                    found[answer.name].add(trace.get("line", {}).get("color") or trace["marker"]["color"])
    points = [t for t in latency.against_targets(result.answers, None, None)["data"] if t.get("name") == "p50"]
    for trace in points:
        for answer, shade in zip(result.answers, trace["marker"]["color"], strict=True):
            found[answer.name].add(shade)
    return found


def test_a_strategy_keeps_its_colour_on_every_chart_when_it_becomes_the_baseline_or_another_goes() -> None:
    every = first_screen().model_copy(update={"strategies": first_screen().strategies[:4]})
    before = _drawn(every)
    assert {shade for shades in before.values() for shade in shades} >= set(theme.STRATEGY_COLOURS[:3])
    order = (2, 0, 3)
    moved = every.model_copy(update={"strategies": tuple(every.strategies[i] for i in order), "colours": order})
    for name, shades in _drawn(moved).items():
        assert shades - {theme.LINE} == before[name] - {theme.LINE}, name
