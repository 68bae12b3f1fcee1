"""Find the best: what should we do?"""

import streamlit as st

from components.catalog import units
from components.controls import find, find_form, frame, sidebar, state
from components.controls import find_panels as blocks

frame.require()
scenario = state.scenario()
asked = find.question(scenario)
top, form, rest = st.container(key="answer"), st.container(), st.container()
with form:
    find_form.form(asked)
with rest:
    found = find.answer(asked)
with top:
    blocks.headline(asked, found, scenario)
    sidebar.notices()
    for notice in find.notices():
        st.warning(units.markdown(notice), icon=":material/link_off:")
with rest:
    blocks.nothing(found)
    blocks.metrics(found, scenario)
    blocks.front(found, scenario)
    blocks.why(found)
    blocks.mixes(found, scenario)
    blocks.lines(asked, found, scenario)
    blocks.ranked(found, scenario)
