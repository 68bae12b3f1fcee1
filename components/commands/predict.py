"""`predict`: what the engine says of published measurements, beside each of them."""

from __future__ import annotations

import argparse
from typing import TextIO

from components.catalog.evidence import benchmark_traits
from components.catalog.load import load_catalog
from components.catalog.parameters import load_parameters, load_ranges
from components.commands.files import InputError, opened, say, written
from components.share.points import PointsError, Summary, predict_file


def _predicted(source: TextIO, sink: TextIO) -> Summary:
    from components.engine.evidence import predict as predict_points

    catalog, traits, ranges, constants = load_catalog(), benchmark_traits(), load_ranges(), load_parameters()
    return predict_file(source, sink, lambda points: predict_points(list(points), catalog, traits, ranges, constants))


def predict(arguments: argparse.Namespace) -> str:
    """Predictions beside each measurement; a sentence on standard error for each row that cannot be used."""
    try:
        with opened(arguments.points) as source, written(arguments.output) as sink:
            summary = _predicted(source, sink)
    except PointsError as reason:
        raise InputError(f"{arguments.points}: {reason}") from None
    for problem in summary.problems:
        say(problem)
    say(f"{summary.answered:,} of {summary.rows:,} rows answered.")
    return ""
