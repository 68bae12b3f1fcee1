"""Strategies and the scenario a first visitor sees, from data/strategy_presets.csv."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import NamedTuple

from components.engine.scenario import Scenario, Strategy, Workload
from components.share import codec

_FILE = Path(__file__).parents[2] / "data" / "strategy_presets.csv"
FIRST_SCREEN = ("h100-default", "h100-tuned", "b200-fp4", "platform", "groq", "edge-split")
"""Shown when the link names no strategy; the first is the baseline."""


class Preset(NamedTuple):
    """A named starting point of a strategy."""

    id: str
    label: str
    description: str
    strategy: Strategy


def _strategy(label: str, code: str) -> Strategy:
    fields: dict[str, object] = {"name": label}
    for part in code.split("~"):
        field, _, text = part.partition(".")
        value, notice = codec.decode(Strategy, field, text)
        if notice:
            raise ValueError(f"{_FILE.name}: {notice}")
        fields[field] = value
    return Strategy.model_validate(fields)


@cache
def presets() -> dict[str, Preset]:
    """All presets by id, in the file's order."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {r["id"]: Preset(r["id"], r["label"], r["description"], _strategy(r["label"], r["code"])) for r in rows}


@cache
def first_screen() -> Scenario:
    """The complete comparison a visitor without a link gets."""
    return Scenario(workload=Workload(), strategies=tuple(presets()[i].strategy for i in FIRST_SCREEN))
