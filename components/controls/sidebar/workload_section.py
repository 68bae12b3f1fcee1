"""What is asked of the service, in the sidebar: the work, its volume, and the figures behind them."""

from __future__ import annotations

import streamlit as st

from components.catalog.load import load_catalog
from components.controls.shared import scenario_state
from components.controls.sidebar.quality_floor import quality_floor
from components.controls.sidebar.starting_point import offer, remember
from components.controls.sidebar.typed_volume import typed_volume
from components.engine.scenario import Workload
from components.share import codec
from components.wording import numbers

STEPS = (1, 1.5, 2, 3, 5, 7)
DECADES = range(2, 9)
VOLUMES = tuple(float(round(step * 10**decade)) for decade in DECADES for step in STEPS)


def _write(field: str, key: str, scale: float = 1) -> None:
    value = st.session_state[key]
    scenario_state.change_workload(**{field: None if value is None else value / scale})


def _pick() -> None:
    preset = st.session_state["pick_workload"]
    scenario_state.pick_workload(preset)
    remember(preset)


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
        label_visibility="collapsed",
    )


def workload_section(today: float) -> None:
    """Draw the workload and its figures; `today` is the volume in use. [requests/day]"""
    presets = load_catalog().workloads
    chosen = scenario_state.workload()
    facts = presets[chosen.preset]
    scenario_state.put("pick_workload", chosen.preset)
    st.selectbox(
        "Workload", list(presets), key="pick_workload", format_func=lambda w: presets[w].label, on_change=_pick
    )
    offer()
    typed_volume(today)
    _volume(today)
    with st.expander("Tokens, targets and hours", icon=":material/tune:"):
        left, right = st.columns(2)
        with left:
            _number("isl", "Prompt, tokens", "Mean length of a prompt (ISL).", facts.input_tokens_mean.base, 50.0)
            _number("ttft_ms", "First word, ms", "For 19 of 20 requests: time to first token (TTFT, p95); 0 is none.",
                    facts.ttft_target_ms.base, 50.0)  # fmt: skip
            _number("peak", "Peak hour", "Busiest hour over the mean hour.", facts.peak_to_mean_hour.base, 0.1)
        with right:
            _number("osl", "Answer, tokens", "Mean length of an answer (OSL).", facts.output_tokens_mean.base, 10.0)
            _number("tpot_ms", "Each word, ms", "For 19 of 20 requests: time per output token (TPOT, p95); 0 is none.",
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
