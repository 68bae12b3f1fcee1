"""Plan: what if demand, prices or chips change?"""

import streamlit as st

from components.controls import plan, shared, sidebar
from components.wording.text import markdown

shared.require()
scenario = shared.scenario()
money = shared.money(scenario.currency)
try:
    planned = plan.base(scenario)
except ValueError as reason:
    st.title("Nothing can be planned yet", anchor=False)
    st.warning(markdown(f"{reason}: choose another baseline."), icon=":material/error:")
    st.stop()
with st.container(key="answer"):
    top = st.empty()
picture, notices, form, waiting, rest = st.empty(), st.container(), st.container(), st.container(), st.container()


def answer(found: plan.Futures | None) -> None:
    """The answer, without or with its draws."""
    with top.container():
        plan.title(planned, found, money)
        plan.metrics(planned, found, money)
    with picture.container():
        plan.fan(planned, found, money)


if not plan.is_drawn(scenario):
    answer(None)
with notices:
    sidebar.notices()
with form:
    plan.form(scenario)
    plan.ranges(scenario)
with rest:
    plan.months(planned, money)
with waiting:
    drawn = plan.drawn(scenario)
if drawn is not None:
    answer(drawn)
with rest:
    plan.sections(scenario, planned, drawn, money)
