"""The terms of a plan in numbers, their gaps filled from the catalog, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from pydantic import ValidationError

from components.engine.scenario import PlanTerms

if TYPE_CHECKING:
    from components.engine.facts.arrays import Vec
    from components.engine.facts.book import Book

MONTHS_PER_YEAR = 12
LARGEST_GROWTH = 1_000.0
"""Requests at the end over those of today beyond which nothing in the catalog speaks for a plan. [1]"""

FIGURES: Mapping[str, str] = {
    "growth": "plan_growth",
    "chips": "gpu_rent_change",
    "tokens": "plan_token_change",
    "discount": "cost_of_capital",
    "both": "plan_both_months",
    "lead": "plan_lead_months",
}
"""Terms to the row of data/economics.csv that stands in for them."""


@dataclass(frozen=True, slots=True)
class Terms:
    """A plan's terms, none of them open. Changes and growth are a year's, money is USD."""

    months: int
    growth: float
    season: float
    busiest: int
    chips: float
    tokens: float
    discount: float
    move_usd: float
    both: int
    lead: int
    power_kw: float
    """That own machines may draw; inf where nothing limits it. [kW]"""
    contract: int
    life: int
    """Months after which own machines are replaced."""
    arrival: int
    gain: float
    wrong_usd: float | None
    seed: int
    stated: PlanTerms
    """What the reader says, gaps left open."""

    @property
    def volume(self) -> Vec:
        """Requests of each month over those of today, the first month's; shape (months,). [1]"""
        return volumes(np.array([self.growth]), self)[:, 0]


def plan_terms(plan: PlanTerms, book: Book) -> Terms:
    """The terms with the catalog's figures, or the reader's own prices, where the plan states none."""

    def stated(name: str) -> float:
        own: float | None = getattr(plan, name)
        return book.value(FIGURES[name]) if own is None else own

    return Terms(
        months=plan.months,
        growth=stated("growth"),
        season=plan.season,
        busiest=plan.busiest,
        chips=stated("chips"),
        tokens=stated("tokens"),
        discount=stated("discount"),
        move_usd=move_usd(book) if plan.move is None else plan.move,
        both=round(stated("both")),
        lead=round(stated("lead")),
        power_kw=np.inf if plan.power_kw is None else plan.power_kw,
        contract=plan.contract,
        life=plan.refresh or max(round(book.value("deprec_economic_years") * MONTHS_PER_YEAR), 1),
        arrival=plan.arrival,
        gain=plan.gain,
        wrong_usd=plan.wrong,
        seed=plan.seed,
        stated=plan,
    )


def move_usd(book: Book) -> float:
    """Work of one move: person-months at the loaded salary. [USD]"""
    return book.value("plan_move_person_months") * book.value("staff_cost_loaded") / MONTHS_PER_YEAR


def volumes(growth: Vec, terms: Terms) -> Vec:
    """Requests of each month over those of the first one, which are today's.

    v_t = g^(t/12) s_t / s_0, s_t = 1 + a cos(2 pi (t + 1 - b) / 12).
    Args: growth g, a year's, shape (k,). [1]    Returns: shape (months, k). [1]
    Source: docs/engine.md#plan.
    """
    month = np.arange(terms.months)
    season = 1 + terms.season * np.cos(2 * np.pi * (month + 1 - terms.busiest) / MONTHS_PER_YEAR)
    return np.asarray(compounded(growth, terms.months) * (season / season[0])[:, None])


def compounded(yearly: Vec, months: int) -> Vec:
    """A yearly factor month by month, 1 in the first.    Args: shape (k,).    Returns: shape (months, k). [1]"""
    return np.exp(np.log(yearly) * (np.arange(months)[:, None] / MONTHS_PER_YEAR))


def discounted(yearly: float, months: int) -> Vec:
    """What a dollar at the end of each month is worth today, today itself first; shape (months + 1,). [1]"""
    return np.asarray((1 + yearly) ** (-np.arange(months + 1) / MONTHS_PER_YEAR))


def faults(plan: PlanTerms, book: Book) -> dict[str, str]:
    """What is wrong with a plan: the field to the sentence that says what to change. Empty where all is well."""
    t = plan_terms(plan, book)
    found: dict[str, str] = {}
    peak = float(np.max(t.volume))
    if peak > LARGEST_GROWTH or float(np.min(t.volume)) < 1 / LARGEST_GROWTH:
        found["growth"] = (
            f"In {t.months} months requests would come to {peak:,.3g} times today's: plan for growth between "
            f"{LARGEST_GROWTH ** (-MONTHS_PER_YEAR / t.months):.2g} and "
            f"{LARGEST_GROWTH ** (MONTHS_PER_YEAR / t.months):.2g} times a year, or for fewer months."
        )
    if t.contract > t.months:
        found["contract"] = (
            f"Today's contract runs for {t.contract} months, the plan for {t.months}: nothing could change before it "
            f"ends. Plan for more than {t.contract} months, or shorten the contract."
        )
    if t.arrival > t.months:
        found["arrival"] = (
            f"The new generation comes in month {t.arrival}, after the plan ends: choose a month up to {t.months}, or "
            "0 for none."
        )
    return found


LONG = 1e6
"""From which on a figure is written out whole. [1]"""


class AskedTerm(NamedTuple):
    """One term of the plan as it is asked."""

    field: str
    words: str
    unit: str = ""
    scale: float = 1.0
    """Shown over stored value: 100 for a share said in percent."""

    def shown(self, value: float) -> str:
        """A value with its unit as people say it: "-10 %"."""
        number = f"{value * self.scale:,.6g}" if abs(value * self.scale) < LONG else f"{value * self.scale:,.0f}"
        return f"{number} {self.unit}" if self.unit else number


ASKED: tuple[AskedTerm, ...] = (
    AskedTerm("months", "Months of the plan"),
    AskedTerm("growth", "Requests after a year, times today's"),
    AskedTerm("chips", "Chip prices, change a year", "%", 100),
    AskedTerm("tokens", "Token prices, change a year", "%", 100),
    AskedTerm("season", "Busiest month above the mean one", "%", 100),
    AskedTerm("busiest", "Which month is the busiest, from the start"),
    AskedTerm("discount", "Discount rate, a year", "%", 100),
    AskedTerm("move", "Work of one move", "USD"),
    AskedTerm("both", "Months in which old and new run side by side"),
    AskedTerm("lead", "Months until own machines answer"),
    AskedTerm("power_kw", "Power available for own machines", "kW"),
    AskedTerm("contract", "Months that today's contract still runs"),
    AskedTerm("refresh", "Months until own machines are replaced"),
    AskedTerm("arrival", "Month in which new chips arrive, 0 for none"),
    AskedTerm("gain", "Work of new chips for the same money, times today's"),
    AskedTerm("wrong", "Cost of one wrong answer", "USD"),
    AskedTerm("seed", "Seed of the draws"),
)
"""Every term that is one number, in the order in which it is asked."""


def term_fault(plan: PlanTerms, field: str, value: float | None, book: Book) -> str:
    """What is wrong with one term in the place of the plan's, as a sentence that says what to change; else empty."""
    term = next(term for term in ASKED if term.field == field)
    try:
        changed = PlanTerms.model_validate({**plan.model_dump(), field: value})
    except ValidationError:
        limits = PlanTerms.model_fields[field].metadata
        low, high = (next(getattr(m, end) for m in limits if hasattr(m, end)) for end in ("ge", "le"))
        said = "nothing" if value is None else term.shown(value)
        inside = value is not None and low <= value <= high
        whole = "a whole number from " if inside else ""
        return f"{term.words}: enter {whole}{term.shown(low)} to {term.shown(high)}; {said} was typed."
    found = faults(changed, book)
    return found.get(field) or next(iter(found.values()), "")


def usable(plan: PlanTerms, book: Book) -> tuple[PlanTerms, dict[str, str]]:
    """The plan with the usual setting of every term that contradicts others, and what was wrong with those."""
    wrong = faults(plan, book)
    usual = PlanTerms()
    return plan.model_copy(update={field: getattr(usual, field) for field in wrong}), wrong


def published(field: str, book: Book) -> str:
    """The figure that stands in for an empty term, for its field: "1.5 (estimate, low confidence)"; else empty."""
    term = next(term for term in ASKED if term.field == field)
    if field == "move":
        return f"{move_usd(book):,.0f}"
    if field == "refresh":
        return f"{book.value('deprec_economic_years') * MONTHS_PER_YEAR:g}"
    if field not in FIGURES:
        return ""
    return term.shown(book.value(FIGURES[field]))
