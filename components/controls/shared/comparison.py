"""Engine answers for the page, kept by scenario: numbers, never figures."""

from __future__ import annotations

import streamlit as st

from components.catalog.load import load_catalog
from components.controls.shared import scenario_state
from components.engine.comparison import Comparison, compare, rate_of
from components.engine.scenario import Scenario
from components.wording.money import Money, known_locale


@st.cache_resource(max_entries=256, show_spinner=False)
def _compare(scenario: Scenario, _version: str) -> Comparison:
    return compare(scenario, load_catalog())


def comparison(scenario: Scenario) -> Comparison:
    """The comparison of a scenario with the catalog in use. Money in USD whatever the scenario's currency."""
    return _compare(scenario, load_catalog().version)


def money(currency: str) -> Money:
    """Amounts in the reader's currency and locale, at the scenario's own rate where it has one."""
    rate = rate_of(load_catalog(), currency, scenario_state.scenario().prices)
    return Money(currency, rate, known_locale(st.context.locale))
