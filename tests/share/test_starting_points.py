"""Every starting point is a fair comparison: it resolves, mostly works, and neither side is a straw man."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path

import pytest

from components.catalog.load import DATA, CatalogError, load_catalog
from components.catalog.starting_points import STARTING_POINTS, load_starting_points, read_starting_points
from components.engine.answer import Answer
from components.engine.comparison import Comparison, compare, target_price
from components.engine.comparison.choice import meets_targets
from components.engine.comparison.compare_strategies import evaluate_one
from components.engine.scenario import LAYERS, Strategy, layer_of
from components.engine.strategy import every_lever
from components.share import link
from components.share.starting_points import decoded_starts, start_for, starts

CATALOG = load_catalog()
WORKING = 5
"""Strategies of six that keep their limits: the sixth may show why people do not take it. [1]"""
BUSY = 0.1
"""Smallest share of the baseline's paid machine time that is used: two servers are the fewest. [1]"""
STRAW = 1.5
"""Largest cost of a baseline over the default server's on the same chip and model. [1]"""
BUYS = 0.005
"""Smallest gain of a lever that is more than rounding. [1]"""


@cache
def _compared(key: str) -> Comparison:
    return compare(starts()[key].scenario, CATALOG)


def test_there_are_about_ten_of_distinct_kinds() -> None:
    assert 9 <= len(starts()) <= 12
    assert len({start.label for start in starts().values()}) == len(starts())
    assert start_for("coding_agent") is starts()["coding-agents"]
    assert start_for("translation") is None


@pytest.mark.parametrize("key", list(load_starting_points()))
def test_it_holds_six_strategies_under_six_names_and_survives_the_link(key: str) -> None:
    start = starts()[key]
    assert len({s.name for s in start.scenario.strategies}) == len(link.SLOTS)
    assert link.read_link(link.canonical_query(start.scenario)) == (start.scenario, [])


@pytest.mark.parametrize("key", list(load_starting_points()))
def test_the_baseline_and_most_of_the_others_keep_their_limits(key: str) -> None:
    answers = _compared(key).answers
    assert meets_targets(answers[0])
    assert sum(map(meets_targets, answers)) >= WORKING


@pytest.mark.parametrize("key", list(load_starting_points()))
def test_the_baseline_is_no_straw_man(key: str) -> None:
    """No target leaves it nearly alone on its machines, and the default server on the same chip costs about as much."""
    start, today = starts()[key], _compared(key).answers[0]
    base = start.scenario.strategies[0]
    assert target_price(start.scenario, 0, CATALOG) is None
    if base.buy == "api":
        return
    assert today.utilisation is not None
    assert today.utilisation >= BUSY
    kept = ("model", "hardware", "buy", "provider", "place", "tier", "scale")
    bought = {name: getattr(base, name) for name in kept}
    default = evaluate_one(Strategy(**bought), start.scenario.workload, CATALOG)
    assert today.cost_usd_per_month.base <= STRAW * default.cost_usd_per_month.base


def _better(on: Answer, off: Answer) -> bool:
    """Whether the lever's side is cheaper or faster, or works where the other does not."""
    if meets_targets(on) != meets_targets(off):
        return meets_targets(on)
    cheaper = on.cost_usd_per_month.base < (1 - BUYS) * off.cost_usd_per_month.base
    return cheaper or (on.e2e_p50_s or 0) < (1 - BUYS) * (off.e2e_p50_s or 0)


@pytest.mark.parametrize("key", list(load_starting_points()))
def test_no_lever_buys_nothing(key: str) -> None:
    """Each step away from the baseline is taken back alone; the strategy must be worse for it."""
    start, idle = starts()[key], []
    base, *others = start.scenario.strategies
    for strategy, on in zip(others, _compared(key).answers[1:], strict=True):
        moved = [v for v in every_lever() if getattr(strategy, v.field) != getattr(base, v.field) and v.used(strategy)]
        for lever in moved:
            without = strategy.model_copy(update={lever.field: getattr(base, lever.field)})
            if not _better(on, evaluate_one(without, start.scenario.workload, CATALOG)):
                idle.append(f"{strategy.name}: {lever.field}")
    assert not idle


@pytest.mark.parametrize("key", list(load_starting_points()))
def test_what_is_called_all_four_layers_steps_in_each(key: str) -> None:
    base, *others = starts()[key].scenario.strategies
    for strategy in (s for s in others if s.name == "All four layers"):
        moved = {layer_of(f) for f in Strategy.model_fields if getattr(strategy, f) != getattr(base, f)} - {None}
        assert moved == set(LAYERS)


def _with(folder: Path, line: str) -> Path:
    shutil.copy(DATA / STARTING_POINTS, folder / STARTING_POINTS)
    with (folder / STARTING_POINTS).open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    return folder


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("phone,L,D,support_chat,5,,USD,plain,planning-estimate,low", "id 'phone' appears twice"),
        ("new,L,D,support_chat,5,6,USD,plain,planning-estimate,low", "give users or requests_per_day"),
        ("new,L,D,support_chat,,,USD,plain,planning-estimate,low", "give users or requests_per_day"),
        ("new,L,D,support_chat,5,,USD,plain,nowhere,low", "unknown source_id 'nowhere'"),
        ("new,L,D,support_chat,5,,DOGE,plain,planning-estimate,low", "currency: 'DOGE' is unknown"),
        ("new,L,D,no_such,5,,USD,plain,planning-estimate,low", "workload: Workload “no_such” is unknown"),
        ("new,L,D,doc_summary_batch,5,,USD,plain,planning-estimate,low", "doc_summary_batch has no requests per user"),
        ("new,L,D,support_chat,5,,USD,plain nonsense,planning-estimate,low", "preset “nonsense” is unknown"),
        ("new,L,D,support_chat,5,,USD,plain~wheels.4,planning-estimate,low", "“wheels.4” is not a setting"),
        ("new,L,D,support_chat,5,,USD,plain plain plain plain plain plain plain,planning-estimate,low", "at most 6"),
    ],
)
def test_a_broken_row_is_named(line: str, rule: str, tmp_path: Path) -> None:
    folder = _with(tmp_path, line)
    with pytest.raises(CatalogError, match=rf"{STARTING_POINTS} row {len(starts()) + 2}: .*{rule}"):
        decoded_starts(read_starting_points(folder), folder)
