"""Money: bills worked by hand, and the laws of an honest total."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.catalog.load import load_catalog
from components.engine.economics.hours import HOURS_PER_MONTH
from components.engine.economics.monthly_bill import (
    DEDICATED,
    EDGE,
    OWNED,
    PARTS,
    RENTAL,
    Purchase,
    Usage,
    annuity_usd_per_month,
    input_share,
    monthly_cost,
)
from components.engine.economics.per_token import token_cost
from components.engine.outcome.evaluation import evaluate, open_book
from components.engine.scenario import Strategy, Workload

TERMS = {
    "code": RENTAL, "usd_per_chip_hour": 2.5, "chips": 8.0, "capex_usd_per_chip": 40_000.0, "years": 4.0,
    "cost_of_capital": 0.0, "residual_share": 0.1, "maintenance_share": 0.03, "power_usd_per_kwh": 0.0,
    "kw_per_chip": 1.5, "space_usd_per_kw_month": 0.0, "staff_usd_per_month": 1000.0, "overhead_share": 0.1,
}  # fmt: skip
MONTH = {
    "paid_hours": 1000.0, "busy_hours": 400.0, "replicas": 2.0, "kwh": 5000.0, "requests": 1e6, "isl": 1000.0,
    "osl": 200.0, "prefill_occupancy_s": 0.02, "decode_occupancy_s": 0.06,
}  # fmt: skip
SHARE = st.floats(0, 1, allow_subnormal=False)
USD = st.floats(0, 1e5, allow_subnormal=False)


def terms(**edits: float) -> Purchase:
    return Purchase.of([TERMS | edits])


def month(**edits: float) -> Usage:
    return Usage.of([MONTH | edits])


def test_golden_rent() -> None:
    """1,000 h x 8 x 2.50 = 20,000, of which 40 % busy; overheads 2,000; staff 1,000."""
    cost = monthly_cost(terms(), month())
    assert cost.compute_busy == pytest.approx(8000)
    assert cost.compute_idle == pytest.approx(12_000)
    assert cost.support_overheads == pytest.approx(2000)
    assert cost.total == pytest.approx(23_000)
    assert monthly_cost(terms(code=DEDICATED), month()).total == pytest.approx(23_000)


def test_golden_owned() -> None:
    """2 x 8 chips x 40,000 x 0.9 / 48 = 12,000 a month; maintenance 640,000 x 0.03 / 12 = 1,600; space 24 kW x 200."""
    bought = {"code": OWNED, "power_usd_per_kwh": 0.1, "space_usd_per_kw_month": 200.0, "overhead_share": 0.0}
    cost = monthly_cost(terms(**bought), month(busy_hours=HOURS_PER_MONTH / 2))
    assert cost.compute_busy == pytest.approx(3000)
    assert cost.compute_idle == pytest.approx(9000)
    assert cost.support_overheads == pytest.approx(1600)
    assert cost.facility == pytest.approx(4800)
    assert cost.power == pytest.approx(500)
    assert cost.total == pytest.approx(12_000 + 1600 + 4800 + 500 + 1000)


def test_golden_per_token() -> None:
    """1e9 tokens in, a quarter cached, 2e8 out, a fifth at half price: 0.9 x (750 + 25 + 800)."""
    bought = Strategy(buy="api", provider="Own", price_in=1.0, price_cached=0.1, price_out=4.0)
    terms_ = evaluate([bought], Workload(), open_book(load_catalog()))[0].resolved.deployments[0].api
    assert terms_ is not None
    cost = token_cost(
        replace(terms_, isl=1000.0, osl=200.0, cached_share=0.25, batch_discount=0.5, deferred_share=0.2), 1e6
    )
    assert cost == pytest.approx({"api_input": 675.0, "api_cached": 22.5, "api_output": 720.0})


def test_golden_devices() -> None:
    """100 devices x 480 / 48 months = 1,000, residual none."""
    edge = terms(
        code=EDGE, chips=1, capex_usd_per_chip=480, residual_share=0, maintenance_share=0, power_usd_per_kwh=0.2
    )
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
    assert input_share(month()) == pytest.approx(0.25)
    assert input_share(month(osl=0)) == 1
    assert input_share(month(isl=0)) == 0
    assert input_share(month(prefill_occupancy_s=0, decode_occupancy_s=0)) == pytest.approx(1000 / 1200)


def test_without_traffic_only_what_is_provisioned_costs() -> None:
    cost = monthly_cost(terms(), month(requests=0, busy_hours=0))
    assert cost.compute_idle == pytest.approx(20_000)
    assert cost.compute_busy == 0


def test_two_purchases_add_up() -> None:
    one, two = monthly_cost(terms(), month()), monthly_cost(terms(code=OWNED), month())
    assert one.plus(two).total == pytest.approx(one.total + two.total)


@given(st.sampled_from([RENTAL, OWNED, DEDICATED, EDGE]), USD, USD, SHARE, SHARE, st.floats(0, 2000))
def test_law_parts_add_up_exactly_and_none_is_negative(
    code: float, price: float, staff: float, share: float, busy: float, hours: float
) -> None:
    cost = monthly_cost(
        terms(
            code=code, usd_per_chip_hour=price, staff_usd_per_month=staff, overhead_share=share, cost_of_capital=share
        ),
        month(paid_hours=hours, busy_hours=hours * busy),
    )
    assert sum(cost.parts().values()) == cost.total[0]
    assert min(cost.parts().values()) >= 0
    assert set(cost.parts()) == set(PARTS)


@given(st.sampled_from([RENTAL, OWNED, DEDICATED, EDGE]), st.floats(1, 3))
def test_law_a_higher_price_is_never_cheaper(code: float, times: float) -> None:
    base = monthly_cost(terms(code=code), month()).total
    for name in (
        "usd_per_chip_hour", "capex_usd_per_chip", "power_usd_per_kwh", "overhead_share",
    ):  # fmt: skip
        assert monthly_cost(terms(code=code, **{name: TERMS[name] * times}), month()).total >= base * (1 - 1e-12)
