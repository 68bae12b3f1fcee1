"""What the plan does not know, as a table and one input at a time: its ends are the reader's own where given."""

from __future__ import annotations

from typing import Any, NamedTuple

import streamlit as st

from components.catalog.load import load_catalog
from components.controls.plan import planned
from components.controls.shared import scenario_state
from components.engine.plan import InputRange, input_ranges, own_range, said, shape_words, term_fault
from components.engine.scenario import Prices, Scenario
from components.share import codec
from components.wording.money import DOLLARS
from components.wording.text import capital, markdown

PICK, LOW, BASE, HIGH = "plan_range_of", "plan_range_low", "plan_range_base", "plan_range_high"
WRONG = "plan_range_fault"
"""Name of an input to what was typed as its ends and why they cannot be: the plan keeps what it had."""
TERMS = ("growth", "chips", "tokens")
"""Inputs whose base is a term of the plan, of the same name."""
PRICES = ("overhead", "salary", "upkeep", "power")
"""Inputs whose base is one of the reader's own prices, of the same name."""


class _Unit(NamedTuple):
    words: str
    scale: float
    """Shown over stored value."""


def _unit(one: InputRange) -> _Unit:
    match one.published.said:
        case "share" | "change":
            return _Unit("%", 100)
        case words:
            return _Unit(words, 1)


def _found(scenario: Scenario) -> dict[str, InputRange]:
    return {one.published.name: one for one in input_ranges(planned.case(scenario))}


def _write_ends(name: str) -> None:
    scenario = scenario_state.scenario()
    one, stated = _found(scenario)[name], scenario.plan
    low, high = (None if (v := st.session_state[key]) is None else v / _unit(one).scale for key in (LOW, HIGH))
    tried = own_range(one.published, low, high, planned.case(scenario).terms)
    if not tried.fault:
        planned.change(lows=_with(stated.lows, name, low), highs=_with(stated.highs, name, high))
    _remember(name, low, high, tried.fault)


def _remember(name: str, low: float | None, high: float | None, fault: str) -> None:
    """Why what was typed of an input cannot be; without a fault it is forgotten."""
    wrong = {other: found for other, found in st.session_state.get(WRONG, {}).items() if other != name}
    st.session_state[WRONG] = wrong | ({name: (low, high, fault)} if fault else {})


def _with(ends: tuple[tuple[str, float], ...], name: str, value: float | None) -> tuple[tuple[str, float], ...]:
    others = tuple(pair for pair in ends if pair[0] != name)
    return others if value is None else (*others, (name, value))


def _write_base(name: str) -> None:
    scenario = scenario_state.scenario()
    one, typed = _found(scenario)[name], st.session_state[BASE]
    value = None if typed is None else typed / _unit(one).scale
    fault = _base_fault(scenario, one, value)
    if not fault and name in TERMS:
        planned.change(**{name: value})
    elif not fault:
        scenario_state.change_prices(**{one.published.kind: value})
    _remember(name, None, None, fault)


def _base_fault(scenario: Scenario, one: InputRange, value: float | None) -> str:
    """What is wrong with a base, as a sentence; else empty."""
    name, used = one.published.name, one.used
    if used.own and value is not None and not used.low <= value <= used.high:
        return "The base must lie between the ends: widen them first."
    if name in TERMS:
        return term_fault(scenario.plan, name, value, planned.looked_up(scenario).book)
    low, high = codec.limits(Prices, one.published.kind)
    if value is not None and low is not None and high is not None and not low < value <= high:
        return f"The base must be more than {low:g} and at most {high * _unit(one).scale:,.0f}."
    return ""


def _forget(name: str) -> None:
    plan = scenario_state.scenario().plan
    planned.change(lows=_with(plan.lows, name, None), highs=_with(plan.highs, name, None))
    st.session_state[WRONG] = {}


def _field(label: str, key: str, value: float | None, one: InputRange, **more: Any) -> None:
    unit = _unit(one)
    scenario_state.put(key, None if value is None else round(value * unit.scale, 9), one.published.name)
    st.number_input(f"{label}, {unit.words}", value=None, key=key, format="%g", **more)


def _placeholder(one: InputRange, value: float) -> str:
    return f"{value * _unit(one).scale:,.4g}"


def _editor(scenario: Scenario, found: dict[str, InputRange]) -> None:
    names = list(found)
    if st.session_state.get(PICK) not in names:
        st.session_state[PICK] = next((name for name, one in found.items() if one.fault), names[0])
    st.selectbox("Input", names, key=PICK, width=480, format_func=lambda name: _label(found[name]))
    name = st.session_state[PICK]
    one, plan = found[name], scenario.plan
    low, high, fault = st.session_state.get(WRONG, {}).get(
        name, (dict(plan.lows).get(name), dict(plan.highs).get(name), one.fault)
    )
    settable = name in TERMS or one.published.kind in PRICES
    ends = {"on_change": _write_ends, "args": (name,)}
    where = "What the plan itself has." if settable else "What Compare has; only its ends are open."
    with st.grid(4, min_column_width=150, key="plan_range_fields"):
        _field("Low", LOW, low, one, placeholder=_placeholder(one, one.published.low), **ends)
        _field("Base", BASE, one.used.base, one, disabled=not settable, on_change=_write_base, args=(name,),
               help=where)  # fmt: skip
        _field("High", HIGH, high, one, placeholder=_placeholder(one, one.published.high), **ends)
        if one.used.own or fault:
            st.button("Take the published range", key="plan_range_back", icon=":material/undo:", on_click=_forget,
                      args=(name,))  # fmt: skip
    if fault:
        st.markdown(f":orange[:material/error: {markdown(fault)}]")
    for other, each in found.items():
        if other != name and each.fault:
            st.markdown(f":orange[:material/error: {markdown(f'{capital(each.published.words)}: {each.fault}')}]")


def _label(one: InputRange) -> str:
    return capital(one.published.words) + (" (yours)" if one.used.own else "")


def _whose(one: InputRange) -> str:
    if one.used.own:
        return "yours"
    return "published" if one.open else "fixed"


def _table(found: dict[str, InputRange]) -> None:
    sources = load_catalog().sources
    rows = []
    for one in found.values():
        used = one.used
        low, base, high = (said(used, value, DOLLARS) for value in (used.low, used.base, used.high))
        cited = [s for s in (used.figure_source, used.source_id) if s in sources]
        rows.append({"Input": capital(used.words), "Low": low, "Base": base, "High": high, "Range": _whose(one),
                     "Shape": shape_words(used.shape), "Confidence": used.confidence,
                     "Source": "; ".join(dict.fromkeys(sources[s].title for s in cited))})  # fmt: skip
    st.dataframe(rows, hide_index=True, key="plan_ranges", height="content")


def ranges(scenario: Scenario) -> None:
    """Low, base and high of every uncertain input, folded away."""
    found = _found(scenario)
    if not found:
        return
    own = [one for one in found.values() if one.used.own]
    wrong = [one for one in found.values() if one.fault] or st.session_state.get(WRONG)
    title = "What is not known: low, base, high" + (f" ({len(own)} of yours)" if own else "")
    with st.expander(title, icon=":material/casino:", expanded=bool(wrong)):
        st.caption("Every future draws each input from its range. Type your own ends; empty takes the published.")
        _editor(scenario, found)
        _table(found)
