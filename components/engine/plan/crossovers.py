"""Where the cheapest of several lines changes: solved on the lines themselves, which jump at every whole replica.

Between two volumes at which different lines are the cheapest there is a volume where the two cost the same, or one
where a replica more turns the order at once. Both are found by secants and halving together; a line that is cheaper
than both in between parts the interval anew.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from components.engine.facts.arrays import Vec
from components.engine.outcome.evaluation import preferred

if TYPE_CHECKING:
    from numpy.typing import NDArray

Lines = Callable[["NDArray[np.intp]", Vec], Vec]
"""Cost of line `which` at volume x, both of shape (n,); NaN where there is none."""
EQUAL = 1e-9
"""Relative difference of two costs that are one. [1]"""
NARROW = 1e-11
"""Relative width of an interval that holds a step. [1]"""
PIECES = 16
"""Pieces that an interval is cut into at once. [1]"""
MOST_STEPS = 20
"""Rounds of cutting: far more than an interval of a decade needs to be narrower than `NARROW`. [1]"""
MOST_PARTS = 6
"""How often intervals are parted anew for a third line. [1]"""


class Crossing(NamedTuple):
    """One change of the cheapest line."""

    volume: float
    """Where both cost the same; for a step the last volume before it."""
    below: int
    above: int
    equal: bool
    """Whether both cost the same there; False where a step turns the order."""


class _Brackets(NamedTuple):
    """Intervals at whose ends different lines are the cheapest; arrays of shape (n,)."""

    low: Vec
    high: Vec
    below: NDArray[np.intp]
    above: NDArray[np.intp]

    def take(self, rows: NDArray[np.intp]) -> _Brackets:
        """Some of them."""
        return _Brackets(self.low[rows], self.high[rows], self.below[rows], self.above[rows])


def cheapest(usd: Vec) -> NDArray[np.intp]:
    """The cheapest line at each volume; -1 where none has a cost.    Args: usd, shape (lines, n), NaN where none."""
    known = np.where(np.isfinite(usd), usd, np.inf)
    first = preferred(np.zeros(known.shape, dtype=np.int8), known)
    return np.where(np.isfinite(known).any(axis=0), first, -1)


def crossings(lines: Lines, count: int, x: Vec, usd: Vec) -> tuple[Crossing, ...]:
    """Every change of the cheapest line over a grid, each solved.

    Args:
        lines: cost of any line at any volume.
        count: of lines.
        x: volumes, increasing and positive, shape (k,).
        usd: cost of all lines at them, shape (count, k).
    Returns: in order of volume. Changes to or from no line at all are left out.
    """
    if not count:
        return ()
    found: dict[float, Crossing] = {}
    open_ = _brackets(x, cheapest(usd))
    for _ in range(MOST_PARTS):
        if not len(open_.low):
            break
        at, after, equal = _solved(lines, open_)
        best = _cheapest_at(lines, count, np.concatenate([at, after]))
        first, second = best[: len(at)], best[len(at) :]
        kept = np.where(equal, _ties(lines, open_, at, first), (first == open_.below) & (second == open_.above))
        for i in np.flatnonzero(kept):
            found[float(at[i])] = Crossing(float(at[i]), int(open_.below[i]), int(open_.above[i]), bool(equal[i]))
        open_ = _parted(open_, at, after, first, second, ~kept)
    return tuple(found[volume] for volume in sorted(found))


def _ties(lines: Lines, b: _Brackets, at: Vec, best: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Whether nothing is cheaper than the two where they are equal."""
    least, own = lines(best, at), lines(b.below, at)
    return np.asarray(least >= own * (1 - 10 * EQUAL))


def _brackets(x: Vec, best: NDArray[np.intp]) -> _Brackets:
    turn = np.flatnonzero((np.diff(best) != 0) & (best[:-1] >= 0) & (best[1:] >= 0))
    return _Brackets(x[turn], x[turn + 1], best[turn], best[turn + 1])


def _cheapest_at(lines: Lines, count: int, x: Vec) -> NDArray[np.intp]:
    which = np.repeat(np.arange(count), len(x))
    return cheapest(lines(which, np.tile(x, count)).reshape(count, len(x)))


def _parted(
    b: _Brackets, at: Vec, after: Vec, first: NDArray[np.intp], second: NDArray[np.intp], again: NDArray[np.bool_]
) -> _Brackets:  # fmt: skip
    """The intervals on both sides of a solved one in which another line is the cheapest."""
    low = np.concatenate([b.low[again], after[again]])
    high = np.concatenate([at[again], b.high[again]])
    below = np.concatenate([b.below[again], second[again]])
    above = np.concatenate([first[again], b.above[again]])
    kept = (below != above) & (below >= 0) & (above >= 0) & (high > low)
    return _Brackets(low[kept], high[kept], below[kept], above[kept])


def _gap(lines: Lines, b: _Brackets, x: Vec) -> tuple[Vec, Vec]:
    """Cost of the line below less that of the line above, and the latter.    Args: x, shape (n,) or (n, m)."""
    shape = x.shape
    many = 1 if x.ndim == 1 else shape[1]
    which = np.concatenate([np.repeat(b.below, many), np.repeat(b.above, many)])
    usd = lines(which, np.tile(x.ravel(), 2))
    one, other = usd[: x.size], usd[x.size :]
    known = np.where(np.isfinite(one), one, 1e300) - np.where(np.isfinite(other), other, 1e300)
    return known.reshape(shape), np.where(np.isfinite(other), other, 1e300).reshape(shape)


def _solved(lines: Lines, b: _Brackets) -> tuple[Vec, Vec, NDArray[np.bool_]]:
    """Where the two lines of each interval are equal, or the volumes just before and just after the step.

    Both ends of an interval are the same volume where the lines are equal.
    """
    low, high = b.low.copy(), b.high.copy()
    gap_low, gap_high = _gap(lines, b, low)[0], _gap(lines, b, high)[0]
    equal = np.zeros(len(low), dtype=bool)
    for _ in range(MOST_STEPS):
        live = np.flatnonzero(~equal & (high > low * (1 + NARROW)))
        if not len(live):
            break
        x = _trials(low[live], high[live], gap_low[live], gap_high[live])
        gap, usd = _gap(lines, b.take(live), x)
        _narrowed(_Ends(low, high, gap_low, gap_high, equal), live, x, gap, np.abs(gap) <= EQUAL * usd)
    return low, high, equal


class _Ends(NamedTuple):
    """Ends of all intervals, with the gap there, and whether both are where the lines are equal."""

    low: Vec
    high: Vec
    gap_low: Vec
    gap_high: Vec
    equal: NDArray[np.bool_]


def _narrowed(ends: _Ends, live: NDArray[np.intp], x: Vec, gap: Vec, same: NDArray[np.bool_]) -> None:
    """Move the ends of the live intervals, in place.    Args: trials x in ascending order and gaps there, (n, m)."""
    rows = np.arange(len(live))
    meets = same.any(axis=1)
    at = same.argmax(axis=1)
    ends.equal[live] = meets
    for side in (ends.low, ends.high):
        side[live] = np.where(meets, x[rows, at], side[live])
    turned = (gap > 0) & ~same
    first = np.where(turned.any(axis=1), turned.argmax(axis=1), x.shape[1])
    up, down = ~meets & (first < x.shape[1]), ~meets & (first > 0)
    last = np.maximum(first - 1, 0)
    ends.high[live[up]], ends.gap_high[live[up]] = x[rows, first % x.shape[1]][up], gap[rows, first % x.shape[1]][up]
    ends.low[live[down]], ends.gap_low[live[down]] = x[rows, last][down], gap[rows, last][down]


def _trials(low: Vec, high: Vec, gap_low: Vec, gap_high: Vec) -> Vec:
    """The secant's volume and the ends of equal pieces of each interval, ascending, shape (n, PIECES)."""
    span = gap_high - gap_low
    share = np.where(np.isfinite(span) & (span > 0), -gap_low / np.where(span > 0, span, 1.0), 0.5)
    cuts = np.broadcast_to(np.arange(1, PIECES) / PIECES, (len(low), PIECES - 1))
    shares = np.sort(np.concatenate([np.clip(share, 0.0, 1.0)[:, None], cuts], axis=1), axis=1)
    return np.asarray(low[:, None] + shares * (high - low)[:, None])
