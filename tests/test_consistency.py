"""Compare never contradicts itself: headline, cards, charts, table and spreadsheet say the same."""

from __future__ import annotations

import csv
import io
import re

import pytest
from streamlit.testing.v1 import AppTest

from components.catalog.load import load_catalog
from components.charts.theme import label
from components.engine.comparison import Comparison, compare
from components.engine.scenario import Scenario, Workload
from components.share import link
from components.share.presets import first_screen
from components.share.table import comparison_csv
from components.wording.money import DOLLARS
from tests.app import figures, open_app

CATALOG = load_catalog()
ACTIONS = ("default", "other baseline", "other best")


def _scenario(preset: str, action: str) -> Scenario:
    """The first screen on a workload; with its last strategy first; or without the best."""
    scenario = first_screen().model_copy(update={"workload": Workload(preset=preset)})
    given = scenario.strategies
    if action == "other baseline":
        given = (given[-1], *given[:-1])
    elif action == "other best":
        best = compare(scenario, CATALOG).best
        given = tuple(s for i, s in enumerate(given) if not i or i != best)
    return scenario.model_copy(update={"strategies": given})


def _opened(scenario: Scenario) -> AppTest:
    query = dict(pair.split("=", 1) for pair in link.canonical_query(scenario).split("&"))
    at = open_app(**{key: value.replace("%7E", "~") for key, value in query.items()})
    assert not at.exception
    return at


def _plain(words: str) -> str:
    return re.sub(r"\\(?=[^\w\s])", "", words).replace("\u00a0", " ")


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("preset", sorted(CATALOG.workloads))
def test_compare_says_one_thing(preset: str, action: str) -> None:
    scenario = _scenario(preset, action)
    result = compare(scenario, CATALOG)
    at = _opened(scenario)
    _headline(_plain(at.title[0].value), result)
    _table(at, result)
    _cards(at, result)
    _charts(at, result)
    _spreadsheet(scenario, result)


def _cost(result: Comparison, place: int) -> str:
    return DOLLARS.compact(result.answers[place].cost_usd_per_month.base).replace("\u00a0", " ")


def _headline(words: str, result: Comparison) -> None:
    assert words == result.headline.replace("\u00a0", " ")
    if result.best is not None:
        assert result.answers[result.best].name in words
        assert _cost(result, result.best) in words


def _table(at: AppTest, result: Comparison) -> None:
    shown = at.dataframe[0].value
    assert list(shown["Strategy"]) == [answer.name for answer in result.answers]
    for place, answer in enumerate(result.answers):
        row = shown.iloc[place]
        assert row["Per month"].replace("\u00a0", " ") in (_cost(result, place), "not priced")
        assert row["Quality"] == (answer.grade if answer.grade != "?" else "not known")
        assert (row["Qualifies"] == "meets the targets") == answer.feasible


def _cards(at: AppTest, result: Comparison) -> None:
    told = " | ".join(_plain(block.value) for block in at.markdown)
    for pick in (result.picks.cheapest, result.picks.safest, result.picks.fastest):
        if pick is not None:
            assert f"**: {result.answers[pick.index].name}" in told
            assert f"**{_cost(result, pick.index)}** a month" in told


def _charts(at: AppTest, result: Comparison) -> None:
    drawn = {title: figure for figure in figures(at) if (title := figure["layout"]["title"]["text"])}
    for title in drawn:
        words = title.replace("<br>", " ")
        if words.endswith("is cheapest today") or words.endswith("is cheapest at every volume"):
            assert result.best is not None
            assert words.startswith(label(result.answers[result.best].name))
    if result.best:
        ends = [trace["text"] for figure in drawn.values() for trace in figure["data"] if trace.get("text")]
        (amounts,) = [words for words in ends if "<b>Today</b>" in str(words[0])][:1] or [[]]
        assert amounts, "the steps lead from the baseline"
        assert label(result.answers[0].name, 76) in amounts[0]
        assert label(result.answers[result.best].name, 76) in amounts[-1]


def _spreadsheet(scenario: Scenario, result: Comparison) -> None:
    rows = list(csv.reader(io.StringIO(comparison_csv(scenario, result, CATALOG).decode("utf-8-sig"))))
    text = "\n".join(",".join(row) for row in rows)
    for answer in result.answers:
        assert answer.name in text
    assert result.headline.replace("\u00a0", " ") in text.replace("\u00a0", " ")
