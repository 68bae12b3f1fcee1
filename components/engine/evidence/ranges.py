"""A prediction with its range, its basis or the reason why there is none, for every published measurement."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from components.engine.evidence.error_scores import METRICS, Metric, Prediction
from components.engine.evidence.kinds import kind_of
from components.engine.evidence.modelled_figures import PredictedFigures, figures
from components.engine.evidence.setup import Request, Setup, request_of
from components.engine.facts.trust import Range

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from components.catalog.evidence import BenchmarkTrait, Point
    from components.catalog.load import Catalog
    from components.catalog.parameters import Parameters, RangeRow


DOES_NOT_FIT = "the model's weights and one sequence do not fit into {chips:,} x {chip}: state more accelerators"


def chosen(requests: Sequence[Request], g: Parameters) -> tuple[list[Setup], NDArray[np.intp], PredictedFigures]:
    """Each request's best candidate by modelled throughput.

    Returns: all candidates in one list; the index of each request's choice, -1 where none fits, shape (n,); the figures
    of all candidates.
    """
    owner = np.array([i for i, request in enumerate(requests) for _ in request.candidates], dtype=np.intp)
    setups = [setup for request in requests for setup in request.candidates]
    best = np.full(len(requests), -1, dtype=np.intp)
    if not setups:
        none = np.zeros(0)
        return setups, best, PredictedFigures(none, none, none)
    found = figures(setups, g)
    speed = np.nan_to_num(found.output_tokens_per_s_per_chip, nan=-1.0)
    for place in np.lexsort((-np.arange(len(setups)), speed)):
        if speed[place] > 0:
            best[owner[place]] = place
    return setups, best, found


def predict(
    points: Sequence[Point],
    catalog: Catalog,
    traits: Mapping[tuple[str, str], BenchmarkTrait],
    ranges: Mapping[tuple[str, Metric], RangeRow],
    g: Parameters,
) -> tuple[Prediction, ...]:
    """One prediction per point, in order; a point without one has a reason.

    The range is the modelled figure times the factors between which 80 % of the measurements of the kind lay when they
    were predicted by constants that had not seen their group.
    """
    requests = [request_of(point, catalog, traits) for point in points]
    setups, best, found = chosen(requests, g)
    return tuple(
        _prediction(point, request, setups, int(place), found, ranges)
        for point, request, place in zip(points, requests, best, strict=True)
    )


def _prediction(
    point: Point,
    request: Request,
    setups: Sequence[Setup],
    place: int,
    found: PredictedFigures,
    ranges: Mapping[tuple[str, Metric], RangeRow],
) -> Prediction:
    if request.reason:
        return Prediction(reason=request.reason)
    if place < 0:
        row = request.candidates[-1].decode
        return Prediction(reason=DOES_NOT_FIT.format(chips=row.layout.chips, chip=row.spec.chip.name))
    row = setups[place].decode
    kind = kind_of(point, row.spec.chip, row.spec.stack)
    values = {
        metric: _range(float(figure[place]), ranges[kind, metric])
        for metric, figure in zip(METRICS, found, strict=True)
        if math.isfinite(figure[place])
    }
    return Prediction(values, basis="; ".join(["modelled", *request.assumed]))


def _range(value: float, row: RangeRow) -> Range:
    return Range(value * row.low_factor, value, value * row.high_factor)
