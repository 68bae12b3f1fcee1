"""The answer of the Compare page in a sentence and its figures in a row."""

from __future__ import annotations

import re

import streamlit as st

from components.catalog.load import load_catalog
from components.controls.shared.badges import own_badge
from components.controls.shared.chart import STYLE
from components.engine.answer import CALIBRATED, Answer
from components.engine.comparison import Comparison
from components.engine.comparison import headline as engine_headline
from components.wording import numbers
from components.wording.figures import NONE
from components.wording.money import Money
from components.wording.text import markdown


def headline(result: Comparison, money: Money) -> None:
    """The answer in a sentence; amounts and their units stay on one line."""
    words = re.sub(r"(?<=\d) (?=%)", "\u00a0", engine_headline(result.answers, money))
    st.html(STYLE)
    st.subheader(markdown(words), anchor=False)
    volume_words = numbers.requests_per_day(result.requests_per_day)
    st.caption(f"{markdown(result.workload_label)}, {volume_words}; figures as of {result.data_date}")
    calibrated(result)


def as_of(result: Comparison) -> str:
    """The note under a chart: how its figures are known and of when."""
    basis = ", ".join(dict.fromkeys(a.basis for a in result.answers))
    own = [a.name for a in result.answers if a.own is not None]
    calibrated = f"; {', '.join(own)} {CALIBRATED}" if own else ""
    return f"Prices and figures as of {result.data_date}; {basis}{calibrated}"


def calibrated(result: Comparison) -> None:
    """The mark of each strategy that follows an own measurement, with the error before and after."""
    for answer in result.answers:
        if answer.own is not None:
            words = "; ".join(answer.own.sentences)
            st.caption(f"{own_badge()} **{markdown(answer.name)}**: {markdown(words)}")


def staffing(result: Comparison, money: Money) -> str:
    """Who is paid to run strategies on own or rented chips; readers ask for the widest part of a small bill."""
    people = [a.people for a in result.answers if a.people]
    if not people:
        return ""
    few, many = numbers.number(min(people)), numbers.number(max(people))
    pay = money.compact(load_catalog().economics["staff_cost_loaded"].base)
    return f". Staff: {few if few == many else f'{few} to {many}'} engineers at {pay} a year if you run it"


def _p95(answer: Answer, target_s: float | None) -> tuple[str, str]:
    value = answer.ttft_p95_s.base if answer.ttft_p95_s else None
    words = f"target {numbers.seconds(target_s)}" if target_s else "no target"
    if target_s and answer.meets_ttft is not None:
        words += ", met" if answer.meets_ttft else ", missed"
    return numbers.seconds(value), words


def metrics(result: Comparison, money: Money) -> None:
    """Today's cost, the best cost, what is saved, the price per million tokens and the wait."""
    baseline = result.answers[0]
    best = result.answers[result.best] if result.best is not None else None
    today, then = baseline.cost_usd_per_month, best.cost_usd_per_month if best else None
    saved = today.base - then.base if then else None
    shown = best or baseline
    wait, met = _p95(shown, result.ttft_target_s)

    def amount(usd: float | None) -> str:
        return markdown(money.compact(usd))

    def spread(answer: Answer | None) -> str:
        if answer is None:
            return "none meets the targets"
        low, high = amount(answer.cost_usd_per_month.low), amount(answer.cost_usd_per_month.high)
        return f"{low} to {high}" if low != high else "list price" if answer.kind == "api" else "whole servers"

    blend = markdown(shown.blend.replace("input to output", "in to out"))
    rows = (
        ("Baseline a month", amount(today.base), spread(baseline), f"Compared with: {baseline.name}."),
        ("Best a month", amount(then.base if then else None), spread(best), f"Cheapest that meets the targets: "
         f"{best.name}" if best else "No strategy meets the targets."),
        ("Saving a month", amount(saved), numbers.percent(saved / today.base) if saved and today.base else NONE,
         "Baseline less best."),
        ("Per million tokens", amount(shown.usd_per_mtok_blended), blend,
         f"Input and output blended, {shown.name}."),
        ("First word, p95", wait, met, f"Time to first token (TTFT) that 95 of 100 requests stay under, {shown.name}."),
    )  # fmt: skip
    with st.grid(len(rows), min_column_width=150, key="metrics"):
        for label, value, below, help_ in rows:
            st.metric(label, value, below, delta_color="off", delta_arrow="off", border=True, height="stretch",
                      help=markdown(help_))  # fmt: skip
