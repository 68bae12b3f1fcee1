"""The least Streamlit page with as many charts as the first screen: what `redraw_ratio` compares it to."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from components.charts import theme
from tests.charts.make import DRAW

CHARTS = ("steps", "cost", "latency", "frontier", "volume")


@st.cache_resource
def _drawn() -> dict[str, theme.Figure]:
    return {name: theme.plain(DRAW[name]()) for name in CHARTS}


def _scaled(trace: dict[str, Any], factor: float) -> dict[str, Any]:
    """The trace with other numbers on its x axis, as a moved slider gives."""
    if all(isinstance(x, int | float) for x in trace["x"]):
        return {**trace, "x": (np.array(trace["x"]) * factor).tolist()}
    return trace


st.set_page_config(layout="wide")
with st.sidebar:
    position = st.slider("Requests", 0, 100, 50, key="load_requests")
columns = st.columns(2)
for place, (name, figure) in enumerate(_drawn().items()):
    traces = [_scaled(trace, 1 + position / 1000) for trace in figure["data"]]
    where = st.container() if place == 0 else columns[place % 2]
    where.plotly_chart({"data": traces, "layout": figure["layout"]}, key=name)
