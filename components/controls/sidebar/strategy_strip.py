"""The strip of strategies: which are compared, which is edited, which is the baseline."""

from __future__ import annotations

import streamlit as st

from components.controls.shared import scenario_state
from components.share import link
from components.share.presets import presets
from components.wording.text import markdown


def _add(index: int, full: bool) -> None:
    preset = st.session_state["add_preset"]
    if full:
        scenario_state.replace_with_preset(index, preset)
    else:
        scenario_state.add_preset(preset)


def _duplicate(index: int) -> None:
    copy = scenario_state.strategy(index)
    copy = copy.model_copy(update={"name": scenario_state.free_name(f"{copy.name[:50]} copy")})
    scenario_state.add([link.strategy_code(copy, link.head_of(scenario_state.codes()[index]))], index + 1)


def strip() -> int:
    """Draw the list and its actions; returns the index of the strategy to edit."""
    names = [s.name or f"Strategy {i + 1}" for i, s in enumerate(scenario_state.scenario().strategies)]
    index = scenario_state.edited()
    scenario_state.put(scenario_state.EDITED, index, tuple(names))
    st.radio(
        "Compared, baseline first; pick one to edit",
        range(len(names)),
        key=scenario_state.EDITED,
        format_func=lambda i: markdown(names[i]) + (" · baseline" if i == 0 else ""),
    )
    with st.grid(2, min_column_width=110, gap="small", key="strategy_actions"):
        full = len(names) >= scenario_state.MOST
        words = "Replace the picked strategy" if full else "Add to the comparison"
        with st.popover(
            "Replace" if full else "Add", icon=":material/swap_horiz:" if full else ":material/add:", width="stretch"
        ):
            st.selectbox("Start from", list(presets()), key="add_preset", format_func=lambda p: presets()[p].label)
            st.caption(markdown(presets()[st.session_state["add_preset"]].description))
            st.button(words, key="add_button", type="primary", on_click=_add, args=(index, full))
        st.button("Duplicate", key="duplicate", icon=":material/content_copy:", on_click=_duplicate, args=(index,),
                  disabled=full, width="stretch", help="Add a copy of the picked strategy")  # fmt: skip
        st.button("Remove", key="remove", icon=":material/delete:", on_click=scenario_state.remove, args=(index,),
                  disabled=len(names) < 2, width="stretch", help="Take the picked strategy off the page")  # fmt: skip
        st.button("Baseline", key="make_baseline", icon=":material/flag:",
                  on_click=scenario_state.make_baseline, args=(index,), disabled=index == 0, width="stretch",
                  help="Compare the others with the picked one")  # fmt: skip
    return index
