"""A reader's own data: take it away, or erase it."""

from __future__ import annotations

import json

import streamlit as st

from components.controls.saved.asked import act, or_said
from components.controls.shared import saved_state

ERASE = "erase"


def _erase() -> None:
    if str(st.session_state.get("erase_word") or "").strip().lower() != ERASE:
        st.toast(f"Nothing was erased: type {ERASE} first.")
        return
    act(lambda: saved_state.store().forget(saved_state.reader()), "Everything of yours is erased.")
    st.session_state["erase_word"] = ""


def _everything() -> str:
    found = or_said(lambda: saved_state.store().everything_of(saved_state.reader()))
    return json.dumps(found or {}, indent=1)


def own_data() -> None:
    """Everything as one file, and a way to erase all of it at once."""
    with st.expander("My data", icon=":material/person:"):
        st.caption("All scenarios, versions and decisions that belong to you, deleted ones included.")
        st.download_button(
            "Take it away (JSON)",
            _everything,
            file_name="four-layers-my-data.json", mime="application/json", key="my_data", on_click="ignore",
            icon=":material/download:",
        )  # fmt: skip
        st.text_input(f"To erase everything for good, type {ERASE}", key="erase_word")
        st.button("Erase all of it", key="erase_all", on_click=_erase, icon=":material/delete_forever:")
