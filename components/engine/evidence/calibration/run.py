"""A whole calibration: constants, their spread over the folds, errors by regime and 80 % ranges by kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from components.engine.evidence.calibration.figures import measured_figures
from components.engine.evidence.calibration.fit import fit
from components.engine.evidence.calibration.folds import Validated, cross_validate
from components.engine.evidence.calibration.space import Space, space
from components.engine.evidence.calibration.spread import Error, Spread, errors, spreads
from components.engine.evidence.kinds import kind_of
from components.engine.evidence.ranges import chosen
from components.engine.evidence.setup import Request, request_of
from components.engine.facts.regimes import regime
from components.engine.replica.from_catalog import offset_class

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from components.catalog.evidence import BenchmarkTrait, MeasuredPoint
    from components.catalog.load import Catalog
    from components.catalog.parameters import OffsetPriorRow, ParameterRow, Parameters
    from components.engine.evidence.setup import Setup
    from components.engine.facts.arrays import Vec


class Rules(NamedTuple):
    """What a fit may move and how benchmarks are run: rows of data/."""

    constants: Sequence[ParameterRow]
    priors: Sequence[OffsetPriorRow]
    traits: Mapping[tuple[str, str], BenchmarkTrait]


@dataclass(frozen=True)
class FitInput:
    """Measurements that can be fitted, with their setups."""

    points: tuple[MeasuredPoint, ...]
    setups: tuple[Setup, ...]
    classes: tuple[str, ...]
    """Class of each one's chip, under which its offsets are kept."""
    space: Space
    skipped: tuple[tuple[str, str], ...]
    """Id and reason of the others."""


@dataclass(frozen=True)
class Calibration:
    """The outcome of a calibration."""

    case: FitInput
    theta: Vec
    """Logarithms of what is free, shape (p,)."""
    low: Vec
    """Smallest value over the folds, shape (p,)."""
    high: Vec
    errors: tuple[Error, ...]
    """Cross-validated, by regime and metric."""
    spreads: tuple[Spread, ...]
    """80 % factors by kind and metric."""

    @property
    def parameters(self) -> Parameters:
        """The engine's constants as fitted."""
        return self.case.space.parameters(self.theta)


def fit_input(points: Sequence[MeasuredPoint], catalog: Catalog, g: Parameters, rules: Rules) -> FitInput:
    """Read the measurements.

    Where a source does not state the split over chips, the one that is fastest by the priors is taken, so that a
    repeated calibration reads its input alike whatever constants are stored.
    """
    requests = [request_of(point, catalog, rules.traits) for point in points]
    every = [setup for request in requests for setup in request.candidates]
    start = space(every, g, rules.constants, rules.priors)
    setups, best, _ = chosen(requests, start.parameters(start.prior))
    used = [i for i, place in enumerate(best) if place >= 0]
    skipped = tuple((points[i].point_id, _why(requests[i])) for i, place in enumerate(best) if place < 0)
    taken = tuple(setups[best[i]] for i in used)
    classes = tuple(offset_class(setup.decode.spec.chip, setup.decode.spec.stack, g) for setup in taken)
    free = space(taken, g, rules.constants, rules.priors)
    return FitInput(tuple(points[i] for i in used), taken, classes, free, skipped)


def _why(request: Request) -> str:
    return request.reason or "the model does not fit into the stated accelerators"


def calibrate(case: FitInput, *, workers: int = 1, say: Callable[[str], None] = lambda _: None) -> Calibration:
    """Fit, cross-validate by group and by device class, and measure how far off predictions are.

    Raises: ValueError where fewer than two groups can be fitted.
    """
    seen, groups = measured_figures(case.points), [point.group_id for point in case.points]
    if len(set(groups)) < 2:
        raise ValueError("a calibration needs measurements of at least two groups that the engine can read")
    say(f"fitting {len(case.space.free)} numbers to {len(seen.setup):,} figures of {len(set(groups))} groups")
    theta = fit(case.setups, seen, case.space)
    say("predicting each group without it")
    by_group = cross_validate(case.setups, seen, case.space, groups, workers=workers)
    say("predicting each class of chip without it")
    by_class = cross_validate(case.setups, seen, case.space, case.classes, workers=workers)
    return _calibration(case, theta, by_group, by_class)


def _calibration(case: FitInput, theta: Vec, by_group: Validated, by_class: Validated) -> Calibration:
    specs = [setup.decode.spec for setup in case.setups]
    kinds = [kind_of(point, spec.chip, spec.stack) for point, spec in zip(case.points, specs, strict=True)]
    regimes = ["" if kind == "guessed" else regime(spec.chip) for kind, spec in zip(kinds, specs, strict=True)]
    return Calibration(
        case,
        theta,
        by_group.thetas.min(axis=0),
        by_group.thetas.max(axis=0),
        errors(case.points, regimes, by_group.figures, by_class.figures),
        spreads(case.points, kinds, by_group.figures),
    )


def moved(calibration: Calibration, stored: Parameters) -> float:
    """Largest relative difference between what was fitted and what is stored. [1]"""
    old = [
        getattr(stored, f.name) if f.scope == "global" else stored.offset(f.scope, f.key, f.name)
        for f in calibration.case.space.free
    ]
    return float(np.abs(np.exp(calibration.theta) / np.array(old) - 1).max())
