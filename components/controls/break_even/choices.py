"""What the page asks: which strategy's service is bought, how long machines are used, and what capital costs."""

from __future__ import annotations

from typing import Any

import streamlit as st

from components.catalog.load import load_catalog
from components.controls.shared import scenario_state
from components.controls.shared.comparison import comparison
from components.engine.outcome import open_book
from components.engine.plan import chosen_by_default
from components.engine.scenario import Prices, Scenario
from components.share import codec
from components.share.break_even import most_interest, read_choice, read_interest
from components.wording import numbers
from components.wording.text import markdown

CODE = scenario_state.WAY
PICK, LIFE, INTEREST, WRONG = "even_pick", "even_life", "even_interest", "even_interest_wrong"


def _code() -> str:
    return str(st.session_state.get(CODE) or st.query_params.get(CODE) or "")


def chosen(scenario: Scenario) -> int:
    """Position of the strategy whose service is bought."""
    found, _ = read_choice(_code(), len(scenario.strategies))
    return chosen_by_default(scenario, comparison(scenario).answers) if found is None else found


def notices(scenario: Scenario) -> tuple[str, ...]:
    """A sentence where the address names a strategy that is not there."""
    return tuple(filter(None, [read_choice(_code(), len(scenario.strategies))[1]]))


def _pick() -> None:
    st.session_state[CODE] = str(st.session_state[PICK] + 1)


def _years() -> None:
    scenario_state.change_prices(life=float(st.session_state[LIFE]))


def _interest() -> None:
    text = str(st.session_state[INTEREST])
    st.session_state.pop(WRONG, None)
    try:
        scenario_state.change_prices(interest=read_interest(text))
    except ValueError as reason:
        st.session_state[WRONG] = text, str(reason)


def form(scenario: Scenario) -> None:
    """The choices in a row; what cannot be taken is said beside its field, and the page stays as it was."""
    book, names = open_book(load_catalog()), [answer.name for answer in comparison(scenario).answers]
    low, high = codec.limits(Prices, "life")
    years = scenario.prices.life or book.value("deprec_economic_years")
    interest = scenario.prices.interest
    share = book.value("cost_of_capital") if interest is None else interest
    with st.grid(3, min_column_width=200, key="even_form"):
        scenario_state.put(PICK, chosen(scenario), tuple(names))
        st.selectbox("Model, machine and levers of", range(len(names)), key=PICK, on_change=_pick,
                     format_func=lambda i: names[i],
                     help="Every way to buy below serves this strategy's model with its machine, formats and levers.",
                     )  # fmt: skip
        scenario_state.put(LIFE, float(years))
        st.slider("Years that own machines are used", low, high, step=0.5, key=LIFE, on_change=_years, format="%g",
                  help="Sceptics say 2 to 3, the books of large operators 5 to 6. Part of your prices.")  # fmt: skip
        wrong = st.session_state.get(WRONG)
        said = numbers.percent(share)
        scenario_state.put(INTEREST, wrong[0] if wrong else said)
        st.text_input("Cost of capital a year", key=INTEREST, on_change=_interest,
                      help=f"Discount rate of what is bought, 0 to {most_interest():.0%}. Part of your prices.",
                      )  # fmt: skip
        if wrong:
            st.error(markdown(wrong[1]))


def code_field() -> None:
    """The choice as it stands in the address."""
    bound: dict[str, Any] = {"bind": "query-params"}
    st.text_input("Code in the address", key=CODE, **bound)
