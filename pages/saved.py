"""Saved: what did we say, what did we decide, and does it still hold?"""

import streamlit as st

from components.controls import saved, shared, sidebar

shared.require()

first, taken = saved.mine()
since = saved.overturned(taken)
with st.container(key="answer"):
    saved.headline(first, len(since))
sidebar.notices()
if first is None:
    st.stop()
history = saved.chosen()
saved.decisions(taken, since, history)
saved.versions(history)
saved.saved_list(first)
saved.own_data()
