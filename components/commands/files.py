"""Input and output of the commands: files, `-` for the standard streams, links and JSON; faults become one sentence."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TextIO, TypeVar

from pydantic import BaseModel, ValidationError

from components.engine.scenario import Scenario
from components.share.link import read_link_strictly
from components.share.scenario_file import read_scenario

_R = TypeVar("_R", bound=BaseModel)


class InputError(Exception):
    """Input that cannot be used; the message is the sentence to print."""


def linked(argument: str) -> Scenario | None:
    """The scenario of an argument that is a link; None where it names a file.    Raises: InputError."""
    if "?" not in argument and not argument.startswith(("w=", "v=", "s0=")):
        return None
    try:
        return read_link_strictly(argument)
    except ValueError as reason:
        raise InputError(str(reason)) from None


def text_of(argument: str) -> str:
    """A file's text, standard input's for `-`.    Raises: InputError."""
    try:
        return sys.stdin.read() if argument == "-" else Path(argument).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError, ValueError) as reason:
        raise InputError(f"cannot read {argument}: {getattr(reason, 'strerror', None) or 'it is not text'}.") from None


def parsed(kind: type[_R], argument: str, text: str) -> _R:
    """A record from JSON.    Raises: InputError that names the place in the file."""
    return _read(kind.model_validate_json, argument, text)


def parsed_scenario(argument: str, text: str) -> Scenario:
    """A scenario from JSON: the file that the board pack writes, or the scenario alone.    Raises: InputError."""
    return _read(read_scenario, argument, text)


def _read(read: Callable[[str], _R], argument: str, text: str) -> _R:
    try:
        return read(text)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the file"
        raise InputError(f"{argument}: {where}: {first['msg']}.") from None


@contextlib.contextmanager
def opened(name: str) -> Iterator[TextIO]:
    """A file to read as text, `-` for standard input.    Raises: InputError."""
    if name == "-":
        yield sys.stdin
        return
    try:
        with Path(name).open(encoding="utf-8", newline="") as file:
            yield file
    except OSError as reason:
        raise InputError(f"cannot read {name}: {reason.strerror}.") from None


@contextlib.contextmanager
def written(name: str) -> Iterator[TextIO]:
    """A file to write, `-` for standard output.    Raises: InputError."""
    if name == "-":
        yield sys.stdout
        return
    try:
        with Path(name).open("w", encoding="utf-8", newline="") as file:
            yield file
    except OSError as reason:
        raise InputError(f"cannot write {name}: {reason.strerror}.") from None


def say(sentence: str) -> None:
    """A sentence on standard error."""
    sys.stderr.write(f"{sentence}\n")
