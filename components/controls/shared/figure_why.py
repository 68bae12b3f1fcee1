"""Why a figure is what it is: an opener beside it, and the steps in a dialog, a block per figure."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import streamlit as st

from components.controls.shared.ledger import step_text
from components.engine.plan import FigureWhy
from components.wording.text import capital, markdown

Told = Callable[[], Iterable[FigureWhy]]
"""Works the steps out when asked for."""


@st.dialog("Why this number", width="large")
def _dialog(title: str, told: Told) -> None:
    st.subheader(markdown(capital(title)), anchor=False)
    for block in told():
        if block.name != title:
            st.markdown(f"#### {markdown(capital(block.name))}")
        for step in block.steps:
            st.markdown(step_text(step))


def opener(key: str, title: str, told: Told, label: str = "Why") -> None:
    """A button that opens the steps of one figure, or of several."""
    if st.button(markdown(label), key=key, type="tertiary", icon=":material/search:", help=f"Why: {markdown(title)}"):
        _dialog(title, told)
