"""Every step behind one answer, with formula, inputs, sources and how it is known."""

from __future__ import annotations

from itertools import groupby

import streamlit as st

from components.catalog.load import load_catalog
from components.charts import theme
from components.controls.shared.badges import badge, own_badge
from components.engine.answer import Answer, WhyStep
from components.wording.money import DOLLARS
from components.wording.text import markdown

TOPICS = {
    "cost": "Monthly cost", "price": "Price", "demand": "Demand", "model": "Model", "hardware": "Hardware",
    "speed": "Speed", "capacity": "Capacity", "energy": "Energy and carbon", "quality": "Quality",
}  # fmt: skip
LEADS = {"formula": "= ", "look-up": "", "search": "found by search: ", "sentence": ""}
"""What stands before a step's formula or words."""


def source_words(source_id: str) -> str:
    """A source by its title, linked where it can be, and its date."""
    source = load_catalog().sources.get(source_id)
    if source is None:
        return markdown(source_id)
    title = markdown(source.title)
    linked = f"[{title}]({source.url})" if source.url.startswith("https://") and ")" not in source.url else title
    return f"{linked}, {markdown(source.published)}"


def step_text(step: WhyStep) -> str:
    """A step as Markdown."""
    name, formula = markdown(theme.part_words(step.name)), markdown(step.formula)
    if step.value is None and not step.unit:
        lines = [f"**{name}**: {formula} {badge(step.basis)}"]
    else:
        lines = [f"**{name}**: {markdown(DOLLARS.quantity(step.value, step.unit))} {badge(step.basis)}"]
        lines += [f"{LEADS[step.found]}{formula}"] if formula else []
    if step.inputs:
        lines.append("with " + "; ".join(f"{markdown(k)} {markdown(v)}" for k, v in step.inputs))
    if step.sources:
        lines.append("Source: " + "; ".join(source_words(s) for s in step.sources))
    return "  \n".join(lines)


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
