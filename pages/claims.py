"""Claims checked: is what they say true?"""

import streamlit as st

from components.controls import claims, shared, sidebar

shared.require()

with st.container(key="answer"):
    claims.headline()
sidebar.notices()
claims.claims()
