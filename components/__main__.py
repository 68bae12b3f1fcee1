"""The engine without a browser: evaluate a scenario, predict published measurements, calibrate the constants."""

from __future__ import annotations

import argparse
import contextlib
import datetime
import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from pydantic import ValidationError

from components.catalog.evidence import Point, benchmark_traits
from components.catalog.load import DATA, load_catalog
from components.catalog.parameters import load_parameters, load_ranges, read_priors
from components.engine.comparison.compare import compare, rate_of
from components.engine.evidence.error_scores import Prediction
from components.engine.scenario import Scenario
from components.share.link import read_link_strictly
from components.share.points import PointsError, Summary, measured_file, predict_file
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
    scenario, catalog = _scenario(arguments.scenario), load_catalog()
    try:
        rate_of(catalog, scenario.currency)
    except ValueError as reason:
        raise InputError(f"{arguments.scenario}: {reason}.") from None
    return comparison_json(scenario, compare(scenario, catalog))


@contextlib.contextmanager
def _opened(name: str) -> Iterator[TextIO]:
    """A file to read as text, `-` for standard input."""
    if name == "-":
        yield sys.stdin
        return
    try:
        with Path(name).open(encoding="utf-8", newline="") as file:
            yield file
    except OSError as reason:
        raise InputError(f"cannot read {name}: {reason.strerror}.") from None


@contextlib.contextmanager
def _sink(name: str) -> Iterator[TextIO]:
    """A file to write, `-` for standard output."""
    if name == "-":
        yield sys.stdout
        return
    try:
        with Path(name).open("w", encoding="utf-8", newline="") as file:
            yield file
    except OSError as reason:
        raise InputError(f"cannot write {name}: {reason.strerror}.") from None


def _predicted(source: TextIO, sink: TextIO) -> Summary:
    from components.engine.evidence.ranges import predict as predict_points

    catalog, traits, ranges, constants = load_catalog(), benchmark_traits(), load_ranges(), load_parameters()

    def answers(points: list[Point]) -> tuple[Prediction, ...]:
        return predict_points(points, catalog, traits, ranges, constants)

    return predict_file(source, sink, lambda points: answers(list(points)))


def predict(arguments: argparse.Namespace) -> str:
    """Predictions beside each measurement; a sentence on standard error for each row that cannot be used."""
    try:
        with _opened(arguments.points) as source, _sink(arguments.output) as sink:
            summary = _predicted(source, sink)
    except PointsError as reason:
        raise InputError(f"{arguments.points}: {reason}") from None
    for problem in summary.problems:
        sys.stderr.write(f"{problem}\n")
    sys.stderr.write(f"{summary.answered:,} of {summary.rows:,} rows answered.\n")
    return ""


def calibrate(arguments: argparse.Namespace) -> str:
    """Fit the engine's constants to measurements and store them in data/, or say how far they would move."""
    from components.engine.evidence.calibrate import run
    from components.share.calibration import fingerprint, write_tables

    try:
        with _opened(arguments.measured) as source:
            text = source.read()
        points, problems = measured_file(io.StringIO(text))
        rules = run.Rules(*read_priors(), benchmark_traits())
        found = run.calibrate(points, load_catalog(), load_parameters(), rules, workers=arguments.workers, say=_say)
    except UnicodeDecodeError:
        raise InputError(f"{arguments.measured}: the file is not UTF-8: save it as CSV UTF-8.") from None
    except (PointsError, ValueError) as reason:
        raise InputError(f"{arguments.measured}: {reason}") from None
    for problem in (*problems, *(f"{point}: {reason}." for point, reason in found.case.skipped)):
        _say(problem)
    lines = [
        f"{e.regime:8s} {e.metric:10s} median {e.median:.1%}  p90 {e.p90:.1%}  {e.groups} groups" for e in found.errors
    ]
    lines.append(
        f"largest move of a constant: {run.moved(found, load_parameters()):.2%}; data {fingerprint(text.encode())}"
    )
    if not arguments.dry_run:
        write_tables(found, DATA, date=arguments.date, data=text.encode())
        lines.append(f"stored in {DATA}")
    return "\n".join(lines)


def _say(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")


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
    command = commands.add_parser("predict", help="what the engine says of published measurements")
    command.add_argument("points", metavar="POINTS.csv", help="measurements or their conditions alone, - for stdin")
    command.add_argument("-o", "--output", metavar="PREDICTED.csv", default="-", help="- for stdout")
    command.set_defaults(run=predict)
    command = commands.add_parser(
        "calibrate", help="fit the engine's constants to measurements and store them in data/"
    )
    command.add_argument("measured", metavar="MEASURED.csv", help="measurements with group_id, - for stdin")
    command.add_argument("--dry-run", action="store_true", help="print errors and how far the constants would move")
    command.add_argument("--workers", type=int, default=2, help="processes")
    command.add_argument("--date", default=datetime.datetime.now(datetime.UTC).date().isoformat(), help="YYYY-MM-DD")
    command.set_defaults(run=calibrate)
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 2 and one sentence on stderr when the input cannot be used."""
    chosen = _parser().parse_args(arguments)
    try:
        answer = chosen.run(chosen)
    except InputError as reason:
        sys.stderr.write(f"{reason}\n")
        return 2
    if answer:
        sys.stdout.write(f"{answer}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
