"""Compare: what do we pay, and what would we pay?"""

import streamlit as st

from components.catalog.load import load_catalog
from components.controls import frame, panels, results, sidebar, state, why
from components.share.table import comparison_csv

frame.require()
scenario = state.scenario()
result, money = results.comparison(scenario), results.money(scenario.currency)

with st.container(key="answer"):
    panels.headline(result, money)
sidebar.notices()
panels.metrics(result, money)
panels.main_chart(result, money)
panels.infeasible(result)
panels.more_charts(result, money)

with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
    st.markdown("#### All figures", width="content")
    st.download_button(
        "CSV with sources",
        lambda: comparison_csv(scenario, result, load_catalog()),
        file_name=f"four-layers-{result.data_date}.csv",
        mime="text/csv",
        key="csv",
        icon=":material/download:",
        on_click="ignore",
    )
panels.table(result, money)
why.why(result)
