"""Rent, own or API: at what volume does it flip?"""

import streamlit as st

from components.controls import break_even, shared, sidebar
from components.wording.text import markdown

shared.require()
scenario = shared.scenario()
money = shared.money(scenario.currency)
found = break_even.answer(scenario, break_even.chosen(scenario))

with st.container(key="answer"):
    break_even.headline(found, money)
sidebar.notices()
for notice in break_even.notices():
    st.warning(markdown(notice), icon=":material/link_off:")
break_even.form(scenario)
break_even.picture(found, money, near=break_even.near())
break_even.table(found, money)
break_even.crossovers(found, money, scenario)
break_even.owning(found, money, scenario)
break_even.why(found, money)
