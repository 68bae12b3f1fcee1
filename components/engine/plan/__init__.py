"""Months to come: what a strategy costs as demand, prices and commitments run, and how sure the choice is."""

from components.engine.plan.answer import PlanAnswer, plan_answer
from components.engine.plan.flips import Flip, FlipMap, find_flips, flip_condition, flip_map, said
from components.engine.plan.futures import DRAWS, Fan, Futures, Model, Odds, Standing, draw_futures
from components.engine.plan.information import Information, Worth, worth_of_knowing
from components.engine.plan.paths import BasePlan, Case, LookUps, Path, base_plan, case_of, look_ups
from components.engine.plan.quality_money import AnswerCost, answer_costs
from components.engine.plan.responses import model_of
from components.engine.plan.sensitivity import Explained, Sensitivity, Swing, explained, swings_of
from components.engine.plan.sentences import against_rival, bets, plan_headline, saving_range, span
from components.engine.plan.switching import Stay, SwitchPlan, Waiting, switch_plan
from components.engine.plan.terms import ASKED, AskedTerm, published, term_fault, usable
from components.engine.plan.uncertain import Unknown
from components.engine.plan.why import why_plan

__all__ = [
    "ASKED",
    "DRAWS",
    "AnswerCost",
    "AskedTerm",
    "BasePlan",
    "Case",
    "Explained",
    "Fan",
    "Flip",
    "FlipMap",
    "Futures",
    "Information",
    "LookUps",
    "Model",
    "Odds",
    "Path",
    "PlanAnswer",
    "Sensitivity",
    "Standing",
    "Stay",
    "Swing",
    "SwitchPlan",
    "Unknown",
    "Waiting",
    "Worth",
    "against_rival",
    "answer_costs",
    "base_plan",
    "bets",
    "case_of",
    "draw_futures",
    "explained",
    "find_flips",
    "flip_condition",
    "flip_map",
    "look_ups",
    "model_of",
    "plan_answer",
    "plan_headline",
    "published",
    "said",
    "saving_range",
    "span",
    "swings_of",
    "switch_plan",
    "term_fault",
    "usable",
    "why_plan",
    "worth_of_knowing",
]
