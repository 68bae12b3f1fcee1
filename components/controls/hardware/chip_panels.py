"""Blocks of the Hardware page: what binds, the roofline, the yields, the chips needed and the spec sheet."""

from __future__ import annotations

import streamlit as st

from components.catalog.evidence import measured_points
from components.catalog.load import load_catalog
from components.catalog.own import with_own
from components.catalog.own_records import Own
from components.catalog.records import Accelerator
from components.charts import hardware as charts
from components.charts.speed import alt_text as speed_alt
from components.charts.speed import speed_chart
from components.controls.shared import scenario_state
from components.controls.shared.chart import STYLE, chart
from components.engine.comparison import ChipAnswer, hardware
from components.engine.evidence import Run, runs
from components.engine.scenario import Scenario
from components.wording import numbers
from components.wording.figures import NONE
from components.wording.money import DOLLARS, Money
from components.wording.text import markdown

PICK = "hardware_pick"
MOST = 4
GB = 1e9


@st.cache_data(max_entries=128, show_spinner=False)
def _machines(scenario: Scenario, picked: tuple[str, ...], _version: str) -> tuple[ChipAnswer, ...]:
    return hardware(scenario, load_catalog(), picked)


def machines(scenario: Scenario) -> tuple[ChipAnswer, ...]:
    """The scenario's chips and those that the reader set beside them."""
    picked = tuple(st.session_state.get(PICK) or ())
    return _machines(scenario, picked, load_catalog().version)


def headline(found: tuple[ChipAnswer, ...]) -> None:
    """What binds, in a sentence."""
    st.html(STYLE)
    st.caption("Hardware: why is it so?")
    st.title(markdown(charts.headline(found)), anchor=False)
    st.caption(
        "A chip multiplies numbers and moves them from memory. Left of the bend of its roof it waits for memory, "
        f"right of it for arithmetic. Modelled; figures as of {load_catalog().data_date}."
    )


def by_maker(chip: Accelerator) -> str:
    """A chip as people look for it, by its maker too: "WSE-3 (Cerebras)"."""
    return chip.name if chip.vendor.lower() in chip.name.lower() else f"{chip.name} ({chip.vendor})"


def picker() -> None:
    """Further chips, under the first strategy's model and levers."""
    chips = scenario_state.catalog().accelerators
    st.multiselect("Chips to set beside", list(chips), key=PICK, format_func=lambda key: by_maker(chips[key]),
                   max_selections=MOST, placeholder="Choose chips", persist_state="session",
                   help="Computed with the first strategy's model and levers, rented on demand.")  # fmt: skip


def no_chip(scenario: Scenario) -> None:
    """Why there is no chip to show, and what would bring one."""
    catalog = load_catalog()
    closed = all(s.answering_model in catalog.token_models for s in scenario.strategies)
    cure = "Their models run on no chip that is for rent: add a strategy with another model." if closed else (
        "Choose one above."
    )  # fmt: skip
    st.info(f"Every strategy is paid per token, so the vendor chooses the chips. {cure}", icon=":material/memory:")


def roofline(found: tuple[ChipAnswer, ...]) -> None:
    """The roofs with the workload's points, and why a strategy has none."""
    note = "Thick: the number format in use; dotted: the chip's other formats. Dense peaks, modelled points"
    with st.container():
        chart(charts.roofline(found, note=note), key="roofline", alt=charts.alt_text(found))
    for machine in found:
        if machine.why_no_point:
            st.caption(f"**{markdown(machine.name)}**: {markdown(machine.why_no_point)}.")


@st.cache_data(max_entries=128, show_spinner=False)
def _runs(chip: str, model: str, own: Own, _version: str) -> tuple[Run, ...]:
    catalog = with_own(load_catalog(), own)
    return runs(measured_points(), dict(catalog.models), catalog.models[model], catalog.accelerators[chip])


def speed(found: tuple[ChipAnswer, ...]) -> None:
    """The modelled curve of each chip under this workload, and published runs beside it."""
    catalog, own = load_catalog(), scenario_state.scenario().own
    known = {m.name: _runs(m.chip.id, m.model.id, own, catalog.version) for m in found}
    titles = {source.id: source.title for source in catalog.sources.values()}
    note = "Lines: this workload, modelled. Rings: published runs, measured at their own lengths, formats and stacks"
    with st.container(border=True):
        chart(speed_chart(found, known, titles, note=note), key="speed", alt=speed_alt(found, known))
    without = dict.fromkeys(f"{m.model.name} on {m.chip.name}" for m in found if not known[m.name])
    if without:
        st.caption(f"No published run of {markdown('; '.join(without))}.")


def uneven(found: tuple[ChipAnswer, ...]) -> str:
    """Why a yield per chip compares unevenly, where servers differ in size; empty where they do not."""
    sizes = {m.name: m.chips_per_replica for m in found if m.chips_per_replica}
    if len(set(sizes.values())) < 2:
        return ""
    each = ", ".join(f"{name} {count}" for name, count in sizes.items())
    return (
        f"Chips in a server differ ({each}). A small server has less room for requests beside its weights, so its "
        "chips may yield less here and still be the cheapest size that meets the targets, as on Compare."
    )


def bars(found: tuple[ChipAnswer, ...]) -> None:
    """Tokens per chip, per dollar, per watt and per user."""
    if said := uneven(found):
        st.caption(markdown(said))
    with st.grid(2, min_column_width=320, key="yields"):
        for measure in charts.MEASURES:
            with st.container(border=True):
                chart(charts.yield_bars(found, measure), key=f"yield_{measure}",
                             alt=charts.bars_alt(found, measure))  # fmt: skip


def _why(machine: ChipAnswer) -> str:
    need = machine.need
    if need is None:
        return "weights lie in the chips beside it"
    weights, kv, room = (numbers.number(b / GB, "GB") for b in (need.weight_bytes, need.kv_bytes, need.usable_bytes))
    tokens = numbers.tokens(need.tokens)
    return f"{weights} of weights and {kv} for one request of {tokens}, over {room} open on each"


def _needed(machine: ChipAnswer, money: Money) -> dict[str, str]:
    fits = machine.sequences
    return {
        "Strategy": machine.name,
        "Chip": machine.chip.name,
        "Model": machine.model.name,
        "Chips needed": numbers.number(machine.need.chips) if machine.need else NONE,
        "Because": _why(machine),
        "Chips in a server": numbers.number(machine.chips_per_replica) if machine.chips_per_replica else NONE,
        "Requests that fit": numbers.number(fits) if fits is not None else NONE,
        "Tokens/s per user": numbers.number(machine.tokens_per_s_per_user) if machine.tokens_per_s_per_user else NONE,
        "Price per chip-hour": money.compact(machine.usd_per_chip_hour),
        "Power per chip, all-in": numbers.power(machine.kw_per_chip),
        "Qualifies": "meets the targets" if machine.feasible else machine.reason,
    }


def needed(found: tuple[ChipAnswer, ...], money: Money) -> None:
    """How many chips the model needs, and why."""
    st.markdown("## How many chips")
    st.dataframe([_needed(machine, money) for machine in found], hide_index=True, key="chips_needed",
                 column_config={"Strategy": st.column_config.Column(pinned=True)})  # fmt: skip


def _sheet(chip: Accelerator) -> dict[str, str]:
    source = load_catalog().sources.get(chip.source_id)
    domain = f"{chip.scale_up_domain_chips} chips"

    def number(value: float | None, unit: str) -> str:
        return numbers.NOT_PUBLISHED if value is None else f"{value:,.6g} {unit}"

    return {
        "Vendor": chip.vendor,
        "Status": f"{chip.status}, released {chip.release}",
        "Memory [GB]": f"{number(chip.memory_gb, 'GB')} {chip.memory_type}",
        "Memory bandwidth [GB/s]": number(chip.memory_bandwidth_gb_per_s, "GB/s"),
        "Memory on the chip, SRAM [MB]": number(chip.sram_mb, "MB"),
        "Peak 16-bit, dense [TFLOP/s]": number(chip.peak_bf16_tflop_per_s, "TFLOP/s"),
        "Peak FP8, dense [TFLOP/s]": number(chip.peak_fp8_tflop_per_s, "TFLOP/s"),
        "Peak INT8, dense [TOP/s]": number(chip.peak_int8_top_per_s, "TOP/s"),
        "Peak FP4, dense [TFLOP/s]": number(chip.peak_fp4_tflop_per_s, "TFLOP/s"),
        "Link to other chips, one way [GB/s]": " ".join((number(chip.link_gb_per_s, "GB/s"), chip.link_name)).strip(),
        "Chips in one fast domain": domain if chip.scale_up_domain_chips > 1 else "1 chip",
        "Power of the chip, TDP [W]": number(chip.tdp_w, "W"),
        "Power with its host, all-in [kW]": number(chip.all_in_kw, "kW"),
        "List price [USD]": DOLLARS.exact(chip.list_price_usd) + (f" ({b})" if (b := chip.list_price_basis) else ""),
        "Source": source.title if source else chip.source_id,
        "Published": source.published if source else numbers.NOT_PUBLISHED,
        "Read on": (source.accessed if source else "") or "not re-read",
        "Confidence": chip.confidence,
        "Figures read again": "yes" if chip.reread else "not re-read: datasheet values",
        "Notes": chip.notes or NONE,
    }


def specs(found: tuple[ChipAnswer, ...]) -> None:
    """Every published figure of each chip with unit, source, date and confidence."""
    chips = {c.id: c for m in found for c in (m.chip, m.partner) if c is not None}
    st.markdown("## Spec sheet")
    sheets = {chip.name: _sheet(chip) for chip in chips.values()}
    rows = [
        {"Figure": name} | {chip: sheet[name] for chip, sheet in sheets.items()}
        for name in next(iter(sheets.values()), {})
    ]
    st.dataframe(rows, hide_index=True, key="specs", height="content",
                 column_config={"Figure": st.column_config.Column(pinned=True)})  # fmt: skip
    links = [load_catalog().sources.get(chip.source_id) for chip in chips.values()]
    said = dict.fromkeys(f"[{markdown(s.title)}]({s.url})" for s in links if s is not None and s.url)
    if said:
        st.caption("Sources: " + "; ".join(said))
