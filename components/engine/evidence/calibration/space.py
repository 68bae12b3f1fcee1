"""What a calibration may move: global constants and shrunken offsets by device class, stack and condition."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, replace
from fnmatch import fnmatchcase
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from components.catalog.parameters import Scope
from components.engine.replica.from_catalog import machine_kind, offset_class

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from components.catalog.parameters import OffsetPriorRow, ParameterRow, Parameters
    from components.engine.evidence.setup import Setup
    from components.engine.facts.arrays import Vec


SCOPES: tuple[Scope, ...] = get_args(Scope)


KINDS = ("datacentre", "edge")


KIND_OF = {f"{name}_{kind}": kind for name in ("layer_factor", "step_factor") for kind in KINDS}
"""Constants that act on one kind of machine only."""


FURTHEST = 20.0
"""Factor by which an offset may leave its prior's centre. [1]"""


EFFICIENCIES = ("mbu", "mfu_prefill", "mfu_decode")
"""Constants that no offset of a class lifts over the ceiling: beyond it nothing would change."""


@dataclass(frozen=True, slots=True)
class FreeParameter:
    """One number that is fitted, in the logarithm."""

    scope: Literal["global"] | Scope
    name: str
    key: str
    """Key of an offset; empty for a constant."""
    log_prior: float
    sd: float
    log_low: float
    log_high: float


@dataclass(frozen=True)
class Space:
    """Everything that is fitted, and which setups each number touches."""

    base: Parameters
    free: tuple[FreeParameter, ...]
    touches: tuple[Vec, ...]
    """Per number, a mask over the setups, shape (n,)."""

    @property
    def prior(self) -> Vec:
        """Centre of the priors, shape (p,)."""
        return np.array([f.log_prior for f in self.free])

    @property
    def sd(self) -> Vec:
        """Width of the priors, shape (p,)."""
        return np.array([f.sd for f in self.free])

    def without(self, left: Collection[tuple[str, str]]) -> Space:
        """The same without some offsets, which are then 1.    Args: left, scope and name of each."""
        kept = [i for i, f in enumerate(self.free) if (f.scope, f.name) not in left]
        return Space(self.base, tuple(self.free[i] for i in kept), tuple(self.touches[i] for i in kept))

    def clip(self, theta: Vec) -> Vec:
        """Inside the bounds, no efficiency of a class above the ceiling."""
        inside = np.clip(theta, [f.log_low for f in self.free], [f.log_high for f in self.free])
        constants, offsets = self._efficiencies
        inside[offsets] = np.minimum(inside[offsets], math.log(self.base.ceiling) - inside[constants])
        return inside

    @cached_property
    def _efficiencies(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Positions of efficiencies and, of as many, the offsets of a class that multiply them."""
        place = {f.name: i for i, f in enumerate(self.free) if f.scope == "global"}
        pairs = [
            (place[f.name], i)
            for i, f in enumerate(self.free)
            if f.scope == "device" and f.name in EFFICIENCIES and f.name in place
        ]
        found = np.array(pairs, dtype=np.intp).reshape(-1, 2)
        return found[:, 0], found[:, 1]

    def parameters(self, theta: Vec) -> Parameters:
        """The engine's constants at a point of the space; theta of shape (p,), in logarithms."""
        values = np.exp(self.clip(theta))
        constants = {f.name: float(v) for f, v in zip(self.free, values, strict=True) if f.scope == "global"}
        offsets: dict[tuple[str, str, str], float] = {
            (f.scope, f.key, f.name): float(v) for f, v in zip(self.free, values, strict=True) if f.scope != "global"
        }
        g = self.base
        return replace(
            g, offsets=MappingProxyType(offsets), sources=g.sources, offset_sources=g.offset_sources, **constants
        )


def _keys(setups: Sequence[Setup], g: Parameters) -> dict[str, Vec]:
    chips = [(s.decode.spec.chip, s.decode.spec.stack) for s in setups]
    return {
        "device": np.array([offset_class(chip, stack, g) for chip, stack in chips]),
        "stack": np.array([stack for _, stack in chips]),
        "server": np.array([s.server for s in setups]),
        "condition": np.array([s.condition for s in setups]),
        "admission": np.array([s.admission for s in setups]),
        "kind": np.array([machine_kind(chip, stack) for chip, stack in chips]),
    }


def _prior(priors: Sequence[OffsetPriorRow], scope: Scope, name: str, key: str) -> OffsetPriorRow | None:
    """The first row that names the key; else the row of all keys."""
    rows = [row for row in priors if row.scope == scope and row.parameter == name]
    named = [row for row in rows if any(fnmatchcase(key, pattern) for pattern in row.keys.split(";"))]
    return next(iter(named or [row for row in rows if not row.keys]), None)


def space(
    setups: Sequence[Setup], g: Parameters, constants: Sequence[ParameterRow], priors: Sequence[OffsetPriorRow]
) -> Space:
    """Constants that have a prior, and an offset for each key of a scope among the setups.

    Args:
        setups: one per measurement.
        g: constants that are not fitted keep their values.
        constants, priors: rows of data/engine_parameters.csv and data/engine_offset_priors.csv.
    """
    keys, free, touches = _keys(setups, g), [], []
    known = {field.name for field in fields(g)}
    everyone = np.ones(len(setups), dtype=bool)
    for row in constants:
        if row.prior is None or row.prior_sd is None or row.name not in known:
            continue
        low = math.log(max(row.lower_bound, row.prior * 1e-6))
        free.append(
            FreeParameter("global", row.name, "", math.log(row.prior), row.prior_sd, low, math.log(row.upper_bound))
        )
        kind = KIND_OF.get(row.name)
        touches.append(everyone if kind is None else keys["kind"] == kind)
    for scope in SCOPES:
        names = dict.fromkeys(row.parameter for row in priors if row.scope == scope)
        for key in sorted(set(keys[scope])):
            for name in names:
                prior = _prior(priors, scope, name, key)
                if prior is not None:
                    centre = math.log(prior.centre)
                    low, high = centre - math.log(FURTHEST), centre + math.log(FURTHEST)
                    free.append(FreeParameter(scope, name, key, centre, prior.prior_sd, low, high))
                    touches.append(keys[scope] == key)
    plain = replace(g, offsets={}, sources={}, offset_sources={})  # a proxy could not be sent to another process
    return Space(plain, tuple(free), tuple(touches))
