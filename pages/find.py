"""Find the best: what should we do?"""

import streamlit as st

from components.controls import find, find_form, frame, results, sidebar, state
from components.controls import find_panels as blocks
from components.wording.text import markdown

frame.require()
scenario = state.scenario()
money = results.money(scenario.currency)
asked = find.question(scenario)
top, form, rest = st.container(key="answer"), st.container(), st.container()
with form:
    find_form.form(asked)
with rest:
    found = find.answer(asked)
with top:
    blocks.headline(asked, found, money)
    sidebar.notices()
    for notice in find.notices():
        st.warning(markdown(notice), icon=":material/link_off:")
with rest:
    blocks.nothing(found)
    blocks.metrics(found, money)
    blocks.front(found, money)
    blocks.why(found)
    blocks.mixes(found, money)
    blocks.lines(asked, found, money)
    blocks.ranked(found, money)
