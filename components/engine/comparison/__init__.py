"""Strategies beside one another: savings by layer, cost against volume, chips, claims, the headline."""

from components.engine.comparison.changes import Change, changes, layer_words
from components.engine.comparison.chips import ChipAnswer, hardware
from components.engine.comparison.claims_checked import CheckedClaim, check_claim
from components.engine.comparison.compare_strategies import compare, rate_of
from components.engine.comparison.headline_sentence import cheapest, headline
from components.engine.comparison.records import Attribution, Comparison, Crossover, Step, VolumeCurves

__all__ = [
    "Attribution",
    "Change",
    "CheckedClaim",
    "ChipAnswer",
    "Comparison",
    "Crossover",
    "Step",
    "VolumeCurves",
    "changes",
    "cheapest",
    "check_claim",
    "compare",
    "hardware",
    "headline",
    "layer_words",
    "rate_of",
]
