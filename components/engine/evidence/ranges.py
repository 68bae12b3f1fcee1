"""A prediction with its range, its basis or the reason why there is none, for every published measurement."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from components.engine.evidence.error_scores import METRICS, Metric, Prediction
from components.engine.evidence.kinds import kind_of
from components.engine.evidence.modelled_figures import PredictedFigures, figures
from components.engine.evidence.setup import SIZES, Request, Setup, request_of
from components.engine.facts.trust import Range

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from components.catalog.evidence import BenchmarkTrait, Point
    from components.catalog.load import Catalog
    from components.catalog.parameters import Parameters, RangeRow


DOES_NOT_FIT = "the model's weights and one sequence do not fit into {chips:,} x {chip}: state more accelerators"
LEAST = "{stated} not hold the model: {count:,}, the least that do, assumed"


class _Best(NamedTuple):
    """What a measurement is taken to be, and its figures."""

    setup: Setup
    figures: tuple[float, ...]
    """In the order of `METRICS`; NaN where there is none."""


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
    best = _best(requests, g)
    single = [i for i, found in enumerate(best) if found is None and not requests[i].reason]
    for i, request, found in _least_that_fits({i: points[i] for i in single}, requests, catalog, traits, g):
        requests[i], best[i] = request, found
    return tuple(
        _prediction(point, request, found, ranges) for point, request, found in zip(points, requests, best, strict=True)
    )


def _best(requests: Sequence[Request], g: Parameters) -> list[_Best | None]:
    """Each request's best candidate, None where none fits."""
    setups, places, found = chosen(requests, g)
    return [
        None if place < 0 else _Best(setups[place], tuple(float(figure[place]) for figure in found)) for place in places
    ]


def _least_that_fits(
    open_points: Mapping[int, Point],
    requests: Sequence[Request],
    catalog: Catalog,
    traits: Mapping[tuple[str, str], BenchmarkTrait],
    g: Parameters,
) -> Iterator[tuple[int, Request, _Best]]:
    """Points whose accelerators do not hold the model, on the fewest that do: many sources count one of a replica.

    Left out: pools, which state what each holds, and devices that are used alone.
    """
    left = {i: p for i, p in open_points.items() if _may_be_joined(requests[i], p)}
    for count in SIZES:
        tried = {i: p.model_copy(update={"accelerators": float(count), "parallelism": ""}) for i, p in left.items()
                 if count > (p.accelerators or 0)}  # fmt: skip
        wider = {i: request_of(p, catalog, traits) for i, p in tried.items()}
        for (i, request), found in zip(wider.items(), _best(list(wider.values()), g), strict=True):
            if found is not None:
                stated = left.pop(i).accelerators
                yield i, replace(request, assumed=(_said(stated, count), *request.assumed)), found


def _may_be_joined(request: Request, point: Point) -> bool:
    chip = request.candidates[0].decode.spec.chip
    return not point.disaggregated and (chip.family != "edge-soc" or chip.scale_up_domain_chips > 1)


def _said(stated: float | None, count: int) -> str:
    if stated is None:
        subject = "one accelerator does"
    else:
        subject = f"the {stated:,.0f} accelerator{' stated does' if stated == 1 else 's stated do'}"
    return LEAST.format(stated=subject, count=count)


def _prediction(
    point: Point, request: Request, best: _Best | None, ranges: Mapping[tuple[str, Metric], RangeRow]
) -> Prediction:
    if request.reason:
        return Prediction(reason=request.reason)
    if best is None:
        row = request.candidates[-1].decode
        return Prediction(reason=DOES_NOT_FIT.format(chips=row.layout.chips, chip=row.spec.chip.name))
    spec = best.setup.decode.spec
    kind = kind_of(point, spec.chip, spec.stack)
    values = {
        metric: _range(figure, ranges[kind, metric])
        for metric, figure in zip(METRICS, best.figures, strict=True)
        if math.isfinite(figure)
    }
    return Prediction(values, basis="; ".join(["modelled", *request.assumed]))


def _range(value: float, row: RangeRow) -> Range:
    return Range(value * row.low_factor, value, value * row.high_factor)
