"""The error left after an own measurement, found on published points: `python -m tests.engine.own_accuracy` prints it.

Every deployment that was published at several loads is measured at its lowest, its middle and its highest load in
turn, as a reader would state it; the engine then follows that measurement, and the other points are predicted. With
`--write` the errors are stored in data/own_accuracy.csv. Run it after each calibration: the constants enter.
"""

from __future__ import annotations

import argparse
import csv
import io
import math
import sys
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from components.catalog.evidence import MeasuredPoint, benchmark_traits, measured_points
from components.catalog.load import DATA, load_catalog
from components.catalog.parameters import AccuracyRow, load_own_accuracy, load_parameters
from components.engine.evidence.calibration.figures import left_out
from components.engine.evidence.error_scores import METRICS, P90, Metric, measured
from components.engine.evidence.modelled_figures import physics_of
from components.engine.evidence.setup import Setup, request_of
from components.engine.evidence.setup_columns import MachineColumns
from components.engine.facts.regimes import SRAM, regime
from components.engine.strategy.own_fit import MeasuredReplica, fit, modelled
from components.engine.strategy.own_measurement import Measurement, Own

COMMAND = "python -m tests.engine.own_accuracy"
FILE = DATA / "own_accuracy.csv"
REGIMES = ("server", "amd")
FEW = 6
"""Groups below which an error deserves low confidence. [1]"""
DIGITS = 2
G = load_parameters()


class Load(NamedTuple):
    """One published point of a deployment."""

    point: MeasuredPoint
    setup: Setup


def _loads() -> Iterator[Load]:
    """Points that state all that a reader would, served by one replica that reads its own prompts."""
    catalog, traits = load_catalog(), benchmark_traits()
    for point in measured_points():
        if point.left_out or point.concurrency is None or not (point.input_tokens and point.output_tokens):
            continue
        found = request_of(point, catalog, traits).candidates
        if len(found) == 1 and _served(found[0]):
            yield Load(point, found[0])


def _served(setup: Setup) -> bool:
    chip = setup.decode.spec.chip
    plain = setup.prefill is None and not (setup.static or setup.decode_rate)
    return plain and math.isfinite(setup.concurrency) and chip.device_class not in SRAM and regime(chip) in REGIMES


def deployments() -> tuple[tuple[Load, ...], ...]:
    """Loads of each deployment that was published at more than one, by requests in flight."""
    found: dict[tuple[object, ...], list[Load]] = defaultdict(list)
    for load in _loads():
        p = load.point
        found[p.group_id, p.model, p.parallelism, p.model_precision, p.serving_stack, p.speculative].append(load)
    every = (sorted(loads, key=lambda load: load.setup.concurrency) for loads in found.values())
    return tuple(tuple(loads) for loads in every if len(loads) > 1)


def _machine(setup: Setup) -> MeasuredReplica:
    physics = physics_of(MachineColumns.of([setup.decode]), G)
    return MeasuredReplica(physics)


def _measurement(load: Load) -> Measurement | None:
    """What its owner would type in: TPOT, or throughput where none was published, and TTFT."""
    point = load.point
    tpot, rate = measured(point, "tpot"), measured(point, "throughput")
    if tpot is None and rate is None:
        return None
    ttft = None if left_out(point, "ttft") else point.ttft_s
    return Measurement(tpot, ttft, rate if tpot is None else None, load.setup.concurrency)


def _figures(load: Load, own: Own) -> Mapping[Metric, float]:
    got = modelled(_machine(load.setup), load.setup.concurrency, own.factors, G)
    found = (got.output_tokens_per_s_per_chip, got.tpot_s, got.ttft_s)
    return {metric: float(value[0]) for metric, value in zip(METRICS, found, strict=True)}


def _errors(loads: Sequence[Load]) -> Iterator[tuple[Metric, float]]:
    """Errors of one deployment at its other loads."""
    for place in sorted({0, len(loads) // 2, len(loads) - 1}):
        yield from _left(loads, loads[place])


def _left(loads: Sequence[Load], one: Load) -> Iterator[tuple[Metric, float]]:
    """Errors at the other loads of a deployment that was measured at one."""
    m = _measurement(one)
    own = None if m is None else fit(_machine(one.setup), m, G)
    if not isinstance(own, Own):
        return
    for load in loads:
        if load is one:
            continue
        predicted = _figures(load, own)
        for metric in METRICS:
            value = measured(load.point, metric)
            if value is not None and own.informs(metric) and not left_out(load.point, metric):
                yield metric, abs(predicted[metric] / value - 1)


def errors(regimes: Collection[str]) -> Mapping[tuple[str, Metric], Mapping[str, Sequence[float]]]:
    """By regime and metric: errors of each group."""
    found: dict[tuple[str, Metric], dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for loads in deployments():
        name, group = regime(loads[0].setup.decode.spec.chip), loads[0].point.group_id
        for metric, error in _errors(loads) if name in regimes else ():
            found[name, metric][group].append(error)
    return found


def rows(regimes: Sequence[str] = REGIMES) -> tuple[AccuracyRow, ...]:
    """The rows of data/own_accuracy.csv, found again; source and date are those that stand there."""
    stored, found = load_own_accuracy(), errors(regimes)
    named = next(iter(stored.values()))
    made = []
    for name in regimes:
        for metric in METRICS:
            medians = [float(np.median(group)) for group in found[name, metric].values()]
            if medians:
                made.append(
                    AccuracyRow.model_validate(
                        {"regime": name, "metric": metric, "median_error": round(float(np.median(medians)), DIGITS),
                         "p90_error": round(float(np.percentile(medians, P90)), DIGITS), "groups": len(medians),
                         "source_id": named.source_id, "value_date": named.value_date,
                         "confidence": "low" if len(medians) < FEW else "medium"}
                    )
                )  # fmt: skip
    return tuple(made)


def text(made: Sequence[AccuracyRow]) -> str:
    """The file's text."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(AccuracyRow.model_fields), lineterminator="\n")
    writer.writeheader()
    writer.writerows(row.model_dump() for row in made)
    return out.getvalue()


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog=COMMAND)
    parser.add_argument("--write", action="store_true", help="store the errors in data/own_accuracy.csv")
    made = rows()
    found = text(made)
    if parser.parse_args(arguments).write:
        FILE.write_text(found, encoding="utf-8")
    sys.stdout.write(found)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
