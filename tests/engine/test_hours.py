"""Hours: the week's shape, what batch work levels, and replica-hours worked by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.engine.economics.hours import (
    Autoscale,
    ReplicaNeed,
    Scaling,
    levelled,
    replica_hours,
    week_profile,
)
from components.engine.facts.arrays import Vec
from components.engine.facts.periods import HOURS_PER_MONTH


def need(needed: float, *, spare: float = 0.0, rate: float = 1.0) -> ReplicaNeed:
    return ReplicaNeed.of(
        [
            {
                "needed": needed,
                "work": 0.8 * needed,
                "active": math.ceil(needed),
                "spare": spare,
                "requests_per_s": rate,
            }
        ]
    )


def scaling(code: float, *, floor: float = 1.0, lag: float = 0.0, linger: float = 0.25) -> Scaling:
    return Scaling.of([{"autoscale": code, "floor": floor, "lag_hours": lag, "linger_hours": linger}])


def half_week() -> Vec:
    """84 hours at twice the mean, 84 at nothing."""
    return np.repeat([2.0, 0.0], 84)


@given(st.floats(1, 50), st.floats(1, 168))
def test_law_a_week_has_mean_one_and_the_stated_peak(peak: float, hours: float) -> None:
    week = week_profile(peak, hours)
    assert week.mean() == pytest.approx(1, abs=1e-12)
    assert week.max() == pytest.approx(max(peak, 168 / round(hours)), rel=1e-6)
    assert np.count_nonzero(week) <= round(hours)
    assert (week >= 0).all()


def test_office_hours_are_weekday_afternoons() -> None:
    week = week_profile(4.0, 50).reshape(7, 24)
    assert (week[5:] == 0).all()
    assert week[1].argmax() == 14
    assert week.max() == week[1, 14]
    assert week_profile(1.0, 168) == pytest.approx(np.ones(168))


def test_golden_levelling_fills_the_valley_first() -> None:
    """Half the hours at 2, half at 0: with a share of 0.25 the day falls to 1.5 and the night rises to 0.5."""
    week = levelled(half_week(), np.array([0.0, 0.25, 0.5, 1.0]))
    assert week[:, 0] == pytest.approx([2.0, 1.5, 1.0, 1.0])
    assert week[:, -1] == pytest.approx([0.0, 0.5, 1.0, 1.0])


@given(st.floats(1, 20), st.floats(0, 1))
def test_law_levelling_keeps_the_traffic_and_never_raises_the_peak(peak: float, share: float) -> None:
    week = week_profile(peak)
    flat = levelled(week, np.array([share]))[0]
    assert flat.mean() == pytest.approx(1)
    assert flat.max() <= week.max() + 1e-9
    assert flat.max() >= 1 - 1e-9


def test_golden_hours_of_a_half_week() -> None:
    """3.2 replicas' need: 4 fixed; by the hour 4 in half the hours and the floor of 1 in the other half."""
    fixed = replica_hours(need(3.2, spare=1), half_week(), scaling(Autoscale.FIXED))
    assert fixed.paid == pytest.approx(5 * HOURS_PER_MONTH)
    assert fixed.busy == pytest.approx(0.8 * 3.2 * HOURS_PER_MONTH / 2)
    assert fixed.busy_share == pytest.approx(0.8 * 3.2 / 2 / 5)
    assert fixed.paid / HOURS_PER_MONTH == pytest.approx(5)
    hourly = replica_hours(need(3.2), half_week(), scaling(Autoscale.HOURLY))
    assert hourly.paid == pytest.approx((4 + 1) / 2 * HOURS_PER_MONTH)
    zero = replica_hours(need(3.2), half_week(), scaling(Autoscale.ZERO))
    assert zero.paid == pytest.approx(4 / 2 * HOURS_PER_MONTH)
    slow = replica_hours(need(3.2), half_week(), scaling(Autoscale.HOURLY, lag=0.5))
    assert slow.paid - hourly.paid == pytest.approx(3 * 0.5 * HOURS_PER_MONTH / 168)


def test_golden_a_last_replica_stops_between_rare_requests() -> None:
    """One request an hour and a quarter of an hour of patience: up with probability 1 - exp(-0.25)."""
    rare = replica_hours(need(0.01, rate=1 / 3600), np.ones(168), scaling(Autoscale.ZERO))
    assert rare.paid == pytest.approx((1 - math.exp(-0.25)) * HOURS_PER_MONTH)
    none = replica_hours(need(0.0, rate=0.0), np.ones(168), scaling(Autoscale.ZERO))
    assert none.paid == 0
    assert none.busy_share == 0


@given(st.floats(0.01, 50), st.floats(1, 20), st.sampled_from(list(Autoscale)), st.floats(0, 2))
def test_law_nothing_is_busier_than_paid_and_scaling_never_pays_more(
    needed: float, peak: float, code: float, spare: float
) -> None:
    week = week_profile(peak)
    got = replica_hours(need(needed, spare=spare), week, scaling(code))
    fixed = replica_hours(need(needed, spare=spare), week, scaling(Autoscale.FIXED))
    assert 0 <= got.busy_share <= 1
    assert got.busy <= got.paid
    assert got.paid <= fixed.paid * (1 + 1e-12)
