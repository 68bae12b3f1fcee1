"""Time per token against batch size: a table with linear pieces, solved in closed form, and the best draft depth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from components.engine.facts.arrays import Vec
from components.engine.replica.decode import StepModel

KNOTS = 16


PARTS_OF_A_PIECE = 8


DEPTHS = (0.0, 1.0, 2.0, 3.0)
"""Draft depths tried where the engine chooses. [tokens]"""


def _by_depth(model: StepModel, batch: Vec) -> Vec:
    """Time per token at every depth of `DEPTHS`, stacked in front. [s]"""
    depths = np.array(DEPTHS).reshape(-1, *(1,) * batch.ndim)
    return model.token_time_s(batch[None], depths)


def token_time_s(model: StepModel, batch: Vec) -> Vec:
    """Time per output token at a batch size, prefill left out; the best draft depth where the model's depth is -1.

    Args: model, shape (n,); batch, shape (n,) or (n, k), read as at least 1 sequence. [1]    Returns: [s], as batch.
    """
    batch = np.maximum(batch, 1.0)
    wide = model.column() if batch.ndim == 2 else model
    auto = wide.draft_tokens < 0
    if auto.all():
        return np.asarray(_by_depth(wide, batch).min(axis=0))
    time = wide.token_time_s(batch, np.maximum(wide.draft_tokens, 0.0))
    return np.where(auto, _by_depth(wide, batch).min(axis=0), time) if auto.any() else time


def best_draft_tokens(model: StepModel, batch: Vec) -> Vec:
    """Draft depth with the least time per token at a batch size, never worse than none; a depth set by hand is kept.

    Args: model and batch, shape (n,). [1]    Returns: m, shape (n,). [tokens]
    """
    if not (model.draft_tokens < 0).any():
        return model.draft_tokens
    best = np.array(DEPTHS)[_by_depth(model, np.maximum(batch, 1.0)).argmin(axis=0)]
    return np.where(model.draft_tokens < 0, best, model.draft_tokens)


@dataclass(frozen=True, slots=True)
class Curve:
    """Seconds per token at batch sizes 0, 1 ... largest; below 1 a sequence decodes alone. Arrays of shape (n, k)."""

    batch: Vec
    time_s: Vec

    @classmethod
    def of(cls, model: StepModel, largest: Vec) -> Curve:
        """Tabulate from one sequence to `largest`, shape (n,), equally spaced in the logarithm."""
        share = np.linspace(0, 1, KNOTS)
        batch = np.exp(np.log(largest)[:, None] * share)
        time = np.maximum.accumulate(token_time_s(model, batch), axis=1)
        return cls(
            np.concatenate([np.zeros_like(batch[:, :1]), batch], axis=1),
            np.concatenate([time[:, :1], time], axis=1),
        )

    def largest(self, value: Vec, limit: Vec) -> Vec:
        """Largest batch at which `value`, rising and linear between the knots, is at most `limit`; inf if all. [1]"""
        holds = np.logical_and.accumulate(value <= limit[:, None], axis=1)
        last = holds.sum(axis=1) - 1
        low = self._flat(last)
        x0, x1, y0, y1 = self._ends(value, low)
        rise = np.where(y1 > y0, y1 - y0, 1.0)
        share = np.maximum(np.minimum((np.where(np.isinf(limit), y1, limit) - y0) / rise, 1.0), 0.0)
        inside = np.where(last < 0, 0.0, x0 + share * (x1 - x0))
        return np.where(last == value.shape[1] - 1, np.inf, inside)

    def at(self, batch: Vec) -> tuple[Vec, Vec]:
        """Seconds per token at a batch size of shape (n,), and the slope there. [s], [s]"""
        low = self._flat((self.batch <= batch[:, None]).sum(axis=1) - 1)
        x0, x1, y0, y1 = self._ends(self.time_s, low)
        slope = (y1 - y0) / np.where(x1 > x0, x1 - x0, 1.0)
        return y0 + slope * (np.minimum(batch, self.batch[:, -1]) - x0), slope

    def piece(self, batch: Vec) -> Curve:
        """The linear piece that holds a batch size of shape (n,), cut into equal parts."""
        low = self._flat((self.batch <= batch[:, None]).sum(axis=1) - 1)
        x0, x1, y0, y1 = self._ends(self.time_s, low)
        share = np.linspace(0, 1, PARTS_OF_A_PIECE + 1)
        return Curve(x0[:, None] + (x1 - x0)[:, None] * share, y0[:, None] + (y1 - y0)[:, None] * share)

    def batch_at_rate(self, rate: Vec, osl: Vec, stall_s: Vec) -> Vec:
        """Batch that completes `rate` requests per second: b = r (o t(b) + kp S b); the largest of the table at most.

        Args: rate, r [1/s]; osl, o [tokens]; stall_s, kp S [s].    Returns: sequences. [1]
        """
        rate = np.minimum(rate, 1e12)
        short = self.batch * (1 - rate * stall_s)[:, None] - (rate * osl)[:, None] * self.time_s
        return np.minimum(self.largest(short, np.zeros_like(rate)), self.batch[:, -1])

    def _flat(self, knot: NDArray[np.intp]) -> NDArray[np.intp]:
        """Position in the flattened table of a row's knot, the last but one at most."""
        rows, knots = self.batch.shape
        return np.asarray(np.arange(rows) * knots + np.maximum(np.minimum(knot, knots - 2), 0), dtype=np.intp)

    def _ends(self, value: Vec, low: NDArray[np.intp]) -> tuple[Vec, Vec, Vec, Vec]:
        """Batch and value at both ends of the piece that starts at `low`."""
        return self.batch.take(low), self.batch.take(low + 1), value.take(low), value.take(low + 1)
