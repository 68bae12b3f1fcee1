"""Strategies that a reader starts from, and the scenario a first visitor sees."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from components.catalog.load import DATA, CatalogError
from components.catalog.presets import PRESETS, StrategyPreset, load_presets
from components.engine.scenario import Scenario, Strategy, Workload
from components.share import codec

FIRST_SCREEN = ("plain", "four-layers", "fp8-alone", "platform", "groq", "edge-split")
"""Shown when the link names no strategy; the first is the baseline."""


class Preset(NamedTuple):
    """A named starting point of a strategy."""

    id: str
    label: str
    description: str
    strategy: Strategy


def _strategy(row: StrategyPreset) -> Strategy:
    """The strategy of a preset's code.    Raises: ValueError for a part that is not taken as written."""
    fields: dict[str, object] = {"name": row.label}
    for part in filter(None, row.code.split("~")):
        field, _, text = part.partition(".")
        if field not in Strategy.model_fields:
            raise ValueError(f"code: {field!r} is not a setting of a strategy")
        value, notice = codec.decode(Strategy, field, text)
        if notice:
            raise ValueError(f"code: {notice}")
        fields[field] = value
    return Strategy.model_validate(fields)


def decoded(rows: Mapping[str, StrategyPreset], folder: Path = DATA) -> dict[str, Preset]:
    """Presets with their strategies, in the file's order.    Raises: CatalogError naming file, row and rule."""
    found = {}
    for number, row in enumerate(rows.values(), start=2):
        try:
            found[row.id] = Preset(row.id, row.label, row.description, _strategy(row))
        except ValidationError as error:
            raise CatalogError(folder / PRESETS, number, f"code: {error.errors()[0]['msg']}") from error
        except ValueError as reason:
            raise CatalogError(folder / PRESETS, number, str(reason)) from reason
    return found


@cache
def presets() -> dict[str, Preset]:
    """All presets by id, in the file's order."""
    return decoded(load_presets())


@cache
def first_screen() -> Scenario:
    """The complete comparison a visitor without a link gets."""
    return Scenario(workload=Workload(), strategies=tuple(presets()[i].strategy for i in FIRST_SCREEN))
