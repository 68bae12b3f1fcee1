"""Hardware: why is it so?"""

import streamlit as st

from components.controls import frame, results, sidebar, state
from components.controls import hardware as blocks

frame.require()
scenario = state.scenario()
found, money = blocks.machines(scenario), results.money(scenario.currency)

with st.container(key="answer"):
    blocks.headline(found)
sidebar.notices()
blocks.picker()
if not found:
    st.info(
        "Every strategy is paid per token, so the vendor chooses the chips. Choose one above.", icon=":material/memory:"
    )
    st.stop()
blocks.roofline(found)
blocks.bars(found)
blocks.speed(found)
blocks.needed(found, money)
blocks.specs(found)
