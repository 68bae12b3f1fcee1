"""The limits of a search: one line a limit, written into the address as they change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from components.catalog.levers import load_levers
from components.controls.find import question_and_answer
from components.controls.shared import scenario_state
from components.engine.search import (
    Asked,
    Bound,
    LeftOut,
    Limit,
    Named,
    Objective,
    Requirements,
    Worst,
    field_of,
    limits_of,
)
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
    chosen = spread(st.session_state[key])
    question_and_answer.change(**{field: chosen or Requirements.model_fields[field].default})


def _select(field: str, label: str, options: list[str], words: Any, value: str, help_: str) -> None:
    key = f"find_{field}"
    scenario_state.put(key, value)
    st.selectbox(label, options, key=key, format_func=words, help=help_, on_change=_pick, args=(field, key))


def _number(asked: Requirements, limit: Bound, ask: Asked) -> None:
    field = field_of(type(asked), limit)
    key = f"find_{field}"
    low, _ = codec.limits(type(asked), field)
    value = getattr(asked, field)
    kind: type[int] | type[float] = int if limit.whole else float
    scenario_state.put(key, None if value is None else kind(value))
    st.number_input(ask.label, kind(low or 0), step=kind(ask.step), key=key, value=None, placeholder="no limit",
                    help=ask.help, format="%d" if limit.whole else "%g", on_change=_pick,
                    args=(field, key))  # fmt: skip


def _many(asked: Requirements, limit: Named, ask: Asked) -> None:
    field = field_of(type(asked), limit)
    key = f"find_{field}"
    scenario_state.put(key, list(getattr(asked, field) or ()))
    words = [*(_members() if field == "places" else ()), *known_words(field, type(asked))]
    st.multiselect(ask.label, words, key=key, format_func=_named, placeholder="any", help=ask.help,
                   on_change=_pick_many, args=(field, key))  # fmt: skip


def _members() -> dict[str, tuple[str, ...]]:
    """Places of each union of states that can be chosen as one: "EU"."""
    found: dict[str, tuple[str, ...]] = {}
    for place in load_levers().places.values():
        if place.union:
            found[place.union] = (*found.get(place.union, ()), place.id)
    return found


def spread(words: Sequence[str]) -> tuple[str, ...]:
    """What was chosen, with the members of a union in its place."""
    members = _members()
    return tuple(dict.fromkeys(one for word in words for one in members.get(word, (word,))))


def place_words(places: Sequence[str]) -> str:
    """Places by their names, all members of a union by its own: "the EU, Norway"."""
    left, said = list(places), []
    for union, members in _members().items():
        if set(members) <= set(left):
            said.append(f"the {union}")
            left = [place for place in left if place not in members]
    known = load_levers().places
    return ", ".join([*said, *(known[place].label if place in known else place for place in left)])


def _named(word: str) -> str:
    places = load_levers().places
    if word in places:
        return places[word].label
    return WAYS_TO_BUY[word].short if word in WAYS_TO_BUY else markdown(word)


def _switch(asked: Requirements, field: str, label: str, help_: str) -> None:
    key = f"find_{field}"
    scenario_state.put(key, getattr(asked, field))
    st.toggle(label, key=key, help=help_, on_change=_pick, args=(field, key))


def _limit(asked: Requirements, limit: Limit) -> None:
    """The widget of one limit."""
    ask, field = limit.asked, field_of(type(asked), limit)
    match limit:
        case _ if ask is None:
            return
        case Bound():
            _number(asked, limit, ask)
        case Named():
            _many(asked, limit, ask)
        case Worst():
            words = {step: ask.choice.format(limit.word(step)) for step in limit.scale}
            _select(field, ask.label, list(words), words.get, getattr(asked, field), ask.help)
        case LeftOut():
            _switch(asked, field, ask.label, ask.help)


WIDGETS: tuple[type[Limit], ...] = (Named, Bound, Worst, LeftOut)
"""Kinds of limits in the order of the form."""


def form(asked: Requirements) -> None:
    """The commonest limits in a row, the others behind a button."""
    limits = [limit for limit in limits_of(type(asked)) if limit.asked is not None]
    with st.grid(4, min_column_width=200, key="find_form"):
        _select("objectives", "Best is", list(OBJECTIVE_WORDS), OBJECTIVE_WORDS.get, asked.objectives[0],
                "What decides between configurations that keep every limit.")  # fmt: skip
        _select("alternatives", "Models tried", list(MODEL_WORDS), MODEL_WORDS.get, asked.alternatives,
                "Measured against the baseline's model.")  # fmt: skip
        for limit in limits:
            if limit.asked is not None and limit.asked.first:
                _limit(asked, limit)
    with st.expander("More limits: sellers, places, power, carbon", icon=":material/tune:"):
        with st.grid(2, min_column_width=260, key="find_more"):
            for limit in sorted(limits, key=lambda each: WIDGETS.index(type(each))):
                if limit.asked is not None and not limit.asked.first:
                    _limit(asked, limit)
            _switch(asked, "lossy", "Narrower number formats allowed", "FP8, FP4 and the like, within the grade.")
            _switch(asked, "unpublished", "Unpublished speeds allowed",
                    "Let platforms win whose speed nobody has published.")  # fmt: skip
        bound: dict[str, Any] = {"bind": "query-params"}
        st.text_input("Code in the address", key=question_and_answer.CODE, **bound)
