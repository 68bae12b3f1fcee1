"""What the Evidence page stands on: published measurements, peers' errors and the scenario behind a claim.

Read when the page is first opened, not at start-up.
"""

from collections.abc import Collection, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator

from components.catalog.base import Confidence, Record
from components.catalog.figures import figures_of
from components.catalog.levers import load_levers
from components.catalog.load import DATA, CatalogError, load_catalog, read_rows
from components.catalog.parameters import (
    OffsetRow,
    load_accuracy,
    load_own_accuracy,
    load_ranges,
    load_structures,
    read_priors,
)
from components.catalog.records import PublishedFigure
from components.catalog.starting_points import load_starting_points

MEASURED_FILE, PEERS_FILE, CLAIMS_FILE = "measured_points.csv", "peer_errors.csv", "claim_scenarios.csv"
TRAITS_FILE = "benchmarks.csv"


class Point(Record):
    """The conditions of one measurement of a deployment."""

    point_id: str = ""
    benchmark: str
    model: str
    model_precision: str = ""
    accelerator_id: str
    accelerators: float | None = Field(default=None, gt=0, le=1e6)
    parallelism: str = ""
    disaggregated: bool | None = None
    serving_stack: str = ""
    input_tokens: float | None = Field(default=None, gt=0, le=1e8)
    output_tokens: float | None = Field(default=None, ge=0, le=1e8)
    concurrency: float | None = Field(default=None, gt=0, le=1e8)
    ttft_stat: str = ""
    tpot_stat: str = ""
    speculative: bool | None = None
    """None where the source does not say."""
    value_date: str = ""
    notes: str = ""


class MeasuredPoint(Point):
    """One published measurement; points of one `group_id` belong together and count as one."""

    point_id: str
    output_tokens_per_s_total: float | None = Field(default=None, gt=0)
    output_tokens_per_s_per_accelerator: float | None = Field(default=None, gt=0)
    output_tokens_per_s_per_user: float | None = Field(default=None, gt=0)
    ttft_s: float | None = Field(default=None, gt=0)
    tpot_ms: float | None = Field(default=None, gt=0)
    group_id: str
    model_kind: Literal["dense", "moe"]
    accelerator_class: str
    source_id: str
    value_date: str
    confidence: Confidence
    left_out: str = ""
    """Why a calibration neither fits nor scores the point; the rules are checked in tests/test_data.py."""


class BenchmarkTrait(Record):
    """How a benchmark is run, where its points do not say."""

    benchmark: str
    model: str = ""
    """Empty: any model."""
    input_tokens: float = Field(gt=0)
    """Assumed prompt where none is stated. [tokens]"""
    output_tokens: float = Field(gt=0)
    length_share: float = Field(gt=0, le=1)
    """Mean length over the nominal one. [1]"""
    waiting_requests: int = Field(ge=1)
    """Requests in flight where none are stated."""
    server_path: bool
    """Whether requests pass a server."""
    lockstep: bool
    """Whether all lengths are equal, so that requests which start together stay together."""
    decode_rate: bool
    """Whether the rate of a lone stream is its decode speed, prompt left out."""
    source_id: str
    value_date: str
    confidence: Confidence
    note: str = ""


class PeerError(Record):
    """Error of another tool on published points, as shares of the measured value."""

    peer: str
    metric: Literal["throughput", "tpot", "ttft", "e2e"]
    slice: str
    median_error: float = Field(gt=0)
    p90_error: float | None = Field(default=None, gt=0)
    points: int | None = Field(default=None, ge=1)
    points_tried: int | None = Field(default=None, ge=1)
    measured_by: Literal["this project", "its authors", "its users"]
    source_id: str
    value_date: str
    confidence: Confidence
    note: str = ""


FactorKind = Literal["cost", "saving", "usd_month", "saved_usd_month", "speed", "per_power", "share"]
"""What is compared: cost ratio, share saved, cost of the first, USD saved, speed per user, tokens per energy,
cost of the second over the first."""


class ClaimScenario(Record):
    """The scenario in which the engine gets closest to a claim: the first strategy is what the claim compares with."""

    claim_id: str
    query: str = Field(min_length=1)
    """Query of a link to the Compare page; `{}` stands for one of `tries`."""
    factor: FactorKind
    means: str = Field(min_length=1)
    """What the factor is, in words."""
    target: float | None = Field(default=None, gt=0)
    """The claimed factor. [1]"""
    tries: str = ""
    """Values among which the engine looks for the factor closest to the target, separated by semicolons."""
    tried: str = ""
    """What is tried, with its unit, in words that follow a number."""

    @property
    def queries(self) -> Mapping[str, str]:
        """Query by the value tried; a single one under the empty text where nothing is tried."""
        return {value: self.query.replace("{}", value) for value in self.tries.split(";")}

    @model_validator(mode="after")
    def _what_is_tried_has_its_place(self) -> Self:
        complete = ("{}" in self.query, bool(self.tries), bool(self.tried))
        if any(complete) and not (all(complete) and self.target):
            raise ValueError("`tries` needs `{}` in the query, `tried` and `target`")
        return self


def _unique(file: str, keys: Iterable[str], folder: Path) -> None:
    seen: set[str] = set()
    for number, key in enumerate(keys, start=2):
        if key in seen:
            raise CatalogError(folder / file, number, f"{key!r} appears twice")
        seen.add(key)


def _known(file: str, values: Iterable[str], known: Collection[str], folder: Path, column: str) -> None:
    for number, value in enumerate(values, start=2):
        if value not in known:
            raise CatalogError(folder / file, number, f"unknown {column} {value!r}")


def read_measured(folder: Path = DATA, *, sources: Collection[str] | None = None) -> tuple[MeasuredPoint, ...]:
    """Every published point.    Raises: CatalogError naming file, row and rule."""
    rows = read_rows(MEASURED_FILE, MeasuredPoint, folder=folder)
    _unique(MEASURED_FILE, (row.point_id for row in rows), folder)
    known = load_catalog().sources if sources is None else sources
    _known(MEASURED_FILE, (row.source_id for row in rows), known, folder, "source_id")
    return rows


def read_peers(folder: Path = DATA, *, sources: Collection[str] | None = None) -> tuple[PeerError, ...]:
    """Errors of other tools.    Raises: CatalogError naming file, row and rule."""
    rows = read_rows(PEERS_FILE, PeerError, folder=folder)
    _unique(PEERS_FILE, (f"{row.peer}, {row.metric}, {row.slice}" for row in rows), folder)
    known = load_catalog().sources if sources is None else sources
    _known(PEERS_FILE, (row.source_id for row in rows), known, folder, "source_id")
    return rows


def read_claim_scenarios(folder: Path = DATA, *, claims: Collection[str] | None = None) -> Mapping[str, ClaimScenario]:
    """Scenario by claim.    Raises: CatalogError naming file, row and rule."""
    rows = read_rows(CLAIMS_FILE, ClaimScenario, folder=folder)
    _unique(CLAIMS_FILE, (row.claim_id for row in rows), folder)
    known = {claim.id for claim in load_catalog().claims} if claims is None else claims
    _known(CLAIMS_FILE, (row.claim_id for row in rows), known, folder, "claim_id")
    return {row.claim_id: row for row in rows}


@cache
def measured_points() -> tuple[MeasuredPoint, ...]:
    """Every published point of this repository, read once."""
    return read_measured()


@cache
def peer_errors() -> tuple[PeerError, ...]:
    """Errors of other tools, read once."""
    return read_peers()


@cache
def claim_scenarios() -> Mapping[str, ClaimScenario]:
    """Scenario by claim, read once."""
    return read_claim_scenarios()


def every_figure() -> tuple[PublishedFigure, ...]:
    """Every number of data/, those of the measurements and of the engine included.    Raises: CatalogError."""
    catalog, levers, (constants, priors) = load_catalog(), load_levers(), read_priors()
    tables: dict[str, Iterable[Record]] = {
        "measured_points": measured_points(),
        "peer_errors": peer_errors(),
        "benchmarks": benchmark_traits().values(),
        "levers": levers.levers.values(),
        "workload_volumes": levers.volumes.values(),
        "starting_points": load_starting_points().values(),
        "quality": levers.quality,
        "engine_parameters": constants,
        "engine_offsets": read_rows("engine_offsets.csv", OffsetRow),
        "engine_offset_priors": priors,
        "engine_ranges": load_ranges().values(),
        "engine_accuracy": load_accuracy().values(),
        "engine_structures": load_structures(),
        "own_accuracy": load_own_accuracy().values(),
    }
    published = {source.id: source.published for source in catalog.sources.values()}
    more = (figure for name, rows in tables.items() for figure in figures_of(name, rows, published))
    return (*catalog.figures(), *more)


@cache
def benchmark_traits() -> Mapping[tuple[str, str], BenchmarkTrait]:
    """How each benchmark is run, by benchmark and model, read once."""
    rows = read_rows(TRAITS_FILE, BenchmarkTrait, folder=DATA)
    _unique(TRAITS_FILE, (f"{row.benchmark}, {row.model}" for row in rows), DATA)
    return {(row.benchmark, row.model): row for row in rows}
