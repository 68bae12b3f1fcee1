"""Sections of the Plan page: what would change the decision, what to check first, when to move, quality in money."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from components.catalog.load import load_catalog
from components.charts import plan_risk as charts
from components.controls.plan import planned
from components.controls.plan.panels import table
from components.controls.shared.chart import chart
from components.controls.shared.ledger import step_text
from components.controls.shared.present import present_table
from components.engine.plan import (
    AnswerCost,
    BasePlan,
    Explained,
    Flip,
    Futures,
    Information,
    Sensitivity,
    SwitchPlan,
    Unknown,
    answer_costs,
    explained,
    find_flips,
    flip_condition,
    flip_map,
    said,
    swings_of,
    switch_plan,
    why_plan,
    worth_of_knowing,
)
from components.engine.scenario import Scenario
from components.wording import numbers
from components.wording.money import Money
from components.wording.text import capital, markdown

MOST_FLIPS = 6
"""Conditions said; those between the ends of their input come first. [1]"""


@st.cache_resource(max_entries=planned.KEPT, show_spinner=False)
def _sensitivity(scenario: Scenario, _version: str) -> Sensitivity | None:
    return swings_of(planned.model(scenario), planned.base(scenario))


@st.cache_resource(max_entries=planned.KEPT, show_spinner=False)
def _flips(scenario: Scenario, _version: str) -> tuple[Flip, ...]:
    return find_flips(planned.model(scenario), planned.base(scenario))


@st.cache_resource(max_entries=planned.KEPT, show_spinner="Ranking the inputs")
def _explained(scenario: Scenario, _version: str) -> tuple[Explained, ...]:
    return explained(planned.model(scenario), planned.base(scenario))


@st.cache_resource(max_entries=planned.KEPT, show_spinner=False)
def _information(scenario: Scenario, _version: str, _drawn: Futures) -> Information:
    model = planned.model(scenario)
    return worth_of_knowing(_drawn, model.unknowns, model.case.terms.seed)


@st.cache_resource(max_entries=planned.KEPT, show_spinner=False)
def _switches(scenario: Scenario, _version: str) -> SwitchPlan:
    return switch_plan(planned.case(scenario))


def changes(scenario: Scenario, plan: BasePlan, found: Futures | None, money: Money) -> None:
    """Flip conditions, the swing of each input, and the map of any pair."""
    version, model = load_catalog().version, planned.model(scenario)
    by_key = {one.key: one for one in model.unknowns}
    told = _flips(scenario, version)
    name = markdown(plan.chosen.name)
    if told:
        lines = [flip_condition(one, by_key[one.key], money) for one in told[:MOST_FLIPS]]
        st.markdown("\n".join([f"**{name} stays ahead unless**", "", *(f"- {markdown(line)}." for line in lines)]))
    else:
        st.markdown(f"**{name} stays ahead** whatever single input changes, even at twice its range.")
    if any(not one.likely for one in told[:MOST_FLIPS]) and told:
        far = [by_key[one.key].words for one in told[:MOST_FLIPS] if not one.likely]
        st.caption(markdown("Beyond the range that is thought possible: " + "; ".join(dict.fromkeys(far)) + "."))
    moved = _sensitivity(scenario, version)
    if moved is None:
        return
    if told:
        rows = [_flip_row(one, by_key[one.key], money) for one in told[:MOST_FLIPS]]
        present_table(
            f"{plan.chosen.name} stays ahead unless", ("Input", "In the plan", "Turns at", "Then cheaper"), rows
        )
    with st.container(border=True):
        note = "Each input at the ends of eight of ten draws, the others as planned"
        chart(charts.swings(moved, model.unknowns, money, note=note), key="plan_swings",
              alt=charts.swings_alt(moved, money))  # fmt: skip
    _map(scenario, plan, moved, by_key, money)


def _map(scenario: Scenario, plan: BasePlan, moved: Sensitivity, by_key: dict[str, Unknown], money: Money) -> None:
    """Who is cheapest over the ranges of two inputs of the reader's choice."""
    order = [swing.key for swing in moved.swings]
    if len(order) < 2:
        return
    with st.container(horizontal=True):
        picked = [
            st.selectbox(
                label,
                order,
                index=place,
                key=f"plan_map_{place}",
                width=320,
                format_func=lambda key: capital(by_key[key].words),
            )
            for place, label in enumerate(("Across", "Upwards"))
        ]
    if picked[0] == picked[1]:
        st.caption("Choose two different inputs.")
        return
    found = flip_map(planned.model(scenario), by_key[picked[0]], by_key[picked[1]])
    with st.container(border=True):
        note = f"Upwards: {found.y.words}. Star: the plan"
        chart(charts.winner_map(found, plan, money, note=note), key="plan_map",
              alt=charts.map_alt(found, plan))  # fmt: skip


def checks(scenario: Scenario, plan: BasePlan, found: Futures | None, money: Money) -> None:
    """Which number to go and check, and which explains what is not known."""
    version = load_catalog().version
    if found is None:
        st.caption("Draw the futures first.")
        return
    worth = _information(scenario, version, found)
    with st.container(border=True):
        note = "What knowing it before deciding saves on average; an upper limit of what a check may cost"
        chart(charts.worth(worth, money, note=note), key="plan_worth", alt=charts.worth_alt(worth, money))
    if worth.chance_usd >= 1:
        chance = money.compact(worth.chance_usd)
        st.caption(markdown(f"Taken off each: {chance}, which an input that says nothing would seem to be worth."))
    ranked = _explained(scenario, version)
    if ranked:
        with st.container(border=True):
            chart(charts.explained(ranked, note="First-order and total Sobol indices of the lead over the next best"),
                  key="plan_explained", alt=charts.explained_alt(ranked))  # fmt: skip


def _flip_row(flip: Flip, one: Unknown, money: Money) -> tuple[str, ...]:
    """A condition as cells of a table."""
    at = f"{'below' if flip.below else 'above'} {said(one, flip.value, money)}"
    return capital(flip.words), said(one, flip.base, money), at, flip.instead


def moves(scenario: Scenario, plan: BasePlan, found: Futures | None, money: Money) -> None:
    """The best order of moves and what waiting costs."""
    best = _switches(scenario, load_catalog().version)
    lines = []
    for stay in best.stays:
        lines.append(f"- **{markdown(stay.name)}** {stay.months}")
    st.markdown("\n".join(lines))
    gain = plan.chosen.present_usd - best.present_usd
    words = f"Worth today: {money.compact(best.present_usd)}"
    words += f", {money.compact(gain)} less than one move at once." if gain > 1 else "; no other order costs less."
    st.caption(markdown(words))
    if best.waiting is not None and len(best.waiting.months) > 1:
        colour = scenario.colour_of[best.stays[1].index]
        with st.container(border=True):
            chart(charts.waiting(best.waiting, colour, money, note="Worth today, as planned"),
                  key="plan_waiting", alt=charts.waiting_alt(best.waiting, money))  # fmt: skip


def quality(scenario: Scenario, plan: BasePlan, found: Futures | None, money: Money) -> None:
    """What an accepted answer costs and when a lossy saving is gone."""
    costs = answer_costs(planned.case(scenario), plan)
    lossy = [cost for cost in costs if cost.vanishes_usd is not None]
    for cost in lossy:
        st.markdown(f"- {markdown(_vanishes(cost, money))}.")
    if not lossy:
        st.markdown("No strategy that saves adds errors that are known.")
    rows: dict[str, list[str]] = {"Strategy": [cost.name for cost in costs]}
    rows["Extra errors in 1,000"] = [_known(cost.extra_errors_per_1000) for cost in costs]
    rows["Cost of 1,000 answers"] = [money.compact(cost.usd_per_answer * 1000) for cost in costs]
    rows["Cost of 1,000 accepted"] = [
        "not known" if cost.usd_per_accepted is None else money.compact(cost.usd_per_accepted * 1000) for cost in costs
    ]
    st.dataframe(rows, hide_index=True, key="plan_answers")
    wrong = plan.terms.wrong_usd
    st.caption(markdown(
        f"A wrong answer costs {money.compact(wrong)}; set it above under the plan's terms." if wrong
        else "Errors cost nothing yet: say above, under the plan's terms, what one wrong answer costs you."
    ))  # fmt: skip


def _vanishes(cost: AnswerCost, money: Money) -> str:
    return (
        f"The saving of {cost.name} is gone once a wrong answer costs {money.compact(cost.vanishes_usd)}: "
        f"it adds up to {_known(cost.extra_errors_per_1000)} errors in 1,000 answers"
    )


def _known(value: float | None) -> str:
    return "not known" if value is None else numbers.number(value)


def everything(scenario: Scenario, plan: BasePlan, found: Futures | None, money: Money) -> None:
    """All strategies, and why the figures are what they are."""
    table(plan, found, money)
    if st.button("Why these figures", key="plan_why", icon=":material/search:"):
        _why(scenario, plan, money)


@st.dialog("Why these figures", width="large")
def _why(scenario: Scenario, plan: BasePlan, money: Money) -> None:
    for step in why_plan(planned.model(scenario), plan, money):
        st.markdown(step_text(step))


Section = Callable[[Scenario, BasePlan, Futures | None, Money], None]
SECTIONS: dict[str, Section] = {
    "What would change it": changes,
    "What to check first": checks,
    "When to move": moves,
    "Quality in money": quality,
    "Every strategy": everything,
}


def sections(scenario: Scenario, plan: BasePlan, found: Futures | None, money: Money) -> None:
    """One section at a time."""
    first = next(iter(SECTIONS))
    chosen = st.segmented_control("Section", list(SECTIONS), default=first, key="plan_section", required=True,
                                  label_visibility="collapsed", persist_state="session")  # fmt: skip
    SECTIONS[chosen or first](scenario, plan, found, money)
