"""Engine answers for the page, kept by scenario: numbers, never figures."""

from __future__ import annotations

import streamlit as st

from components.catalog.load import load_catalog
from components.engine.comparison.compare import compare, rate_of
from components.engine.comparison.records import Comparison
from components.engine.scenario import Scenario


@st.cache_data(max_entries=256, show_spinner=False)
def _compare(scenario: Scenario, _version: str) -> Comparison:
    return compare(scenario, load_catalog())


def comparison(scenario: Scenario) -> Comparison:
    """The comparison of a scenario with the catalog in use. Money in USD whatever the scenario's currency."""
    return _compare(scenario, load_catalog().version)


def rate(currency: str) -> float:
    """Units of the currency for one USD."""
    return rate_of(load_catalog(), currency)
