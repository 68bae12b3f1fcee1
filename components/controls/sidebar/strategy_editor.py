"""Editor of one strategy, in the four layers. Its widgets are drawn from the strategy's code and write it back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from components.catalog.levers import DEVICE_KINDS, load_levers
from components.catalog.load import load_catalog
from components.catalog.own import tables_with_own, with_own
from components.catalog.own_records import Own
from components.controls.shared import scenario_state
from components.controls.sidebar.own_chip import own_chip
from components.controls.sidebar.own_measurement import own_measurement
from components.controls.sidebar.own_model import own_model
from components.controls.sidebar.strategy_fields import BOUGHT, Ask, asks
from components.controls.sidebar.your_prices import offer_to_apply
from components.engine.answer import Answer
from components.engine.comparison import models_that_fit
from components.engine.scenario import Layer, Strategy, Workload
from components.engine.strategy import NotUsed, Offer, better_bought
from components.share import codec
from components.wording.text import markdown
from components.wording.vocabulary import LAYERS

STEP_PERCENT = 5


def _write(index: int, field: str, key: str, back: Callable[[Any], Any]) -> None:
    scenario_state.change_strategy(index, **{field: back(st.session_state[key])})


def _same(value: Any) -> Any:
    return value


EMPTY = {"api_fee": "none", "price_write": "as other input"}
"""What a field of money means while it is empty, where that is not the list price."""


def _from_percent(value: float | None) -> float | None:
    return None if value is None else value / 100


def _models() -> dict[str, str]:
    """Models that machines run: the reader's own, then the newest first."""
    own = {model.id: "" for model in scenario_state.scenario().own.models}
    found = [m for m in scenario_state.catalog().models.values() if m.usable and m.task == "generate"]
    return {m.id: m.name for m in sorted(found, key=lambda m: (m.id in own, m.release), reverse=True)}


def _every_model(strategy: Strategy) -> dict[str, str]:
    """Those, then models that are bought per token only, by their makers: closed ones first."""
    found = sorted(load_catalog().token_models.values(), key=lambda m: (m.open_weight, m.maker.lower(), m.name))
    mark = "" if strategy.buy == "api" else ", per token only"
    return _models() | {m.id: f"{m.name} ({m.maker}{mark})" for m in found}


@st.cache_resource(max_entries=64, show_spinner=False)
def _fitting(device: str, workload: Workload, own: Own, _version: str) -> frozenset[str]:
    return models_that_fit(device, workload, with_own(load_catalog(), own))


def _device_models(device: str) -> dict[str, str]:
    """Models for a user's device: those it holds first, the others marked."""
    catalog = scenario_state.catalog()
    if device not in catalog.accelerators:
        return _models()
    fits = _fitting(device, scenario_state.workload(), scenario_state.scenario().own, catalog.version)
    ordered = sorted(_models().items(), key=lambda item: item[0] not in fits)
    return {key: name if key in fits else f"{name} (too large)" for key, name in ordered}


def _devices() -> dict[str, str]:
    """Devices of users, phones first, the newest of a kind first."""
    known = scenario_state.catalog().accelerators
    rows = tables_with_own(load_levers(), scenario_state.scenario().own).user_devices.values()
    newest = sorted(rows, key=lambda row: known[row.accelerator_id].release, reverse=True)
    ordered = sorted(newest, key=lambda row: DEVICE_KINDS.index(row.kind))
    return {row.accelerator_id: f"{row.kind}: {known[row.accelerator_id].name}" for row in ordered}


def _chips() -> dict[str, str]:
    own = {chip.id for chip in scenario_state.scenario().own.chips}
    every = scenario_state.catalog().accelerators.values()
    wanted = [c for c in every if c.id in own or not c.family.startswith("edge")]
    order = {"shipping": 0, "announced": 1, "previous": 2}
    return {
        c.id: f"{c.name} (announced)" if c.status == "announced" else c.name
        for c in sorted(wanted, key=lambda c: (c.id not in own, order[c.status], c.vendor, c.name))
    }


def _sellers(strategy: Strategy) -> dict[str, str]:
    catalog = scenario_state.catalog()
    if strategy.buy == "api":
        model = strategy.answering_model
        found = {p.provider for p in catalog.api_prices if p.answering_id == model and p.status != "legacy"}
    elif strategy.buy == "dedicated":
        found = {p.provider for p in catalog.dedicated if p.accelerator_id == strategy.hardware}
    else:
        kind = "purchase" if strategy.buy == "owned" else strategy.buy
        rentals = [p for p in catalog.rentals if p.accelerator_id == strategy.hardware and p.current]
        found = {p.provider for p in rentals if p.price_type == kind}
    return {"": "market median", **{name: name for name in sorted(found)}}


def _tiers(strategy: Strategy) -> dict[str, str]:
    """Tiers of a seller: those of the model where it sells it."""
    rows = [p for p in load_catalog().api_prices if not strategy.provider or p.provider == strategy.provider]
    own = [p for p in rows if p.answering_id == strategy.answering_model and p.status != "legacy"]
    return {tier: tier for tier in sorted({p.tier for p in own or rows})}


def _places() -> dict[str, str]:
    return {place.id: place.label for place in load_levers().places.values()}


def _options(ask: Ask, strategy: Strategy) -> dict[str, str]:
    """Values and the words they are shown with; the present value is always among them."""
    value = getattr(strategy, ask.field)
    if ask.kind == "words":
        return ask.words
    if ask.field == "edge_device":
        found = _devices()
    elif ask.field == "edge_model":
        found = _device_models(strategy.edge_device)
    elif ask.kind == "model":
        found = ({"": "none"} if ask.field == "student" else {}) | _every_model(strategy)
    elif ask.kind == "chip":
        found = ({"": "the same chip"} if ask.field == "prefill" else {}) | _chips()
    elif ask.kind == "seller":
        found = _sellers(strategy)
    elif ask.kind == "tier":
        found = _tiers(strategy)
    else:
        found = _places()
    return found if value in found else {**found, value: str(value) or "none"}


def _draw(ask: Ask, index: int, strategy: Strategy) -> None:
    key = f"edit_{ask.field}"
    value = getattr(strategy, ask.field)
    low, high = codec.limits(Strategy, ask.field)
    back: Callable[[Any], Any] = _from_percent if ask.kind in {"percent", "share"} else _same
    wired: dict[str, Any] = {
        "key": key, "help": ask.help, "on_change": _write, "args": (index, ask.field, key, back),
    }  # fmt: skip
    if ask.kind == "switch":
        scenario_state.put(key, value)
        st.toggle(ask.label, **wired)
    elif ask.kind == "percent":
        scenario_state.put(key, round(value * 100))
        bounds = (round((low or 0) * 100), round((high or 1) * 100))
        st.slider(ask.label, *bounds, step=STEP_PERCENT, format="%d %%", **wired)
    elif ask.kind == "whole":
        scenario_state.put(key, value)
        st.number_input(ask.label, int(low or 0), int(high or 0), step=1, **wired)
    elif ask.kind == "share":
        scenario_state.put(key, None if value is None else value * 100)
        st.number_input(f"{ask.label}, %", 0.0, (high or 1) * 100, value=None, placeholder="as listed", **wired)
    elif ask.kind == "money":
        scenario_state.put(key, value)
        st.number_input(ask.label, low, high, value=None, placeholder=EMPTY.get(ask.field, "list price"), **wired)
    else:
        options = _options(ask, strategy)
        scenario_state.put(key, value, tuple(options.items()))
        st.selectbox(ask.label, list(options), format_func=lambda v: options.get(v, v), **wired)


def _rename(index: int) -> None:
    name = codec.plain(st.session_state["edit_name"])
    scenario_state.change_strategy(index, name=name or scenario_state.strategy(index).name)


def _said(sentence: str) -> str:
    text = codec.plain(sentence, 400)
    return markdown(text[:1].upper() + text[1:].rstrip(".") + ".")


def _say(answer: Answer, *, api: bool) -> None:
    for sentence in answer.reasons:
        st.error(_said(sentence), icon=":material/block:")
    for sentence in answer.warnings:
        if isinstance(sentence, NotUsed) and not api:
            continue  # said beside the measurement's fields, which a per-token platform does not have
        st.caption(f":material/info: {_said(sentence)}")
    for sentence in answer.overrides:
        st.caption(f":material/edit: {_said(sentence)}")


def _offer_to_buy(index: int, strategy: Strategy, answer: Answer) -> None:
    """One click from a model that has no price as it is bought to an offer of it."""
    offer = None if answer.cost_parts_usd_per_month else better_bought(load_catalog(), strategy)
    if offer is None:
        return
    tier = "" if offer.tier == "standard" else f", tier {offer.tier}"
    st.button(f"Buy it per token from {offer.provider}{tier}", key="buy_per_token", icon=":material/shopping_cart:",
              on_click=_buy, args=(index, offer))  # fmt: skip


def _buy(index: int, offer: Offer) -> None:
    scenario_state.change_strategy(index, buy="api", provider=offer.provider, tier=offer.tier)


def editor(index: int, answer: Answer | None) -> None:
    """Draw the four layers of one strategy, and what the engine says about the choice."""
    strategy = scenario_state.strategy(index)
    if answer:
        _say(answer, api=strategy.buy == "api")
        _offer_to_buy(index, strategy, answer)
    layers = list(BOUGHT)
    layer = st.segmented_control(
        "Layer", layers, default=layers[0], required=True, key="edit_layer", label_visibility="collapsed",
        format_func=lambda layer: LAYERS[layer].title, width="stretch",
    )  # fmt: skip
    _layer(layer, index, strategy)
    own_measurement(index, answer)


def _layer(layer: Layer, index: int, strategy: Strategy) -> None:
    """The layer in view alone: each widget costs the server about a millisecond a redraw."""
    if layer == "stack" and strategy.buy == "api":
        st.caption("The seller runs the server software; nothing to set here.")
        return
    for ask in (a for a in asks(layer) if a.applies(strategy)):
        _draw(ask, index, strategy)
        if ask.field == "price" and ask.when == "rent":
            offer_to_apply(index, strategy)
        elif ask.field == "hardware":
            own_chip(index, strategy)
        elif ask.field == "model":
            own_model(index, strategy)
    if layer == "model":
        scenario_state.put("edit_name", strategy.name)
        st.text_input("Name on the page", max_chars=60, key="edit_name", on_change=_rename, args=(index,))
