"""Why this number: every step behind one strategy's answer, with formula, inputs, sources and how it is known."""

from __future__ import annotations

from itertools import groupby

import streamlit as st

from components.catalog import units
from components.catalog.load import load_catalog
from components.charts import theme
from components.engine.answer.records import CALIBRATED, Answer, WhyStep
from components.engine.comparison.records import Comparison

TOPICS = {
    "cost": "Monthly cost", "price": "Price", "demand": "Demand", "model": "Model", "hardware": "Hardware",
    "speed": "Speed", "capacity": "Capacity", "energy": "Energy and carbon", "quality": "Quality",
}  # fmt: skip
LEADS = {"formula": "= ", "look-up": "", "search": "found by search: ", "sentence": ""}
"""What stands before a step's formula or words."""
BADGES = {"measured": "green", "modelled": "blue", "announced": "violet", "estimated": "orange"}


def badge(basis: str) -> str:
    """How a number is known, as a coloured word."""
    return f":{BADGES[basis]}-badge[{basis}]"


def own_badge() -> str:
    """The mark of an answer that follows the reader's own measurement."""
    return f":green-badge[:material/verified: {CALIBRATED}]"


def _source(source_id: str) -> str:
    source = load_catalog().sources.get(source_id)
    if source is None:
        return units.markdown(source_id)
    title = units.markdown(source.title)
    linked = f"[{title}]({source.url})" if source.url.startswith("https://") and ")" not in source.url else title
    return f"{linked}, {units.markdown(source.published)}"


def _step(step: WhyStep) -> str:
    name, formula = units.markdown(theme.part_words(step.name)), units.markdown(step.formula)
    if step.value is None and not step.unit:
        lines = [f"**{name}**: {formula} {badge(step.basis)}"]
    else:
        lines = [f"**{name}**: {units.markdown(units.number(step.value, step.unit))} {badge(step.basis)}"]
        lines += [f"{LEADS[step.found]}{formula}"] if formula else []
    if step.inputs:
        lines.append("with " + "; ".join(f"{units.markdown(k)} {units.markdown(v)}" for k, v in step.inputs))
    if step.sources:
        lines.append("Source: " + "; ".join(_source(s) for s in step.sources))
    return "  \n".join(lines)


def ledger(answer: Answer) -> None:
    """All steps of one answer, grouped by topic, money first."""
    order = list(TOPICS)
    steps = sorted(answer.ledger, key=lambda step: order.index(step.topic))
    st.caption(f"{units.markdown(answer.quality_note)} The weakest input decides: {badge(answer.basis)}, "
               f"{answer.confidence} confidence.")  # fmt: skip
    if answer.own is not None:
        st.caption(f"{own_badge()} {units.markdown('; '.join(answer.own.sentences))}")
    for topic, group in groupby(steps, key=lambda step: step.topic):
        with st.expander(TOPICS[topic], expanded=topic == "cost"):
            for step in group:
                st.markdown(_step(step))


@st.dialog("Why this number", width="large")
def _dialog(answer: Answer) -> None:
    st.subheader(units.markdown(answer.name), anchor=False)
    ledger(answer)


def why(result: Comparison) -> None:
    """A button per strategy that opens its steps."""
    st.caption("Why this number: formula, inputs and sources behind each figure")
    with st.container(horizontal=True):
        for i, answer in enumerate(result.answers):
            if st.button(units.markdown(answer.name) or str(i + 1), key=f"why_{i}", icon=":material/search:"):
                _dialog(answer)
