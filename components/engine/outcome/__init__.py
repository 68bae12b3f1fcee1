"""A strategy computed: candidates served and paid, the cheapest that works chosen, variants in one pass."""

from components.engine.outcome.evaluation import evaluate, open_book

__all__ = [
    "evaluate",
    "open_book",
]
