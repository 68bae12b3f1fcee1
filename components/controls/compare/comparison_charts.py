"""The charts of the Compare page: cost, latency, savings by layer, cost against speed and against volume."""

from __future__ import annotations

import streamlit as st

from components.charts import cost, frontier, latency, savings, volume
from components.controls.compare.headline_figures import as_of, staffing
from components.controls.shared.chart import chart
from components.engine.comparison import Comparison
from components.wording.money import Money


def main_chart(result: Comparison, money: Money) -> None:
    """Monthly cost by component."""
    figure = cost.monthly_by_component(result.answers, money, note=as_of(result) + staffing(result, money))
    chart(figure, key="cost", alt=cost.alt_text(result.answers, money))


def _saving(result: Comparison, money: Money) -> None:
    names = [a.strategy for a in result.attributions]
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    usual = result.best - 1 if result.best else 0
    index = left.selectbox("Saving of", range(len(names)), min(usual, len(names) - 1), key="saving_of",
                           format_func=lambda i: names[i] if i < len(names) else "")  # fmt: skip
    fair = right.toggle("Fair share", key="fair_share", help="Each layer's mean saving over all orders (Shapley)")
    told = result.attributions[min(index, len(names) - 1)]
    figure = savings.steps(told, money, note=as_of(result), fair=fair)
    chart(figure, key="saving", alt=savings.alt_text(told, money, fair=fair))


def more_charts(result: Comparison, money: Money) -> None:
    """Latency, savings by layer, cost against speed, cost against volume."""
    targets = (result.ttft_target_s, result.tpot_target_s)
    note, out = as_of(result), frozenset(i for i, a in enumerate(result.answers) if not a.feasible)
    with st.grid(2, min_column_width=330, key="charts"):
        with st.container(border=True):
            chart(latency.against_targets(result.answers, *targets, note=note), key="latency",
                  alt=latency.alt_text(result.answers, *targets))  # fmt: skip
        if result.attributions:
            with st.container(border=True):
                _saving(result, money)
        with st.container(border=True):
            chart(frontier.cost_latency(result.answers, money, note=note), key="front",
                  alt=frontier.alt_text(result.answers, money))  # fmt: skip
        with st.container(border=True):
            chart(volume.cost_against_volume(result.curves, money, out=out, note=note), key="volume",
                  alt=volume.alt_text(result.curves, money, out=out))  # fmt: skip
