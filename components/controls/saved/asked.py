"""What the page asks of the store, once a run, with one sentence where saving is off."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from components.catalog.load import load_catalog
from components.controls.shared import saved_state
from components.engine.comparison import SavedAnswer, watched
from components.share.link import read_link
from components.store import StoreOffError, Taken, UnknownIdError, Version, Watch

_R = TypeVar("_R")


def or_said(ask: Callable[[], _R]) -> _R | None:
    """What the store gives; None, with the reason on the page, where it gives nothing."""
    try:
        return ask()
    except (StoreOffError, UnknownIdError) as reason:
        st.warning(str(reason), icon=":material/cloud_off:")
        return None


def act(ask: Callable[[], object], done: str = "") -> None:
    """Change something in a callback, and say how it went."""
    try:
        ask()
    except (StoreOffError, UnknownIdError) as reason:
        st.toast(str(reason), icon=":material/cloud_off:")
        return
    if done:
        st.toast(done)


def kept_of(version: Version) -> SavedAnswer | None:
    """What a version said, for the engine; None where nothing had a cost."""
    scenario, _ = read_link(version.link)
    chosen = int(version.answer.get("chosen", 0))
    costs = version.answer.get("costs_usd_per_month", [])
    cost = costs[chosen] if chosen < len(costs) else None
    return None if cost is None or chosen >= len(scenario.strategies) else SavedAnswer(scenario, chosen, float(cost))


@st.cache_data(max_entries=256, show_spinner=False)
def _now(query: str, figure: str, _data: str) -> float | None:
    return watched(read_link(query)[0], figure, load_catalog())


def crossed(taken: Taken) -> tuple[Watch, ...]:
    """The flip conditions of a decision that newer data have crossed."""
    try:
        version = saved_state.store().open(taken.id, saved_state.reader(), taken.number)
    except (StoreOffError, UnknownIdError):
        return ()
    values = [(watch, _now(version.link, watch.figure, load_catalog().version)) for watch in taken.decision.watches]
    return tuple(watch for watch, value in values if value is not None and watch.crossed(value))
