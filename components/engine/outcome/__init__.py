"""A strategy computed: candidates served and paid, the cheapest that works chosen, variants in one pass."""

from components.engine.facts.book import Book
from components.engine.outcome.evaluation import evaluate, open_book, priced_book, scenario_book

__all__ = [
    "Book",
    "evaluate",
    "open_book",
    "priced_book",
    "scenario_book",
]
