"""The page Rent, own or API: which way to buy wins at what volume, and what owning costs line by line."""

from components.controls.break_even.choices import chosen, form, near, notices, terms
from components.controls.break_even.panels import answer, crossovers, headline, owning, picture, table, why

__all__ = [
    "answer",
    "chosen",
    "crossovers",
    "form",
    "headline",
    "near",
    "notices",
    "owning",
    "picture",
    "table",
    "terms",
    "why",
]
