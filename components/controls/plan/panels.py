"""Blocks of the Plan page: the answer, the fan, the months."""

from __future__ import annotations

import streamlit as st

from components.catalog.load import load_catalog
from components.charts import plan as charts
from components.controls.shared.chart import STYLE, chart
from components.engine.plan import BasePlan, Futures, against_rival, bets, plan_headline, saving_range, span
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
    """What the choice is worth and what it asks for."""
    best, rival = plan.chosen, plan.rival
    if rival is None:
        return
    moves = plan.best > 0
    saved = best.saving_usd if moves else rival.present_usd - best.present_usd
    between = " " if found is None else _between(plan, found, money)
    lose = "…" if found is None else money.compact(found.standings[plan.best].worst_regret_usd)
    against = "staying" if moves else "the next best"
    with st.grid(4, min_column_width=180):
        over = span(plan.terms.months)
        st.metric("Saved as planned", money.compact(saved), between, delta_color="off", delta_arrow="off", border=True,
                  height="stretch", help=f"Worth today of all payments over {over}, less than {against}. Below: "
                  "what eight of ten futures save.")  # fmt: skip
        st.metric("Paid back", _payback(plan), border=True, height="stretch",
                  help="From its end on, less is paid in all than by staying; sales of machines left out.")  # fmt: skip
        st.metric("Most money out", money.compact(best.peak_funding_usd), border=True, height="stretch",
                  help="The most that is paid, at any time, beyond what staying would have cost.")  # fmt: skip
        st.metric("Worst regret", lose, border=True, height="stretch",
                  help="So much more it costs, in the worst future, than what is cheapest there.")  # fmt: skip


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


def table(plan: BasePlan, found: Futures | None, money: Money) -> None:
    """Every strategy's way through the plan."""
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
        rows["Middle future"] = [money.compact(s.middle_usd) for s in found.standings]
        rows["Mean of all futures"] = [money.compact(s.expected_usd) for s in found.standings]
        rows["Mean regret"] = [money.compact(s.expected_regret_usd) for s in found.standings]
        rows["Worst regret"] = [money.compact(s.worst_regret_usd) for s in found.standings]
    st.dataframe(rows, hide_index=True, key="plan_table")
    if found is not None:
        st.caption("Regret: what a strategy costs beyond the cheapest of the same future.")


def _month(value: int | None) -> str:
    return "not within the plan" if value is None else "at once" if value == 0 else f"month {value}"
