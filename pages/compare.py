"""Compare: what do we pay, and what would we pay?"""

import streamlit as st

from components.catalog.load import load_catalog
from components.controls import compare, shared, sidebar
from components.share.table import comparison_csv

shared.require()
scenario = shared.scenario()
result, money = shared.comparison(scenario), shared.money(scenario.currency)

with st.container(key="answer"):
    compare.headline(result, money)
compare.target_price(result, money)
sidebar.notices()
compare.layer_steps(result, money)
compare.choices(result, money)
compare.infeasible(result)
compare.more_charts(result, money)

with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom", key="all_figures"):
    st.markdown("## All figures", width="content")
    st.download_button(
        "CSV with sources",
        lambda: comparison_csv(scenario, result, load_catalog()),
        file_name=f"four-layers-{result.data_date}.csv",
        mime="text/csv",
        key="csv",
        icon=":material/download:",
        on_click="ignore",
    )
compare.table(result, money)
compare.why(result)
