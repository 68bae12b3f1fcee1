"""The terms of the plan as fields, each with what is wrong with it beside it."""

from __future__ import annotations

import streamlit as st

from components.controls.plan import planned
from components.controls.shared import scenario_state
from components.engine.plan import ASKED, AskedTerm, published, term_fault
from components.engine.scenario import PlanTerms, Scenario
from components.wording.text import markdown

WRONG = "plan_faults"
"""Field to what was typed and why it cannot be: the plan keeps what it had."""
FIRST = ("months", "growth", "chips", "tokens")
"""Terms that are always in sight."""
HELP = {
    "chips": "What chips cost a year later, rented or bought, over today: -10 is a tenth less. "
    "Rent has risen, too, so a steady fall is a bet.",
    "tokens": "What a platform asks for the same model a year later. Cheaper new models are a move of their own.",
    "discount": "What a payment a year later counts less; empty takes the cost of capital.",
    "move": "Evaluation, integration and release, paid once; empty takes person-months at an engineer's cost.",
    "power_kw": "What the room or the grid gives, cooling included: own machines are out from the month in which they "
    "need more at full load. Rented machines and platforms draw their seller's power. Empty: no limit.",
    "contract": "Today's strategy is paid until its contract ends, whatever is done.",
    "arrival": "Chips taken from that month on do more work for the same money; what is held keeps its own.",
    "wrong": "Part of every cost above once it is more than 0: the errors a strategy adds to those of today's model, "
    "by the requests of the month.",
    "seed": "The same seed draws the same futures; it is part of the link.",
}


def _key(field: str) -> str:
    return f"plan_term_{field}"


def _write(term: AskedTerm) -> None:
    typed = st.session_state[_key(term.field)]
    value = None if typed is None else typed / term.scale
    if value is None and PlanTerms.model_fields[term.field].default is not None:
        value = PlanTerms.model_fields[term.field].default
    if value is not None and float(value).is_integer():
        value = int(value)
    scenario = scenario_state.scenario()
    said = term_fault(scenario.plan, term.field, value, planned.looked_up(scenario).book)
    wrong = {field: found for field, found in st.session_state.get(WRONG, {}).items() if field != term.field}
    if said:
        wrong[term.field] = (typed, said)
    else:
        fields = PlanTerms.model_validate({**scenario.plan.model_dump(), term.field: value})
        planned.change(**{term.field: getattr(fields, term.field)})
    st.session_state[WRONG] = wrong


def _field(term: AskedTerm, scenario: Scenario, from_link: dict[str, str]) -> None:
    key, value = _key(term.field), getattr(scenario.plan, term.field)
    typed, said = st.session_state.get(WRONG, {}).get(term.field, (None, from_link.get(term.field, "")))
    if not (said and typed is not None):
        scenario_state.put(key, None if value is None else float(value * term.scale))
    label = f"{term.words}, {term.unit}" if term.unit else term.words
    st.number_input(
        label, value=None, format="%g", placeholder=published(term.field, planned.looked_up(scenario).book), key=key,
        on_change=_write, args=(term,), help=HELP.get(term.field),
    )  # fmt: skip
    if said:
        st.markdown(f":orange[:material/error: {markdown(said)}]")


def form(scenario: Scenario) -> None:
    """The four terms that matter most, the others folded."""
    from_link = planned.terms_of(scenario)
    wrong = {**from_link, **st.session_state.get(WRONG, {})}
    asked = {term.field: term for term in ASKED}
    with st.grid(4, min_column_width=190, key="plan_terms"):
        for name in FIRST:
            with st.container():
                _field(asked[name], scenario, from_link)
    rest = [term for term in ASKED if term.field not in FIRST]
    with st.expander("Seasons, moves, power, contracts, refresh", icon=":material/tune:",
                     expanded=any(term.field in wrong for term in rest)):  # fmt: skip
        with st.grid(4, min_column_width=190, key="plan_more_terms"):
            for term in rest:
                with st.container():
                    _field(term, scenario, from_link)
        st.caption("Empty takes the published figure, shown in grey. All terms are part of the link.")
