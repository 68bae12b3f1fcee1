"""`evaluate`: the comparison of one scenario."""

from __future__ import annotations

import argparse

from components.catalog.load import load_catalog
from components.commands.files import InputError, linked, parsed_scenario, text_of
from components.engine.comparison import compare, rate_of
from components.share.table import comparison_json


def evaluate(arguments: argparse.Namespace) -> str:
    """The comparison of one scenario as JSON."""
    argument: str = arguments.scenario
    scenario = linked(argument) or parsed_scenario(argument, text_of(argument))
    catalog = load_catalog()
    try:
        rate_of(catalog, scenario.currency, scenario.prices)
    except ValueError as reason:
        raise InputError(f"{argument}: {reason}.") from None
    return comparison_json(scenario, compare(scenario, catalog))
