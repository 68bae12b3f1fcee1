"""One declaration is all that a limit needs: it bounds the search, is named, relaxed, said, asked and carried."""

from __future__ import annotations

import csv
import io
from dataclasses import fields
from functools import cache
from typing import Annotated, Any

import pytest
from pydantic import Field
from streamlit.testing.v1 import AppTest

from components.catalog.load import load_catalog
from components.controls.find.found_panels import requirement
from components.engine.facts.workload import effective_workload
from components.engine.outcome.evaluation import open_book
from components.engine.scenario import Workload
from components.engine.search.ask.limits import TARGETS, Asked, Bound, Limit, Named, limits_of
from components.engine.search.ask.requirements import Requirements
from components.engine.search.find import ask_of, search
from components.engine.search.price.limits import OptionFigures, bounds
from components.engine.search.rank.option import Option
from components.engine.search.tell.found import Found
from components.engine.search.tell.mixes import mixes_of
from components.share.found import found_csv
from components.share.question_link import question_code, read_question_code
from components.wording.figures import figures_of
from components.wording.money import Money

BOOK = open_book(load_catalog())
MACHINES = ("on-demand", "spot", "reserved-1yr", "owned")
CHIPS = ("h100-sxm", "h200-sxm", "mi300x", "l40s", "b200")


class WithTwoMore(Requirements):
    """The question with a cap and a floor that the product does not ask for."""

    energy_kwh_per_month: Annotated[
        float | None,
        Field(ge=0),
        Bound(
            name="energy", words="energy", said="at most {} a month", figure="energy_kwh_per_month", unit="kWh",
            per=" a month", asked=Asked(label="Energy at most, kWh a month", help="At the meter.", step=100),
        ),
    ] = None  # fmt: skip
    least_accelerators: Annotated[
        int | None,
        Field(ge=0),
        Bound(
            name="least accelerators", words="least number of accelerators", said="at least {} accelerators",
            figure="accelerators", unit="1", whole=True, least=True,
        ),
    ] = None  # fmt: skip


def question(**change: Any) -> WithTwoMore:
    usual = {"hardware": CHIPS, "buys": MACHINES, "alternatives": "same", "places": ("usa",)}
    return WithTwoMore(**({"workload": Workload(requests_per_day=3e6)} | usual | change))


@cache
def asked(**change: Any) -> Found:
    return search(question(**change), BOOK)


def winner(**change: Any) -> Option:
    found = asked(**change).winner
    assert found is not None, (change, asked(**change).problems)
    return found


def cap_kwh() -> float:
    """A cap that the free winner misses and another configuration keeps."""
    return float(winner(objectives=("energy",)).energy_kwh_per_month or 0) * 1.05


def test_it_bounds_the_search_and_is_the_named_reason() -> None:
    cap, free = cap_kwh(), winner()
    assert (free.energy_kwh_per_month or 0) > cap
    best = winner(energy_kwh_per_month=cap)
    assert (best.energy_kwh_per_month or 0) <= cap
    assert best.cost_usd_per_month > free.cost_usd_per_month
    told = [line for line in asked(energy_kwh_per_month=cap).ranked if line.missed]
    assert told
    for line in told:
        assert line.missed == "energy"
        assert (line.option.energy_kwh_per_month or 0) > cap
        assert f"its energy is {line.option.energy_kwh_per_month:,.4g} against {cap:,.4g} allowed" in line.reason
    why = asked(energy_kwh_per_month=cap).why
    assert why is not None
    assert why.binding.startswith("energy: ")


def test_a_floor_bounds_the_search_from_below() -> None:
    floor = int(winner().accelerators or 0) + 3
    assert (winner(least_accelerators=floor).accelerators or 0) >= floor
    assert asked(least_accelerators=0).winner == winner()


def test_it_is_relaxed_just_as_far_as_something_fits() -> None:
    found = asked(energy_kwh_per_month=1.0)
    assert found.winner is None
    relaxation = next(r for r in found.relaxations if r.limit == "energy")
    needed = relaxation.needed
    assert needed is not None
    assert relaxation.sentence.startswith(f"Raise the energy from 1 to {needed:,.6g} kWh a month: ")
    assert needed == pytest.approx(relaxation.option.energy_kwh_per_month, rel=1e-3)
    assert needed >= (relaxation.option.energy_kwh_per_month or 0)
    assert asked(energy_kwh_per_month=needed).winner is not None


def test_a_floor_is_relaxed_downwards() -> None:
    found = asked(least_accelerators=10**7)
    relaxation = next(r for r in found.relaxations if r.limit == "least accelerators")
    assert relaxation.sentence.startswith("Lower the least number of accelerators from 1e+07 to ")
    assert relaxation.needed is not None
    assert relaxation.needed <= (relaxation.option.accelerators or 0)
    assert isinstance(relaxation.needed, int)


@pytest.mark.parametrize(("least", "needed"), [(False, 5124.0), (True, 5123.0)])
def test_a_bound_is_rounded_to_the_side_that_lets_the_figure_in(least: bool, needed: float) -> None:
    bound = Bound(name="b", words="b", said="{}", figure="accelerators", unit="1", least=least)
    assert bound.relaxed(5123.4) == needed
    assert bound.relaxed(0.0) == 0


def test_a_cap_of_zero_is_a_limit_and_a_floor_of_zero_is_none() -> None:
    told = {
        limit.name: bound for limit, bound in bounds(question(energy_kwh_per_month=0, least_accelerators=0)).items()
    }
    assert told == bounds_by_name() | {"energy": 0}


def bounds_by_name() -> dict[str, float]:
    return {limit.name: bound for limit, bound in bounds(question()).items()}


def test_it_is_among_the_limits_that_nothing_keeps_together() -> None:
    found = asked(energy_kwh_per_month=1.0, budget_usd_per_month=1.0)
    assert not found.relaxations
    assert "energy" in found.problems[0]
    assert "energy" in found.problems[1]


def test_the_two_parts_of_a_mix_keep_it_together() -> None:
    q = question(workload=Workload(requests_per_day=2e7, peak=4.0))
    listed = [line.option for line in search(q, BOOK).ranked if line.missed is None]
    free = mixes_of(ask_of(q, BOOK), listed)
    assert len(free) > 1
    energies = [(mix.base.energy_kwh_per_month or 0) + (mix.peak.energy_kwh_per_month or 0) for mix in free]
    cap = max(energies) * 0.999
    capped = mixes_of(ask_of(q.model_copy(update={"energy_kwh_per_month": cap}), BOOK), listed)
    assert capped != free
    for mix in capped:
        assert (mix.base.energy_kwh_per_month or 0) + (mix.peak.energy_kwh_per_month or 0) <= cap


def test_it_is_said_in_the_questions_sentence() -> None:
    traffic = effective_workload(Workload(), load_catalog())
    said = requirement(WithTwoMore(energy_kwh_per_month=2500, least_accelerators=12), traffic, Money())
    assert "at most 2.5 MWh a month" in said
    assert "at least 12 accelerators" in said
    assert "MWh" not in requirement(WithTwoMore(), traffic, Money())


def test_the_link_carries_it() -> None:
    q = WithTwoMore(energy_kwh_per_month=1250.5, least_accelerators=3, grade="A")
    code = question_code(q)
    assert code == "grade.A~energy_kwh_per_month.1250.5~least_accelerators.3"
    given, notices = read_question_code(code, WithTwoMore)
    assert notices == ()
    assert WithTwoMore(**given) == q
    assert read_question_code("energy_kwh_per_month.-1", WithTwoMore) == (
        {"energy_kwh_per_month": 0.0},
        ("energy_kwh_per_month was below its limit; 0 is used.",),
    )


def test_the_spreadsheet_names_it() -> None:
    text = found_csv(asked(energy_kwh_per_month=cap_kwh()), "2026-11-24").decode("utf-8-sig")
    assert "energy" in {row["misses"] for row in csv.DictReader(io.StringIO(text))}


def _page() -> None:
    from components.controls.find.limits_form import form
    from tests.engine.search.test_limits import WithTwoMore

    form(WithTwoMore(energy_kwh_per_month=700.0))


def test_the_form_asks_for_it() -> None:
    at = AppTest.from_function(_page, default_timeout=30).run()
    assert not at.exception
    assert at.number_input(key="find_energy_kwh_per_month").value == 700
    assert at.number_input(key="find_energy_kwh_per_month").label == "Energy at most, kWh a month"
    labels = {widget.label for kind in (at.number_input, at.multiselect, at.selectbox, at.toggle) for widget in kind}
    assert {limit.asked.label for limit in limits_of(WithTwoMore) if limit.asked is not None} <= labels


LIMITS: tuple[Limit, ...] = (*TARGETS, *limits_of(Requirements))


def test_limits_have_names_and_words_of_their_own() -> None:
    assert len({limit.name for limit in LIMITS}) == len({limit.words for limit in LIMITS}) == len(LIMITS)


def test_addresses_of_before_keep_their_meaning() -> None:
    code = (
        "objectives.energy~alternatives.same~grade.A~budget_usd_per_month.150000~buys.owned.spot~providers.AWS"
        "~vendors.AMD.NVIDIA~places.usa.swe~shipping_only.off~accelerators.16~power_kw.35~carbon_kg_per_month.500.5"
        "~confidence.medium~defer.0.2~lossy.off~unpublished.on"
    )
    given, notices = read_question_code(code)
    assert notices == ()
    assert given == {
        "objectives": ("energy",), "alternatives": "same", "grade": "A", "budget_usd_per_month": 150_000,
        "buys": ("owned", "spot"), "providers": ("AWS",), "vendors": ("AMD", "NVIDIA"), "places": ("usa", "swe"),
        "shipping_only": False, "accelerators": 16, "power_kw": 35, "carbon_kg_per_month": 500.5,
        "confidence": "medium", "defer": 0.2, "lossy": False, "unpublished": True,
    }  # fmt: skip


@pytest.mark.parametrize("limit", [limit for limit in LIMITS if isinstance(limit, Bound)], ids=lambda each: each.name)
def test_a_bound_has_a_figure_everywhere(limit: Bound) -> None:
    assert limit.figure in {f.name for f in fields(Option)}
    assert hasattr(OptionFigures, limit.figure)
    assert limit.figure in {figure.name for figure in figures_of("option")}


@pytest.mark.parametrize("limit", [limit for limit in LIMITS if isinstance(limit, Named)], ids=lambda each: each.name)
def test_a_limit_on_names_says_what_may_be_named(limit: Named) -> None:
    assert len(limit.known(BOOK)) > 1
    assert (limit.of_chip is None) != (limit.of_offer is None)
