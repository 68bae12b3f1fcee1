"""`predict`: what the engine says of published measurements, beside each of them."""

from __future__ import annotations

import argparse
import contextlib
import json
from typing import TextIO

from components.catalog.evidence import benchmark_traits
from components.catalog.load import load_catalog
from components.catalog.own import with_own
from components.catalog.own_records import NOTHING_OWN, Own
from components.catalog.parameters import load_parameters, load_ranges
from components.commands.files import InputError, linked, opened, parsed, say, text_of, written
from components.share.points import PointsError, Summary, predict_file


def _own(argument: str) -> Own:
    """Chips and models of the reader's own: of a link, or the part `own` of a scenario, or that part alone."""
    scenario = linked(argument)
    if scenario is not None:
        return scenario.own
    text = text_of(argument)
    with contextlib.suppress(ValueError, AttributeError, RecursionError):
        text = json.dumps(json.loads(text).get("own") or json.loads(text))
    return parsed(Own, argument, text)


def _predicted(source: TextIO, sink: TextIO, own: Own) -> Summary:
    from components.engine.evidence import predict as predict_points

    catalog = with_own(load_catalog(), own)
    traits, ranges, constants = benchmark_traits(), load_ranges(), load_parameters()
    return predict_file(source, sink, lambda points: predict_points(list(points), catalog, traits, ranges, constants))


def predict(arguments: argparse.Namespace) -> str:
    """Predictions beside each measurement; a sentence on standard error for each row that cannot be used."""
    own = _own(arguments.own) if arguments.own else NOTHING_OWN
    try:
        with opened(arguments.points) as source, written(arguments.output) as sink:
            summary = _predicted(source, sink, own)
    except PointsError as reason:
        raise InputError(f"{arguments.points}: {reason}") from None
    for problem in summary.problems:
        say(problem)
    say(f"{summary.answered:,} of {summary.rows:,} rows answered.")
    return ""
