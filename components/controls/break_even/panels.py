"""Blocks of the page: the answer, the picture, all ways today, every crossover, the bill of owning, and why."""

from __future__ import annotations

import math

import streamlit as st

from components.catalog.load import load_catalog
from components.charts import break_even as charts
from components.controls.break_even.choices import code_field, terms
from components.controls.shared.chart import STYLE, chart
from components.controls.shared.ledger import ledger, source_words
from components.engine.plan import (
    MIX,
    BreakEven,
    base_words,
    break_even,
    cheaper_but,
    remark,
    today_words,
    trigger,
)
from components.engine.plan import headline as said
from components.engine.scenario import Scenario
from components.share.break_even import break_even_csv
from components.wording import numbers
from components.wording.figures import NONE
from components.wording.money import Money
from components.wording.text import capital, markdown

WHY_NOT = "Why not, or what must hold"


@st.cache_resource(max_entries=64, show_spinner=False)
def _answer(scenario: Scenario, index: int, _version: str) -> BreakEven:
    return break_even(scenario, index, load_catalog())


def answer(scenario: Scenario, index: int) -> BreakEven:
    """The answer for one strategy's service, kept by scenario."""
    return _answer(scenario.model_copy(update={"currency": "USD"}), index, load_catalog().version)


def headline(found: BreakEven, money: Money) -> None:
    """The answer in a sentence, with what it costs and what would cost less."""
    st.html(STYLE)
    st.title(markdown(said(found)), anchor=False)
    if words := " ".join(filter(None, (today_words(found, money), cheaper_but(found, money)))):
        st.caption(markdown(words))


def picture(found: BreakEven, money: Money, *, near: bool) -> None:
    """Cost against volume."""
    note = f"{found.strategy}, same targets and week for all; modelled, prices as of {found.data_date}"
    figure = charts.cost_by_volume(found, money, near=near, note=note)
    with st.container(border=True):
        chart(figure, key="even_curves", alt=charts.alt_text(found, money))
    if words := trigger(found):
        row = load_catalog().economics["cloud_vs_own_threshold"]
        st.caption(f"{markdown(words)} Source: {source_words(row.source_id)}.")


def table(found: BreakEven, money: Money) -> None:
    """Every way at today's volume, and why one may not win."""
    st.markdown("## All ways today")
    rows = [
        {
            "Way to buy": line.label,
            "Cost a month": money.compact(line.today_usd_per_month) if line.today_usd_per_month > 0 else NONE,
            "Busy": NONE if math.isnan(line.today_busy_share) or math.isnan(line.today_usd_per_month)
            else numbers.percent(line.today_busy_share),
            "May win": "no" if not line.may_win else "estimate" if line.estimated else "yes",
            WHY_NOT: capital(remark(found, place)) or NONE,
        }
        for place, line in enumerate(found.lines)
    ]  # fmt: skip
    rows += [
        {
            "Way to buy": name,
            "Cost a month": NONE,
            "Busy": NONE,
            "May win": "no",
            "Why not, or what must hold": capital(reason),
        }
        for name, reason in found.left_out
    ]
    st.dataframe(rows, hide_index=True, key="even_ways", height="content",
                 column_config={"Way to buy": st.column_config.Column(pinned=True),
                                WHY_NOT: st.column_config.Column(width="large")})  # fmt: skip
    st.caption(_caption())


def _caption() -> str:
    """What own halls and spot rest on."""
    catalog = load_catalog()
    build, life = catalog.economics["facility_build"], catalog.economics["facility_life_years"]
    return (
        f"An own hall: {build.base:,.0f} {build.unit} over {life.base:g} {life.unit} ({life.confidence} confidence), "
        f"from a megawatt on. Sources: {source_words(build.source_id)}; {source_words(life.source_id)}."
    )


def crossovers(found: BreakEven, money: Money) -> None:
    """Every change of the cheapest way."""
    if not found.crossovers:
        return
    with st.expander(f"Every change of the cheapest way ({len(found.crossovers)})", icon=":material/swap_vert:"):
        st.dataframe(
            [
                {
                    "Requests a day": f"{flip.requests_per_day:,.0f}",
                    "Cheapest below": found.lines[flip.below].label,
                    "Cheapest above": found.lines[flip.above].label,
                    "Cost a month": money.compact(flip.usd_per_month),
                    "Busy": NONE if math.isnan(flip.busy_share) else numbers.percent(flip.busy_share),
                    "How": "both cost the same" if flip.equal else "one server more turns it",
                }
                for flip in found.crossovers
            ],
            hide_index=True, key="even_flips",
        )  # fmt: skip
        st.caption("Servers are whole, so ways that cost about the same change places several times.")


def owning(found: BreakEven, money: Money, scenario: Scenario) -> None:
    """The bill of owning by line, with the source of each."""
    bill = found.ownership
    st.markdown("## What owning costs")
    terms(scenario)
    if not bill.lines:
        st.caption(markdown(capital(bill.reasons[0])) + ".")
        return
    once, month = money.compact(bill.usd_once), money.compact(bill.usd_per_month)
    lives = ", ".join(f"{years:g} years {money.compact(usd)}" for years, usd in bill.by_life)
    st.caption(markdown(
        f"{bill.machines}: {once} at the start, {month} a month over {bill.years:g} years at "
        f"{numbers.percent(bill.interest)} a year, as Compare has it. By years of use: {lives}."
    ))  # fmt: skip
    sources = load_catalog().sources
    rows = [
        {
            "Line": line.name,
            "Once": NONE if line.usd_once is None else money.compact(line.usd_once),
            "A month": money.compact(line.usd_per_month),
            "How": line.how,
            "Confidence": line.confidence,
            "Source": "; ".join(dict.fromkeys(sources[s].title for s in line.sources if s in sources)) or NONE,
        }
        for line in bill.lines
    ]
    rows.append({"Line": "Total", "Once": once, "A month": month, "How": "the sum of the lines", "Confidence": "",
                 "Source": ""})  # fmt: skip
    st.dataframe(rows, hide_index=True, key="even_bill", height="content",
                 column_config={"Line": st.column_config.Column(pinned=True),
                                "How": st.column_config.Column(width="large")})  # fmt: skip


@st.dialog("Why this number", width="large")
def _dialog(found: BreakEven, place: int, money: Money) -> None:
    line = found.lines[place]
    st.subheader(markdown(line.label), anchor=False)
    if line.answer is not None:
        ledger(line.answer)
        return
    for words in base_words(found, money):
        st.markdown(f"- {markdown(words)}")


def why(found: BreakEven, money: Money) -> None:
    """A button for each way that opens its steps, the curves as CSV, and the code in the address."""
    with st.container(horizontal=True, key="why_this_number"):
        st.caption("Why this number: formula, inputs and sources of each way today", width="stretch")
        told = [i for i, each in enumerate(found.lines) if each.answer is not None or (each.key == MIX and found.base)]
        for place in told:
            if st.button(markdown(found.lines[place].label), key=f"why_{place}", icon=":material/search:"):
                _dialog(found, place, money)
    st.download_button("Curves and bill as CSV", lambda: break_even_csv(found, load_catalog()), key="even_csv",
                       file_name=f"four-layers-rent-own-api-{found.data_date}.csv", mime="text/csv",
                       icon=":material/download:", on_click="ignore")  # fmt: skip
    with st.expander("Address", icon=":material/code:"):
        code_field()
