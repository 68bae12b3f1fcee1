"""Ready scenarios to start from, and the way back to what the reader had."""

from __future__ import annotations

import streamlit as st

from components.catalog.load import load_catalog
from components.controls.shared import scenario_state
from components.engine.facts import effective_workload
from components.share.starting_points import Start, start_for, starts
from components.wording.text import markdown

PICK, OFFERED = "pick_start", "offered_workload"
DOLLARS = "USD"


def _shown() -> str | None:
    """The starting point that the page shows unchanged; a workload without a volume of its own has its preset's."""
    workload, codes = scenario_state.workload(), tuple(scenario_state.codes())
    volume = effective_workload(workload, load_catalog()).requests_per_day
    told = workload.model_copy(update={"requests_per_day": volume})
    return next((s.id for s in starts().values() if (s.codes, s.scenario.workload) == (codes, told)), None)


def _kept(start: Start) -> scenario_state.Kept:
    """The starting point as a scenario; a currency that the reader chose stays unless it names another than dollars."""
    now, shown, named = scenario_state.scenario().currency, _shown(), start.scenario.currency
    chosen = shown is None or starts()[shown].scenario.currency != now
    return scenario_state.Kept(start.codes, start.workload_code, now if chosen and named == DOLLARS else named)


def _take(key: str) -> None:
    scenario_state.take(_kept(starts()[key]))
    st.session_state[OFFERED] = ""


def _pick() -> None:
    if picked := st.session_state[PICK]:
        _take(picked)


def _back(kept: scenario_state.Kept) -> None:
    scenario_state.take(kept)


def starting_point() -> None:
    """The list of ready scenarios; once one was taken, a button back to what stood before."""
    shown = _shown()
    scenario_state.put(PICK, shown)
    st.selectbox(
        "Start from", list(starts()), index=None, key=PICK, format_func=lambda key: starts()[key].label,
        placeholder="a ready scenario", on_change=_pick,
        help="A ready scenario: the work, its volume, and six strategies people compare for it.",
    )  # fmt: skip
    if shown is not None:
        st.caption(markdown(starts()[shown].description))
    if (kept := scenario_state.before()) is not None:
        st.button("Back to what I had", key="back_to_before", icon=":material/undo:", on_click=_back, args=(kept,))


def remember(preset: str) -> None:
    """Offer the strategies of a workload that was just picked; for callbacks only."""
    st.session_state[OFFERED] = preset


def offer() -> None:
    """After another workload was picked: its own strategies in one click."""
    preset = scenario_state.workload().preset
    start = start_for(preset)
    if start is None or st.session_state.get(OFFERED) != preset or tuple(scenario_state.codes()) == start.codes:
        return
    st.button(
        "Use the strategies people compare for this", key="take_start", icon=":material/auto_awesome:",
        on_click=_take, args=(start.id,), width="stretch", help=markdown(f"{start.label}: {start.description}"),
    )  # fmt: skip
