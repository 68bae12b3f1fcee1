"""One step of "why this number" as text: value, formula, inputs, sources and how it is known."""

from __future__ import annotations

from components.catalog.load import load_catalog
from components.charts import theme
from components.controls.shared.badges import badge
from components.engine.answer import WhyStep
from components.wording.money import DOLLARS
from components.wording.text import markdown

LEADS = {"formula": "= ", "look-up": "", "search": "found by search: ", "sentence": ""}
"""What stands before a step's formula or words."""


def _source(source_id: str) -> str:
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
        lines.append("Source: " + "; ".join(_source(s) for s in step.sources))
    return "  \n".join(lines)
