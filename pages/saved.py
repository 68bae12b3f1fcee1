"""Saved: what did we say, what did we decide, and does it still hold?"""

import streamlit as st

from components.controls import saved, shared, sidebar

shared.require()

first, taken = saved.mine()
with st.container(key="answer"):
    saved.headline(first, saved.overturned(taken))
sidebar.notices()
if first is None:
    st.stop()
history = saved.chosen()
saved.decisions(taken, history)
saved.versions(history)
saved.saved_list(first)
saved.own_data()
