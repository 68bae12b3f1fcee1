"""The engine's calibrated constants, read from data/: global values and their multipliers by device and stack."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from pydantic import Field

from components.catalog.base import Confidence, Record
from components.catalog.load import DATA, CatalogError, read_rows

Scope = Literal["device", "stack", "server", "condition", "admission"]
"""What an offset belongs to: a class of chip, a serving stack, or conditions of a measurement.

`server` is benchmark/stack, `condition` benchmark/stack/vendor, `admission` says besides whether attention is data
parallel (dp, tp).
"""


class ParameterRow(Record):
    """One global constant with its spread over the folds and its bounds."""

    name: str
    symbol: str
    value: float
    low: float
    high: float
    prior: float | None = Field(default=None, gt=0)
    """Where a fit begins and is drawn to; None is not fitted."""
    prior_sd: float | None = Field(default=None, gt=0)
    """Width of the prior in its logarithm. [1]"""
    lower_bound: float
    upper_bound: float
    unit: str
    meaning: str
    source_id: str
    value_date: str
    confidence: Confidence


class OffsetRow(Record):
    """One multiplier of a global constant for a device class, a serving stack or a condition of measurement."""

    scope: Scope
    key: str
    parameter: str
    multiplier: float = Field(gt=0)
    low: float = Field(default=1.0, gt=0)
    """Smallest and largest over the folds."""
    high: float = Field(default=1.0, gt=0)
    source_id: str
    value_date: str
    confidence: Confidence


class OffsetPriorRow(Record):
    """Where an offset begins and how far it may move before the data must speak up."""

    scope: Scope
    parameter: str
    keys: str = ""
    """Keys of the scope, `*` for any part, separated by semicolons; empty is all. The first row that names one wins."""
    centre: float = Field(default=1.0, gt=0)
    """Multiplier that the offset is drawn to. [1]"""
    prior_sd: float = Field(gt=0)
    """Standard deviation of its logarithm. [1]"""
    source_id: str
    value_date: str
    confidence: Confidence
    meaning: str


@dataclass(frozen=True)
class Parameters:
    """Global constants in SI units; symbols and meanings stand in data/engine_parameters.csv."""

    mbu: float
    mfu_prefill: float
    mfu_decode: float
    mfu_attention: float
    ceiling: float
    expert_tile: float
    expert_tile_unpacked: float
    expert_prefill_padding: float
    expert_imbalance: float
    fp8_efficiency: float
    fp4_efficiency: float
    int4_bandwidth: float
    acceptance: float
    draft_cost: float
    immaturity: float
    immaturity_months: float
    tpot_p99_over_mean: float
    ttft_mean_over_p99: float
    in_process_path: float
    in_process_launch: float
    bytes_q4_k_m: float
    step_overhead_s: float
    layer_overhead_s: float
    sequence_overhead_s: float
    collective_s: float
    beyond_domain: float
    link_share: float
    nic_share: float
    server_path_s: float
    prefill_layer_s: float
    prefill_stall: float
    queue_weight: float
    burst: float
    burst_median: float
    layer_split_exponent: float
    memory_usable: float
    memory_reserve_bytes: float
    kv_share: float
    chunk_tokens: float
    ramp_loss: float
    nic_bytes_per_s: float
    pcie_bytes_per_s: float
    host_cards: float
    layer_factor_datacentre: float
    layer_factor_edge: float
    step_factor_datacentre: float
    step_factor_edge: float
    lpu_layer_s: float
    wafer_layer_s: float
    wafer_gain: float
    lpx_hop_s: float
    lpx_mbu: float
    sparsity_bytes: float
    sparsity_flop: float
    kv4_attention: float
    bytes_fp4: float
    bytes_mxfp4: float
    bytes_int4: float
    bytes_kv4: float
    sparse_tokens: float
    sparse_index_bytes: float
    flop_per_byte_unpublished: float
    int4_compute: float
    handover_s: float
    admission_steps: float
    open_steps: float
    lockstep_stall: float
    lockstep_burst: float
    expert_efficiency: float
    offsets: Mapping[tuple[str, str, str], float]
    """Multiplier by scope, key and constant. [1]"""
    sources: Mapping[str, str]
    """Source id of each constant: the calibration that fitted it, or where it was taken from."""
    offset_sources: Mapping[tuple[str, str, str], str]

    def cited(self, names: Iterable[str], keys: Collection[tuple[str, str]]) -> tuple[str, ...]:
        """Source ids of constants and of their multipliers, each once.

        Args:
            names: constants.
            keys: scope and key of the multipliers in use, as ("device", "hopper") or ("stack", "vllm").
        """
        found: dict[str, None] = {}
        for name in names:
            found[self.sources[name]] = None
            for scope, key in keys:
                if (scope, key, name) in self.offset_sources:
                    found[self.offset_sources[scope, key, name]] = None
        return tuple(found)

    def offset(self, scope: str, key: str, parameter: str) -> float:
        """Multiplier of a global constant for a device class or a stack; 1 where none was fitted."""
        return self.offsets.get((scope, key, parameter), 1.0)


def read_parameters(folder: Path = DATA) -> Parameters:
    """Read both tables.    Raises: CatalogError naming file, row and rule."""
    file = "engine_parameters.csv"
    values: dict[str, float] = {}
    sources: dict[str, str] = {}
    known = {field.name for field in fields(Parameters)} - {"offsets", "sources", "offset_sources"}
    for number, row in enumerate(read_rows(file, ParameterRow, folder=folder), start=2):
        if row.name not in known:
            raise CatalogError(folder / file, number, f"unknown constant {row.name!r}")
        if not row.lower_bound <= row.value <= row.upper_bound:
            raise CatalogError(folder / file, number, f"{row.name} lies outside its bounds")
        values[row.name], sources[row.name] = row.value, row.source_id
    if missing := sorted(known - values.keys()):
        raise CatalogError(folder / file, 1, f"missing: {', '.join(missing)}")
    offsets: dict[tuple[str, str, str], float] = {}
    offset_sources: dict[tuple[str, str, str], str] = {}
    for offset in read_rows("engine_offsets.csv", OffsetRow, folder=folder):
        key = (offset.scope, offset.key, offset.parameter)
        offsets[key], offset_sources[key] = offset.multiplier, offset.source_id
    return Parameters(
        **values,
        offsets=MappingProxyType(offsets),
        sources=MappingProxyType(sources),
        offset_sources=MappingProxyType(offset_sources),
    )


def read_priors(folder: Path = DATA) -> tuple[tuple[ParameterRow, ...], tuple[OffsetPriorRow, ...]]:
    """What a calibration may move: constants with a prior, and offsets.    Raises: CatalogError."""
    constants = read_rows("engine_parameters.csv", ParameterRow, folder=folder)
    return constants, read_rows("engine_offset_priors.csv", OffsetPriorRow, folder=folder)


@cache
def load_parameters() -> Parameters:
    """The constants of this repository, read once."""
    return read_parameters()


class AccuracyRow(Record):
    """Cross-validated error of one metric in one regime, as shares of the measured value."""

    regime: Literal["all", "server", "amd", "edge", "sram", "unseen"]
    metric: Literal["throughput", "tpot", "ttft"]
    median_error: float = Field(gt=0)
    p90_error: float = Field(gt=0)
    groups: int
    """Groups of measurements behind it."""
    source_id: str
    value_date: str
    confidence: Confidence


class RangeRow(Record):
    """Factors on a modelled figure between which 80 % of the measurements of a kind lay, cross-validated."""

    kind: str
    metric: Literal["throughput", "tpot", "ttft"]
    low_factor: float = Field(gt=0)
    high_factor: float = Field(gt=0)
    figures: int
    """Measured figures behind it."""
    groups: int
    held: float | None = Field(default=None, ge=0, le=1)
    """Share of a group's figures that the range holds when it is made without them, mean over groups. [1]"""
    source_id: str
    value_date: str
    confidence: Confidence


@cache
def load_ranges() -> Mapping[tuple[str, Literal["throughput", "tpot", "ttft"]], RangeRow]:
    """80 % ranges by kind of measurement and metric."""
    rows = read_rows("engine_ranges.csv", RangeRow)
    return MappingProxyType({(row.kind, row.metric): row for row in rows})


@cache
def load_accuracy() -> Mapping[tuple[str, str], AccuracyRow]:
    """Error by regime and metric, of this repository's calibration."""
    found: dict[tuple[str, str], AccuracyRow] = {
        (row.regime, row.metric): row for row in read_rows("engine_accuracy.csv", AccuracyRow)
    }
    return MappingProxyType(found)


class StructureRow(Record):
    """Cross-validated error of one metric over all figures under one structure of the fit."""

    structure: str
    """"every" offset, without one item of them, or "nested": what each fold chose for itself."""
    metric: Literal["throughput", "tpot", "ttft"]
    median_error: float = Field(gt=0)
    p90_error: float = Field(gt=0)
    groups: int
    kept_in: int
    """Folds that keep the item when they choose; of "nested", those that keep every item."""
    folds: int
    source_id: str
    value_date: str
    confidence: Confidence


@cache
def load_structures() -> tuple[StructureRow, ...]:
    """What each item of the calibration is worth on groups that no fold saw."""
    return read_rows("engine_structures.csv", StructureRow)


@cache
def load_own_accuracy() -> Mapping[tuple[str, str], AccuracyRow]:
    """Error left at other operating points once a deployment follows an own measurement, by regime and metric."""
    found: dict[tuple[str, str], AccuracyRow] = {
        (row.regime, row.metric): row for row in read_rows("own_accuracy.csv", AccuracyRow)
    }
    return MappingProxyType(found)
