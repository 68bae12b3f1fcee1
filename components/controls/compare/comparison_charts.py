"""The charts below the answer: cost by component, latency, cost against speed, cost against volume."""

from __future__ import annotations

import streamlit as st

from components.charts import cost, frontier, latency, volume
from components.controls.compare.headline_figures import staffing
from components.controls.shared.chart import chart
from components.engine.comparison import Comparison
from components.wording.money import Money


def more_charts(result: Comparison, money: Money) -> None:
    """Cost by component, latency, cost against speed, cost against volume."""
    targets = (result.ttft_target_s, result.tpot_target_s)
    out = frozenset(i for i, a in enumerate(result.answers) if not a.feasible)
    figure = cost.monthly_by_component(result.answers, money, note=staffing(result))
    with st.grid(2, min_column_width=330, key="charts"):
        with st.container(border=True):
            chart(figure, key="cost", alt=cost.alt_text(result.answers, money))
        with st.container(border=True):
            chart(latency.against_targets(result.answers, *targets), key="latency",
                  alt=latency.alt_text(result.answers, *targets))  # fmt: skip
        with st.container(border=True):
            chart(frontier.cost_latency(result.answers, money), key="front",
                  alt=frontier.alt_text(result.answers, money))  # fmt: skip
        with st.container(border=True):
            chart(volume.cost_against_volume(result.curves, money, out=out), key="volume",
                  alt=volume.alt_text(result.curves, money, out=out))  # fmt: skip
