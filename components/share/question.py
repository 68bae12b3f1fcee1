"""A search from outside the page: the question as JSON or a link, the answer as JSON."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from components.catalog.load import load_catalog
from components.engine.outcome.evaluate import open_book
from components.engine.scenario import Scenario
from components.engine.search.ask.requirements import Requirements
from components.engine.search.find import search
from components.share.found import found_json
from components.share.link import read_link_strictly

_R = TypeVar("_R", bound=BaseModel)


class QuestionError(Exception):
    """A question that cannot be answered; the message is the sentence to print."""


def read_question(argument: str) -> Requirements:
    """What a search is asked: requirements as JSON, or a scenario or link, whose first strategy is the baseline.

    Args: argument, a file, `-` for standard input, or a link.    Raises: QuestionError with one sentence.
    """
    if "?" in argument or argument.startswith(("w=", "v=", "s0=")):
        try:
            return _of_scenario(read_link_strictly(argument))
        except ValueError as reason:
            raise QuestionError(str(reason)) from None
    text = _text(argument)
    try:
        return Requirements.model_validate_json(text)
    except ValidationError as error:
        if any(fault["loc"][:1] == ("strategies",) for fault in error.errors()):
            return _of_scenario(_parsed(Scenario, argument, text))
    return _parsed(Requirements, argument, text)


def _of_scenario(scenario: Scenario) -> Requirements:
    return Requirements(workload=scenario.workload, baseline=scenario.strategies[0])


def _text(argument: str) -> str:
    """A file's text, or standard input's."""
    try:
        return sys.stdin.read() if argument == "-" else Path(argument).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError, ValueError) as reason:
        why = getattr(reason, "strerror", None) or "it is not text"
        raise QuestionError(f"cannot read {argument}: {why}.") from None


def _parsed(kind: type[_R], argument: str, text: str) -> _R:
    """A record from JSON."""
    try:
        return kind.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the file"
        raise QuestionError(f"{argument}: {where}: {first['msg']}.") from None


def answered(argument: str) -> str:
    """The answer of one search as JSON.    Raises: QuestionError for a question without sense."""
    question = read_question(argument)
    found = search(question, open_book(load_catalog()))
    if found.problems and not found.counts.space:
        raise QuestionError(". ".join(found.problems) + ".")
    return found_json(question, found)
