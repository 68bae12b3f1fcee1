"""The engine without a browser: `python -m components evaluate SCENARIO.json` prints what the page shows, as JSON."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from pydantic import ValidationError

from components.catalog.load import load_catalog
from components.engine.compare import compare
from components.engine.scenario import Scenario
from components.share.link import read_link_strictly
from components.share.table import comparison_json


class InputError(Exception):
    """Input that cannot be used; the message is the sentence to print."""


def _scenario(argument: str) -> Scenario:
    """A scenario from a JSON file, `-` for standard input, or a link."""
    if "?" in argument or argument.startswith(("w=", "v=", "s0=")):
        try:
            return read_link_strictly(argument)
        except ValueError as reason:
            raise InputError(str(reason)) from None
    try:
        text = sys.stdin.read() if argument == "-" else Path(argument).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError, ValueError) as reason:
        raise InputError(f"cannot read {argument}: {getattr(reason, 'strerror', None) or 'it is not text'}.") from None
    try:
        return Scenario.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the file"
        raise InputError(f"{argument}: {where}: {first['msg']}.") from None


def search(arguments: argparse.Namespace) -> str:
    """The best configurations for a question as JSON."""
    from components.share.question import QuestionError, answered

    try:
        return answered(arguments.question)
    except QuestionError as reason:
        raise InputError(str(reason)) from None


def evaluate(arguments: argparse.Namespace) -> str:
    """The comparison of one scenario as JSON."""
    scenario = _scenario(arguments.scenario)
    return comparison_json(scenario, compare(scenario, load_catalog()))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m components", description="Compare ways to serve LLM inference.")
    commands = parser.add_subparsers(dest="command", required=True)
    question = commands.add_parser("search", help="the best configurations for a question as JSON")
    question.add_argument(
        "question", metavar="SCENARIO.json|LINK", help="Requirements or a Scenario as JSON, -, or a link"
    )
    question.set_defaults(run=search)
    command = commands.add_parser("evaluate", help="answers of one scenario as JSON")
    command.add_argument("scenario", metavar="SCENARIO.json|LINK", help="a Scenario as JSON, - for stdin, or a link")
    command.set_defaults(run=evaluate)
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
