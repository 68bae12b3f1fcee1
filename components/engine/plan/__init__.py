"""Months to come: what a strategy costs as demand, prices and commitments run, and how sure the choice is."""

from components.engine.plan.futures import DRAWS, Fan, Futures, Model, Odds, Standing, futures
from components.engine.plan.paths import BasePlan, Case, LookUps, Path, base_plan, case_of, look_ups
from components.engine.plan.responses import model_of
from components.engine.plan.sentences import against_rival, bets, headline, saving_range, span
from components.engine.plan.terms import ASKED, AskedTerm, published, term_fault, usable

__all__ = [
    "ASKED",
    "DRAWS",
    "AskedTerm",
    "BasePlan",
    "Case",
    "Fan",
    "Futures",
    "LookUps",
    "Model",
    "Odds",
    "Path",
    "Standing",
    "against_rival",
    "base_plan",
    "bets",
    "case_of",
    "futures",
    "headline",
    "look_ups",
    "model_of",
    "published",
    "saving_range",
    "span",
    "term_fault",
    "usable",
]
