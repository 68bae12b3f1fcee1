"""The limits of a search: one line a limit, written into the address as they change."""

from __future__ import annotations

from typing import Any, get_args

import streamlit as st

from components.controls.find import question_and_answer
from components.controls.shared import scenario_state
from components.engine.search import Objective, Requirements
from components.engine.strategy import Grade
from components.share import codec
from components.share.question_link import known_words
from components.wording.text import markdown
from components.wording.vocabulary import WAYS_TO_BUY

OBJECTIVE_WORDS: dict[Objective, str] = {
    "cost": "lowest cost", "speed": "fastest for each user", "energy": "least energy", "quality": "best quality",
}  # fmt: skip
MODEL_WORDS = {"same": "the same model", "family": "its family and distillates", "any": "any comparable model"}


def _pick(field: str, key: str) -> None:
    value = st.session_state[key]
    question_and_answer.change(**{field: (value,) if field == "objectives" else value})


def _pick_many(field: str, key: str) -> None:
    chosen = tuple(st.session_state[key])
    empty = () if field == "places" else None
    question_and_answer.change(**{field: chosen or empty})


def _select(field: str, label: str, options: list[str], words: Any, value: str, help_: str) -> None:
    key = f"find_{field}"
    scenario_state.put(key, value)
    st.selectbox(label, options, key=key, format_func=words, help=help_, on_change=_pick, args=(field, key))


def _number(asked: Requirements, field: str, label: str, step: float, help_: str) -> None:
    key = f"find_{field}"
    low, _ = codec.limits(Requirements, field)
    value = getattr(asked, field)
    whole = field == "accelerators"
    scenario_state.put(key, None if value is None else (int(value) if whole else float(value)))
    st.number_input(label, int(low or 0) if whole else low, step=int(step) if whole else step, key=key, value=None,
                    placeholder="no limit", help=help_, format="%d" if whole else "%g", on_change=_pick,
                    args=(field, key))  # fmt: skip


def _many(asked: Requirements, field: str, label: str, words: Any, help_: str) -> None:
    key = f"find_{field}"
    scenario_state.put(key, list(getattr(asked, field) or ()))
    st.multiselect(label, known_words(field), key=key, format_func=words, placeholder="any", help=help_,
                   on_change=_pick_many, args=(field, key))  # fmt: skip


def _switch(asked: Requirements, field: str, label: str, help_: str) -> None:
    key = f"find_{field}"
    scenario_state.put(key, getattr(asked, field))
    st.toggle(label, key=key, help=help_, on_change=_pick, args=(field, key))


def form(asked: Requirements) -> None:
    """The commonest limits in a row, the others behind a button."""
    with st.grid(4, min_column_width=200, key="find_form"):
        _select("objectives", "Best is", list(OBJECTIVE_WORDS), OBJECTIVE_WORDS.get, asked.objectives[0],
                "What decides between configurations that keep every limit.")  # fmt: skip
        _select("alternatives", "Models tried", list(MODEL_WORDS), MODEL_WORDS.get, asked.alternatives,
                "Measured against the baseline's model.")  # fmt: skip
        _select("grade", "Quality at least", list(get_args(Grade)), "grade {}".format, asked.grade,
                "A: as the unquantized model; E: clearly worse.")  # fmt: skip
        _number(asked, "budget_usd_per_month", "Budget, USD a month", 5000.0, "Largest cost a month, everything in.")
    with st.expander("More limits: sellers, places, power, carbon", icon=":material/tune:"):
        with st.grid(2, min_column_width=260, key="find_more"):
            _many(asked, "buys", "Ways to pay", lambda buy: WAYS_TO_BUY[buy].short, "None chosen: any.")
            _many(asked, "providers", "Clouds and platforms", markdown, "None chosen: any.")
            _many(asked, "vendors", "Makers of chips", markdown, "None chosen: any.")
            _many(asked, "places", "Where machines stand", markdown, "None chosen: anywhere.")
            _number(asked, "accelerators", "Accelerators at most", 8, "At peak, spare ones included.")
            _number(asked, "power_kw", "Power at most, kW", 10.0, "Mean power of the site.")
            _number(asked, "carbon_kg_per_month", "Carbon at most, kg a month", 500.0, "From electricity.")
            _select("confidence", "Figures at least", ["low", "medium", "high"], "{} confidence".format,
                    asked.confidence, "The weakest figure that an answer rests on.")  # fmt: skip
            _switch(asked, "shipping_only", "Shipping hardware only", "Leave out chips that are only announced.")
            _switch(asked, "lossy", "Narrower number formats allowed", "FP8, FP4 and the like, within the grade.")
            _switch(asked, "unpublished", "Unpublished speeds allowed",
                    "Let platforms win whose speed nobody has published.")  # fmt: skip
        bound: dict[str, Any] = {"bind": "query-params"}
        st.text_input("Code in the address", key=question_and_answer.CODE, **bound)
