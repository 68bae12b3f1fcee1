"""The engine without a browser: `python -m components evaluate|search FILE` prints the page's answer as JSON."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from components.catalog.load import load_catalog
from components.engine.compare import compare
from components.engine.evaluate import open_book
from components.engine.scenario import Scenario
from components.engine.search.find import search as find
from components.engine.search.requirements import Requirements
from components.share.found import found_json
from components.share.link import read_link_strictly
from components.share.table import comparison_json

_R = TypeVar("_R", bound=BaseModel)


class InputError(Exception):
    """Input that cannot be used; the message is the sentence to print."""


def _scenario(argument: str) -> Scenario:
    """A scenario from a JSON file, `-` for standard input, or a link."""
    if "?" in argument or argument.startswith(("w=", "v=", "s0=")):
        try:
            return read_link_strictly(argument)
        except ValueError as reason:
            raise InputError(str(reason)) from None
    return _parsed(Scenario, argument, _text(argument))


def _text(argument: str) -> str:
    """A file's text, or standard input's."""
    try:
        return sys.stdin.read() if argument == "-" else Path(argument).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError, ValueError) as reason:
        raise InputError(f"cannot read {argument}: {getattr(reason, 'strerror', None) or 'it is not text'}.") from None


def _parsed(kind: type[_R], argument: str, text: str) -> _R:
    """A record from JSON."""
    try:
        return kind.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the file"
        raise InputError(f"{argument}: {where}: {first['msg']}.") from None


def _requirements(argument: str) -> Requirements:
    """What a search is asked: requirements as JSON, or a scenario or link, whose first strategy is the baseline."""
    if "?" in argument or argument.startswith(("w=", "v=", "s0=")):
        return _of_scenario(_scenario(argument))
    text = _text(argument)
    try:
        return Requirements.model_validate_json(text)
    except ValidationError as error:
        if "strategies" in {str(fault["loc"][0]) for fault in error.errors() if fault["loc"]}:
            return _of_scenario(_parsed(Scenario, argument, text))
    return _parsed(Requirements, argument, text)


def _of_scenario(scenario: Scenario) -> Requirements:
    return Requirements(workload=scenario.workload, baseline=scenario.strategies[0])


def search(arguments: argparse.Namespace) -> str:
    """The answer of one search as JSON."""
    requirements = _requirements(arguments.scenario)
    found = find(requirements, open_book(load_catalog()))
    if found.problems and not found.relaxations and not found.ranked and not found.counts.space:
        raise InputError(". ".join(found.problems) + ".")
    return found_json(requirements, found)


def evaluate(arguments: argparse.Namespace) -> str:
    """The comparison of one scenario as JSON."""
    scenario = _scenario(arguments.scenario)
    return comparison_json(scenario, compare(scenario, load_catalog()))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m components", description="Compare ways to serve LLM inference.")
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("evaluate", help="answers of one scenario as JSON")
    command.add_argument("scenario", metavar="SCENARIO.json|LINK", help="a Scenario as JSON, - for stdin, or a link")
    command.set_defaults(run=evaluate)
    command = commands.add_parser("search", help="the best configurations for a question as JSON")
    command.add_argument(
        "scenario", metavar="SCENARIO.json|LINK", help="Requirements or a Scenario as JSON, - or a link"
    )
    command.set_defaults(run=search)
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 2 and one sentence on stderr when the input cannot be used."""
    chosen = _parser().parse_args(arguments)
    try:
        answer = chosen.run(chosen)
    except InputError as reason:
        sys.stderr.write(f"{reason}\n")
        return 2
    sys.stdout.write(f"{answer}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
