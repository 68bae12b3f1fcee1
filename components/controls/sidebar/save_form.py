"""Keep the page under a name and a short link."""

from __future__ import annotations

from typing import get_args

import streamlit as st

from components.controls.shared import saved_state
from components.controls.sidebar.sign_in import sign_in, way_back
from components.engine.scenario import Scenario
from components.store import StoreOffError, UnknownIdError, Visibility
from components.store.records import LONGEST_NAME, LONGEST_NOTE
from components.wording.text import markdown

NAME, NOTE, SEEN_BY = "save_name", "save_note", "save_seen_by"
_OUTCOME = "save_outcome"
SEEN = {"link": "Anybody with the link", "private": "Only me", "team": "My team"}


def _save(*, anew: bool) -> None:
    name = str(st.session_state.get(NAME) or "").strip()
    if not name:
        st.session_state[_OUTCOME] = "Give it a name first."
        return
    try:
        done = saved_state.save(
            name, str(st.session_state.get(NOTE) or ""), st.session_state.get(SEEN_BY) or "link", anew=anew
        )
    except (StoreOffError, UnknownIdError) as reason:
        st.session_state[_OUTCOME] = str(reason)
        return
    st.session_state[_OUTCOME] = done
    st.session_state[NOTE] = ""


def save_form(scenario: Scenario) -> None:
    """A name, a note, who may see it; then the short link."""
    found = saved_state.opened()
    with st.popover("Save", icon=":material/bookmark:", width="stretch"):
        if found:
            state = "as saved" if saved_state.is_as_saved(scenario) else "changed since"
            st.markdown(f"**{markdown(found.name)}**, version {found.number}, {state}")
            st.session_state.setdefault(NAME, found.name)
        st.text_input("Name", key=NAME, max_chars=LONGEST_NAME, placeholder="Support chat, plan for spring")
        st.text_input("Note", key=NOTE, max_chars=LONGEST_NOTE, placeholder="What changed, and why")
        if not found:
            choices = [v for v in get_args(Visibility) if v != "team" or saved_state.reader().team]
            st.selectbox("Who may open it", sorted(choices, key=list(SEEN).index), key=SEEN_BY,
                         format_func=lambda v: SEEN[v])  # fmt: skip
        words = f"Save version {found.number + 1}" if found else "Save"
        st.button(words, type="primary", key="save_version", on_click=_save, kwargs={"anew": False}, width="stretch")
        if found:
            st.button("Save as a new one", key="save_anew", on_click=_save, kwargs={"anew": True}, width="stretch")
        outcome = st.session_state.pop(_OUTCOME, "")
        if outcome:
            st.caption(markdown(outcome))
        if found:
            st.caption("The short link opens the last version.")
            st.code(saved_state.short_link(), language=None, wrap_lines=True)
        st.page_link("pages/saved.py", label="All saved scenarios", icon=":material/folder_open:")
        sign_in()
    way_back()
