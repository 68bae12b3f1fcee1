"""Arrays of equal length that are cut, stacked and broadcast together."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

Vec = NDArray[np.float64]


Mask = NDArray[np.bool_]


class Rows:
    """Arrays of equal first dimension, and records of such, that are cut, stacked and broadcast together."""

    __slots__: tuple[str, ...] = ()

    def _map(self, edit: Any) -> Self:
        values = (getattr(self, name) for name in self.__slots__)
        return type(self)(*[v._map(edit) if isinstance(v, Rows) else edit(v) for v in values])

    def column(self) -> Self:
        """Each field as shape (n, 1), to broadcast against a grid of batch sizes of shape (n, k)."""
        return self._map(lambda v: v[:, None])

    def take(self, rows: Any) -> Self:
        """The rows that an index or a mask selects."""
        return self._map(lambda v: v[rows])

    @classmethod
    def stack(cls, parts: list[Self]) -> Self:
        """One after the other; each part's fields have shape (n_i,)."""
        return cls(*[_joined([getattr(part, name) for part in parts]) for name in cls.__slots__])

    @classmethod
    def of(cls, rows: list[dict[str, float]]) -> Self:
        """From one mapping of plain numbers per row."""
        return cls(*[np.array([row[name] for row in rows], dtype=np.float64) for name in cls.__slots__])


def _joined(values: list[Any]) -> Any:
    first = values[0]
    return type(first).stack(values) if isinstance(first, Rows) else np.concatenate(values)
