"""The plan of the page, kept by scenario: tables of costs, the way through the months, and the draws."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Any

import streamlit as st

from components.catalog.load import load_catalog
from components.controls.shared import scenario_state
from components.controls.shared.comparison import comparison
from components.engine.plan import (
    DRAWS,
    BasePlan,
    Case,
    DrawModel,
    Futures,
    LookUps,
    PlanAnswer,
    base_plan,
    case_of,
    draw_futures,
    look_ups,
    model_of,
    plan_answer,
    usable,
)
from components.engine.scenario import PlanTerms, Scenario

STOPPED = "plan_stopped"
KEPT = 24
"""Plans kept for all readers. [1]"""
_ONE_AT_A_TIME = threading.Lock()
"""Draws of all readers take turns, so that the pages of others keep answering."""
POLL_S = 0.2


def unplanned(scenario: Scenario) -> Scenario:
    """The scenario without the terms of its plan."""
    return scenario.model_copy(update={"plan": PlanTerms()})


@st.cache_resource(max_entries=KEPT, show_spinner=False)
def _looked_up(scenario: Scenario, _version: str) -> LookUps:
    return look_ups(scenario, comparison(scenario), load_catalog())


@st.cache_resource(max_entries=KEPT, show_spinner=False)
def _case(scenario: Scenario, _version: str) -> Case:
    found = looked_up(scenario)
    return case_of(found, usable(scenario.plan, found.book)[0])


def looked_up(scenario: Scenario) -> LookUps:
    """What no term of the plan changes."""
    return _looked_up(unplanned(scenario), load_catalog().version)


def case(scenario: Scenario) -> Case:
    """The plan made computable.    Raises: ValueError, with what to change, where today's strategy has no price."""
    return _case(scenario, load_catalog().version)


@st.cache_resource(max_entries=KEPT, show_spinner=False)
def _base(scenario: Scenario, _version: str) -> BasePlan:
    return base_plan(case(scenario))


def base(scenario: Scenario) -> BasePlan:
    """The plan on its own terms."""
    return _base(scenario, load_catalog().version)


@st.cache_resource(max_entries=KEPT, show_spinner=False)
def _model(scenario: Scenario, _version: str) -> DrawModel:
    return model_of(case(scenario))


def model(scenario: Scenario) -> DrawModel:
    """The plan with what it does not know."""
    return _model(scenario, load_catalog().version)


@st.cache_resource(show_spinner=False)
def _drawn(_version: str) -> OrderedDict[Scenario, Futures]:
    """Draws of all readers, oldest first."""
    return OrderedDict()


def _stop(scenario: Scenario) -> None:
    st.session_state[STOPPED] = scenario


def _resume() -> None:
    st.session_state[STOPPED] = None


def is_drawn(scenario: Scenario) -> bool:
    """Whether the draws are remembered."""
    return scenario in _drawn(load_catalog().version)


def drawn(scenario: Scenario) -> Futures | None:
    """The draws, made with a bar of progress and a way to stop it, or remembered; None once the reader stopped them."""
    kept = _drawn(load_catalog().version)
    if scenario in kept:
        return kept[scenario]
    if st.session_state.get(STOPPED) == scenario:
        st.button("Draw the futures", key="plan_resume", icon=":material/casino:", on_click=_resume)
        return None
    place = st.empty()
    with place.container(horizontal=True, vertical_alignment="center"):
        bar = st.progress(0.0, "Drawing futures")
        st.button("Stop", key="plan_stop", on_click=_stop, args=(scenario,))
    while not _ONE_AT_A_TIME.acquire(timeout=POLL_S):
        bar.progress(0.0, "Waiting for the draws of other readers")
    try:
        found = draw_futures(model(scenario), base(scenario), progress=lambda share: _told(bar, share))
    finally:
        _ONE_AT_A_TIME.release()
    place.empty()
    kept[scenario] = found
    while len(kept) > KEPT:
        kept.popitem(last=False)
    return found


def _told(bar: Any, share: float) -> None:
    bar.progress(share, f"Drawing {DRAWS:,} futures")


@st.cache_resource(max_entries=KEPT, show_spinner=False)
def _whole(scenario: Scenario, _version: str) -> PlanAnswer:
    with _ONE_AT_A_TIME:
        return plan_answer(scenario, comparison(scenario), load_catalog(), drawn=_drawn(_version).get(scenario))


def whole(scenario: Scenario) -> PlanAnswer:
    """All that is said of the plan, with the draws of the page where they are remembered; for files.

    Raises: ValueError where today's strategy has no price.
    """
    return _whole(scenario, load_catalog().version)


def terms_of(scenario: Scenario) -> dict[str, str]:
    """What is wrong with terms of the link, by field."""
    return usable(scenario.plan, looked_up(scenario).book)[1]


def change(**fields: object) -> None:
    """Write changed terms; for callbacks only."""
    scenario_state.change_plan(**fields)
