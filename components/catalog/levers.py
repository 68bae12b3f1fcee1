"""Records and reader of the tables behind the levers: their figures, volumes of the presets, quality losses, places."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Literal

from pydantic import Field

from components.catalog.base import Confidence, Record
from components.catalog.load import DATA, read_rows


class PlanningFigure(Record):
    """One figure that a lever needs, with its range."""

    id: str
    value: float
    low: float
    high: float
    unit: str
    source_id: str
    confidence: Confidence
    note: str = Field(min_length=1)


class Volume(Record):
    """How much a preset asks for a day, and how bursty its arrivals are."""

    workload_id: str
    requests_per_day: float = Field(gt=0)
    low: float
    high: float
    dispersion: float = Field(ge=1)
    """Variance over mean of arrivals; 1 is Poisson."""
    source_id: str
    confidence: Confidence
    reason: str = Field(min_length=1)

    @property
    def id(self) -> str:
        """The preset."""
        return self.workload_id


class QualityLoss(Record):
    """Points of accuracy a lever costs, by size of the model and length of its context."""

    lever: str
    size_class: str
    """small, medium, large or any; bounds in levers.csv."""
    context_class: str
    """short, long or any; the bound is in levers.csv."""
    points_lost: float = Field(ge=0)
    source_id: str
    confidence: Confidence
    note: str = Field(min_length=1)


class PlatformFormat(Record):
    """Number format that a per-token platform says it serves a model in."""

    provider: str
    model_id: str
    tier: str
    weights: Literal["bf16", "fp8", "int8", "int4", "fp4", "mxfp4"]
    source_id: str
    value_date: str
    confidence: Confidence
    note: str = Field(min_length=1)


class WorkloadNeed(Record):
    """What a kind of work asks of a model beside reading and writing text, and a model that has it."""

    workload_id: str
    needs: Literal["embed", "images"]
    suggested_model: str
    source_id: str
    confidence: Confidence
    note: str = Field(min_length=1)


class ModelInput(Record):
    """What a model reads beside text."""

    model_id: str
    reads: Literal["images"]
    source_id: str
    confidence: Confidence
    note: str = Field(min_length=1)


class LicenceLimit(Record):
    """A chip whose software may not be used in a data centre."""

    accelerator_id: str
    source_id: str
    confidence: Confidence
    note: str = Field(min_length=1)


class Place(Record):
    """Where machines stand: keys of data/economics.csv for tariff, grid carbon and PUE."""

    id: str
    label: str
    electricity: str | None = None
    """None where no tariff was found."""
    carbon: str
    pue: str
    note: str = ""
    union: str = ""
    """The union of states whose law holds there: "EU"; empty for none."""
    union_source_id: str | None = None


class Seller(Record):
    """Whose halls rented machines stand in: key of data/economics.csv for its PUE."""

    id: str
    """As in the tables of prices; "market" where none is named, "other" for whoever has no row."""
    pue: str = Field(pattern=r"^pue_[a-z_]+$")
    note: str = ""


class DeviceClassTraits(Record):
    """What the chips of one device class have in common beside the engine's calibration."""

    id: str
    sparse_2_4: bool
    """Whether the matrix units skip 2 of 4 zero weights."""
    partner_id: str | None = None
    """The second kind of chip that works beside it unless another is named; None works alone."""
    source_id: str
    confidence: Confidence
    note: str = Field(min_length=1)


class Platform(Record):
    """A per-token platform and whose chips it serves from."""

    provider: str
    """As in api_prices.csv."""
    accelerator_id: str | None = None
    """Its own chip; None where it serves from chips that others make and rent out."""
    source_id: str
    value_date: str
    confidence: Confidence
    note: str = Field(min_length=1)


DEVICE_KINDS = ("phone", "laptop", "desktop", "board")
"""What users own; the order of the lists."""


class UserDevice(Record):
    """A chip that users own, and what kind of device it stands in."""

    accelerator_id: str
    kind: Literal["phone", "laptop", "desktop", "board"]


@dataclass(frozen=True)
class LeverTables:
    """The tables, by id."""

    levers: Mapping[str, PlanningFigure]
    volumes: Mapping[str, Volume]
    quality: tuple[QualityLoss, ...]
    places: Mapping[str, Place]
    device_classes: Mapping[str, DeviceClassTraits]
    platforms: Mapping[str, Platform]
    user_devices: Mapping[str, UserDevice]
    """By accelerator."""
    sellers: Mapping[str, Seller]
    platform_formats: Mapping[tuple[str, str, str], PlatformFormat]
    """By provider, model and tier."""
    needs: Mapping[str, WorkloadNeed]
    """By workload; most need nothing but text."""
    reads_images: frozenset[str]
    """Models that read images."""
    not_for_data_centres: frozenset[str]
    """Chips whose software licence excludes data centres."""

    def pue_of(self, seller: str) -> str:
        """Key of the PUE of a seller's halls; of the market's where none is named."""
        return self.sellers[seller if seller in self.sellers else "other" if seller else "market"].pue

    def sparse(self, device_class: str) -> bool:
        """Whether chips of a class have 2:4 sparse units."""
        found = self.device_classes.get(device_class)
        return found is not None and found.sparse_2_4

    def partner(self, device_class: str) -> str:
        """Id of the chip that works beside a class unless another is named; empty where none is needed."""
        found = self.device_classes.get(device_class)
        return (found.partner_id or "") if found is not None else ""


@cache
def load_levers() -> LeverTables:
    """Read the tables once."""
    return LeverTables(
        levers=MappingProxyType({r.id: r for r in read_rows("levers.csv", PlanningFigure, folder=DATA)}),
        volumes=MappingProxyType({r.id: r for r in read_rows("workload_volumes.csv", Volume, folder=DATA)}),
        quality=read_rows("quality.csv", QualityLoss, folder=DATA),
        places=MappingProxyType({r.id: r for r in read_rows("places.csv", Place, folder=DATA)}),
        sellers=MappingProxyType({r.id: r for r in read_rows("sellers.csv", Seller, folder=DATA)}),
        device_classes=MappingProxyType(
            {r.id: r for r in read_rows("device_classes.csv", DeviceClassTraits, folder=DATA)}
        ),
        platforms=MappingProxyType({r.provider: r for r in read_rows("platforms.csv", Platform, folder=DATA)}),
        user_devices=MappingProxyType(
            {r.accelerator_id: r for r in read_rows("user_devices.csv", UserDevice, folder=DATA)}
        ),
        platform_formats=MappingProxyType(
            {
                (r.provider, r.model_id, r.tier): r
                for r in read_rows("platform_formats.csv", PlatformFormat, folder=DATA)
            }
        ),
        needs=MappingProxyType({r.workload_id: r for r in read_rows("workload_needs.csv", WorkloadNeed, folder=DATA)}),
        not_for_data_centres=frozenset(
            r.accelerator_id for r in read_rows("licence_limits.csv", LicenceLimit, folder=DATA)
        ),
        reads_images=frozenset(r.model_id for r in read_rows("model_inputs.csv", ModelInput, folder=DATA)),
    )
