"""The sidebar of every page: workload, strategies, the editor, currency and the link."""

from __future__ import annotations

from typing import Any, get_args

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components.controls.shared import saved_state, scenario_state
from components.controls.shared.comparison import comparison
from components.controls.sidebar import browser_history
from components.controls.sidebar.save_form import save_form
from components.controls.sidebar.starting_point import starting_point
from components.controls.sidebar.strategy_editor import editor
from components.controls.sidebar.strategy_strip import strip
from components.controls.sidebar.workload_section import workload_section
from components.controls.sidebar.your_prices import your_prices
from components.engine.scenario import Currency, Scenario
from components.share import link
from components.wording.text import markdown

WIDTH = 340
"""Room for the four layers side by side. [px]"""


def _codes() -> None:
    """The widgets that hold the scenario and the address; everything else on the page is drawn from them."""
    with st.expander("Advanced", icon=":material/code:"):
        st.caption("The codes in the address. Each line is one strategy: a preset and its differences.")
        bound: dict[str, Any] = {"bind": "query-params"}
        for i, slot in enumerate(link.SLOTS):
            st.text_input("Baseline" if i == 0 else f"Strategy {i + 1}", key=slot, **bound)
        st.text_input("Workload code", key=scenario_state.WORKLOAD, **bound)
        st.text_input("Code of your prices", key=scenario_state.PRICES, **bound)
        st.text_input("Code of your plan", key=scenario_state.PLAN, **bound)
        st.text_input("Code of your chips", key=scenario_state.CHIPS, **bound)
        st.text_input("Code of your models", key=scenario_state.MODELS, **bound)
        st.text_input("Colours, by number", key=scenario_state.COLOURS, **bound)
        st.text_input("Id of the saved scenario", key=saved_state.SHORT, disabled=True, **bound)


def _currency(place: DeltaGenerator) -> None:
    bound: dict[str, Any] = {"bind": "query-params"}
    options = list(get_args(Currency))
    place.selectbox("Currency", options, key=scenario_state.CURRENCY, label_visibility="collapsed", **bound)


def _share(scenario: Scenario) -> None:
    with st.popover("Copy link", icon=":material/link:", width="stretch"):
        st.caption("Opens this comparison as it stands, with the date of its data. The copy mark is in the box.")
        st.code(scenario_state.address(scenario), language=None, wrap_lines=True)


def sidebar() -> Scenario:
    """Draw the sidebar; returns the scenario of the page."""
    scenario_state.remember_arrival()
    saved_state.open_arrival()
    st.set_page_config(initial_sidebar_state=WIDTH)
    with st.sidebar:
        top, middle = st.container(), st.container()
        _codes()
        browser_history.tidy()
        with top:
            currency, share = st.columns([2, 3])
            _currency(currency)
            keep = st.container()
        scenario = scenario_state.scenario()
    with middle:
        result = comparison(scenario)
        starting_point()
        workload_section(float(result.requests_per_day))
        your_prices(scenario)
        index = strip()
        editor(index, result.answers[index] if index < len(result.answers) else None)
    with share:
        _share(scenario)
    with keep:
        save_form(scenario)
    saved_state.remember_reader()
    return scenario


def notices() -> None:
    """Say what in the address was not taken as written."""
    found = (*filter(None, [saved_state.said()]), *scenario_state.notices())
    if found:
        st.warning("  \n".join(markdown(text) for text in found), icon=":material/link_off:")
