"""Evidence: should I believe it?"""

import streamlit as st

from components.controls import evidence_panels as blocks
from components.controls import evidence_tables as tables
from components.controls import frame, sidebar

frame.require()

with st.container(key="answer"):
    blocks.headline()
sidebar.notices()
blocks.metrics()
blocks.picture()

SECTIONS = {
    "Claims": blocks.claims,
    "Accuracy in full": tables.accuracy,
    "Ten worst": tables.worst,
    "Other tools": tables.peers,
    "Every figure": tables.figures,
}
chosen = st.segmented_control("Section", list(SECTIONS), default="Claims", key="evidence_section", required=True,
                              label_visibility="collapsed", persist_state="session")  # fmt: skip
SECTIONS[chosen or "Claims"]()
