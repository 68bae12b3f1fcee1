"""Fields of a Hugging Face config.json, read with one sentence for whatever is missing or makes no sense."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

LONGEST_TEXT = 1_000_000
"""Characters that are read of a file. [1]"""
LARGEST = 10**9
"""Largest whole number that a field may hold. [1]"""
SHOWN = 40
"""Characters of the file that a sentence repeats. [1]"""


class ConfigError(ValueError):
    """A config.json that cannot be used; the message is the sentence to show."""


def said(value: object) -> str:
    """A value of the file as a sentence may repeat it: short, on one line."""
    text = "".join(c for c in str(value)[: 4 * SHOWN] if c.isprintable() and c not in "<>")
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def json_object(text: str, file: str) -> dict[str, Any]:
    """A file's JSON object.

    Args: file, its name in sentences.    Raises: ConfigError.
    """
    if len(text) > LONGEST_TEXT:
        raise ConfigError(f"{file} is longer than {LONGEST_TEXT:,} characters: give the file as it was published")
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise ConfigError(f"{file} is not JSON: paste the whole file, from the first brace to the last") from None
    if not isinstance(found, dict):
        raise ConfigError(f"{file} is not a JSON object: paste the whole file, from the first brace to the last")
    return found


class Fields:
    """The fields of one config.json, with the values its family takes for those it leaves out."""

    def __init__(self, stated: Mapping[str, Any], usual: Mapping[str, Any], family: str) -> None:
        """Read stated fields over the usual ones; null is not stated."""
        self._values = {**usual, **{name: value for name, value in stated.items() if value is not None}}
        self.family = family

    def has(self, name: str) -> bool:
        """Whether a field is stated, or usual for the family."""
        return name in self._values

    def raw(self, name: str) -> Any:
        """A field as it stands, None where it is not stated."""
        return self._values.get(name)

    def whole(self, *names: str, what: str) -> int:
        """A whole number of at least 1 under the first of several names.

        Args: what, what it tells, in words.    Raises: ConfigError where none is there.
        """
        found = self.whole_or(0, *names)
        if found < 1:
            if any(self.has(name) for name in names):
                raise ConfigError(f"config.json: {names[0]} must be at least 1")
            raise ConfigError(f"config.json lacks {names[0]} ({what}), which a {self.family} model needs")
        return found

    def whole_or(self, otherwise: int, *names: str) -> int:
        """A whole number of at least 0 under the first of several names, or another value where none is stated."""
        for name in names:
            if name in self._values:
                return _whole(name, self._values[name])
        return otherwise

    def flag(self, name: str, otherwise: bool) -> bool:
        """A switch."""
        value = self._values.get(name, otherwise)
        if not isinstance(value, bool):
            raise ConfigError(f"config.json: {name} must be true or false, not “{said(value)}”")
        return value

    def each(self, name: str, layers: int) -> list[Any]:
        """A list with an entry for each layer.    Raises: ConfigError where its length is another."""
        value = self._values.get(name)
        if not isinstance(value, list) or len(value) < layers:
            raise ConfigError(f"config.json: {name} must be a list with an entry for each of the {layers} layers")
        return value[:layers]

    def part(self, name: str) -> Fields:
        """A group of fields inside the file."""
        value = self._values.get(name)
        if not isinstance(value, dict):
            raise ConfigError(f"config.json lacks {name}, a group of fields that a {self.family} model needs")
        return Fields(value, {}, self.family)


def _whole(name: str, value: object) -> int:
    if isinstance(value, float) and value.is_integer() and abs(value) <= LARGEST:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LARGEST:
        if isinstance(value, float) and not math.isfinite(value):
            raise ConfigError(f"config.json: {name} is not a finite number")
        raise ConfigError(f"config.json: {name} must be a whole number from 0 to {LARGEST:,}, not “{said(value)}”")
    return value
