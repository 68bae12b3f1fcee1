"""The pages never contradict one another: headline, cards, charts, table, spreadsheet and Find say the same."""

from __future__ import annotations

import csv
import io
import re
from typing import Literal

import pytest
from streamlit.testing.v1 import AppTest

from components.catalog.load import load_catalog
from components.charts.theme import label
from components.engine.answer import Answer
from components.engine.comparison import Comparison, cheaper_but, compare
from components.engine.outcome import priced_book
from components.engine.scenario import Scenario, Workload
from components.engine.search import Found, Option, Requirements, search
from components.share import link
from components.share.presets import first_screen
from components.share.starting_points import start_for
from components.share.table import comparison_csv
from components.wording.money import DOLLARS
from tests.app import figures, open_app

CATALOG = load_catalog()
OTHER_MODELS = ("embeddings", "image_understanding")
"""Workloads that the model of the first screen cannot do: their own starting point is read."""
GRADE: Literal["B"] = "B"
"""Worst that Find and Compare are asked for."""
ACTIONS = ("default", "other baseline", "other best")
ASKED = [
    (preset, action)
    for place, preset in enumerate(sorted(CATALOG.workloads))
    for action in (ACTIONS[0], ACTIONS[1 + place % 2])
]
"""Each workload as it comes, and by turns with another baseline or without its best."""


def _scenario(preset: str, action: str) -> Scenario:
    """The first screen on a workload, or its starting point; with its last strategy first; or without the best."""
    start = start_for(preset) if preset in OTHER_MODELS else None
    scenario = start.scenario if start else first_screen().model_copy(update={"workload": Workload(preset=preset)})
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


@pytest.mark.parametrize(("preset", "action"), ASKED)
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
        assert ("First word, slow case" in row.index) == answer.writes
        assert ("Result, slow case" in row.index) == (not answer.writes)
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


def _asked(scenario: Scenario) -> Requirements:
    """Find's question of a scenario, over the chips of its strategies, at the grade that Compare is asked for too."""
    chips = tuple(dict.fromkeys(s.hardware for s in scenario.strategies if s.buy != "api"))
    return Requirements(
        workload=scenario.workload.model_copy(update={"grade": GRADE}), baseline=scenario.strategies[0],
        prices=scenario.prices, alternatives="same", hardware=chips, grade=GRADE,
    )  # fmt: skip


@pytest.mark.parametrize(("preset", "action"), ASKED)
def test_compare_says_of_what_find_found_what_find_says(preset: str, action: str) -> None:
    scenario = _scenario(preset, action)
    asked = _asked(scenario)
    found = search(asked, priced_book(CATALOG, asked.prices, asked.baseline, asked.workload))
    assert found.winner is not None, (found.problems, found.relaxations)
    listed = [line.option for line in found.ranked if line.option not in found.passed_over]
    options = [*listed[: _room(found)], *found.passed_over]
    named = [o.strategy.model_copy(update={"name": f"Line {i}"}) for i, o in enumerate(options, 1)]
    told = Scenario(workload=asked.workload, strategies=(asked.baseline, *named), prices=asked.prices)
    read, notices = link.read_link(link.canonical_query(told))
    assert (read, notices) == (told, [])
    result = compare(read, CATALOG)
    for option, answer in zip(options, result.answers[1:], strict=True):
        _alike(option, answer)
    assert result.best == 1, "Find's winner is the best of Compare among what Find lists"
    assert re.match(r"Line 1\b", result.headline)
    if found.cheaper is not None:
        assert cheaper_but(result.answers, DOLLARS, GRADE).startswith(f"Line {options.index(found.cheaper) + 1} costs")
    if found.baseline is not None:
        _alike(found.baseline, result.answers[0])


def _room(found: Found) -> int:
    """Lines of the list that fit beside the baseline and what was passed over."""
    return len(link.SLOTS) - 1 - len(found.passed_over)


def _alike(option: Option, answer: Answer) -> None:
    """Find and Compare say the same of one strategy."""
    bases = {"ttft_p95_s": answer.ttft_p95_s, "tpot_p95_s": answer.tpot_p95_s}
    for name, its in {name: its.base if its is not None else None for name, its in bases.items()}.items():
        assert getattr(option, name) == pytest.approx(its), name
    assert option.cost_usd_per_month == pytest.approx(answer.cost_usd_per_month.base)
    for name in ("accelerators", "power_kw", "energy_kwh_per_month", "carbon_kg_per_month", "extra_errors_per_1000"):
        assert getattr(option, name) == pytest.approx(getattr(answer, name)), name
    assert (option.kind == "api", option.grade, option.confidence, option.basis) == (
        answer.kind == "api", answer.grade, answer.confidence, answer.basis,
    )  # fmt: skip
    if option.kind == "api":
        assert option.at_risk == answer.at_risk


@pytest.mark.parametrize("preset", ["content_generation", "support_chat"])
def test_what_the_page_of_find_calls_the_best_costs_as_much_on_compare(preset: str) -> None:
    at = open_app("find", w=preset)
    said = _plain(at.title[0].value)
    name, cost = said.split(": ", 1)[0], re.search(r"\$[\d,.]+[KMB]? ?(?=a month)|\$[\d,.]+ \w+(?= a month)", said)
    assert cost is not None, said
    at.button(key="find_add_1").click().run()
    at.switch_page("pages/compare.py").run()
    assert not at.exception
    row = next(row for _, row in at.dataframe[0].value.iterrows() if row["Strategy"] == name.split(" and ")[0])
    assert row["Per month"].replace("\u00a0", " ") == cost[0].strip()
