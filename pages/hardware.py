"""Hardware: why is it so?"""

import streamlit as st

from components.controls import hardware, shared, sidebar

shared.require()
scenario = shared.scenario()
found, money = hardware.machines(scenario), shared.money(scenario.currency)

with st.container(key="answer"):
    hardware.headline(found)
sidebar.notices()
hardware.picker()
if not found:
    hardware.no_chip(scenario)
    st.stop()
hardware.roofline(found)
hardware.bars(found)
hardware.speed(found)
hardware.needed(found, money)
hardware.specs(found)
