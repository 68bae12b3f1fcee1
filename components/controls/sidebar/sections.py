"""The sidebar of every page: workload, strategies, the editor, currency and the link."""

from __future__ import annotations

from typing import Any, get_args
from urllib.parse import urlencode

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components.catalog.load import load_catalog
from components.controls.shared import scenario_state
from components.controls.shared.comparison import comparison
from components.controls.sidebar import browser_history
from components.controls.sidebar.quality_floor import quality_floor
from components.controls.sidebar.strategy_editor import editor
from components.controls.sidebar.strategy_strip import strip
from components.engine.scenario import Currency, Scenario, Workload
from components.share import codec, link
from components.wording import numbers
from components.wording.text import markdown

WIDTH = 340
"""Room for the four layers side by side. [px]"""
STEPS = (1, 1.5, 2, 3, 5, 7)
DECADES = range(2, 9)
VOLUMES = tuple(float(round(step * 10**decade)) for decade in DECADES for step in STEPS)


def _write(field: str, key: str, scale: float = 1) -> None:
    value = st.session_state[key]
    scenario_state.change_workload(**{field: None if value is None else value / scale})


def _pick_preset() -> None:
    kept = scenario_state.workload().requests_per_day
    st.session_state[scenario_state.WORKLOAD] = link.workload_code(
        Workload(preset=st.session_state["pick_workload"], requests_per_day=kept)
    )


def _reset() -> None:
    st.session_state[scenario_state.WORKLOAD] = scenario_state.workload().preset


def _number(field: str, label: str, help_: str, usual: float | None, step: float) -> None:
    """A figure of the workload; what the preset says until the reader changes it."""
    key = f"load_{field}"
    value = getattr(scenario_state.workload(), field)
    low, high = codec.limits(Workload, field)
    scenario_state.put(key, float(value if value is not None else usual or 0))
    st.number_input(label, low, high, step=step, key=key, help=help_, format="%g", on_change=_write, args=(field, key))


def _volume(today: float) -> None:
    options = sorted({*VOLUMES, today})
    scenario_state.put("load_requests", today, tuple(options))
    st.select_slider(
        "Requests per day",
        options,
        key="load_requests",
        format_func=numbers.number,
        on_change=_write,
        args=("requests_per_day", "load_requests"),
    )


def _workload(today: float) -> None:
    presets = load_catalog().workloads
    chosen = scenario_state.workload()
    facts = presets[chosen.preset]
    scenario_state.put("pick_workload", chosen.preset)
    st.selectbox(
        "Workload", list(presets), key="pick_workload", format_func=lambda w: presets[w].label, on_change=_pick_preset
    )
    _volume(today)
    with st.expander("Tokens, targets and hours", icon=":material/tune:"):
        left, right = st.columns(2)
        with left:
            _number("isl", "Prompt, tokens", "Mean length of a prompt (ISL).", facts.input_tokens_mean.base, 50.0)
            _number("ttft_ms", "First word, ms", "Target, time to first token (TTFT), p95; 0 is none.",
                    facts.ttft_target_ms.base, 50.0)  # fmt: skip
            _number("peak", "Peak hour", "Busiest hour over the mean hour.", facts.peak_to_mean_hour.base, 0.1)
        with right:
            _number("osl", "Answer, tokens", "Mean length of an answer (OSL).", facts.output_tokens_mean.base, 10.0)
            _number("tpot_ms", "Each word, ms", "Target, time per output token (TPOT), p95; 0 is none.",
                    facts.tpot_target_ms.base, 5.0)  # fmt: skip
            _number(
                "hours", "Hours a week", "Hours of operation per week.", facts.hours_of_operation_per_week.base, 1.0
            )
        reuse = chosen.reuse if chosen.reuse is not None else facts.prefix_reuse_share.base or 0
        scenario_state.put("load_reuse", round(reuse * 100))
        st.slider("Prompt text seen before (reuse)", 0, 99, key="load_reuse", format="%d %%",
                  help="Share of prompt tokens the server has read before.", on_change=_write,
                  args=("reuse", "load_reuse", 100))  # fmt: skip
        quality_floor()
        if chosen != Workload(preset=chosen.preset):
            st.button("Back to the preset's figures", key="reset_workload", on_click=_reset)


def _codes() -> None:
    """The widgets that hold the scenario and the address; everything else on the page is drawn from them."""
    with st.expander("Codes in the address", icon=":material/code:"):
        st.caption("Each line is one strategy: a preset and its differences. They can be edited and shared.")
        bound: dict[str, Any] = {"bind": "query-params"}
        for i, slot in enumerate(link.SLOTS):
            st.text_input("Baseline" if i == 0 else f"Strategy {i + 1}", key=slot, **bound)
        st.text_input("Workload code", key=scenario_state.WORKLOAD, **bound)


def _currency(place: DeltaGenerator) -> None:
    bound: dict[str, Any] = {"bind": "query-params"}
    options = list(get_args(Currency))
    place.selectbox("Currency", options, key=scenario_state.CURRENCY, label_visibility="collapsed", **bound)


def _share(scenario: Scenario) -> None:
    with st.popover("Copy link", icon=":material/link:", width="stretch"):
        st.caption("Opens this comparison as it stands, with the date of its data. The copy mark is in the box.")
        address = (st.context.url or "").partition("?")[0]
        address += "/" if address.count("/") == 2 else ""
        asked = urlencode({key: code for key in (scenario_state.QUESTION,) if (code := st.session_state.get(key))})
        query = "&".join(filter(None, [link.canonical_query(scenario), asked]))
        st.code(f"{address}?{query}", language=None, wrap_lines=True)


def sidebar() -> Scenario:
    """Draw the sidebar; returns the scenario of the page."""
    scenario_state.remember_arrival()
    st.set_page_config(initial_sidebar_state=WIDTH)
    with st.sidebar:
        top, middle = st.container(), st.container()
        _codes()
        browser_history.tidy()
        with top:
            currency, share = st.columns([2, 3])
            _currency(currency)
        scenario = scenario_state.scenario()
    with middle:
        result = comparison(scenario)
        _workload(float(result.requests_per_day))
        index = strip()
        editor(index, result.answers[index] if index < len(result.answers) else None)
    with share:
        _share(scenario)
    return scenario


def notices() -> None:
    """Say what in the address was not taken as written."""
    found = scenario_state.notices()
    if found:
        st.warning("  \n".join(markdown(text) for text in found), icon=":material/link_off:")
