"""Evidence: should I believe it?"""

import streamlit as st

from components.controls import evidence, shared, sidebar

shared.require()

with st.container(key="answer"):
    evidence.headline()
sidebar.notices()
evidence.metrics()
evidence.picture()

SECTIONS = {
    "Claims": evidence.claims,
    "Accuracy in full": evidence.accuracy,
    "Ten worst": evidence.worst,
    "Other tools": evidence.peers,
    "Every figure": evidence.figures,
}
chosen = st.segmented_control("Section", list(SECTIONS), default="Claims", key="evidence_section", required=True,
                              label_visibility="collapsed", persist_state="session")  # fmt: skip
SECTIONS[chosen or "Claims"]()
