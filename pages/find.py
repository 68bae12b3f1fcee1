"""Find the best: what should we do?"""

import streamlit as st

from components.controls import find, shared, sidebar
from components.wording.text import markdown

shared.require()
scenario = shared.scenario()
money = shared.money(scenario.currency)
asked = find.question(scenario)
top, form, rest = st.container(key="answer"), st.container(), st.container()
with form:
    find.form(asked)
with rest:
    found = find.answer(asked)
with top:
    find.headline(asked, found, money)
    sidebar.notices()
    for notice in find.notices():
        st.warning(markdown(notice), icon=":material/link_off:")
with rest:
    find.nothing(found)
    find.metrics(asked, found, money)
    find.front(asked, found, money)
    find.why(found)
    find.mixes(found, money)
    find.lines(asked, found, money)
    find.ranked(asked, found, money)
