"""Strategies beside one another: savings by layer, cost against volume, chips, claims, the headline."""

from components.engine.comparison.chips import ChipAnswer, hardware
from components.engine.comparison.claims_checked import CheckedClaim, check_claim
from components.engine.comparison.compare_strategies import compare, rate_of
from components.engine.comparison.headline_sentence import cheapest, headline
from components.engine.comparison.picks import Pick, keeps_targets
from components.engine.comparison.records import Attribution, Comparison, Crossover, VolumeCurves

__all__ = [
    "Attribution",
    "CheckedClaim",
    "ChipAnswer",
    "Comparison",
    "Crossover",
    "Pick",
    "VolumeCurves",
    "cheapest",
    "check_claim",
    "compare",
    "hardware",
    "headline",
    "keeps_targets",
    "rate_of",
]
