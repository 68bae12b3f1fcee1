"""Record and reader of what a plan does not know: the shape of each input and the figure that states its ends."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Literal

from components.catalog.base import Confidence, Record
from components.catalog.load import DATA, read_rows

Shape = Literal["triangular", "log-triangular", "lognormal-80", "lognormal-90"]
"""A triangle between low and high with its top at the base, on the value or on its logarithm; or a log-normal on either
side of the base, of which low and high leave out a tenth each, or a twentieth each."""


class UncertainInput(Record):
    """How one input of a plan may lie between its ends."""

    input: str
    figure: str = ""
    """Row of economics.csv or levers.csv with low, base and high; empty where the ends are computed."""
    shape: Shape
    source_id: str
    confidence: Confidence
    note: str = ""


@cache
def load_uncertain() -> Mapping[str, UncertainInput]:
    """Read the table once, by input."""
    rows = read_rows("uncertain_inputs.csv", UncertainInput, folder=DATA)
    return MappingProxyType({row.input: row for row in rows})
