"""Terms: gaps filled from the catalog, bad ones said in a sentence, contradictions too."""

from __future__ import annotations

import numpy as np
import pytest

from components.engine.outcome import open_book
from components.engine.plan import ASKED, published, term_fault, usable
from components.engine.plan.terms import plan_terms, volumes
from components.engine.scenario import PlanTerms
from tests.engine.plan.cases import CATALOG

BOOK = open_book(CATALOG)


def test_gaps_are_the_catalogs_figures() -> None:
    found = plan_terms(PlanTerms(), BOOK)
    assert found.growth == CATALOG.economics["plan_growth"].base
    assert found.chips == CATALOG.economics["gpu_rent_change"].base
    assert found.discount == CATALOG.economics["cost_of_capital"].base
    assert found.life == 12 * (CATALOG.economics["deprec_economic_years"].base or 0)
    own = plan_terms(PlanTerms(growth=4, chips=0.2, discount=0, both=0, refresh=24), BOOK)
    assert (own.growth, own.chips, own.discount, own.both, own.life) == (4, 0.2, 0, 0, 24)


def test_the_first_month_is_today_whatever_the_season() -> None:
    found = plan_terms(PlanTerms(months=36, growth=2, season=0.5, busiest=4), BOOK)
    volume = volumes(np.array([2.0]), found)[:, 0]
    assert volume[0] == 1
    assert volume[12] == pytest.approx(2)
    assert volume[:12].argmax() in {3, 4}
    assert (volumes(np.array([1.0]), plan_terms(PlanTerms(growth=1), BOOK)) == 1).all()


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("months", 0, "Months of the plan: enter 1 to 60; 0 was typed."),
        ("months", -12, "Months of the plan: enter 1 to 60; -12 was typed."),
        ("months", 7.5, "Months of the plan: enter a whole number from 1 to 60; 7.5 was typed."),
        ("discount", -1.0, "Discount rate, a year: enter 0 % to 100 %; -100 % was typed."),
        ("refresh", 0, "Months until own machines are replaced: enter 1 to 60; 0 was typed."),
        ("growth", 0.0, "Requests after a year, times today's: enter 0.01 to 100; 0 was typed."),
        ("power_kw", -5.0, "Power available for own machines: enter 0 kW to 1,000,000 kW; -5 kW was typed."),
        ("chips", -1.0, "Chip prices, change a year: enter -95 % to 500 %; -100 % was typed."),
    ],
)
def test_a_bad_term_is_one_sentence_that_says_what_to_change(field: str, value: float, said: str) -> None:
    assert term_fault(PlanTerms(), field, value, BOOK) == said


def test_growth_that_overflows_and_contracts_that_contradict_are_said() -> None:
    words = term_fault(PlanTerms(months=60), "growth", 50.0, BOOK)
    assert words.startswith("In 60 months requests would come to ")
    assert words.endswith(" times a year, or for fewer months.")
    assert term_fault(PlanTerms(), "contract", 48, BOOK) == (
        "Today's contract runs for 48 months, the plan for 36: nothing could change before it ends. "
        "Plan for more than 48 months, or shorten the contract."
    )
    assert "after the plan ends" in term_fault(PlanTerms(months=12), "arrival", 20, BOOK)
    assert "contract runs for 24 months" in term_fault(PlanTerms(contract=24), "months", 12, BOOK)
    assert term_fault(PlanTerms(), "contract", 24, BOOK) == ""


def test_a_plan_that_contradicts_itself_takes_the_usual_terms_and_says_so() -> None:
    plan, wrong = usable(PlanTerms(months=60, growth=100, contract=60), BOOK)
    assert set(wrong) == {"growth"}
    assert plan == PlanTerms(months=60, contract=60)
    assert usable(PlanTerms(), BOOK) == (PlanTerms(), {})


def test_every_term_is_asked_for_and_shows_what_stands_in_for_it() -> None:
    assert {term.field for term in ASKED} == set(PlanTerms.model_fields) - {"lows", "highs"}
    assert published("growth", BOOK) == "1.5"
    assert published("chips", BOOK) == "-10 %"
    assert published("move", BOOK) == "62,500"
    assert published("refresh", BOOK) == "48"
    assert published("season", BOOK) == ""
