"""Money: bills worked by hand, and the laws of an honest total."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.catalog.load import load_catalog
from components.engine.economics.monthly_bill import (
    PARTS,
    UnitCost,
    Usage,
    annuity_usd_per_month,
    chips_bought,
    monthly_cost,
    prompt_share,
    unit_cost,
)
from components.engine.economics.per_token import token_cost
from components.engine.economics.purchase import NOTHING
from components.engine.economics.terms import Bought, Kind, PurchaseTerms
from components.engine.facts.periods import DAYS_PER_MONTH, HOURS_PER_MONTH
from components.engine.outcome.evaluation import evaluate, open_book
from components.engine.scenario import Strategy, Workload

TERMS = replace(
    NOTHING, usd_per_chip_hour=2.5, capex_usd_per_chip=40_000.0, years=4.0, residual_share=0.1, maintenance_share=0.03,
    kw_per_chip=1.5, overhead_share=0.1,
)  # fmt: skip
KINDS: tuple[Kind, ...] = get_args(Kind)
MONTH = {"paid_hours": 1000.0, "busy_hours": 400.0, "replicas": 2.0, "kwh": 5000.0}
SHARE = st.floats(0, 1, allow_subnormal=False)
USD = st.floats(0, 1e5, allow_subnormal=False)


def terms(kind: Kind = "rent", chips: float = 8.0, **edits: float) -> PurchaseTerms:
    purchase = replace(TERMS, kind=kind, **edits)  # type: ignore[arg-type]
    return PurchaseTerms.of_purchases([Bought(purchase, chips)])


def month(**edits: float) -> Usage:
    return Usage.of([MONTH | edits])


def test_golden_rent() -> None:
    """1,000 h x 8 x 2.50 = 20,000, of which 40 % busy; overheads 2,000."""
    cost = monthly_cost(terms(), month())
    assert cost.compute_busy == pytest.approx(8000)
    assert cost.compute_idle == pytest.approx(12_000)
    assert cost.support_overheads == pytest.approx(2000)
    assert cost.total == pytest.approx(22_000)
    assert monthly_cost(terms("dedicated"), month()).total == pytest.approx(22_000)


def test_golden_owned() -> None:
    """2 x 8 chips x 40,000 x 0.9 / 48 = 12,000 a month; maintenance 640,000 x 0.03 / 12 = 1,600; space 24 kW x 200."""
    bought = {"usd_per_kwh": 0.1, "colo_usd_per_kw_month": 200.0, "overhead_share": 0.0}
    cost = monthly_cost(terms("owned", **bought), month(busy_hours=HOURS_PER_MONTH / 2))
    assert cost.compute_busy == pytest.approx(3000)
    assert cost.compute_idle == pytest.approx(9000)
    assert cost.support_overheads == pytest.approx(1600)
    assert cost.facility == pytest.approx(4800)
    assert cost.power == pytest.approx(500)
    assert cost.total == pytest.approx(12_000 + 1600 + 4800 + 500)


def test_owned_machines_are_bought_in_whole_systems() -> None:
    """Two replicas of 8 chips in racks of 72: 72 chips are paid and kept up, 16 have work and space."""
    rack = monthly_cost(terms("owned", sold_together=72), month(busy_hours=HOURS_PER_MONTH / 2))
    chip = monthly_cost(terms("owned"), month(busy_hours=HOURS_PER_MONTH / 2))
    assert rack.compute_busy == pytest.approx(chip.compute_busy)
    assert rack.compute_busy + rack.compute_idle == pytest.approx((chip.compute_busy + chip.compute_idle) * 72 / 16)
    assert rack.facility == pytest.approx(chip.facility)
    assert chips_bought(np.array([0.0, 16, 72, 72.5]), np.array([72.0])) == pytest.approx([0, 72, 72, 144])


def test_a_rented_chip_is_paid_alone() -> None:
    for chip in ("h100-sxm", "gb300-nvl72"):
        for buy, together in (
            ("on-demand", 1.0),
            ("owned", float(load_catalog().accelerators[chip].chips_per_system or 0)),
        ):
            found = evaluate([Strategy(hardware=chip, buy=buy)], Workload(), open_book(load_catalog()))[0]  # type: ignore[arg-type]
            purchase = found.resolved.deployments[0].purchase
            assert purchase is not None
            assert purchase.sold_together == together


def test_golden_per_token() -> None:
    """1e9 tokens in, a quarter cached, 2e8 out, a fifth at half price: 0.9 x (750 + 25 + 800)."""
    bought = Strategy(buy="api", provider="Own", price_in=1.0, price_cached=0.1, price_out=4.0)
    terms_ = evaluate([bought], Workload(), open_book(load_catalog()))[0].resolved.deployments[0].api
    assert terms_ is not None
    cost = token_cost(
        replace(terms_, isl=1000.0, osl=200.0, cached_share=0.25, batch_discount=0.5, deferred_share=0.2), 1e6
    )
    assert cost == pytest.approx({"api_input": 675.0, "api_cached": 22.5, "api_output": 720.0, "api_fee": 0.0})


def test_golden_own_terms_of_a_platform() -> None:
    """A quarter cached at 0.1, the rest written at 1.25, a fifth waits at 40 % off, 500 a month on top.

    1e9 tokens in, 2e8 out: 0.92 x (750 x 1.25 + 25 + 800) + 500.
    """
    own = Strategy(
        buy="api", provider="Own", price_in=1.0, price_cached=0.1, price_out=4.0, price_write=1.25, api_hit=0.25,
        api_batch=0.4, defer=0.2, api_fee=500.0,
    )  # fmt: skip
    work = Workload(isl=1000, osl=200, requests_per_day=1e6 / DAYS_PER_MONTH)
    (outcome,) = evaluate([own], work, open_book(load_catalog()))
    assert outcome.cost_usd_per_month == pytest.approx(0.92 * (937.5 + 25 + 800) + 500)
    assert outcome.parts_usd_per_month["api_fee"] == 500
    assert len(outcome.resolved.overrides) == 7


def test_a_routed_share_pays_the_list_and_no_second_fee() -> None:
    own = Strategy(buy="api", provider="DeepInfra", route=0.5, api_fee=500.0, price_write=9.0, api_hit=0.9)
    main, routed = (d.api for d in evaluate([own], Workload(), open_book(load_catalog()))[0].resolved.deployments)
    assert main is not None
    assert routed is not None
    assert (main.usd_per_month, routed.usd_per_month) == (500, 0)
    assert main.writes_cache
    assert not routed.writes_cache
    assert routed.cached_share < 0.9


def test_golden_devices() -> None:
    """100 devices x 480 / 48 months = 1,000, residual none."""
    edge = terms("edge", chips=1, capex_usd_per_chip=480, residual_share=0, maintenance_share=0, usd_per_kwh=0.2)
    cost = monthly_cost(edge, month(replicas=100))
    assert cost.devices == pytest.approx(1000)
    assert cost.compute_busy + cost.compute_idle == 0
    assert cost.power == pytest.approx(1000)


def test_golden_annuity() -> None:
    """100,000 over 3 years at 12 % a year: monthly rate 0.948879 %, less what is left at the end."""
    full, half = (
        annuity_usd_per_month(*(np.array([v]) for v in (100_000.0, 3.0, 0.12, residual))) for residual in (0.0, 0.5)
    )
    rate = 1.12 ** (1 / 12) - 1
    assert full == pytest.approx(100_000 * rate / (1 - 1.12**-3))
    assert full - half == pytest.approx(50_000 * rate / (1.12**3 - 1))


def test_golden_prompts_carry_their_share_of_machine_time() -> None:
    """0.02 s of prompt and 0.06 s of answer: a quarter."""
    assert prompt_share(1000, 200, 0.02, 0.06) == pytest.approx(0.25)
    assert prompt_share(1000, 0, 0.02, 0.06) == 1
    assert prompt_share(0, 200, 0.02, 0.06) == 0
    assert prompt_share(1000, 200, 0, 0) == pytest.approx(1000 / 1200)


def test_golden_tokens_share_the_bill() -> None:
    """A quarter of 23,000 over 1e9 prompt tokens, the rest over 2e8."""
    unit = unit_cost(23_000, 0.25, 1e6, 1000, 200)
    assert unit.usd_per_mtok_input == pytest.approx(5.75)
    assert unit.usd_per_mtok_output == pytest.approx(86.25)
    assert unit.usd_per_mtok_blended == pytest.approx(23_000 / 1200)
    assert unit.usd_per_request == pytest.approx(0.023)


def test_what_does_not_exist_has_no_cost_per_unit() -> None:
    """Without output prompts carry all, 23,000 over 1e9 tokens; without requests nothing has a price."""
    embeddings = unit_cost(23_000, 0.25, 1e6, 1000, 0)
    assert embeddings.usd_per_mtok_input == pytest.approx(23)
    assert embeddings.usd_per_mtok_output is None
    assert unit_cost(23_000, 0.25, 0, 1000, 200) == UnitCost(None, None, None, None)


@given(st.floats(1, 1e5), st.just(0.0) | st.floats(1, 1e4), SHARE, USD)
def test_law_tokens_times_price_is_the_bill(isl: float, osl: float, share: float, usd: float) -> None:
    unit = unit_cost(usd, share, 1e6, isl, osl)
    assert unit.usd_per_mtok_input is not None
    assert unit.usd_per_mtok_blended is not None
    assert unit.usd_per_mtok_input * isl + (unit.usd_per_mtok_output or 0) * osl == pytest.approx(usd, rel=1e-12)
    assert unit.usd_per_mtok_blended * (isl + osl) == pytest.approx(usd, rel=1e-12)


def test_without_traffic_only_what_is_provisioned_costs() -> None:
    cost = monthly_cost(terms(), month(busy_hours=0))
    assert cost.compute_idle == pytest.approx(20_000)
    assert cost.compute_busy == 0


def test_two_purchases_add_up() -> None:
    one, two = monthly_cost(terms(), month()), monthly_cost(terms("owned"), month())
    assert one.plus(two).total == pytest.approx(one.total + two.total)


@given(st.sampled_from(KINDS), USD, USD, SHARE, SHARE, st.floats(0, 2000))
def test_law_parts_add_up_exactly_and_none_is_negative(
    kind: Kind, price: float, staff: float, share: float, busy: float, hours: float
) -> None:
    machines = monthly_cost(
        terms(kind, usd_per_chip_hour=price, overhead_share=share, cost_of_capital=share),
        month(paid_hours=hours, busy_hours=hours * busy),
    )
    cost = replace(machines, staff=np.array([staff]))
    assert sum(cost.parts().values()) == cost.total[0]
    assert min(cost.parts().values()) >= 0
    assert set(cost.parts()) == set(PARTS)


@given(st.sampled_from(KINDS), st.floats(1, 3))
def test_law_a_higher_price_is_never_cheaper(kind: Kind, times: float) -> None:
    base = monthly_cost(terms(kind), month()).total
    for name in (
        "usd_per_chip_hour", "capex_usd_per_chip", "usd_per_kwh", "overhead_share",
    ):  # fmt: skip
        assert monthly_cost(terms(kind, **{name: getattr(TERMS, name) * times}), month()).total >= base * (1 - 1e-12)
