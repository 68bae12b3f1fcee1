"""Why this number: every step behind one strategy's answer, with formula, inputs, sources and how it is known."""

from __future__ import annotations

import streamlit as st

from components.controls.shared.ledger import ledger
from components.engine.answer import Answer
from components.engine.comparison import Comparison
from components.wording.text import markdown


@st.dialog("Why this number", width="large")
def _dialog(answer: Answer) -> None:
    st.subheader(markdown(answer.name), anchor=False)
    ledger(answer)


def why(result: Comparison) -> None:
    """A button per strategy that opens its steps."""
    with st.container(horizontal=True, key="why_this_number"):
        st.caption("Why this number: formula, inputs and sources behind each figure", width="stretch")
        for i, answer in enumerate(result.answers):
            if st.button(markdown(answer.name) or str(i + 1), key=f"why_{i}", icon=":material/search:"):
                _dialog(answer)
