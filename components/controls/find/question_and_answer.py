"""What is asked on the Find page, kept in the address, and the answer, kept by question."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import streamlit as st

from components.catalog.load import load_catalog
from components.controls.shared import scenario_state
from components.engine.outcome import Book, open_book, priced_book
from components.engine.scenario import Scenario
from components.engine.search import (
    Found,
    LatencyPoint,
    Option,
    QualityPoint,
    Requirements,
    cost_of_latency,
    cost_of_quality,
    search,
    short_name,
)
from components.share import link
from components.share.question_link import question_code, read_question_code

CODE, STOP = scenario_state.QUESTION, "find_stop"
KEPT = 48
"""Answers kept for all readers."""
PATIENCE_S = 1.0
"""How long a stopped search may still run, so that it has something to say. [s]"""
MOST_S = 30.0
"""A search ends here and says so: no link may ask for more of a machine that others share. [s]"""
POLL_S = 0.2
_ONE_AT_A_TIME = threading.Lock()
"""Searches of all readers take turns, so that the pages of others keep answering."""


def code() -> str:
    """The question's code in the address."""
    return str(st.session_state.get(CODE) or st.query_params.get(CODE) or "")


def question(scenario: Scenario) -> Requirements:
    """What is asked: the page's limits on the scenario's workload, measured against its baseline."""
    fields, _ = read_question_code(code())
    return Requirements(
        workload=scenario.workload, baseline=scenario.strategies[0], prices=scenario.prices, own=scenario.own, **fields
    )


def notices() -> tuple[str, ...]:
    """One sentence for each part of the code that was not taken as written."""
    return read_question_code(code())[1]


def change(**fields: Any) -> None:
    """Write changed limits into the address; for callbacks only."""
    given, _ = read_question_code(code())
    st.session_state[CODE] = question_code(Requirements(**{**given, **fields}))


@st.cache_resource(show_spinner=False)
def _answers(_version: str) -> OrderedDict[Requirements, Found]:
    """Answers of all readers, oldest first."""
    return OrderedDict()


def stop(asked: Requirements) -> None:
    """End the search of a question early; for callbacks only."""
    st.session_state[STOP] = asked


def answer(asked: Requirements) -> Found:
    """The answer, computed with a bar of progress and a way to stop it, or remembered."""
    kept = _answers(load_catalog().version)
    if asked in kept:
        return kept[asked]
    place = st.empty()
    stopped = st.session_state.get(STOP) == asked
    with place.container():
        bar = st.progress(0.0, "Searching")
        if not stopped:
            st.button("Stop and show what is found", key="find_stop_button", on_click=stop, args=(asked,))
    with _turn(lambda: bar.progress(0.0, "Waiting for the searches of other readers")):
        begin, limit_s = time.monotonic(), PATIENCE_S if stopped else MOST_S
        found = search(
            asked,
            _book(asked),
            progress=lambda share, count: _progress(bar, share, count),
            stop=lambda: time.monotonic() - begin > limit_s,
        )
    place.empty()
    if not (found.stopped and stopped):
        kept[asked] = found
        while len(kept) > KEPT:
            kept.popitem(last=False)
    return found


@contextmanager
def _turn(waiting: Callable[[], object]) -> Iterator[None]:
    """Hold the only place for a search; `waiting` is called while another has it and may leave by an exception."""
    while not _ONE_AT_A_TIME.acquire(timeout=POLL_S):
        waiting()
    try:
        yield
    finally:
        _ONE_AT_A_TIME.release()


def _progress(bar: Any, share: float, count: int) -> None:
    bar.progress(min(max(share, 0.0), 1.0), f"{count:,} configurations compared")


@st.cache_data(max_entries=48, show_spinner="Trying other targets")
def latency_curve(asked: Requirements, which: str, _version: str) -> tuple[LatencyPoint, ...]:
    """The cheapest cost by target of the first word ("ttft") or of each word ("tpot")."""
    return cost_of_latency(asked, _book(asked), "ttft" if which == "ttft" else "tpot")


@st.cache_data(max_entries=48, show_spinner="Trying other grades")
def quality_curve(asked: Requirements, _version: str) -> tuple[QualityPoint, ...]:
    """The cheapest cost by worst grade accepted."""
    return cost_of_quality(asked, _book(asked))


def _book(asked: Requirements) -> Book:
    return priced_book(load_catalog(), asked.prices, asked.baseline, asked.workload, asked.own)


def name(option: Option) -> str:
    """A configuration in few words; its model where that is not the baseline's."""
    return short_name(open_book(scenario_state.catalog()), option, scenario_state.scenario().reference_model)


def add_to_compare(option: Option) -> None:
    """Put a configuration among the compared strategies, in the last place where six are; for callbacks only."""
    named = option.strategy.model_copy(update={"name": scenario_state.free_name(name(option))})
    codes = scenario_state.codes()
    fresh = link.strategy_code(named)
    if len(codes) >= scenario_state.MOST:
        scenario_state.write_codes([*codes[:-1], fresh])
        st.toast("Six strategies are compared at most: the last one was replaced. Back restores it.")
    else:
        scenario_state.add([fresh])
        st.toast("Added to Compare.")
