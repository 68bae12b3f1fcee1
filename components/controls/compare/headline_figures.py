"""The answer of the Compare page in a sentence, and what stands under its charts."""

from __future__ import annotations

import re

import streamlit as st

from components.controls.shared.badges import own_badge, own_figures_badge
from components.controls.shared.chart import STYLE
from components.engine.comparison import Comparison, cheaper_but
from components.engine.comparison import headline as engine_headline
from components.wording import numbers
from components.wording.money import Money
from components.wording.text import markdown


def headline(result: Comparison, money: Money) -> None:
    """The answer in a sentence; amounts and their units stay on one line."""
    words = re.sub(r"(?<=\d) (?=%)", "\u00a0", engine_headline(result.answers, money, result.floor))
    st.html(STYLE)
    st.title(markdown(words), anchor=False)
    volume_words = numbers.requests_per_day(result.requests_per_day)
    cheaper = markdown(cheaper_but(result.answers, money, result.floor))
    st.caption(
        f"{markdown(result.workload_label)}, {volume_words}; figures as of {result.data_date}. {cheaper}".rstrip()
    )
    calibrated(result)
    own_figures(result)


def calibrated(result: Comparison) -> None:
    """The mark of each strategy that follows an own measurement, with the error before and after."""
    for answer in result.answers:
        if answer.own is not None:
            words = "; ".join(answer.own.sentences)
            st.caption(f"{own_badge()} **{markdown(answer.name)}**: {markdown(words)}")


def own_figures(result: Comparison) -> None:
    """Which strategies rest on figures of the reader's own."""
    names = [markdown(answer.name) for answer in result.answers if answer.own_marked]
    if names:
        st.caption(f"{own_figures_badge()} in {', '.join(names)}")


def staffing(result: Comparison) -> str:
    """Who is paid to run strategies on own or rented chips; readers ask for the widest part of a small bill."""
    people = [a.people for a in result.answers if a.people]
    if not people:
        return ""
    few, many = numbers.number(round(min(people), 1)), numbers.number(round(max(people), 1))
    return f"Staff: {few if few == many else f'{few} to {many}'} engineers if you run it"
