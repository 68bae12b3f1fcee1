"""Where the saving comes from: the steps through the four layers from today's bill to one strategy's."""

from __future__ import annotations

import streamlit as st

from components.charts import steps
from components.controls.compare.lever_by_lever import HELP, lever_by_lever
from components.controls.shared import scenario_state
from components.controls.shared.chart import chart
from components.engine.comparison import UPKEEP, Attribution, Comparison, makeup_sentence
from components.wording.money import Money
from components.wording.text import markdown

CHOSEN = "steps_to"
"""The box: code of the strategy that the steps lead to."""
PICKED = "steps_picked"
"""What the reader picked in it, and the best strategy at that time: another best undoes the pick."""


def _told(result: Comparison) -> Attribution:
    """The steps to the strategy that the reader picked; to the best one as long as nothing is picked or left of it."""
    by_code = {scenario_state.codes()[told.index]: told for told in result.attributions}
    picked, best_then = st.session_state.get(PICKED, ("", ""))
    if picked in by_code and best_then == _best(result):
        return by_code[picked]
    st.session_state.pop(PICKED, None)
    cheapest = min(result.attributions, key=lambda told: told.strategy_usd_per_month)
    return by_code.get(_best(result), cheapest)


def _best(result: Comparison) -> str:
    """Code of the best strategy; empty where there is none."""
    return "" if result.best is None else scenario_state.codes()[result.best]


def _pick(best: str) -> None:
    st.session_state[PICKED] = st.session_state[CHOSEN], best


def layer_steps(result: Comparison, money: Money) -> None:
    """The chart of steps, with the choice of the strategy and of the order-free view."""
    if not result.attributions:
        return
    told = _told(result)
    codes = scenario_state.codes()
    names = {codes[each.index]: each.strategy for each in result.attributions}
    scenario_state.put(CHOSEN, codes[told.index], tuple(names.items()))
    fair = bool(st.session_state.get("fair_share"))
    with st.container(border=True):
        chart(steps.steps(told, money, fair=fair), key="steps",
              alt=steps.alt_text(told, money, fair=fair))  # fmt: skip
        rows = "".join(f"<div><b>{layer}</b> {words}</div>" for layer, words in steps.levers(told))
        st.html(f"<div class='fl-levers'>{rows}</div>")
        with st.container(horizontal=True, vertical_alignment="center"):
            st.selectbox("Steps to", list(names), format_func=names.__getitem__, key=CHOSEN, on_change=_pick,
                         args=(_best(result),), label_visibility="collapsed", width=280)  # fmt: skip
            st.toggle("Fair share", key="fair_share",
                      help="Each layer's mean saving over all orders of the steps (Shapley)")  # fmt: skip
            opened = st.toggle("What it is made of", key="made_of", help=HELP)
        if opened:
            st.markdown(markdown(makeup_sentence(result, told.index, money)), help=f"Upkeep is {UPKEEP}.")
            lever_by_lever(told.index, money)
