"""Blocks of the Plan page: the answer, the fan, the months."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import streamlit as st

from components.catalog.load import load_catalog
from components.charts import plan as charts
from components.controls.shared.chart import STYLE, chart
from components.controls.shared.figure_why import Told, opener
from components.engine.plan import (
    BasePlan,
    Case,
    FigureWhy,
    Futures,
    against_rival,
    bets,
    most,
    plan_headline,
    saving_range,
    span,
    why_funding,
    why_odds,
    why_path,
    why_payback,
    why_saved,
    why_saving_range,
    why_standing,
    why_worst_regret,
)
from components.wording import numbers
from components.wording.money import Money
from components.wording.text import markdown


def title(plan: BasePlan, found: Futures | None, money: Money) -> None:
    """The decision in a sentence."""
    st.html(STYLE)
    st.title(markdown(plan_headline(plan, money, found)), anchor=False)
    beside = against_rival(plan, found) if found is not None else ""
    st.caption(markdown(f"Plan: what if demand, prices or chips change? {beside} {bets(plan)}".replace("  ", " ")))


def metrics(plan: BasePlan, found: Futures | None, money: Money) -> None:
    """What the choice is worth and what it asks for, each with its why."""
    best = plan.chosen
    if plan.rival is None:
        return
    moves = plan.best > 0
    saved = plan.paths[plan.against].present_usd - best.present_usd
    against = "staying" if moves else "the next best"
    over = span(plan.terms.months)
    between, lose, chance = " ", "…", "…"
    if found is not None:
        between, lose = _between(plan, found, money), money.compact(found.standings[plan.best].worst_regret_usd)
        chance = most(found.odds(plan.best, plan.against).less)
    with st.grid(5, min_column_width=150):
        with _tile("Saved", money.compact(saved), f"As planned: worth today of all payments over {over}, less than "
                   f"{against}. Below: what eight of ten futures save.", between):  # fmt: skip
            _opener(found, "saved", lambda: _why_saved(plan, found))
        with _tile(
            "Cheaper in", chance, f"Share of the futures in which it costs less than {against}.", "of the futures"
        ):
            _opener(found, "chance", lambda: [] if found is None else [why_odds(plan, found, plan.best, plan.against)])
        with _tile("Paid back", _payback(plan),
                   "From its end on, less is paid in all than by staying; sales of machines left out."):  # fmt: skip
            if moves:
                _opener(found, "payback", lambda: [why_payback(plan, best)])
        with _tile("Most money out", money.compact(best.peak_funding_usd),
                   "The most that is paid, at any time, beyond what staying would have cost."):  # fmt: skip
            if moves:
                _opener(found, "funding", lambda: [why_funding(plan, best)])
        with _tile("Worst regret", lose, "So much more it costs, in the worst future, than what is cheapest there."):
            _opener(found, "regret", lambda: [] if found is None else [why_worst_regret(plan, found, plan.best)])


@contextmanager
def _tile(name: str, value: str, words: str, below: str = "") -> Iterator[None]:
    """A figure in a frame; what is put in stands below it."""
    with st.container(border=True, height="stretch", gap="xsmall"):
        st.metric(name, value, below or None, delta_color="off", delta_arrow="off", help=words)
        yield


def _opener(found: Futures | None, figure: str, told: Told) -> None:
    """The why of a headline figure; the answer without draws is drawn first and has keys of its own."""
    titles = {"saved": "Saved", "chance": "Cheaper in", "payback": "Paid back",
              "funding": "Most money out", "regret": "Worst regret"}  # fmt: skip
    if found is not None or figure in {"saved", "payback", "funding"}:
        opener(f"why_{figure}" if found is not None else f"why_{figure}_planned", titles[figure], told)


def _why_saved(plan: BasePlan, found: Futures | None) -> list[FigureWhy]:
    ends = [] if found is None else [FigureWhy("Eight of ten futures", why_saving_range(plan, found))]
    return [why_saved(plan), *ends]


def _between(plan: BasePlan, found: Futures, money: Money) -> str:
    ends = saving_range(plan, found)
    return f"{money.compact(ends.low)} to {money.compact(ends.high)}"


def _payback(plan: BasePlan) -> str:
    best = plan.chosen
    if plan.best == 0:
        return "nothing to pay back"
    if best.payback_month is None:
        return "not within the plan"
    return "at once" if best.payback_month == 0 else f"month {best.payback_month}"


def fan(plan: BasePlan, found: Futures | None, money: Money) -> None:
    """What has been paid by then, with the fan of the draws."""
    fans = {} if found is None else found.fans
    note = "As planned" + _with_errors(plan)
    note += "; band: eight of ten futures, dotted: the middle one" if fans else ""
    with st.container(border=True):
        key = "plan_fan" if fans else "plan_paid"
        chart(charts.paid_chart(plan, fans, money, note=note), key=key, alt=charts.paid_alt(plan, fans, money))


def _with_errors(plan: BasePlan) -> str:
    return ", wrong answers included" if plan.terms.wrong_usd else ""


def months(plan: BasePlan, money: Money) -> None:
    """What each month costs."""
    with st.container(border=True):
        note = f"Modelled, without the move{_with_errors(plan)}; figures as of {load_catalog().data_date}"
        chart(charts.monthly_chart(plan, money, note=note), key="plan_months", alt=charts.monthly_alt(plan, money))
    _left_out(plan)


def _left_out(plan: BasePlan) -> None:
    """Which strategies are not planned with, and why each is not."""
    said = []
    for why in dict.fromkeys(why for _, why in plan.left_out):
        names = ", ".join(name for name, reason in plan.left_out if reason == why)
        said.append(f"**{markdown(names)}**: {markdown(why)}.")
    if said:
        st.caption("Left out of the plan. " + " ".join(said))


def table(case: Case, plan: BasePlan, found: Futures | None, money: Money) -> None:
    """Every strategy's way through the plan, and the why of every figure of each."""
    st.markdown("## Every strategy")
    rows: dict[str, list[str]] = {"Strategy": [p.name for p in plan.paths]}
    rows["Answers from month"] = [str(p.first_month) for p in plan.paths]
    rows["Worth today"] = [money.compact(p.present_usd) for p in plan.paths]
    rows["Paid in all"] = [money.compact(p.total_usd) for p in plan.paths]
    rows["Saved against today"] = ["-", *(money.compact(p.saving_usd) for p in plan.paths[1:])]
    rows["Paid back"] = ["-", *(_month(p.payback_month) for p in plan.paths[1:])]
    rows["Most money out"] = ["-", *(money.compact(p.peak_funding_usd) for p in plan.paths[1:])]
    if plan.terms.wrong_usd:
        rows["Of it wrong answers"] = [money.compact(p.wrong_usd) for p in plan.paths]
    rows["Machines sold for"] = [money.compact(p.resale_usd) if p.resale_usd else "-" for p in plan.paths]
    if found is not None:
        rows["Cheapest in"] = [numbers.percent(s.cheapest_share) for s in found.standings]
        rows["Cheap tenth (P10)"] = [money.compact(s.low_usd) for s in found.standings]
        rows["Middle future (P50)"] = [money.compact(s.middle_usd) for s in found.standings]
        rows["Dear tenth (P90)"] = [money.compact(s.high_usd) for s in found.standings]
        rows["Mean of all futures"] = [money.compact(s.expected_usd) for s in found.standings]
        rows["Mean regret"] = [money.compact(s.expected_regret_usd) for s in found.standings]
        rows["Worst regret"] = [money.compact(s.worst_regret_usd) for s in found.standings]
    st.dataframe(rows, hide_index=True, key="plan_table",
                 column_config={"Strategy": st.column_config.Column(pinned=True, width="medium")})  # fmt: skip
    if found is not None:
        st.caption("Regret: what a strategy costs beyond the cheapest of the same future. One future in ten costs less "
                   "than the cheap tenth, one in ten more than the dear one.")  # fmt: skip
    with st.container(horizontal=True, key="plan_whys"):
        st.caption("Why these figures, a block for each:", width="content")
        for place, path in enumerate(plan.paths):
            opener(f"why_path_{place}", path.name, partial(_whys, case, plan, found, place), path.name)


def _whys(case: Case, plan: BasePlan, found: Futures | None, place: int) -> list[FigureWhy]:
    drawn = () if found is None else why_standing(plan, found, place)
    return [*why_path(case, plan, place), *drawn]


def _month(value: int | None) -> str:
    return "not within the plan" if value is None else "at once" if value == 0 else f"month {value}"
