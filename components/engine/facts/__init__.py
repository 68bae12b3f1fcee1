"""What is looked up: the catalog opened as a book, the workload in numbers, and how sure a number is."""

from components.engine.facts.formula import FUNCTIONS, NAME
from components.engine.facts.periods import PER_DAY
from components.engine.facts.trust import Range
from components.engine.facts.workload import Traffic, effective_workload

__all__ = [
    "FUNCTIONS",
    "NAME",
    "PER_DAY",
    "Range",
    "Traffic",
    "effective_workload",
]
