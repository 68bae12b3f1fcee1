"""What moves the decision: worth of knowing against cases known by hand, flips at which the winner changes, moves."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.engine.facts.normal import NORMAL
from components.engine.plan import (
    Futures,
    base_plan,
    draw_futures,
    explained,
    find_flips,
    flip_map,
    swings_of,
    switch_plan,
    worth_of_knowing,
)
from components.engine.plan.flips import _ahead, _with, flip_sentence
from components.engine.plan.futures import present_values, values_at
from components.engine.plan.sensitivity import lead
from components.engine.plan.switching import _segments, _until
from components.engine.plan.terms import discounted
from components.engine.plan.uncertain import Unknown
from components.wording.money import DOLLARS
from tests.engine.plan.cases import FLAT, case, model, plan

DRAWS = 10_000


def normal(key: str) -> Unknown:
    return Unknown(key, key, -1, 0, 1, "triangular", "share", "", "", "low")


def two_strategies(mean: float, *deviations: float) -> Futures:
    """One costs nothing, the other a sum of independent normal inputs."""
    stream = np.random.default_rng(11)
    quantile = (np.argsort(stream.uniform(size=(len(deviations), DRAWS)), axis=1) + 0.5) / DRAWS
    standard = np.vectorize(NORMAL.inv_cdf)(quantile)
    gap = mean + np.array(deviations) @ standard
    return Futures(DRAWS, quantile, np.stack([np.zeros(DRAWS), gap]), {}, ())


def loss(mean: float, deviation: float) -> float:
    """Worth of knowing a normal gap: s phi(m / s) - |m| Phi(-|m| / s)."""
    z = abs(mean) / deviation
    return deviation * NORMAL.pdf(z) - abs(mean) * NORMAL.cdf(-z)


def test_worth_of_knowing_is_that_of_the_normal_case() -> None:
    found = worth_of_knowing(two_strategies(20, 100, 50, 0), (normal("wide"), normal("narrow"), normal("nothing")), 1)
    worth = {row.key: row.usd for row in found.worth}
    assert found.all_usd == pytest.approx(loss(20, math.hypot(100, 50)), rel=0.03)
    assert worth["wide"] == pytest.approx(loss(20, 100), rel=0.05)
    assert worth["narrow"] == pytest.approx(loss(20, 50), rel=0.15)
    assert worth["nothing"] <= 0.02 * found.all_usd
    assert found.chance_usd <= 0.02 * found.all_usd


def test_what_changes_no_decision_is_worth_nothing() -> None:
    found = worth_of_knowing(two_strategies(1e6, 1.0, 1.0), (normal("a"), normal("b")), 1)
    assert found.all_usd == 0
    assert all(row.usd == 0 for row in found.worth)


@settings(max_examples=25)
@given(st.floats(-50, 50), st.floats(1, 200), st.floats(1, 200), st.floats(1, 5))
def test_no_input_is_worth_more_than_knowing_all_however_wide_another_is(
    mean: float, one: float, other: float, wider: float
) -> None:
    inputs = (normal("one"), normal("other"))
    for deviations in ((one, other), (one, other * wider)):
        found = worth_of_knowing(two_strategies(mean, *deviations), inputs, 1)
        assert found.all_usd >= 0
        assert all(0 <= row.usd <= found.all_usd * (1 + 1e-9) for row in found.worth)


def test_no_input_of_a_plan_is_worth_more_than_knowing_all() -> None:
    of = model("eu-bank", 36)
    found = worth_of_knowing(draw_futures(of, base_plan(of.case), 4_000), of.unknowns, 1)
    assert found.all_usd > 0
    assert all(0 <= row.usd <= found.all_usd for row in found.worth)


def test_indices_agree_with_the_draws() -> None:
    """First-order indices by scipy against the variance of means of the draws in forty parts."""
    of = model("eu-bank", 36)
    base = base_plan(of.case)
    found = draw_futures(of, base, 8_000)
    assert base.rival is not None
    gap = found.present_usd[base.paths.index(base.rival)] - found.present_usd[base.best]
    ranked = explained(of, base)
    assert [row.total for row in ranked] == sorted((row.total for row in ranked), reverse=True)
    by_key = {row.key: row for row in ranked}
    for one, quantile in zip(of.unknowns, found.quantiles, strict=True):
        part = np.minimum((quantile * 40).astype(int), 39)
        means = np.bincount(part, weights=gap) / np.bincount(part)
        first = float(np.var(means) / np.var(gap))
        assert by_key[one.key].first == pytest.approx(first, abs=0.12), one.key
        assert by_key[one.key].total >= by_key[one.key].first - 0.1
    assert explained(of, base) == ranked


def test_swings_are_the_lead_at_either_end() -> None:
    of = model("eu-bank", 36)
    base = base_plan(of.case)
    found = swings_of(of, base)
    assert found is not None
    widths = [swing.width_usd for swing in found.swings]
    assert widths == sorted(widths, reverse=True)
    swing = found.swings[0]
    at = np.array([[0.1 if one.key == swing.key else 0.5] for one in of.unknowns])
    values = {one.key: np.array([one.base]) for one in of.unknowns} | {swing.key: values_at(of.unknowns, at)[swing.key]}
    present = present_values(of, values)[:, 0]
    assert present[found.rival] - present[found.best] == pytest.approx(swing.at_low_usd)
    middle = lead(of, np.full((len(of.unknowns), 1), 0.5), found.best, found.rival)
    assert np.isfinite(middle).all()


def test_at_a_flip_the_winner_changes() -> None:
    of = model("eu-bank", 36)
    base = base_plan(of.case)
    found = find_flips(of, base)
    assert found
    by_key = {one.key: one for one in of.unknowns}
    for flip in found:
        held = flip.value * (1 + (1e-9 if flip.below else -1e-9)) if flip.value > 0 else flip.value - 1e-9
        before, _ = _ahead(of, _with(of, [flip.key], np.array([held])), base.best)
        after, place = _ahead(of, _with(of, [flip.key], np.array([flip.value])), base.best)
        assert before[0] >= -1e-6 * base.chosen.present_usd
        assert after[0] <= 1e-9 * base.chosen.present_usd
        assert base.paths[int(place[0])].name == flip.instead
        words = flip_sentence(flip, by_key[flip.key], base.chosen.name, DOLLARS)
        assert words.startswith(f"{base.chosen.name} stays ahead unless {flip.words} ")
        assert "the plan has" in words


def test_where_costs_are_smooth_both_cost_the_same_at_a_flip() -> None:
    """Salary enters both bills without steps: to a millionth."""
    of = model("eu-bank", 36)
    base = base_plan(of.case)
    smooth = [flip for flip in find_flips(of, base) if flip.key in {"overhead", "salary", "chips", "people"}]
    assert smooth
    for flip in smooth:
        gap, _ = _ahead(of, _with(of, [flip.key], np.array([flip.value])), base.best)
        assert abs(gap[0]) <= 1e-6 * base.chosen.present_usd


def test_the_map_is_who_wins() -> None:
    of = model("eu-bank", 36)
    x, y = (next(one for one in of.unknowns if one.key == key) for key in ("growth", "chips"))
    found = flip_map(of, x, y, points=5)
    assert found.winner.shape == (5, 5)
    corner = {one.key: np.array([one.base]) for one in of.unknowns} | {
        "growth": np.array([x.high]), "chips": np.array([y.low]),
    }  # fmt: skip
    assert found.winner[0, -1] == present_values(of, corner)[:, 0].argmin()


@pytest.mark.parametrize(
    "terms", [{}, {"contract": 3}, {"move": 0.0, "both": 0}, {"both": 2, "season": 0.6, "busiest": 4}]
)
def test_the_best_order_is_the_best_of_all_orders(terms: dict[str, Any]) -> None:
    """Every sequence of at most two moves over six months, tried one by one."""
    of = case(months=6, lead=1, **terms)
    found = switch_plan(of)
    segments = [_segments(way, of.terms) for way in of.ways]
    worth, n, tried = discounted(of.terms.discount, 6), 6, [segments[0][0, 6]]
    count = len(of.ways)
    for second, s in itertools.product(range(1, count), range(n)):
        done = _until(0, s, of.terms)
        if s < of.ways[second].lead or done >= n:
            continue
        first = segments[0][0, done] if done else 0.0
        move = of.terms.move_usd * worth[s]
        tried.append(first + move + segments[second][s, n])
        for third, later in itertools.product(range(count), range(s + 1, n)):
            until = _until(second, later, of.terms)
            if third == second or later < of.ways[third].lead or until >= n:
                continue
            more = segments[second][s, until] + of.terms.move_usd * worth[later] + segments[third][later, n]
            tried.append(first + move + more)
    assert found.present_usd == pytest.approx(min(tried), rel=1e-9)


@pytest.mark.parametrize("key", ["owned", "eu-bank", "coding-agents"])
def test_the_best_order_never_costs_more_than_one_move_at_once(key: str) -> None:
    for terms in ({}, {"months": 60}, {"months": 18, "contract": 6, "season": 0.4}):
        base, best = plan(key, **terms), switch_plan(case(key, **terms))
        assert best.present_usd <= base.chosen.present_usd * (1 + 1e-9)
        assert best.stays[0].first_month == 1
        assert best.stays[-1].last_month == base.terms.months
        if best.waiting is not None:
            assert min(best.waiting.beyond_usd) == 0
            assert best.waiting.cost_of(0) == 0


def test_waiting_costs_what_it_costs_to_stay_longer_where_nothing_changes() -> None:
    best = switch_plan(case("eu-bank", months=24, **FLAT))
    assert best.waiting is not None
    assert list(best.waiting.beyond_usd) == sorted(best.waiting.beyond_usd)
