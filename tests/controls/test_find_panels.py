"""The question in a sentence on the Find page."""

from __future__ import annotations

from typing import Any

import pytest

from components.catalog.levers import load_levers
from components.catalog.load import load_catalog
from components.controls.find import limits_form
from components.controls.find.found_panels import requirement
from components.controls.hardware.chip_panels import by_maker
from components.engine.facts.workload import effective_workload
from components.engine.search.ask.requirements import Requirements
from components.wording.money import Money

LIMITS: dict[str, tuple[Any, str]] = {
    "budget_usd_per_month": (40_000.0, "at most $40,000 a month"),
    "power_kw": (35.0, "at most 35 kW of power"),
    "carbon_kg_per_month": (12_500.0, "at most 12.5 t CO2e a month"),
    "accelerators": (16, "at most 16 accelerators"),
    "throughput_tokens_per_s": (5_000.0, "at least 5,000 tokens/s"),
    "confidence": ("high", "figures of at least high confidence"),
    "grade": ("A", "grade A or better"),
    "vendors": (("AMD",), "only AMD"),
    "places": (("swe",), "only Sweden"),
}


def said(**limits: Any) -> str:
    asked = Requirements(**limits)
    return requirement(asked, effective_workload(asked.workload, load_catalog()), Money())


@pytest.mark.parametrize("field", sorted(LIMITS))
def test_each_limit_is_said(field: str) -> None:
    value, words = LIMITS[field]
    assert words in said(**{field: value})
    assert words not in said()


def test_a_union_stands_for_its_members_and_cites_who_says_so() -> None:
    places = load_levers().places
    members = tuple(key for key, place in places.items() if place.union == "EU")
    assert limits_form.spread(["EU", "nor"]) == (*members, "nor")
    assert "only the EU, Norway" in said(places=("nor", *members))
    assert "only Germany" in said(places=("deu",))
    assert {"gbr", "nor", "usa"}.isdisjoint(members)
    assert {place.union_source_id for place in places.values() if place.union} <= set(load_catalog().sources)


def test_a_chip_is_found_by_its_maker() -> None:
    words = [by_maker(chip) for chip in load_catalog().accelerators.values()]
    assert any("WSE" in word and "Cerebras" in word for word in words)
    assert not any(word.lower().count("nvidia") > 1 for word in words)


def test_a_limit_of_zero_is_said_too() -> None:
    assert "at most 0 kW of power" in said(power_kw=0)
    assert "at most 0 kg CO2e a month" in said(carbon_kg_per_month=0)
