"""The price of a target: where a looser one would save much, a sentence with the sum and a button that takes it."""

from __future__ import annotations

import streamlit as st

from components.catalog.load import load_catalog
from components.controls.shared import scenario_state
from components.engine.comparison import Comparison, TargetPrice
from components.engine.comparison import target_price as priced
from components.engine.scenario import Scenario
from components.wording import numbers
from components.wording.money import Money
from components.wording.text import markdown

WHAT = {"tpot_ms": "a word every {}", "ttft_ms": "the first word within {}"}


@st.cache_resource(max_entries=256, show_spinner=False)
def _priced(scenario: Scenario, place: int, _version: str) -> TargetPrice | None:
    return priced(scenario, place, load_catalog())


def _take(target: str, looser_ms: float) -> None:
    scenario_state.change_workload(**{target: looser_ms})


def target_price(result: Comparison, money: Money) -> None:
    """Say what the baseline's target costs, else the best strategy's; nothing where a looser one would save little."""
    scenario = scenario_state.scenario()
    for place in dict.fromkeys((0, result.best or 0)):
        found = _priced(scenario, place, load_catalog().version)
        if found is not None:
            _say(found, result.answers[place].name, money)
            return


def _say(found: TargetPrice, name: str, money: Money) -> None:
    now, looser = (numbers.seconds(ms / 1e3) for ms in (found.now_ms, found.looser_ms))
    words = (
        f"The target of {WHAT[found.target].format(now)} is dear: at {looser} {name} costs "
        f"{money.compact(found.usd_per_month_looser)} a month instead of {money.compact(found.usd_per_month_now)}, "
        f"{numbers.percent(found.saving_share)} less."
    )
    with st.container(key="target_price"):
        text, button = st.columns([7, 1], vertical_alignment="center")
        text.markdown(f":small[:material/speed: {markdown(words)}]")
        button.button(
            f"Take {looser}", key="take_target", on_click=_take, args=(found.target, found.looser_ms), width="stretch"
        )
