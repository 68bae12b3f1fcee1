"""Why this number: every step behind one strategy's answer, with formula, inputs, sources and how it is known."""

from __future__ import annotations

from itertools import groupby

import streamlit as st

from components.controls.shared.badges import badge, own_badge
from components.controls.shared.why_steps import step_text
from components.engine.answer import Answer
from components.engine.comparison import Comparison
from components.wording.text import markdown

TOPICS = {
    "cost": "Monthly cost", "price": "Price", "demand": "Demand", "model": "Model", "hardware": "Hardware",
    "speed": "Speed", "capacity": "Capacity", "energy": "Energy and carbon", "quality": "Quality",
}  # fmt: skip


def ledger(answer: Answer) -> None:
    """All steps of one answer, grouped by topic, money first."""
    order = list(TOPICS)
    steps = sorted(answer.ledger, key=lambda step: order.index(step.topic))
    st.caption(f"{markdown(answer.quality_note)} The weakest input decides: {badge(answer.basis)}, "
               f"{answer.confidence} confidence.")  # fmt: skip
    if answer.own is not None:
        st.caption(f"{own_badge()} {markdown('; '.join(answer.own.sentences))}")
    for topic, group in groupby(steps, key=lambda step: step.topic):
        with st.expander(TOPICS[topic], expanded=topic == "cost"):
            for step in group:
                st.markdown(step_text(step))


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
