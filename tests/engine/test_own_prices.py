"""The reader's own figures: one place, every strategy, the search and the hardware page alike."""

from __future__ import annotations

from typing import Any

import pytest

from components.catalog.load import load_catalog
from components.catalog.own import OWN_SOURCE
from components.engine.answer import Answer
from components.engine.comparison import compare, hardware, rate_of
from components.engine.facts.own_figures import OWN_FIGURES
from components.engine.outcome import evaluate, open_book, priced_book, scenario_book
from components.engine.scenario import Prices, Scenario, Strategy, Workload
from components.engine.search import Requirements, search
from components.share.table import comparison_csv

CATALOG = load_catalog()
CHAT = Workload(preset="support_chat", requests_per_day=250_000)
RENTED, OWNED = Strategy(name="rented", chips=2, weights="fp8"), Strategy(name="owned", chips=2, buy="owned")
PLATFORM = Strategy(name="platform", buy="api", provider="DeepInfra")
SCENARIO = Scenario(workload=CHAT, strategies=(RENTED, OWNED, PLATFORM))


def answers(**prices: Any) -> tuple[Answer, ...]:
    return compare(SCENARIO.model_copy(update={"prices": Prices(**prices)}), CATALOG).answers


def part(answer: Answer, name: str) -> float:
    return answer.cost_parts_usd_per_month.get(name, 0.0)


LISTED = answers()


def test_an_own_chip_price_holds_for_every_strategy_that_rents_the_chip() -> None:
    own = answers(chip_hours=(("h100-sxm", 1.5),))
    hours = LISTED[0].paid_hours_per_month
    assert hours is not None
    assert part(own[0], "compute_busy") + part(own[0], "compute_idle") == pytest.approx(hours * 2 * 1.5)
    assert own[1].cost_parts_usd_per_month == LISTED[1].cost_parts_usd_per_month
    assert own[2].cost_usd_per_month == LISTED[2].cost_usd_per_month
    assert any("own price 1.50 USD per chip-hour instead of" in words for words in own[0].overrides)
    assert not own[1].overrides
    assert not own[2].overrides


def test_a_strategys_own_price_goes_before_the_scenarios() -> None:
    named = Scenario(
        workload=CHAT, strategies=(RENTED.model_copy(update={"price": 2.0}),),
        prices=Prices(chip_hours=(("h100-sxm", 1.5),)),
    )  # fmt: skip
    (found,) = evaluate(named.strategies, CHAT, scenario_book(named, CATALOG))
    assert found.fleets[0].purchase.usd_per_chip_hour == 2.0


def test_every_figure_moves_what_it_says_and_is_named() -> None:
    """Each own figure at twice the published value, or half where more is cheaper, changes only its part."""
    book = open_book(CATALOG)
    parts = {"salary": "staff", "people": "staff", "overhead": "support_overheads", "upkeep": "support_overheads",
             "interest": "compute_busy", "life": "compute_busy", "power": "power", "pue": "power"}  # fmt: skip
    for figure in OWN_FIGURES:
        listed = book.value(figure.key) if figure.key else 1.4
        found = answers(**{figure.field: min(listed * 2, 0.8) if figure.field == "headroom" else listed * 2})
        touched = [now for now, before in zip(found, LISTED, strict=True) if now.overrides != before.overrides]
        assert touched, figure.field
        assert all(any(figure.words in words for words in answer.overrides) for answer in touched)
        assert found[2].cost_usd_per_month == LISTED[2].cost_usd_per_month
        if figure.field in parts:
            changed = [part(now, parts[figure.field]) != part(old, parts[figure.field])
                       for now, old in zip(found, LISTED, strict=True)]  # fmt: skip
            assert any(changed), figure.field


def test_the_ledger_cites_the_readers_figure() -> None:
    found = answers(salary=180_000.0)
    cited = {source for step in found[0].ledger for source in step.sources}
    assert OWN_SOURCE in cited
    assert OWN_SOURCE not in {source for step in LISTED[0].ledger for source in step.sources}
    result = compare(SCENARIO.model_copy(update={"prices": Prices(salary=180_000.0)}), CATALOG)
    text = comparison_csv(SCENARIO, result, CATALOG).decode("utf-8-sig")
    assert "own figure: An engineer, all costs: 180,000 USD a year instead of 250,000 (published)" in text
    assert CATALOG.sources[OWN_SOURCE].title in text


def test_people_are_all_only_the_difference_or_none() -> None:
    every, beyond, none = answers(), answers(staff="difference"), answers(staff="none")
    assert [part(a, "staff") for a in none] == [0.0, 0.0, 0.0]
    assert part(beyond[0], "staff") == 0.0
    assert every[0].people is not None
    assert every[1].people is not None
    salary = open_book(CATALOG).value("staff_cost_loaded") / 12
    assert part(beyond[1], "staff") == pytest.approx(salary * max(every[1].people - every[0].people, 0))
    assert part(every[1], "staff") > part(beyond[1], "staff") > 0


def test_own_people_follow_servers_one_by_one() -> None:
    found = answers(people=2.0)
    for answer in found[:2]:
        assert answer.accelerators is not None
        assert answer.people == pytest.approx(2.0 * answer.accelerators / 8)


def test_a_place_without_a_tariff_can_be_owned_at_an_own_one() -> None:
    korea = Strategy(buy="owned", place="kor")
    for prices, works in ((Prices(), False), (Prices(power=0.1), True)):
        (found,) = evaluate([korea], CHAT, priced_book(CATALOG, prices, korea, CHAT))
        assert found.priced is works


def test_an_own_exchange_rate_goes_before_the_published() -> None:
    assert rate_of(CATALOG, "EUR", Prices(rates=(("EUR", 0.5),))) == 0.5
    assert rate_of(CATALOG, "EUR", Prices(rates=(("JPY", 0.5),))) == rate_of(CATALOG, "EUR")


def test_the_hardware_page_uses_them() -> None:
    own = SCENARIO.model_copy(update={"prices": Prices(chip_hours=(("h100-sxm", 1.5),))})
    assert hardware(own, CATALOG)[0].usd_per_chip_hour == 1.5


@pytest.mark.parametrize("staff", ["all", "difference", "none"])
def test_the_search_uses_them(staff: str) -> None:
    prices = Prices.model_validate({"staff": staff, "chip_hours": (("h100-sxm", 0.4),), "salary": 100_000})
    asked = Requirements(workload=CHAT, baseline=RENTED, prices=prices, hardware=("h100-sxm",), buys=("on-demand",))
    book = priced_book(CATALOG, prices, RENTED, CHAT)
    winner = search(asked, book).winner
    assert winner is not None
    (again,) = evaluate([winner.strategy], CHAT, book, RENTED.model)
    assert again.cost_usd_per_month == pytest.approx(winner.cost_usd_per_month)
    assert again.fleets[0].purchase.usd_per_chip_hour == 0.4
