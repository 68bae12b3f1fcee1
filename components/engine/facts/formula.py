"""A formula as text beside the function that computes it: what "why this number" prints and a test evaluates.

Grammar: numbers, names of symbols (lower-case words, spaces allowed), + - * / ^ ( ), and the functions max, min, ceil
and ln. The text is in printed units: with the printed figures put in, it gives the printed result.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import NamedTuple

NAME = re.compile(r"[A-Za-z](?:\w|[-' ](?=\w))*")
"""One name of a formula: words with single spaces, hyphens or apostrophes between them."""


FUNCTIONS = frozenset({"max", "min", "ceil", "ln"})


TIMES = "\u00d7"


class Symbol(NamedTuple):
    """One input of a formula."""

    name: str
    unit: str
    """As printed; "%" for a share."""
    words: str = ""
    """What the name leaves open."""
    scale: float = 1.0
    """Printed over SI value: 1e3 for a time printed in ms."""


@dataclass(frozen=True, slots=True)
class Formula:
    """How one quantity follows from others."""

    text: str
    unit: str
    symbols: tuple[Symbol, ...]
    source: str
    """Anchor in docs/engine.md."""
    scale: float = 1.0
    """Printed over SI value of the result."""

    @property
    def printed(self) -> str:
        """The text as people read it."""
        return self.text.replace("*", TIMES)

    def times(self, factor: Symbol) -> Formula:
        """Multiplied by one more input."""
        return replace(self, text=f"({self.text}) * {factor.name}", symbols=(*self.symbols, factor))

    def of(self, whose: str) -> Formula:
        """The same for one of several: each symbol's name begins with a word."""
        if not whose:
            return self

        def named(found: re.Match[str]) -> str:
            return found.group() if found.group() in FUNCTIONS else f"{whose} {found.group()}"

        symbols = tuple(symbol._replace(name=f"{whose} {symbol.name}") for symbol in self.symbols)
        return replace(self, text=NAME.sub(named, self.text), symbols=symbols)

    def plus(self, other: Formula) -> Formula:
        """The sum of two in the same unit."""
        return replace(self, text=f"{self.text} + {other.text}", symbols=(*self.symbols, *other.symbols))
