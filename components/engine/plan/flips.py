"""What would have to be true for the decision to change: the value of each input at which another strategy wins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from components.engine.plan.futures import DrawModel, Values, mean_busy, present_values
from components.engine.plan.uncertain import SHARES, said
from components.wording import numbers

if TYPE_CHECKING:
    from components.engine.facts.arrays import Vec
    from components.engine.plan.paths import BasePlan
    from components.engine.plan.uncertain import Unknown
    from components.wording.money import Money

POINTS = 49
"""Values of each input at which the winner is looked up before a change of it is solved for. [1]"""
HALVINGS = 50
"""Of a bracket: to the last digit. [1]"""
BEYOND = 2.0
"""How far beyond the ends of an input a change is looked for, as a power of end over base. [1]"""


@dataclass(frozen=True, slots=True)
class Flip:
    """The value of one input, all others at their base, at which the best changes."""

    key: str
    words: str
    base: float
    value: float
    """Where the best has just ceased to be so."""
    below: bool
    """Whether the best changes as the input falls to the value; else as it rises to it."""
    likely: bool
    """Whether the value lies between the ends of the input."""
    instead: str
    """Name of the strategy that is cheaper then."""
    busy: tuple[float, float] | None
    """Mean busy share of the best's machines at the base and at the value; None where neither is about load. [1]"""


class FlipMap(NamedTuple):
    """Who wins for each pair of values of two inputs, all others at their base."""

    x: Unknown
    y: Unknown
    x_values: Vec
    """Shape (k,)."""
    y_values: Vec
    winner: Vec
    """Place of the cheapest path, shape (len(y), len(x))."""


def _domain(one: Unknown) -> tuple[float, float]:
    """From below the low end to above the high end, as far again as they lie from the base."""
    shift = 1.0 if one.said == "change" else 0.0
    base, low, high = one.base + shift, one.low + shift, one.high + shift
    if low <= 0:
        return one.low, base * (high / base) ** BEYOND - shift
    ends = base * (low / base) ** BEYOND - shift, base * (high / base) ** BEYOND - shift
    return ends if one.kind not in SHARES else (ends[0], min(ends[1], 1.0))


def _ahead(model: DrawModel, values: Values, best: int) -> tuple[Vec, Vec]:
    """By how much the best is cheaper than the cheapest other, and the place of that. [USD]"""
    present = present_values(model, values)
    others = np.delete(present, best, axis=0)
    place = others.argmin(axis=0)
    return others.min(axis=0) - present[best], np.where(place >= best, place + 1, place)


def _with(model: DrawModel, keys: list[str], values: Vec) -> Values:
    """All inputs at their base but one a column: that of `keys` at `values`, both of length k."""
    columns = {one.key: np.full(len(values), one.base) for one in model.unknowns}
    for i, key in enumerate(keys):
        columns[key][i] = values[i]
    return columns


def values_of_one(model: DrawModel, key: str, values: Vec) -> Values:
    """One input at values of shape (k,), all others at their base."""
    return _with(model, [key] * len(values), values)


def find_flips(model: DrawModel, plan: BasePlan) -> tuple[Flip, ...]:
    """Every change of the best nearest to the base on either side, those between the ends of their input first.

    Each bracket of a look-up is halved until its two ends differ by the last digits; costs have steps, so at the value
    itself another strategy is cheaper and just before it none is.
    """
    if plan.rival is None or not model.unknowns:
        return ()
    grids = [_grid(one) for one in model.unknowns]
    keys = [one.key for one, grid in zip(model.unknowns, grids, strict=True) for _ in grid]
    ahead, _ = _ahead(model, _with(model, keys, np.concatenate(grids)), plan.best)
    brackets: list[tuple[Unknown, bool, float, float]] = []
    start = 0
    for one, grid in zip(model.unknowns, grids, strict=True):
        brackets += _brackets(one, grid, ahead[start : start + len(grid)])
        start += len(grid)
    return _solved(model, plan, brackets) if brackets else ()


def _grid(one: Unknown) -> Vec:
    """Values from end to end, the base among them."""
    low, high = _domain(one)
    half = (POINTS - 1) // 2
    return np.concatenate([np.linspace(low, one.base, half + 1), np.linspace(one.base, high, half + 1)[1:]])


def _brackets(one: Unknown, grid: Vec, ahead: Vec) -> list[tuple[Unknown, bool, float, float]]:
    """On either side of the base: the last value at which the best holds and the next, at which it does not."""
    middle = (POINTS - 1) // 2
    found = []
    lost = np.flatnonzero(ahead[:middle] < 0)
    if len(lost):
        found.append((one, True, float(grid[lost[-1] + 1]), float(grid[lost[-1]])))
    lost = np.flatnonzero(ahead[middle + 1 :] < 0)
    if len(lost):
        found.append((one, False, float(grid[middle + lost[0]]), float(grid[middle + 1 + lost[0]])))
    return found


def _solved(model: DrawModel, plan: BasePlan, brackets: list[tuple[Unknown, bool, float, float]]) -> tuple[Flip, ...]:
    """All brackets halved together."""
    keys = [one.key for one, *_ in brackets]
    holds, lost = np.array([b[2] for b in brackets]), np.array([b[3] for b in brackets])
    for _ in range(HALVINGS):
        middle = (holds + lost) / 2
        ahead, _ = _ahead(model, _with(model, keys, middle), plan.best)
        holds, lost = np.where(ahead >= 0, middle, holds), np.where(ahead < 0, middle, lost)
    _, instead = _ahead(model, _with(model, keys, lost), plan.best)
    busy = mean_busy(model, plan.best, _with(model, keys, lost))
    usual = float(mean_busy(model, plan.best, {})[0])
    found = [
        Flip(
            key=one.key,
            words=one.words,
            base=one.base,
            value=float(lost[i]),
            below=below,
            likely=one.low <= lost[i] <= one.high,
            instead=plan.paths[int(instead[i])].name,
            busy=(usual, float(busy[i])) if one.kind in {"volume", "use"} and usual > 0 else None,
        )
        for i, (one, below, *_) in enumerate(brackets)
    ]
    return tuple(sorted(found, key=lambda flip: (not flip.likely, abs(np.log((1 + flip.value) / (1 + flip.base))))))


def flip_condition(flip: Flip, unknown: Unknown, money: Money) -> str:
    """ "demand against the plan falls below 70 %; the plan has 100 %. Then B200, rented is cheaper"."""
    way = "falls below" if flip.below else "rises above"
    value, base = said(unknown, flip.value, money), said(unknown, flip.base, money)
    busy = ""
    if flip.busy is not None:
        now, then = (numbers.percent(share) for share in flip.busy)
        busy = f" (machines {then} busy instead of {now})" if now != then else ""
    return f"{unknown.words} {way} {value}{busy}; the plan has {base}. Then {flip.instead} is cheaper"


def flip_sentence(flip: Flip, unknown: Unknown, best: str, money: Money) -> str:
    """The condition after whom it is about: "B200, owned stays ahead unless ..."."""
    return f"{best} stays ahead unless {flip_condition(flip, unknown, money)}"


def flip_map(model: DrawModel, x: Unknown, y: Unknown, points: int = 33) -> FlipMap:
    """The winner over the ends of two inputs, in equal steps of their values."""
    xs, ys = np.linspace(x.low, x.high, points), np.linspace(y.low, y.high, points)
    columns = {one.key: np.full(points * points, one.base) for one in model.unknowns}
    columns[x.key], columns[y.key] = np.tile(xs, points), np.repeat(ys, points)
    winner = present_values(model, columns).argmin(axis=0).reshape(points, points)
    return FlipMap(x, y, xs, ys, winner)
