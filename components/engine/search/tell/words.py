"""Short words for figures and choices."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from components.wording.vocabulary import WAYS_TO_BUY

if TYPE_CHECKING:
    from components.engine.facts.book import Book
    from components.engine.search.rank.option import Option

_LONG = re.compile(r"^(GeForce|Instinct) | (SXM\d?|PCIe)$| \(.*\)$")
"""What a chip is known without: its brand, how it is mounted, remarks."""


def ms(seconds: float) -> str:
    """A time in milliseconds, three digits."""
    return f"{seconds * 1e3:,.3g} ms" if seconds < 1 else f"{seconds:,.3g} s"


def percent(share: float) -> str:
    """A share that says something: whole percent, one digit below a tenth."""
    return f"{share:.0%}" if share >= 0.1 else f"{share:.1%}"


def factor(times: float) -> str:
    """How many times: 4.6 times, 16 times."""
    return f"{times:.1f} times" if times < 10 else f"{times:,.0f} times"


def many(count: float) -> str:
    """A demand: 2.1 million, 350,000."""
    if count >= 1e6:
        return f"{count / 1e6:.2g} million" if count < 1e8 else f"{count / 1e6:,.0f} million"
    digits = max(int(math.log10(max(count, 1))) - 1, 0)
    return f"{round(count, -digits):,.0f}"


def machine(book: Book, option: Option) -> str:
    """What serves: "4 x H100 SXM with Llama 3.3 70B, rented on demand at Nebius"."""
    s = option.strategy
    model = book.catalog.answering[s.model].name
    if option.kind == "api":
        return f"{model} at {option.seller}, per token"
    chip = book.catalog.accelerators[s.hardware].name
    count = f"{option.accelerators:,.0f} x " if option.accelerators else ""
    return f"{model} on {count}{chip}, {bought(option)}"


def bought(option: Option) -> str:
    """How it is paid for."""
    s = option.strategy
    if s.buy == "owned":
        return "owned"
    terms = WAYS_TO_BUY[s.buy].terms
    return f"{terms} at {s.provider}" if s.provider else f"{terms} at the median price"


def short_name(book: Book, option: Option, model: str) -> str:
    """What serves, short enough for a label: "6x RTX 5090, spot", with its model where that is not the usual one.

    Args:
        book: names of models and chips.
        option: what is named.
        model: id of the model that need not be said.
    """
    s = option.strategy
    told = "" if s.model == model else f", {book.catalog.answering[s.model].name}"
    if option.kind == "api":
        return f"{option.seller}, per token{told}"
    count = f"{option.accelerators:,.0f}\u00d7 " if option.accelerators else ""
    seller = f" at {s.provider}" if s.provider else ""
    chip = _LONG.sub("", book.catalog.accelerators[s.hardware].name)
    return f"{count}{chip}, {WAYS_TO_BUY[s.buy].short}{seller}{told}"
