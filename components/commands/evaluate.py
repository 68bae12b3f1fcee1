"""`evaluate`: the comparison of one scenario."""

from __future__ import annotations

import argparse

from components.catalog.load import load_catalog
from components.commands.files import linked, parsed, text_of
from components.engine.comparison.compare import compare
from components.engine.scenario import Scenario
from components.share.table import comparison_json


def evaluate(arguments: argparse.Namespace) -> str:
    """The comparison of one scenario as JSON."""
    argument: str = arguments.scenario
    scenario = linked(argument) or parsed(Scenario, argument, text_of(argument))
    return comparison_json(scenario, compare(scenario, load_catalog()))
