"""Board pack: can I take it away?"""

import streamlit as st

from components.controls import board_pack, plan, shared, sidebar

shared.require()
scenario = shared.scenario()
top, looks, files = st.container(key="answer"), st.container(key="pack_looks"), st.container()
with looks:
    made = board_pack.pack(scenario, shared.comparison(scenario), plan.whole)
with top:
    board_pack.headline(made)
    sidebar.notices()
with files:
    board_pack.downloads(made)
