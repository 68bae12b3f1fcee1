"""Strategies beside one another: savings by layer, cost against volume, chips, claims, the headline."""

from components.engine.comparison.answer_moves import Move, SavedAnswer, version_moves
from components.engine.comparison.changes import layer_words
from components.engine.comparison.chips import ChipAnswer, hardware
from components.engine.comparison.choice import cheapest, eligible
from components.engine.comparison.claims_checked import CheckedClaim, check_claim
from components.engine.comparison.compare_strategies import compare, rate_of
from components.engine.comparison.decision_watch import Overturn, flips, watched
from components.engine.comparison.device_models import models_that_fit
from components.engine.comparison.headline_sentence import cheaper_but, headline
from components.engine.comparison.makeup import UPKEEP, makeup_sentence
from components.engine.comparison.one_at_a_time import LeverEffect, lever_effects
from components.engine.comparison.picks import Pick, Picks, must_be_true, picks
from components.engine.comparison.price_of_target import TargetPrice, target_price
from components.engine.comparison.records import Attribution, Comparison, Crossover, Makeup, Step, VolumeCurves
from components.engine.comparison.saving_spread import saving_range

__all__ = [
    "UPKEEP",
    "Attribution",
    "CheckedClaim",
    "ChipAnswer",
    "Comparison",
    "Crossover",
    "LeverEffect",
    "Makeup",
    "Move",
    "Overturn",
    "Pick",
    "Picks",
    "SavedAnswer",
    "Step",
    "TargetPrice",
    "VolumeCurves",
    "cheaper_but",
    "cheapest",
    "check_claim",
    "compare",
    "eligible",
    "flips",
    "hardware",
    "headline",
    "layer_words",
    "lever_effects",
    "makeup_sentence",
    "models_that_fit",
    "must_be_true",
    "picks",
    "rate_of",
    "saving_range",
    "target_price",
    "version_moves",
    "watched",
]
