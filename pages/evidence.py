"""Evidence: should I believe it?"""

import streamlit as st

from components.controls import evidence, shared, sidebar

shared.require()

with st.container(key="answer"):
    evidence.headline()
sidebar.notices()
evidence.metrics()
evidence.picture()

st.page_link("pages/claims.py", label="Claims checked", icon=":material/fact_check:")
SECTIONS = {
    "Accuracy in full": evidence.accuracy,
    "Ten worst": evidence.worst,
    "Other tools": evidence.peers,
    "Every figure": evidence.figures,
}
FIRST = next(iter(SECTIONS))
chosen = st.segmented_control("Section", list(SECTIONS), default=FIRST, key="evidence_section", required=True,
                              label_visibility="collapsed", persist_state="session")  # fmt: skip
SECTIONS[chosen or FIRST]()
