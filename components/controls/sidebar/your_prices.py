"""Your prices: the reader's own figures for every strategy at once."""

from __future__ import annotations

from typing import Any

import streamlit as st

from components.catalog.load import load_catalog
from components.controls.shared import scenario_state
from components.controls.shared.badges import own_figures_badge
from components.engine.outcome import open_book
from components.engine.scenario import Named, Prices, Scenario, Strategy
from components.engine.strategy import asked_chips, asked_figures
from components.share import codec
from components.wording.text import markdown

STAFF = {"all": "Count all", "difference": "Only what is extra", "none": "None"}
HELP = (
    "Figures of your own, used by every strategy and by the search. Empty takes the published figure. "
    "They are part of the link, and each bar that uses one says so."
)
STAFF_HELP = (
    "Count all: everybody who runs a fleet is paid. Only what is extra: the people of the baseline are there already. "
    "None: machines only."
)


def _write(field: str, key: str, scale: float = 1) -> None:
    value = st.session_state[key]
    scenario_state.change_prices(**{field: value / scale if isinstance(value, float | int) else value})


def _write_named(field: str, name: str, key: str) -> None:
    scenario_state.change_prices(
        **{field: with_named(getattr(scenario_state.prices(), field), name, st.session_state[key])}
    )


def with_named(pairs: Named, name: str, value: float | None) -> Named:
    """The figures with one of them set, or taken away where there is no value."""
    kept = {n: v for n, v in pairs if n != name}
    return tuple((kept | ({} if value is None else {name: value})).items())


def _apply(chip: str, usd_per_hour: float, index: int) -> None:
    """Make a strategy's own price of a chip the price of every strategy that rents it."""
    prices = scenario_state.prices()
    scenario_state.change_strategy(index, price=None)
    scenario_state.change_prices(chip_hours=with_named(prices.chip_hours, chip, usd_per_hour))


def offer_to_apply(index: int, strategy: Strategy) -> None:
    """Beside a strategy's own price of a rented chip: the same price for every strategy on it."""
    chip = scenario_state.catalog().accelerators.get(strategy.hardware)
    if chip is not None and strategy.price is not None and strategy.buy != "dedicated":
        st.button(f"Apply to every {chip.name}", key="apply_price", icon=":material/done_all:", on_click=_apply,
                  args=(chip.id, strategy.price, index))  # fmt: skip


def _reset() -> None:
    scenario_state.change_prices(**Prices().model_dump())


def _figure(prices: Prices, field: str, label: str, published: str, scale: float) -> None:
    key, value = f"own_{field}", getattr(prices, field)
    low, high = codec.limits(Prices, field)
    scenario_state.put(key, None if value is None else float(value) * scale)
    st.number_input(
        label, (low or 0.0) * scale, (high or 0.0) * scale, value=None, format="%g", placeholder=published, key=key,
        on_change=_write, args=(field, key, scale),
    )  # fmt: skip


def _named(pairs: Named, field: str, name: str, label: str, published: str) -> None:
    key = f"own_{field}_{name}"
    scenario_state.put(key, dict(pairs).get(name))
    low, high = codec.limits(Prices, field)
    st.number_input(
        label, low, high, value=None, format="%g", placeholder=published, key=key,
        on_change=_write_named, args=(field, name, key),
    )  # fmt: skip


def _rate(prices: Prices, currency: str) -> None:
    row = load_catalog().economics.get(f"fx_usd_{currency.lower()}")
    if row is None:
        return
    published = f"{row.base:g} ({row.value_date})"
    _named(prices.rates, "rates", currency, f"{currency} for one dollar", published)
    st.caption(f"Published rate: {published}, {markdown(load_catalog().sources[row.source_id].title)}.")


def _fields(scenario: Scenario) -> None:
    prices, book = scenario.prices, open_book(scenario_state.catalog())
    chips = book.catalog.accelerators
    scenario_state.put("own_staff", prices.staff)
    st.selectbox("People who run it", list(STAFF), key="own_staff", format_func=lambda word: STAFF[word],
                 help=STAFF_HELP, on_change=_write, args=("staff", "own_staff"))  # fmt: skip
    for chip, published in asked_chips(book, scenario.strategies).items():
        label = f"{chips[chip].name}, USD an hour"
        _named(prices.chip_hours, "chip_hours", chip, label, published)
    for figure, published in asked_figures(book):
        if prices.staff == "none" and figure.of_people:
            continue
        label = f"{figure.words}, {figure.unit}" if figure.unit else figure.words
        _figure(prices, figure.field, label, published, figure.scale)
    _rate(prices, scenario.currency)
    if prices != Prices():
        st.button("Back to published figures", key="reset_prices", on_click=_reset, icon=":material/undo:")


def your_prices(scenario: Scenario) -> None:
    """Ask for the reader's own figures, and say that some are in use."""
    given: dict[str, Any] = {"icon": ":material/payments:", "key": "your_prices", "on_change": "rerun"}
    sheet = st.expander("Your prices", **given)
    if scenario.prices != Prices():
        st.markdown(own_figures_badge())
    if sheet.open:
        with sheet:
            st.caption(HELP)
            _fields(scenario)
