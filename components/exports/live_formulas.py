"""The bill of one strategy as rows of a spreadsheet: what can be computed there is a formula, the rest is marked.

The formulas are those of "why this number", with the unrounded figures; a symbol that another step explains refers to
that step's row, so that a changed volume or price runs through to the total.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from components.engine.answer import Answer, WhyStep
from components.engine.facts import FUNCTIONS, NAME

Kind = Literal["input", "live", "with volume", "engine"]
KINDS: Mapping[Kind, str] = {
    "input": "from Inputs",
    "live": "live formula",
    "with volume": "engine result, in proportion to the volume",
    "engine": "engine result, fixed",
}
COLOURS: Mapping[Kind, str] = {"input": "#FFF6D6", "live": "#FFFFFF", "with volume": "#EEF2F7", "engine": "#E4E8EE"}
"""Ground of a cell by where its figure comes from."""
MONTHS = 36
"""The term that the sheet of present value starts with."""
INPUTS = ("price", "salary", "tariff", "fee", "overhead", "upkeep", "space", "batch price")
"""Last words of what the reader may replace."""
WITH_VOLUME = ("requests", "peak", "daily", "devices")
"""Last words of what follows the volume in proportion."""
STEP_OF = {
    "busy hours": "replica-hours at work",
    "paid hours": "replica-hours paid",
    "powered hours": "replica-hours paid",
    "replicas": "replicas",
    "electricity": "electricity",
    "payment": "payment for a chip",
}
"""Last words of a symbol to the end of the name of the step that explains it."""
TOKEN_PRICE = "USD/Mtok"
"""Unit of what has one price for each part of the bill."""
SAME = 1e-9
"""Relative difference of two figures that are the same. [1]"""
VOLUME = "{volume}"
"""In a formula: the reader's volume over the engine's."""
_CEIL = re.compile(r"\bceil\(")


@dataclass(slots=True)
class Row:
    """One line of the sheet."""

    key: str
    """Unique on the sheet; formulas name it in braces."""
    label: str
    value: float
    """What the engine computed. [unit]"""
    unit: str
    kind: Kind
    formula: str = ""
    """A spreadsheet's, with keys in braces; empty where the value itself stands there."""
    words: str = ""
    """As "why this number" prints it."""
    part: str = ""
    """Of the cost, the first that asked for it."""


@dataclass(slots=True)
class Bill:
    """All rows of one strategy, each after those that it refers to, and the keys of the parts of its cost."""

    rows: list[Row] = field(default_factory=list)
    parts: dict[str, str] = field(default_factory=dict)
    """Part of the cost, as the engine names it, to the key of its row."""

    @property
    def inputs(self) -> list[Row]:
        """What the reader may replace."""
        return [row for row in self.rows if row.kind == "input"]


def same(one: float, other: float) -> bool:
    """Whether two figures are the same but for rounding."""
    return math.isclose(one, other, rel_tol=SAME, abs_tol=1e-12)


def spreadsheet(text: str, key_of: Callable[[str], str]) -> str:
    """A printed formula as a spreadsheet writes it, names as keys in braces.

    Args: text, in the grammar of the engine's formulas; key_of, name of a symbol to key of its row.
    """

    def named(found: re.Match[str]) -> str:
        word = found.group()
        return word if word in FUNCTIONS else f"{{{key_of(word)}}}"

    return _functions(NAME.sub(named, text.replace("\u00d7", "*")))


def _functions(text: str) -> str:
    while found := _CEIL.search(text):
        end, depth = found.end(), 1
        while depth:
            depth += {"(": 1, ")": -1}.get(text[end], 0)
            end += 1
        text = f"{text[: found.start()]}ROUNDUP({text[found.end() : end - 1]},0){text[end:]}"
    for name in ("max", "min", "ln"):
        text = re.sub(rf"(?<![\w{{]){name}\(", f"{name.upper()}(", text)
    return text


def _ends(name: str, words: tuple[str, ...]) -> bool:
    return any(name == word or name.endswith(f" {word}") for word in words)


class _Builder:
    def __init__(self, answer: Answer) -> None:
        self.steps = answer.ledger
        self.bill = Bill()
        self.of_step: dict[int, str] = {}
        self.part = ""
        self.costs = [s for s in self.steps if s.topic == "cost" and s.exact and not s.name.startswith("Total")]

    def build(self) -> Bill:
        for step in self.costs:
            self.part = step.name
            self.bill.parts[step.name] = self.step(step)
        return self.bill

    def step(self, step: WhyStep) -> str:
        """The key of a step's row, with the rows of all that it is computed from before it."""
        if id(step) not in self.of_step:
            keys = {name: self.symbol(name, value, unit) for name, value, unit in step.exact}
            formula = spreadsheet(step.formula, keys.__getitem__)
            self.of_step[id(step)] = self.add(step.name, step.value or 0.0, step.unit, "live", formula, step.formula)
        return self.of_step[id(step)]

    def add(self, label: str, value: float, unit: str, kind: Kind, formula: str = "", words: str = "") -> str:
        key = f"r{len(self.bill.rows)}"
        self.bill.rows.append(Row(key, label, value, unit, kind, formula, words, self.part))
        return key

    def symbol(self, name: str, value: float, unit: str) -> str:
        """The key of a symbol's row: the one that is there, a step's, an input, or the engine's figure."""
        for row in self.bill.rows:
            alike = row.label == name and row.unit == unit and same(row.value, value)
            if alike and (unit != TOKEN_PRICE or row.part == self.part):
                return row.key
        if _ends(name, INPUTS):
            return self.add(name, value, unit, "input")
        explained = self.explained(name, value)
        if explained is not None:
            return explained
        if _ends(name, WITH_VOLUME):
            return self.add(name, value, unit, "with volume", f"{value!r}*{VOLUME}")
        return self.add(name, value, unit, "engine")

    def explained(self, name: str, value: float) -> str | None:
        """The key of the row that gives the value: another step's, or one worked out here; None without one."""
        for ending, step_name in STEP_OF.items():
            if _ends(name, (ending,)):
                found = self.found(step_name, value)
                if found is not None:
                    return self.step(found) if found.exact else self.searched(found)
        if _ends(name, ("compute",)):
            return self.compute(name, value)
        if _ends(name, ("servers", "owned servers", "chips bought")):
            return self.per_replica(name, value)
        return None

    def found(self, ending: str, value: float) -> WhyStep | None:
        named = [s for s in self.steps if s.name == ending or s.name.endswith(f" {ending}")]
        return next((s for s in named if s.value is not None and same(s.value, value)), None)

    def searched(self, step: WhyStep) -> str:
        """A count that the engine searched for: it follows the volume about in proportion."""
        if id(step) not in self.of_step:
            value = step.value or 0.0
            formula = f"{value!r}*{VOLUME}"
            if step.found == "look-up":
                self.of_step[id(step)] = self.add(step.name, value, step.unit, "engine")
            else:
                self.of_step[id(step)] = self.add(step.name, value, step.unit, "with volume", formula, step.formula)
        return self.of_step[id(step)]

    def compute(self, name: str, value: float) -> str | None:
        """Busy and idle machines together, where the parts are of one kind of chip."""
        parts = [s for s in self.costs if s.name in {"compute_busy", "compute_idle"}]
        if not parts or not same(sum(s.value or 0.0 for s in parts), value):
            return None
        formula = "+".join(f"{{{self.step(s)}}}" for s in parts)
        return self.add(name, value, "USD/month", "live", formula, "compute busy + compute idle")

    def per_replica(self, name: str, value: float) -> str | None:
        """What goes with replicas of one kind, in proportion to their number."""
        fleets = [s for s in self.steps if s.name.endswith("replicas") and s.topic == "capacity"]
        if len(fleets) != 1 or not fleets[0].exact or not fleets[0].value or not value:
            return None
        if not (value / fleets[0].value).is_integer() and _ends(name, ("chips bought",)):
            return None
        replicas = self.step(fleets[0])
        each = self.add(f"{name} per replica", value / fleets[0].value, "", "engine")
        return self.add(name, value, "", "live", f"{{{replicas}}}*{{{each}}}", f"replicas * {name} per replica")


def bill_of(answer: Answer) -> Bill:
    """The rows of one strategy's bill; none where it has no price."""
    return _Builder(answer).build() if answer.cost_parts_usd_per_month else Bill()
