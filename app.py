"""The frame of every page: the list of pages, the scenario in the sidebar, then the page."""

import streamlit as st

from components.controls import shared, sidebar

st.set_page_config(page_title="Four Layers", page_icon="static/icon.png", layout="wide")
pages = [
    st.Page("pages/compare.py", title="Compare", url_path="start", default=True),
    # Streamlit serves the default page at / alone; a link to /compare opens it too.
    st.Page("pages/compare.py", title="Compare", url_path="compare", visibility="hidden"),
    st.Page("pages/find.py", title="Find the best", url_path="find"),
    st.Page("pages/break_even.py", title="Rent, own or API", url_path="break_even"),
    st.Page("pages/plan.py", title="Plan", url_path="plan"),
    st.Page("pages/hardware.py", title="Hardware", url_path="hardware"),
    st.Page("pages/evidence.py", title="Evidence", url_path="evidence"),
    st.Page("pages/claims.py", title="Claims checked", url_path="claims"),
    st.Page("pages/board_pack.py", title="Board pack", url_path="board_pack"),
    st.Page("pages/saved.py", title="Saved", url_path="saved"),
]
page = st.navigation(pages, position="top")
with shared.faults_said():
    scenario = sidebar.sidebar()
    shared.enter()
    page.run()
    shared.quiet_icons()
    result = shared.comparison(scenario)
    shared.name_tab("" if page.title == "Compare" else page.title, result)
    shared.foot(result, shared.address(scenario))
    shared.present()
shared.freeze()
