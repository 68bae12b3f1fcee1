"""Moves between two versions sum to the difference and name what moved."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.catalog.load import Catalog, load_catalog
from components.catalog.own_records import Own, OwnChip
from components.engine.comparison import Move, SavedAnswer, compare, version_moves
from components.engine.comparison.answer_moves import WORKLOAD_WORDS
from components.engine.scenario import Scenario, Workload
from components.share.presets import FIRST_SCREEN, first_screen

CATALOG = load_catalog()


def kept(scenario: Scenario, chosen: int, catalog: Catalog = CATALOG) -> SavedAnswer:
    return SavedAnswer(scenario, chosen, compare(scenario, catalog).answers[chosen].cost_usd_per_month.base)


def total(moves: tuple[Move, ...]) -> float:
    return sum(move.usd_per_month for move in moves)


def cheaper(chip: str, factor: float) -> Catalog:
    """The catalog after a seller's price list of 3 November."""
    rentals = tuple(
        row.model_copy(
            update={"usd_per_accelerator_hour": row.usd_per_accelerator_hour * factor, "value_date": "2026-11-03"}
        )
        if row.accelerator_id == chip and row.usd_per_accelerator_hour
        else row
        for row in CATALOG.rentals
    )
    return replace(CATALOG, rentals=rentals)


def test_the_same_version_has_no_moves() -> None:
    one = kept(first_screen(), 1)
    assert version_moves(one, one, CATALOG, CATALOG) == ()


@settings(max_examples=20)
@given(
    old=st.integers(0, len(FIRST_SCREEN) - 1),
    new=st.integers(0, len(FIRST_SCREEN) - 1),
    volume=st.floats(1e3, 1e8),
    factor=st.floats(0.5, 2),
    said=st.floats(-1e4, 1e4),
)
def test_moves_sum_to_the_difference(old: int, new: int, volume: float, factor: float, said: float) -> None:
    scenario = first_screen()
    other = scenario.model_copy(
        update={"workload": scenario.workload.model_copy(update={"requests_per_day": volume, "osl": 300.0})}
    )
    newer = cheaper("h100-sxm", factor)
    answer = compare(other, newer).answers[new]
    if not answer.feasible:
        return
    before = kept(scenario, old)._replace(cost_usd_per_month=kept(scenario, old).cost_usd_per_month + said)
    after = SavedAnswer(other, new, answer.cost_usd_per_month.base)
    moves = version_moves(before, after, CATALOG, newer)
    assert total(moves) == pytest.approx(after.cost_usd_per_month - before.cost_usd_per_month, abs=0.1)


def test_a_new_price_is_named_with_its_day_and_moves_the_bill_alone() -> None:
    newer = cheaper("h100-sxm", 1.2)
    moves = version_moves(kept(first_screen(), 0), kept(first_screen(), 0, newer), CATALOG, newer)
    assert [(m.cause, m.words) for m in moves] == [("data", "price of H100 80GB SXM5 of 2026-11-03")]
    assert moves[0].usd_per_month > 0


def test_a_newer_engine_is_told_apart_from_newer_data() -> None:
    newer = cheaper("h100-sxm", 1.2)
    old = kept(first_screen(), 0)._replace(cost_usd_per_month=kept(first_screen(), 0).cost_usd_per_month - 1000)
    apart = version_moves(old, kept(first_screen(), 0, newer), CATALOG, newer)
    assert (apart[0].cause, apart[0].words) == ("engine", "newer engine")
    assert apart[0].usd_per_month == pytest.approx(1000)
    together = version_moves(old, kept(first_screen(), 0, newer), None, newer)
    assert [(m.cause, m.words) for m in together] == [("engine", "engine and data")]
    assert total(together) == pytest.approx(total(apart))


def test_inputs_are_told_one_by_one() -> None:
    scenario = first_screen()
    prices = scenario.prices.model_copy(update={"salary": 100_000.0})
    other = scenario.model_copy(
        update={"prices": prices, "workload": scenario.workload.model_copy(update={"osl": 400.0})}
    )
    moves = version_moves(kept(scenario, 0), kept(other, 1), CATALOG, CATALOG)
    words = [m.words for m in moves]
    assert words[:2] == ["length of answers", "your figure: An engineer, all costs"]
    assert "20 % answered from memory" in words
    assert {m.cause for m in moves} == {"input"}


def test_a_changed_chip_of_the_readers_own_is_named() -> None:
    """Before the strategies, so that one that is new may be what a strategy moves to."""
    first = first_screen()
    ours = tuple(s.model_copy(update={"hardware": "own-chip-1", "chips": 4}) for s in first.strategies[:1])
    usual = OwnChip(id="own-chip-1", name="Ours")
    cheap = usual.model_copy(update={"memory_bandwidth_gb_per_s": 9000.0, "usd_per_chip_hour": 1.0})
    slow, fast = (first.model_copy(update={"strategies": ours, "own": Own(chips=(chip,))}) for chip in (usual, cheap))
    before, after = kept(slow, 0), kept(fast, 0)
    moves = version_moves(before, after, CATALOG, CATALOG)
    assert [(m.cause, m.words) for m in moves] == [("input", "your chip Ours")]
    assert total(moves) == pytest.approx(after.cost_usd_per_month - before.cost_usd_per_month)
    back = version_moves(after, kept(first, 0), CATALOG, CATALOG)
    assert total(back) == pytest.approx(kept(first, 0).cost_usd_per_month - after.cost_usd_per_month)


def test_every_field_of_a_workload_has_its_words() -> None:
    assert set(WORKLOAD_WORDS) == set(Workload.model_fields)


def test_a_strategy_that_is_no_longer_sold_is_said() -> None:
    scenario = first_screen()
    gone = replace(CATALOG, api_prices=())
    with pytest.raises(ValueError, match="newer version has no answer"):
        version_moves(kept(scenario, 0), SavedAnswer(scenario, 3, 1.0), CATALOG, gone)
