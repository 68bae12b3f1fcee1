"""`search`: the best configurations for a question."""

from __future__ import annotations

import argparse

from pydantic import ValidationError

from components.catalog.load import load_catalog
from components.commands.files import InputError, linked, parsed, parsed_scenario, text_of
from components.engine.outcome import priced_book
from components.engine.scenario import Scenario
from components.engine.search import Requirements, search
from components.share.found import found_json


def read_question(argument: str) -> Requirements:
    """What a search is asked: requirements as JSON, or a scenario or link, whose first strategy is the baseline.

    Args: argument, a file, `-` for standard input, or a link.    Raises: InputError with one sentence.
    """
    scenario = linked(argument)
    if scenario is not None:
        return _of_scenario(scenario)
    text = text_of(argument)
    try:
        return Requirements.model_validate_json(text)
    except ValidationError as error:
        if any(fault["loc"][:1] in {("strategies",), ("scenario",)} for fault in error.errors()):
            return _of_scenario(parsed_scenario(argument, text))
    return parsed(Requirements, argument, text)


def _of_scenario(scenario: Scenario) -> Requirements:
    return Requirements(
        workload=scenario.workload, baseline=scenario.strategies[0], prices=scenario.prices, own=scenario.own
    )


def answer(arguments: argparse.Namespace) -> str:
    """The best configurations for a question as JSON.    Raises: InputError for a question without sense."""
    question = read_question(arguments.question)
    book = priced_book(load_catalog(), question.prices, question.baseline, question.workload, question.own)
    found = search(question, book)
    if found.problems and not found.counts.space:
        raise InputError(". ".join(found.problems) + ".")
    return found_json(question, found)
