"""Crossovers are solved on the lines, not read off the grid."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from components.engine.plan.crossovers import NARROW, cheapest, crossings

Array = NDArray[np.float64]
GRID = np.geomspace(1e3, 1e9, 200)


class Fleet:
    """Whole machines: a payment for each, for so many requests, and something for every request."""

    def __init__(self, each: float, carries: float, per_request: float = 0.0) -> None:
        self.each, self.carries, self.per_request = each, carries, per_request

    def usd(self, x: Array) -> Array:
        return self.each * np.ceil(x / self.carries) + self.per_request * x


def solved(fleets: Sequence[Fleet]) -> tuple:  # type: ignore[type-arg]
    def lines(which: NDArray[np.intp], x: Array) -> Array:
        return np.array([fleets[i].usd(np.array([v]))[0] for i, v in zip(which, x, strict=True)])

    usd = np.stack([fleet.usd(GRID) for fleet in fleets])
    return crossings(lines, len(fleets), GRID, usd)


TOKENS = st.builds(Fleet, st.just(0.0), st.just(1e12), st.floats(1e-4, 1e-1))
MACHINES = st.builds(Fleet, st.floats(1e3, 1e5), st.floats(1e4, 1e6), st.floats(0, 1e-3))


@given(token=TOKENS, machines=st.lists(MACHINES, min_size=1, max_size=3))
def test_law_costs_are_equal_at_a_crossover_or_it_is_a_step(token: Fleet, machines: list[Fleet]) -> None:
    fleets = [token, *machines]
    for turn in solved(fleets):
        both = [fleets[i].usd(np.array([turn.volume]))[0] for i in (turn.below, turn.above)]
        if turn.equal:
            assert abs(both[0] - both[1]) <= 1e-6 * both[0]
        else:
            after = turn.volume * (1 + 2 * NARROW)
            beyond = [fleets[i].usd(np.array([after]))[0] for i in (turn.below, turn.above)]
            assert both[0] <= both[1]
            assert beyond[0] >= beyond[1]
            counts = [np.ceil(np.array([turn.volume, after]) / fleets[i].carries) for i in (turn.below, turn.above)]
            assert any(count[0] != count[1] for count in counts), "a step is a whole machine more"


@given(token=TOKENS, machines=st.lists(MACHINES, min_size=1, max_size=3))
def test_law_nothing_is_cheaper_than_the_two_at_their_crossover(token: Fleet, machines: list[Fleet]) -> None:
    fleets = [token, *machines]
    for turn in solved(fleets):
        usd = [fleet.usd(np.array([turn.volume]))[0] for fleet in fleets]
        assert usd[turn.below] <= min(usd) * (1 + 1e-6)


@given(token=TOKENS, machines=st.lists(MACHINES, min_size=1, max_size=3))
def test_crossovers_lead_from_the_first_to_the_last_of_the_cheapest(token: Fleet, machines: list[Fleet]) -> None:
    fleets = [token, *machines]
    turns, best = solved(fleets), cheapest(np.stack([fleet.usd(GRID) for fleet in fleets]))
    if not turns:
        assert len(set(best.tolist())) == 1
        return
    assert (turns[0].below, turns[-1].above) == (best[0], best[-1])
    assert all(one.above == after.below for one, after in pairwise(turns))
    assert [turn.volume for turn in turns] == sorted(turn.volume for turn in turns)


def test_by_hand() -> None:
    """A cent a request against one machine of 1,000 USD for 200,000 requests: equal at 100,000."""
    (turn, *_) = solved([Fleet(0.0, 1e12, 0.01), Fleet(1000.0, 200_000.0)])
    assert turn.equal
    assert abs(turn.volume - 100_000) < 1e-3
    assert (turn.below, turn.above) == (0, 1)


def test_a_step_turns_the_order_at_its_own_volume() -> None:
    """The second machine of the cheap fleet comes at 50,000, where the dear fleet of one is the cheaper."""
    turns = solved([Fleet(1000.0, 50_000.0), Fleet(1500.0, 5e9)])
    assert len(turns) == 1
    assert not turns[0].equal
    assert abs(turns[0].volume / 50_000 - 1) < 1e-9


def test_a_line_without_a_cost_is_never_the_cheapest() -> None:
    assert cheapest(np.array([[np.nan, np.nan], [1.0, np.nan]])).tolist() == [1, -1]
