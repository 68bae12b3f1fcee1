"""Setups as arrays: everything about them that does not depend on the engine's constants, read once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from components.engine.facts.arrays import Rows, Vec, column
from components.engine.replica.formats import LOCAL_STACKS
from components.engine.replica.from_catalog import ReplicaSpec, layout_columns
from components.engine.replica.record import LayoutColumns

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence

    from components.engine.evidence.setup import MeasuredOn, Setup


T = TypeVar("T")


@dataclass(frozen=True)
class Placed(Generic[T]):
    """Values of which many rows share one, each kept once."""

    distinct: tuple[T, ...]
    place: NDArray[np.intp]
    """Of each row's value among them, shape (n,)."""

    @classmethod
    def of(cls, values: Sequence[T], keys: Iterable[Hashable]) -> Self:
        """Values that have the same key are one."""
        listed = list(keys)
        kept = dict(zip(listed, values, strict=True))
        places = {key: i for i, key in enumerate(kept)}
        return cls(tuple(kept.values()), np.array([places[key] for key in listed], dtype=np.intp))

    def take(self, rows: NDArray[np.intp]) -> Self:
        """The rows at some positions, and the values that they have."""
        used, place = np.unique(self.place[rows], return_inverse=True)
        return type(self)(tuple(self.distinct[i] for i in used), place)


@dataclass(frozen=True)
class Lengths(Rows):
    """Tokens of requests; every field has shape (n,)."""

    isl: Vec
    osl: Vec
    draft_tokens: Vec


@dataclass(frozen=True)
class MachineColumns:
    """Replicas and their requests, shape (n,)."""

    specs: Placed[ReplicaSpec]
    layout: LayoutColumns
    lengths: Lengths

    @classmethod
    def of(cls, rows: Sequence[MeasuredOn]) -> Self:
        """One row each; a machine that many rows share is kept once."""
        specs = [row.spec for row in rows]
        local, overlap = column(s.stack in LOCAL_STACKS for s in specs), column(s.overlap for s in specs)
        return cls(
            Placed.of(specs, map(_machine_key, specs)),
            layout_columns([row.layout for row in rows], local=local, overlap=overlap),
            Lengths(
                column(row.isl for row in rows),
                column(row.osl for row in rows),
                column(row.draft_tokens for row in rows),
            ),
        )

    def take(self, rows: NDArray[np.intp]) -> Self:
        """The rows at some positions."""
        return type(self)(self.specs.take(rows), self.layout.take(rows), self.lengths.take(rows))


def _machine_key(spec: ReplicaSpec) -> tuple[str | float, ...]:
    """What tells the machines of one catalog apart."""
    model, chip = spec.model.id, spec.chip.id
    return model, chip, spec.weights, spec.kv, spec.stack, spec.age_months, spec.disaggregated


@dataclass(frozen=True)
class Surroundings(Rows):
    """What surrounds the replicas; every field has shape (n,), flags are 0 or 1. Meanings: fields of `Setup`."""

    concurrency: Vec
    tpot_limit_s: Vec
    ttft_limit_s: Vec
    servers: Vec
    pool_chips: Vec
    hands_over: Vec
    median: Vec
    lockstep: Vec
    plain: Vec
    server_path: Vec
    static: Vec
    decode_rate: Vec


@dataclass(frozen=True)
class SetupColumns:
    """Setups, shape (n,)."""

    decode: MachineColumns
    prefill: MachineColumns | None
    """Of the pooled ones, in order; None where there is none."""
    pooled: NDArray[np.bool_]
    """Whether a prefill machine of its own reads the prompts, shape (n,)."""
    around: Surroundings
    servers: Placed[str]
    conditions: Placed[str]
    admissions: Placed[str]

    @classmethod
    def of(cls, setups: Sequence[Setup]) -> Self:
        """One row each."""
        pools = [setup.prefill for setup in setups if setup.prefill is not None]

        def keys(name: str) -> Placed[str]:
            found = [getattr(setup, name) for setup in setups]
            return Placed.of(found, found)

        return cls(
            MachineColumns.of([setup.decode for setup in setups]),
            MachineColumns.of(pools) if pools else None,
            np.array([setup.prefill is not None for setup in setups]),
            Surroundings(*[column(getattr(s, name) for s in setups) for name in Surroundings.__dataclass_fields__]),
            keys("server"),
            keys("condition"),
            keys("admission"),
        )

    def take(self, rows: NDArray[np.intp]) -> Self:
        """The rows at increasing positions."""
        prefill, pooled = self.prefill, self.pooled[rows]
        if prefill is not None:
            prefill = (
                prefill.take(np.asarray(np.cumsum(self.pooled) - 1, dtype=np.intp)[rows][pooled])
                if pooled.any()
                else None
            )
        return type(self)(
            self.decode.take(rows),
            prefill,
            pooled,
            self.around.take(rows),
            self.servers.take(rows),
            self.conditions.take(rows),
            self.admissions.take(rows),
        )
