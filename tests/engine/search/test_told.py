"""What a search says of its result: ties, names, what the loser is better at, cards that may not be used."""

from __future__ import annotations

from dataclasses import replace

import pytest

from components.catalog.levers import load_levers
from components.catalog.load import load_catalog
from components.engine.outcome.evaluation import open_book
from components.engine.scenario import Strategy, Workload
from components.engine.search import Found, Objective, Option, Requirements, search, short_name
from components.engine.search.tell.found import Ranked
from components.engine.search.tell.reasons import wins_on
from components.engine.search.tell.room import _sentences

BOOK = open_book(load_catalog())
SMALL = Requirements(
    workload=Workload(requests_per_day=3e6), breadth="narrow", alternatives="same", places=("usa",),
    hardware=("rtx-5090", "h100-sxm"), buys=("on-demand", "spot"),
)  # fmt: skip


@pytest.fixture(scope="module")
def found() -> Found:
    return search(SMALL, BOOK)


def option(found: Found) -> Option:
    assert found.winner is not None
    return found.winner


def test_cards_not_licensed_for_data_centres_are_left_out_until_asked_for(found: Found) -> None:
    assert SMALL.licensed_only
    barred = load_levers().not_for_data_centres
    makers = ("GeForce", "TITAN")
    assert {chip.id for chip in BOOK.catalog.accelerators.values() if chip.name.startswith(makers)} == barred
    assert not barred & {line.option.strategy.hardware for line in found.ranked if line.missed is None}
    free = search(SMALL.model_copy(update={"licensed_only": False, "confidence": "low", "grade": "E"}), BOOK)
    assert barred & {line.option.strategy.hardware for line in free.ranked}


def test_nothing_of_low_confidence_wins_by_default(found: Found) -> None:
    assert all(line.option.confidence != "low" for line in found.ranked if line.missed is None)


def test_an_estimated_price_is_marked() -> None:
    asked = SMALL.model_copy(
        update={"hardware": ("rtx-5090",), "licensed_only": False, "confidence": "low", "grade": "E", "buys": ("spot",)}
    )
    told = search(asked, BOOK)
    assert told.winner is not None
    assert told.winner.basis == "estimated"
    assert told.why is not None
    assert told.why.headline.endswith(", at an estimated price")


def test_costs_within_five_percent_are_tied(found: Found) -> None:
    best = option(found)

    def listed(*factors: float) -> Found:
        others = [replace(best, cost_usd_per_month=best.cost_usd_per_month * f) for f in factors]
        return replace(found, ranked=(Ranked(best, ""), *(Ranked(o, "") for o in others)))

    assert len(listed(1.04, 1.2).tied) == 1
    assert listed(1.06).tied == ()
    assert listed(0.9).tied == ()  # another objective decided
    assert replace(found, winner=None).tied == ()


def test_names_are_short(found: Found) -> None:
    card = replace(
        option(found), strategy=Strategy(hardware="rtx-5090", buy="spot"), accelerators=6.0, kind="accelerators"
    )
    assert short_name(BOOK, card, "llama-3.3-70b") == "6\u00d7 RTX 5090, spot"
    assert short_name(BOOK, card, "gpt-oss-120b") == "6\u00d7 RTX 5090, spot, Llama 3.3 70B"
    sold = replace(card, strategy=Strategy(buy="api"), kind="api", seller="DeepInfra")
    assert short_name(BOOK, sold, "llama-3.3-70b") == "DeepInfra, per token"


def test_a_loser_is_told_with_what_it_is_better_at() -> None:
    winner: dict[Objective, float] = {"cost": 1.0, "speed": 0.04, "energy": 100.0, "quality": 8.0}
    quick, lean, good, alike = (dict(winner) for _ in range(4))
    quick["speed"], lean["energy"], good["quality"], alike["speed"] = 0.01, 50.0, 3.0, 0.039
    assert wins_on(winner, quick, besides="cost") == "4.0 times as fast for each user"
    assert wins_on(winner, lean, besides="cost") == "uses 50% less energy"
    assert wins_on(winner, good, besides="cost") == "5 fewer wrong answers in 1,000 expected"
    assert wins_on(winner, alike, besides="cost") == ""
    assert wins_on(winner, quick, besides="speed") == ""


def test_a_rise_of_nothing_is_not_said() -> None:
    assert _sentences(1.0, None, None, None, None) == ["The next one costs the same"]
    assert _sentences(1.12, None, None, None, None) == ["Its price may rise by 12% before the next one costs less"]
