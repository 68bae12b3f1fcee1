"""The command line of `python -m components`; each command is loaded when it is asked for."""

from __future__ import annotations

import argparse
import datetime
import sys

from components.commands.files import InputError


def _evaluate(arguments: argparse.Namespace) -> str:
    from components.commands.evaluate import evaluate

    return evaluate(arguments)


def _search(arguments: argparse.Namespace) -> str:
    from components.commands.search import answer

    return answer(arguments)


def _predict(arguments: argparse.Namespace) -> str:
    from components.commands.predict import predict

    return predict(arguments)


def _model(arguments: argparse.Namespace) -> str:
    from components.commands.model import model

    return model(arguments)


def _calibrate(arguments: argparse.Namespace) -> str:
    from components.commands.calibrate import calibrate

    return calibrate(arguments)


def _schema(_: argparse.Namespace) -> str:
    from components.share.scenario_file import schema_text

    return schema_text().rstrip()


def _backup(arguments: argparse.Namespace) -> str:
    from components.commands.backup import backup

    return backup(arguments)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m components", description="Compare ways to serve LLM inference.")
    commands = parser.add_subparsers(dest="command", required=True)
    question = commands.add_parser("search", help="the best configurations for a question as JSON")
    question.add_argument(
        "question", metavar="SCENARIO.json|LINK", help="Requirements or a Scenario as JSON, -, or a link"
    )
    question.set_defaults(run=_search)
    command = commands.add_parser("evaluate", help="answers of one scenario as JSON")
    command.add_argument("scenario", metavar="SCENARIO.json|LINK", help="a Scenario as JSON, - for stdin, or a link")
    command.set_defaults(run=_evaluate)
    command = commands.add_parser("schema", help="the JSON Schema of a scenario file")
    command.set_defaults(run=_schema)
    command = commands.add_parser("predict", help="what the engine says of published measurements")
    command.add_argument("points", metavar="POINTS.csv", help="measurements or their conditions alone, - for stdin")
    command.add_argument("-o", "--output", metavar="PREDICTED.csv", default="-", help="- for stdout")
    command.add_argument("--own", metavar="OWN.json|LINK", default="", help="own chips and models that rows name by id")
    command.set_defaults(run=_predict)
    command = commands.add_parser("model", help="a config.json of Hugging Face as a model of one's own")
    command.add_argument("config", metavar="config.json", help="- for stdin")
    command.add_argument("--index", metavar="model.safetensors.index.json", default="", help="for the exact size")
    command.add_argument("--id", choices=[f"own-model-{n}" for n in range(1, 5)], default="own-model-1")
    command.add_argument("--name", default="", help="as shown, at most 40 characters")
    command.set_defaults(run=_model)
    command = commands.add_parser(
        "calibrate", help="fit the engine's constants to measurements and store them in data/"
    )
    command.add_argument("measured", metavar="MEASURED.csv", help="measurements with group_id, - for stdin")
    command.add_argument("--dry-run", action="store_true", help="print errors and how far the constants would move")
    command.add_argument("--nested", action="store_true", help="judge the fit with its parts chosen inside each fold")
    command.add_argument("--workers", type=int, default=2, help="processes")
    command.add_argument("--date", default=datetime.datetime.now(datetime.UTC).date().isoformat(), help="YYYY-MM-DD")
    command.set_defaults(run=_calibrate)
    command = commands.add_parser("backup", help="copy all saved scenarios to a file, while the app runs")
    command.add_argument("file", metavar="COPY.db", help="a file that does not exist yet")
    command.set_defaults(run=_backup)
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
