"""Decisions over volume and time: rent, own or API, what owning costs, and plans over years with their uncertainty."""

from components.engine.plan.answer import PlanAnswer, plan_answer
from components.engine.plan.flips import Flip, FlipMap, find_flips, flip_condition, flip_map
from components.engine.plan.futures import DRAWS, DrawModel, Fan, Futures, Odds, Standing, draw_futures
from components.engine.plan.information import Information, Worth, worth_of_knowing
from components.engine.plan.own_ranges import InputRange, input_ranges, own_range
from components.engine.plan.ownership import Ownership, TcoLine, bill_of_owning
from components.engine.plan.paths import BasePlan, Case, LookUps, Path, base_plan, case_of, look_ups
from components.engine.plan.quality_money import AnswerCost, answer_costs
from components.engine.plan.rent_or_own import break_even, chosen_by_default
from components.engine.plan.rent_or_own_words import (
    base_words,
    cheaper_but,
    doing,
    headline,
    remark,
    today_words,
    trigger,
)
from components.engine.plan.responses import model_of
from components.engine.plan.sensitivity import Explained, Sensitivity, Swing, explained, swings_of
from components.engine.plan.sentences import against_rival, bets, most, plan_headline, saving_range, span
from components.engine.plan.switching import Stay, SwitchPlan, Waiting, switch_plan
from components.engine.plan.terms import ASKED, AskedTerm, published, term_fault, usable
from components.engine.plan.uncertain import Unknown, said
from components.engine.plan.volume_records import BreakEven, BreakEvenPoint, Drawn
from components.engine.plan.ways_to_buy import MIX, Family
from components.engine.plan.why import shape_words, why_plan
from components.engine.plan.why_draws import (
    why_all_known,
    why_flip,
    why_known,
    why_odds,
    why_saving_range,
    why_standing,
    why_worst_regret,
)
from components.engine.plan.why_figures import FigureWhy, why_funding, why_path, why_payback, why_saved
from components.engine.plan.why_turns import why_crossover

__all__ = [
    "ASKED",
    "DRAWS",
    "MIX",
    "AnswerCost",
    "AskedTerm",
    "BasePlan",
    "BreakEven",
    "BreakEvenPoint",
    "Case",
    "DrawModel",
    "Drawn",
    "Explained",
    "Family",
    "Fan",
    "FigureWhy",
    "Flip",
    "FlipMap",
    "Futures",
    "Information",
    "InputRange",
    "LookUps",
    "Odds",
    "Ownership",
    "Path",
    "PlanAnswer",
    "Sensitivity",
    "Standing",
    "Stay",
    "Swing",
    "SwitchPlan",
    "TcoLine",
    "Unknown",
    "Waiting",
    "Worth",
    "against_rival",
    "answer_costs",
    "base_plan",
    "base_words",
    "bets",
    "bill_of_owning",
    "break_even",
    "case_of",
    "cheaper_but",
    "chosen_by_default",
    "doing",
    "draw_futures",
    "explained",
    "find_flips",
    "flip_condition",
    "flip_map",
    "headline",
    "input_ranges",
    "look_ups",
    "model_of",
    "most",
    "own_range",
    "plan_answer",
    "plan_headline",
    "published",
    "remark",
    "said",
    "saving_range",
    "shape_words",
    "span",
    "swings_of",
    "switch_plan",
    "term_fault",
    "today_words",
    "trigger",
    "usable",
    "why_all_known",
    "why_crossover",
    "why_flip",
    "why_funding",
    "why_known",
    "why_odds",
    "why_path",
    "why_payback",
    "why_plan",
    "why_saved",
    "why_saving_range",
    "why_standing",
    "why_worst_regret",
    "worth_of_knowing",
]
