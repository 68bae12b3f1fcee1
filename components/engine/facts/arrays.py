"""Arrays of equal length that are cut, stacked and broadcast together."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import Field
from functools import cache
from operator import attrgetter
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

Vec = NDArray[np.float64]
Mask = NDArray[np.bool_]


Index = slice | NDArray[np.intp] | NDArray[np.bool_]
"""Which rows: a slice, positions, or a mask."""


def one(value: float) -> Vec:
    """A single row, shape (1,)."""
    return np.array((value,), dtype=np.float64)


def column(values: Iterable[float]) -> Vec:
    """One row per value."""
    return np.array(list(values), dtype=np.float64)


class Rows:
    """Arrays of equal first dimension, cut, stacked and broadcast together: the base of dataclasses of them.

    A field may be such a record itself.
    """

    __slots__: tuple[str, ...] = ()
    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    def _values(self) -> tuple[Any, ...]:
        """All fields, in order."""
        kind: type[Rows] = type(self)
        return _getter(kind)(self)  # type: ignore[arg-type]  # mypy reads the hash of its records, not of a class

    def _map(self, edit: Callable[[Vec], Vec]) -> Self:
        return type(self)(*[v._map(edit) if isinstance(v, Rows) else edit(v) for v in self._values()])

    def column(self) -> Self:
        """Each field as shape (n, 1), to broadcast against a grid of batch sizes of shape (n, k)."""
        return self._map(lambda v: v[:, None])

    def take(self, rows: Index) -> Self:
        """The rows that an index or a mask selects."""
        found = [v.take(rows) if isinstance(v, Rows) else v[rows] for v in self._values()]
        return type(self)(*found)

    def repeat(self, count: int) -> Self:
        """Each row `count` times."""
        return self._map(lambda v: v.repeat(count))

    def key(self) -> bytes:
        """The numbers themselves, to look something up by."""
        return b"".join(getattr(self, name).tobytes() for name in self.__dataclass_fields__)

    @classmethod
    def stack(cls, parts: list[Self]) -> Self:
        """One after the other; each part's fields have shape (n_i,)."""
        if len(parts) == 1:
            return parts[0]
        return cls(*[_joined([getattr(part, name) for part in parts]) for name in cls.__dataclass_fields__])

    @classmethod
    def of(cls, rows: list[dict[str, float]]) -> Self:
        """From one mapping of plain numbers per row."""
        return cls(*[np.array([row[name] for row in rows], dtype=np.float64) for name in cls.__dataclass_fields__])


def _joined(values: list[Any]) -> Any:
    first = values[0]
    return type(first).stack(values) if isinstance(first, Rows) else np.concatenate(values)


@cache
def _getter(kind: type[Rows]) -> Callable[[Rows], tuple[Any, ...]]:
    """What gives all fields of a record of arrays at once."""
    names = tuple(kind.__dataclass_fields__)
    getter = attrgetter(*names)
    return getter if len(names) > 1 else lambda record: (getter(record),)
