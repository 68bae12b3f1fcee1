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
from components.share.break_even import Choice, choice_code, most_interest, read_choice, read_interest
from components.wording import numbers
from components.wording.text import markdown

CODE = scenario_state.WAY
PICK, ZOOM, LIFE, INTEREST, WRONG = "even_pick", "even_zoom", "even_life", "even_interest", "even_interest_wrong"
EVERY, AROUND = "All", "Around today"


def _code() -> str:
    return str(st.session_state.get(CODE) or st.query_params.get(CODE) or "")


def _read() -> tuple[Choice, tuple[str, ...]]:
    return read_choice(_code(), len(scenario_state.codes()))


def chosen(scenario: Scenario) -> int:
    """Position of the strategy whose service is bought."""
    index = _read()[0].strategy
    return chosen_by_default(scenario, comparison(scenario).answers) if index is None else index


def near() -> bool:
    """Whether only the volumes around today's are shown."""
    return _read()[0].near


def notices() -> tuple[str, ...]:
    """A sentence where the address names what is not there."""
    return _read()[1]


def _pick() -> None:
    st.session_state[CODE] = choice_code(_read()[0]._replace(strategy=st.session_state[PICK]))


def _zoom() -> None:
    st.session_state[CODE] = choice_code(_read()[0]._replace(near=st.session_state[ZOOM] == AROUND))


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
    """What the picture shows."""
    names = [answer.name for answer in comparison(scenario).answers]
    with st.container(horizontal=True, key="even_form"):
        scenario_state.put(PICK, chosen(scenario), tuple(names))
        st.selectbox("Model, machine and levers of", range(len(names)), key=PICK, on_change=_pick, width=340,
                     format_func=lambda i: names[i],
                     help="Every way to buy below serves this strategy's model with its machine, formats and levers.",
                     )  # fmt: skip
        scenario_state.put(ZOOM, AROUND if near() else EVERY)
        st.segmented_control("Requests shown", [EVERY, AROUND], key=ZOOM, required=True, on_change=_zoom)


def terms(scenario: Scenario) -> None:
    """How long own machines are used and what capital costs; what cannot be taken is said, and the page stays."""
    book = open_book(load_catalog())
    low, high = codec.limits(Prices, "life")
    years, interest = scenario.prices.life, scenario.prices.interest
    with st.grid(2, min_column_width=260, key="even_terms"):
        scenario_state.put(LIFE, float(book.value("deprec_economic_years") if years is None else years))
        st.slider("Years that own machines are used", low, high, step=0.5, key=LIFE, on_change=_years, format="%g",
                  help="Sceptics say 2 to 3, the books of large operators 5 to 6. Part of your prices.")  # fmt: skip
        wrong = st.session_state.get(WRONG)
        said = numbers.percent(book.value("cost_of_capital") if interest is None else interest)
        scenario_state.put(INTEREST, wrong[0] if wrong else said)
        with st.container():
            st.text_input("Cost of capital a year", key=INTEREST, on_change=_interest,
                          help=f"Discount rate of what is bought, 0 to {most_interest():.0%}. Part of your prices.",
                          )  # fmt: skip
            if wrong:
                st.error(markdown(wrong[1]))


def code_field() -> None:
    """The choice as it stands in the address."""
    bound: dict[str, Any] = {"bind": "query-params"}
    st.text_input("Code in the address", key=CODE, **bound)
