"""The scenario of this session: six strategy codes, one workload code and a currency, all in the address.

The codes are the only state. Editors are drawn from them and write them back in callbacks, so the address, Back, a
reload and a second tab always agree with the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import urlencode

import streamlit as st

from components.catalog.load import Catalog, load_catalog
from components.catalog.own import with_own
from components.catalog.own_records import Own
from components.engine.scenario import PlanTerms, Prices, Scenario, Strategy, Workload, same_deployment, unmeasured
from components.engine.strategy import measurement
from components.share import link
from components.share.own_code import own_code
from components.share.presets import FIRST_SCREEN, presets
from components.share.starting_points import starts

WORKLOAD, CURRENCY, EDITED, ARRIVAL = "w", "cur", "edit_slot", "arrival"
PRICES, PLAN, COLOURS, CHIPS, MODELS = link.PRICES, link.PLAN, link.COLOURS, link.CHIPS, link.MODELS
QUESTION = "find"
"""Limits of the search, beside the scenario in the address of its page."""
WAY = "even"
"""Strategy whose service is rented, owned or bought, beside the scenario in the address of its page."""
MOST = len(link.SLOTS)
BOUND = (WORKLOAD, CURRENCY, PRICES, PLAN, COLOURS, CHIPS, MODELS, *link.SLOTS)
"""Keys of the address that make the scenario."""
BEFORE = "before_start"
"""The scenario that a starting point replaced."""


@lru_cache(maxsize=512)
def _read(query: tuple[tuple[str, tuple[str, ...]], ...]) -> tuple[Scenario, tuple[str, ...]]:
    scenario, notices = link.parse_query(dict(query))
    return scenario, tuple(notices)


def _query() -> tuple[tuple[str, tuple[str, ...]], ...]:
    bound = {key: (str(st.session_state.get(key) or ""),) for key in BOUND}
    beside = {key: tuple(st.query_params.get_all(key)) for key in st.query_params if key not in bound}
    return tuple((bound | beside).items())


def remember_arrival() -> None:
    """Keep the address as it came, before widgets drop what they do not accept."""
    if ARRIVAL not in st.session_state:
        st.session_state[ARRIVAL] = {key: st.query_params.get_all(key) for key in st.query_params}


def scenario() -> Scenario:
    """What the page is about; the address and nothing else decides."""
    return _read(_query())[0]


def address(of: Scenario) -> str:
    """The link that opens this page as it stands, wherever it is opened and whatever the defaults are by then."""
    page = (st.context.url or "").partition("?")[0]
    page += "/" if page.count("/") == 2 else ""
    codes = {key: st.session_state.get(key) or st.query_params.get(key) for key in (QUESTION, WAY)}
    asked = urlencode({key: code for key, code in codes.items() if code})
    return f"{page}?{'&'.join(filter(None, [link.canonical_query(of), asked]))}"


def notices() -> tuple[str, ...]:
    """One sentence for each part of the address that was not taken as written."""
    arrived = link.parse_query(st.session_state.get(ARRIVAL, {}))[1]
    return tuple(dict.fromkeys([*arrived, *_read(_query())[1]]))


def codes() -> list[str]:
    """Codes of the strategies on the page, baseline first, in the scenario's order."""
    given = [str(st.session_state.get(slot) or "") for slot in link.SLOTS]
    readable = [code for code in given if code and link.read_strategy(code)[0]]
    return readable or list(FIRST_SCREEN)


def colours() -> list[int]:
    """Number of the colour of each strategy on the page."""
    return list(scenario().colour_of)


def write_codes(new: Sequence[str], shades: Sequence[int] | None = None) -> None:
    """Replace all strategies, and their colours unless each keeps that of its place; for callbacks only."""
    st.session_state[ARRIVAL] = {}
    if shades is not None:
        st.session_state[COLOURS] = link.colours_code(shades)
    for i, slot in enumerate(link.SLOTS):
        code = new[i] if i < len(new) else ""
        if st.session_state.get(slot) != code:
            st.session_state[slot] = code


def edited() -> int:
    """Index of the strategy that the editor shows."""
    chosen = st.session_state.get(EDITED)
    last = len(codes()) - 1
    return min(chosen, last) if isinstance(chosen, int) else min(1, last)


def strategy(index: int) -> Strategy:
    """One strategy of the page."""
    return scenario().strategies[index]


def change_strategy(index: int, **fields: Any) -> None:
    """Write changed fields of one strategy into its code; for callbacks only."""
    current = codes()
    before = strategy(index)
    changed = before.model_copy(update=fields)
    if measurement(before) is not None and not same_deployment(before, changed):
        changed = unmeasured(changed)
        st.toast("Own measurement removed: it was taken on another model, chip or server software. Back restores it.")
    current[index] = link.strategy_code(changed, link.head_of(current[index]))
    write_codes(current)


def workload() -> Workload:
    """The workload of the page."""
    return link.read_workload(str(st.session_state.get(WORKLOAD) or ""))[0]


def change_workload(**fields: Any) -> None:
    """Write changed fields of the workload into its code; for callbacks only."""
    st.session_state[ARRIVAL] = {}
    st.session_state[WORKLOAD] = link.workload_code(workload().model_copy(update=fields))


def pick_workload(preset: str) -> None:
    """Another kind of work; a volume of the reader's own stays, one of a starting point goes; for callbacks only."""
    code = str(st.session_state.get(WORKLOAD) or "")
    ready = any(start.workload_code == code for start in starts().values())
    kept = None if ready else workload().requests_per_day
    st.session_state[ARRIVAL] = {}
    st.session_state[WORKLOAD] = link.workload_code(Workload(preset=preset, requests_per_day=kept))


class Kept(NamedTuple):
    """A scenario put aside: codes of its strategies, code of its workload, its currency, its colours."""

    codes: tuple[str, ...]
    workload: str
    currency: str
    colours: tuple[int, ...] = ()


def present() -> Kept:
    """The scenario as its codes stand."""
    return Kept(tuple(codes()), link.workload_code(workload()), scenario().currency, scenario().colours)


def take(wanted: Kept) -> None:
    """Show another scenario and keep the present one for the way back; for callbacks only."""
    st.session_state[BEFORE] = present()
    write_codes(wanted.codes, wanted.colours)
    st.session_state[WORKLOAD], st.session_state[CURRENCY] = wanted.workload, wanted.currency


def before() -> Kept | None:
    """What `take` put aside; None where there is nothing else to go back to."""
    kept = st.session_state.get(BEFORE)
    return kept if isinstance(kept, Kept) and kept != present() else None


def prices() -> Prices:
    """The reader's own figures."""
    return scenario().prices


def change_prices(**fields: Any) -> None:
    """Write changed own figures into their code; for callbacks only."""
    st.session_state[ARRIVAL] = {}
    st.session_state[PRICES] = link.prices_code(prices().model_copy(update=fields))


def plan() -> PlanTerms:
    """The terms of the plan."""
    return link.read_plan(str(st.session_state.get(PLAN) or ""))[0]


def change_plan(**fields: Any) -> None:
    """Write changed terms of the plan into their code; for callbacks only."""
    st.session_state[ARRIVAL] = {}
    st.session_state[PLAN] = link.plan_code(plan().model_copy(update=fields))


def catalog() -> Catalog:
    """The published facts and the reader's own chips and models."""
    return with_own(load_catalog(), scenario().own)


def change_own(own: Own) -> None:
    """Write the reader's own chips and models into their codes; for callbacks only."""
    st.session_state[ARRIVAL] = {}
    st.session_state[CHIPS], st.session_state[MODELS] = own_code(own.chips), own_code(own.models)


def add(strategies: Sequence[str], index: int | None = None) -> None:
    """Insert codes (at the end without an index) and edit the last of them; for callbacks only."""
    current, shades = codes(), colours()
    at = len(current) if index is None else index
    free = [n for n in range(MOST) if n not in shades][: len(strategies)]
    current = (current[:at] + list(strategies) + current[at:])[:MOST]
    write_codes(current, (shades[:at] + free + shades[at:])[:MOST])
    st.session_state[EDITED] = min(at + len(strategies), len(current)) - 1


def add_preset(preset: str) -> None:
    """Add a preset under a name that is not yet taken; for callbacks only."""
    label = presets()[preset].label
    add([link.strategy_code(presets()[preset].strategy.model_copy(update={"name": free_name(label)}), preset)])


def replace_with_preset(index: int, preset: str) -> None:
    """Put a preset in the place of a strategy; for callbacks only."""
    current = codes()
    fresh = presets()[preset].strategy
    name = fresh.name if strategy(index).name == fresh.name else free_name(fresh.name)
    current[index] = link.strategy_code(fresh.model_copy(update={"name": name}), preset)
    write_codes(current)


def free_name(wanted: str) -> str:
    """The name, numbered when a strategy of the page already has it."""
    taken = {s.name for s in scenario().strategies}
    numbered = (wanted if n == 1 else f"{wanted[:55]} {n}" for n in range(1, MOST + 2))
    return next(name for name in numbered if name not in taken)


def remove(index: int) -> None:
    """Take a strategy off the page unless it is the only one; for callbacks only."""
    current, shades = codes(), colours()
    if len(current) > 1:
        write_codes(current[:index] + current[index + 1 :], shades[:index] + shades[index + 1 :])
        st.session_state[EDITED] = max(0, index - 1)


def make_baseline(index: int) -> None:
    """Move a strategy to the first place, with its colour; for callbacks only."""
    current, shades = ([every[index], *every[:index], *every[index + 1 :]] for every in (codes(), colours()))
    write_codes(current, shades)
    st.session_state[EDITED] = 0


def put(key: str, value: object, signature: object = None) -> None:
    """Give an unbound widget its value before it is drawn, only when it has another one or other options."""
    memory = f"_{key}"
    if st.session_state.get(key) != value or key not in st.session_state or st.session_state.get(memory) != signature:
        st.session_state[key] = value
        st.session_state[memory] = signature
