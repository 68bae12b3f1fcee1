"""Strategies beside one another: savings by layer, cost against volume, chips, claims, the headline."""

from components.engine.comparison.changes import layer_words
from components.engine.comparison.chips import ChipAnswer, hardware
from components.engine.comparison.claims_checked import CheckedClaim, check_claim
from components.engine.comparison.compare_strategies import compare, rate_of
from components.engine.comparison.headline_sentence import cheapest, headline
from components.engine.comparison.makeup import UPKEEP, makeup_sentence
from components.engine.comparison.one_at_a_time import LeverEffect, lever_effects
from components.engine.comparison.picks import Pick, keeps_targets
from components.engine.comparison.records import Attribution, Comparison, Crossover, Makeup, Step, VolumeCurves

__all__ = [
    "UPKEEP",
    "Attribution",
    "CheckedClaim",
    "ChipAnswer",
    "Comparison",
    "Crossover",
    "LeverEffect",
    "Makeup",
    "Pick",
    "Step",
    "VolumeCurves",
    "cheapest",
    "check_claim",
    "compare",
    "hardware",
    "headline",
    "keeps_targets",
    "layer_words",
    "lever_effects",
    "makeup_sentence",
    "rate_of",
]
