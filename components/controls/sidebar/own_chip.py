"""A chip of the reader's own: a listed one copied, its figures changed one by one."""

from __future__ import annotations

from typing import Any, NamedTuple

import streamlit as st

from components.catalog.own_records import MOST_OWN, Own, OwnChip
from components.catalog.records import Accelerator
from components.controls.shared import scenario_state
from components.controls.shared.badges import own_figures_badge
from components.engine.scenario import Strategy
from components.share import codec
from components.wording.text import markdown

HELP = (
    "Any chip: a card that is not listed, a seller's offer, a plan. Start from the listed chip that is most like it; "
    "what you leave empty stays as there. It is part of the link, and usable on every page and in the search."
)


class Figure(NamedTuple):
    """One figure of a chip as it is asked."""

    field: str
    label: str
    whole: bool = False
    help: str | None = None


NONE_IS_0 = "0: it has none."
FIGURES = (
    Figure("memory_gb", "Memory, GB"),
    Figure("memory_bandwidth_gb_per_s", "Memory bandwidth, GB/s"),
    Figure("peak_bf16_tflop_per_s", "Peak 16-bit, TFLOP/s", help="Dense, per chip, as are the other peaks."),
    Figure("peak_fp8_tflop_per_s", "Peak FP8, TFLOP/s", help=NONE_IS_0),
    Figure("peak_int8_top_per_s", "Peak INT8, TOP/s", help=NONE_IS_0),
    Figure("peak_fp4_tflop_per_s", "Peak FP4, TFLOP/s", help=NONE_IS_0),
    Figure("link_gb_per_s", "Link to other chips, GB/s one way", help="Half of what makers print. 0: PCIe alone."),
    Figure("scale_up_domain_chips", "Chips in one fast domain", whole=True),
    Figure("power_w", "Power with its host, W"),
    Figure("usd_per_chip_hour", "Rent, USD per chip-hour"),
    Figure("usd_per_chip", "Price, USD per chip with its host"),
)


def own_chips() -> dict[str, OwnChip]:
    """The reader's own chips by id."""
    return {chip.id: chip for chip in scenario_state.scenario().own.chips}


def _keep(chips: dict[str, OwnChip]) -> None:
    own = scenario_state.scenario().own
    scenario_state.change_own(Own(chips=tuple(chips.values()), models=own.models))


def _copy(index: int, like: str) -> None:
    """A new chip, equal to a listed one, in the place of it in the strategy."""
    chips = own_chips()
    key = next(key for n in range(1, MOST_OWN + 1) if (key := f"own-chip-{n}") not in chips)
    _keep({**chips, key: OwnChip(id=key, like=like)})
    scenario_state.change_strategy(index, hardware=key, provider="")


def _remove(key: str) -> None:
    """Take a chip away; strategies on it go back to the listed one."""
    chips = own_chips()
    like = chips.pop(key).like
    for i, strategy in enumerate(scenario_state.scenario().strategies):
        changed = {field: like for field in ("hardware", "prefill", "edge_device") if getattr(strategy, field) == key}
        if changed:
            scenario_state.change_strategy(i, **changed)
    _keep(chips)


def _write(key: str, field: str, widget: str) -> None:
    value = st.session_state[widget]
    chips = own_chips()
    if isinstance(value, str):
        value = codec.plain(value, 40)
    chips[key] = chips[key].model_copy(update={field: value})
    _keep(chips)


def _listed(figure: Figure, listed: Accelerator) -> str:
    """What holds while a figure is empty."""
    if figure.field == "power_w":
        return "as listed" if listed.all_in_kw is None else f"{listed.all_in_kw * 1e3:,.10g}"
    if figure.field.startswith("usd"):
        return "as listed"
    value = getattr(listed, figure.field)
    return "none" if value is None else f"{value:,.10g}"


def _figure(chip: OwnChip, figure: Figure, listed: Accelerator) -> None:
    widget, value = f"own_chip_{figure.field}", getattr(chip, figure.field)
    low, high = codec.limits(OwnChip, figure.field)
    wired: dict[str, Any] = {
        "key": widget, "value": None, "placeholder": _listed(figure, listed), "help": figure.help, "on_change": _write,
        "args": (chip.id, figure.field, widget),
    }  # fmt: skip
    if figure.whole:
        scenario_state.put(widget, value, chip.id)
        st.number_input(figure.label, int(low or 0), int(high or 0), step=1, **wired)
    else:
        scenario_state.put(widget, None if value is None else float(value), chip.id)
        st.number_input(figure.label, low or 0.0, high, format="%g", **wired)


def own_chip(index: int, strategy: Strategy) -> None:
    """Copy the strategy's chip to change it, or change it where it is the reader's own."""
    chips, listed = own_chips(), scenario_state.catalog().accelerators
    sheet = st.expander("Your own chip", icon=":material/memory:", key="own_chip", on_change="rerun")
    if strategy.hardware in chips:
        st.markdown(own_figures_badge())
    if not sheet.open:
        return
    with sheet:
        chip = chips.get(strategy.hardware)
        if chip is None:
            st.caption(HELP)
            base = listed.get(strategy.hardware)
            if base is not None:
                st.button(f"Copy {base.name} and change it", key="own_chip_copy", icon=":material/content_copy:",
                          on_click=_copy, args=(index, base.id), disabled=len(chips) >= MOST_OWN,
                          help=f"At most {MOST_OWN} chips of your own." if len(chips) >= MOST_OWN else None,
                          )  # fmt: skip
            return
        _fields(chip, listed[chip.like])


def _fields(chip: OwnChip, base: Accelerator) -> None:
    st.caption(f"As {markdown(base.name)} where nothing is given: its age, its software and its prices as well.")
    scenario_state.put("own_chip_name", chip.name, chip.id)
    st.text_input("Name", max_chars=40, key="own_chip_name", placeholder=chip.words, on_change=_write,
                  args=(chip.id, "name", "own_chip_name"))  # fmt: skip
    for figure in FIGURES:
        _figure(chip, figure, base)
    st.button("Remove this chip", key="own_chip_remove", icon=":material/delete:", on_click=_remove, args=(chip.id,))
