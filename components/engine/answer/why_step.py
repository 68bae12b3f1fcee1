"""A step of "why this number" from a formula and the figures in it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from components.engine.answer.records import Topic, WhyStep
from components.engine.facts.trust import Basis

if TYPE_CHECKING:
    from collections.abc import Mapping

    from components.engine.facts.formula import Formula, Symbol


DIGITS = 5
"""Significant digits of an input: enough that the printed formula gives the printed result."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """Where a step's inputs come from and how sure they are."""

    sources: tuple[str, ...] = ()
    basis: Basis = "modelled"
    confidence: Literal["high", "medium", "low"] = "medium"


MODELLED = Trust()


def figure(value: float) -> str:
    """Five significant digits, all of a whole number, without an exponent: "0.74123", "1,234.5", "250,000"."""
    if value == 0 or not math.isfinite(value):
        return "0" if value == 0 else "none"
    places = max(DIGITS - 1 - math.floor(math.log10(abs(value))), 0)
    text = f"{value:,.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _shown(symbol: Symbol, value: float) -> tuple[str, str]:
    unit = f" {symbol.unit}" if symbol.unit else ""
    words = f" ({symbol.words})" if symbol.words else ""
    return symbol.name, f"{figure(value * symbol.scale)}{unit}{words}"


def _exact(symbol: Symbol, value: float) -> tuple[str, float, str]:
    return symbol.name, value if symbol.unit == "%" else value * symbol.scale, symbol.unit


def calculated(
    topic: Topic,
    name: str,
    *,
    value: float,
    formula: Formula,
    inputs: Mapping[str, float],
    also: tuple[tuple[str, str], ...] = (),
    trust: Trust = MODELLED,
) -> WhyStep:
    """A step whose printed formula gives its value.

    Args:
        topic: group of steps it is shown in.
        name: what is computed.
        value: what the engine computed, not what the formula gives. [SI, or the formula's unit where its scale is 1]
        formula: declared beside the function that computes the value.
        inputs: name of each of the formula's symbols to its value. [SI, or the symbol's unit where its scale is 1]
        also: further figures to show, as printed.
        trust: sources, basis and confidence.
    """
    assert set(inputs) == {symbol.name for symbol in formula.symbols}, (name, formula.text, sorted(inputs))
    return WhyStep(
        topic=topic,
        name=name,
        value=value * formula.scale,
        unit=formula.unit,
        found="formula",
        formula=formula.printed,
        inputs=(*(_shown(symbol, inputs[symbol.name]) for symbol in dict.fromkeys(formula.symbols)), *also),
        exact=tuple(_exact(symbol, inputs[symbol.name]) for symbol in dict.fromkeys(formula.symbols)),
        sources=trust.sources,
        basis=trust.basis,
        confidence=trust.confidence,
    )
