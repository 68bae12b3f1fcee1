"""The frame of every page: the list of pages, the scenario in the sidebar, then the page."""

import streamlit as st

from components.controls import frame, sidebar

st.set_page_config(page_title="Four Layers", page_icon="static/icon.png", layout="wide")
page = st.navigation([st.Page("pages/compare.py", title="Compare", default=True)], position="top")
frame.freeze()
sidebar.sidebar()
frame.enter()
page.run()
