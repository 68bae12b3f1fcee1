"""Energy worked by hand, and where two curves cross."""

from __future__ import annotations

import numpy as np
import pytest

from components.catalog.load import load_catalog
from components.engine.comparison.volume import crossings
from components.engine.economics.energy import Energy, energy
from components.engine.facts.periods import HOURS_PER_MONTH
from components.engine.outcome.evaluation import evaluate, open_book
from components.engine.scenario import Strategy, Workload


def fleet(*, powered: float = 730.5, busy: float = 730.5) -> Energy:
    figures = {
        "powered_hours": powered,
        "busy_hours": busy,
        "chips": 8,
        "kw_per_chip": 1.37,
        "idle_power_share": 0.3,
        "pue": 1.5,
        "carbon_kg_per_kwh": 0.4,
    }
    return energy(**{name: np.array([value], dtype=np.float64) for name, value in figures.items()})


def test_golden_eight_chips_at_work_all_month() -> None:
    """8 x 1.37 kW x 1.5 = 16.44 kW; x 730.5 h = 12,009.42 kWh; x 0.4 = 4,803.768 kg."""
    got = fleet()
    assert got.power_kw == pytest.approx(16.44)
    assert got.kwh_per_month == pytest.approx(12_009.42)
    assert got.carbon_kg_per_month == pytest.approx(4_803.768)


def test_an_idle_machine_still_draws_its_share() -> None:
    assert fleet(busy=0).kwh_per_month == pytest.approx(0.3 * 12_009.42)
    assert fleet(powered=0, busy=0).kwh_per_month == 0
    assert fleet(busy=2 * HOURS_PER_MONTH).kwh_per_month == pytest.approx(12_009.42)


def test_two_pools_add_up() -> None:
    both = fleet().plus(fleet(busy=0))
    assert both.kwh_per_month == pytest.approx(1.3 * 12_009.42)
    assert both.power_kw == pytest.approx(1.3 * 16.44)


def test_golden_a_line_crosses_a_constant_where_it_should() -> None:
    """Linear in ln x: the curve ln x meets 3.5 at e^3.5."""
    x = np.exp(np.arange(1.0, 8.0))
    assert crossings(x, np.log(x), np.full(7, 3.5)) == pytest.approx([np.exp(3.5)])


def test_steps_may_cross_more_than_once() -> None:
    x = np.array([1.0, 2.0, 4.0, 8.0, 16.0])
    steps = np.array([10.0, 10.0, 20.0, 20.0, 20.0])
    line = np.array([5.0, 12.0, 15.0, 22.0, 30.0])
    found = crossings(x, steps, line)
    assert len(found) == 3
    assert ((found[:-1] < found[1:]) & (found[:-1] > 1)).all()


def test_touching_is_not_crossing_and_equality_counts_once() -> None:
    x = np.array([1.0, 2.0, 4.0])
    assert len(crossings(x, np.array([1.0, 0.0, 1.0]), np.zeros(3))) == 0
    assert crossings(x, np.array([1.0, 0.0, -1.0]), np.zeros(3)) == pytest.approx([2.0])
    assert len(crossings(x, np.array([1.0, np.inf, np.inf]), np.array([2.0, np.inf, 3.0]))) == 0
    assert len(crossings(x, np.array([1.0, np.nan, 2.0]), np.zeros(3))) == 0
    assert len(crossings(x, np.ones(3), np.ones(3))) == 0


def test_rented_machines_stand_in_their_sellers_halls_and_own_ones_at_the_place() -> None:
    """Published: AWS 1.14, Google 1.10, Microsoft 1.17, clouds 1.25, colocation 1.42, industry 1.54."""
    expected = {"AWS": 1.14, "Google Cloud": 1.10, "Azure": 1.17, "": 1.25, "Lambda": 1.42}
    book = open_book(load_catalog())
    asked = [Strategy(provider=seller) for seller in expected] + [Strategy(buy="owned")]
    found = evaluate(asked, Workload(), book)
    assert [o.fleets[0].purchase.pue for o in found] == [*expected.values(), 1.54]


def test_energy_follows_the_halls() -> None:
    book = open_book(load_catalog())
    ours, theirs = evaluate([Strategy(chips=4, provider=seller) for seller in ("Lambda", "AWS")], Workload(), book)
    used, less = ours.footprint, theirs.footprint
    assert used.energy_kwh_per_month is not None
    assert less.energy_kwh_per_month == pytest.approx(used.energy_kwh_per_month * 1.14 / 1.42)
    assert used.carbon_kg_per_month is not None
    assert less.carbon_kg_per_month == pytest.approx(used.carbon_kg_per_month * 1.14 / 1.42)


def test_every_named_seller_sells_and_its_halls_have_a_figure() -> None:
    book = open_book(load_catalog())
    known = {row.provider for row in book.catalog.rentals}
    for seller in book.tables.sellers.values():
        assert seller.id in {"market", "other"} | known
        assert 1 < book.value(seller.pue) < 2
