"""Figures of chips follow from what their datasheets print: bus and data rate, units and clock, channels of memory."""

import re

import pytest

from components.catalog.load import load_catalog
from components.catalog.records import Accelerator

CHIPS = load_catalog().accelerators

BUS = re.compile(r"Bus (\d+) bit x ([\d.]+) Gbit/s")
CORES = re.compile(r"(\d+) tensor cores x (\d+) FLOP per clock x ([\d.]+) GHz")
ENGINES = re.compile(r"(\d+) matrix engines x (\d+) INT8 operations per clock x ([\d.]+) GHz")
LANES = re.compile(r"\((\d+) x 128 x 2 x ([\d.]+) GHz\)")
VECTORS = re.compile(r"(\d+) ([\w/ -]+) cores x ([\d.]+) GHz x (\d+) per cycle \((\d) x (\d+)-bit vector units\)")
CHANNELS = re.compile(r"-(\d+) \((?:(\d) x )?(\d+) channels?\)")
PINS = re.compile(r"([\d,]+) MT/s x (\d+) bit")
DATA_RATES = {
    "GDDR5": (6, 9.1), "GDDR5X": (10, 11.1), "GDDR6": (9.9, 20.2), "GDDR6X": (19, 23.1), "GDDR7": (18, 30.1),
    "HBM2": (1.4, 2.41), "HBM2e": (2.4, 3.3),
}  # fmt: skip
"""Gbit/s per pin that parts of each kind of memory are sold with."""


def said(pattern: re.Pattern[str], column: str = "notes") -> list[tuple[Accelerator, tuple[float, ...]]]:
    """Chips whose text states the parts of a figure, with those parts; absent ones count as 1."""
    found = [(chip, pattern.search(getattr(chip, column))) for chip in CHIPS.values()]
    return [(c, tuple(float((v or "1").replace(",", "")) for v in m.groups())) for c, m in found if m is not None]


def test_bandwidth_is_bus_width_times_data_rate() -> None:
    rows = said(BUS)
    assert len(rows) >= 140
    for chip, (bits, gbit_per_s) in rows:
        assert chip.memory_bandwidth_gb_per_s == pytest.approx(bits * gbit_per_s / 8, rel=0.01), chip.id
        low, high = DATA_RATES[chip.memory_type]
        assert low <= gbit_per_s <= high, (chip.id, gbit_per_s)


def test_bandwidth_of_processors_is_channels_times_rate() -> None:
    rows = said(CHANNELS, "memory_type")
    assert len(rows) >= 40
    for chip, (mega_transfers, sockets, channels) in rows:
        expected = sockets * channels * mega_transfers * 8 / 1e3
        assert chip.memory_bandwidth_gb_per_s == pytest.approx(expected, rel=0.01), chip.id


def test_bandwidth_of_small_devices_is_pins_times_rate() -> None:
    rows = said(PINS)
    assert len(rows) >= 5
    for chip, (mega_transfers, bits) in rows:
        assert chip.memory_bandwidth_gb_per_s == pytest.approx(mega_transfers * bits / 8 / 1e3, rel=0.02), chip.id


def test_peaks_are_units_times_clock() -> None:
    for chip, (cores, per_clock, gigahertz) in said(CORES):
        whole = cores * per_clock * gigahertz / 1e3
        full = chip.peak_fp16_accumulate_tflop_per_s or chip.peak_bf16_tflop_per_s
        assert full == pytest.approx(whole, rel=0.01), chip.id
    for chip, (engines, per_clock, gigahertz) in said(ENGINES):
        assert chip.peak_int8_top_per_s == pytest.approx(engines * per_clock * gigahertz / 1e3, rel=0.01), chip.id
    for chip, (cores, gigahertz) in said(LANES):
        assert chip.peak_bf16_tflop_per_s == pytest.approx(cores * 256 * gigahertz / 1e3, rel=0.03), chip.id
    assert len(said(CORES)) >= 80 and len(said(ENGINES)) >= 10 and len(said(LANES)) >= 20


def test_peaks_of_processors_are_cores_times_clock_times_width() -> None:
    """A unit of w bits multiplies and adds w/16 numbers of 16 bits a cycle; matrix units (AMX, NPU) state their own."""
    count = 0
    for chip in CHIPS.values():
        parts = VECTORS.findall(chip.notes)
        count += bool(parts)
        if chip.device_class in {"cpu", "cpu-amx"}:
            assert parts or chip.peak_bf16_tflop_per_s, f"{chip.id} has no 16-bit peak"
        if parts:
            assert all(int(per_cycle) == int(units) * int(bits) // 8 for *_, per_cycle, units, bits in parts), chip.id
            peak = sum(int(n) * float(ghz) * int(per_cycle) for n, _, ghz, per_cycle, *_ in parts) / 1e3
            assert chip.peak_bf16_tflop_per_s == pytest.approx(peak, rel=0.01), chip.id
    assert count >= 55


def test_cards_for_games_halve_16_bits_summed_in_32_and_others_do_not() -> None:
    for chip in CHIPS.values():
        doubled = chip.peak_fp16_accumulate_tflop_per_s
        with_tensor_cores = chip.name.startswith("GeForce RTX")
        assert (doubled is not None) == with_tensor_cores, chip.id
        if doubled is not None:
            assert doubled == pytest.approx(2 * (chip.peak_bf16_tflop_per_s or 0), rel=0.01), chip.id


def test_laptop_parts_are_no_faster_than_the_cards_of_their_name() -> None:
    pairs = [(chip, CHIPS[key.removesuffix("-laptop")]) for key, chip in CHIPS.items() if key.endswith("-laptop")
             and key.removesuffix("-laptop") in CHIPS]  # fmt: skip
    assert len(pairs) >= 15
    for laptop, card in pairs:
        if laptop.memory_type == card.memory_type:
            assert laptop.memory_bandwidth_gb_per_s <= card.memory_bandwidth_gb_per_s, laptop.id
        assert (laptop.peak_bf16_tflop_per_s or 0) <= (card.peak_bf16_tflop_per_s or 0), laptop.id
        assert laptop.memory_gb <= card.memory_gb or laptop.id == "rtx-3080-ti-laptop", laptop.id


@pytest.mark.parametrize("larger", ["max", "ultra"])
def test_larger_apple_chips_read_at_least_as_fast(larger: str) -> None:
    smaller = {"max": "pro", "ultra": "max"}[larger]
    for generation in range(1, 6):
        below, above = (CHIPS.get(f"apple-m{generation}-{size}") for size in (smaller, larger))
        if below and above:
            assert above.memory_bandwidth_gb_per_s > below.memory_bandwidth_gb_per_s, above.id


def test_chips_that_people_own_may_have_no_price() -> None:
    """A chip without a price is predicted and owned; the search offers what somebody sells."""
    priced = {row.accelerator_id for row in load_catalog().rentals} | {
        row.accelerator_id for row in load_catalog().dedicated
    }
    bare = [chip for chip in CHIPS.values() if chip.id not in priced and chip.list_price_usd is None]
    assert {"rtx-2080-ti", "rtx-4070", "apple-m1", "arc-pro-b50", "xeon-6980p-2s"} <= {chip.id for chip in bare}


FAMILIES = {
    "NVIDIA": 150, "AMD": 65, "Intel": 50, "Apple": 38, "Google": 7, "AWS": 7, "Qualcomm": 9, "Tenstorrent": 6,
}  # fmt: skip


@pytest.mark.parametrize(("maker", "least"), FAMILIES.items())
def test_the_breadth_of_each_maker(maker: str, least: int) -> None:
    assert sum(chip.vendor == maker for chip in CHIPS.values()) >= least
