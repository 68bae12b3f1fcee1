"""The catalog with chips and models of the reader's own beside the listed ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from components.catalog.architecture import Accelerator, Model
from components.catalog.market import RentalPrice

if TYPE_CHECKING:
    from components.catalog.base import Confidence
    from components.catalog.levers import LeverTables
    from components.catalog.load import Catalog
    from components.catalog.own_records import Own, OwnChip, OwnModel

OWN_SOURCE = "own-figure"
"""Source id of what the reader states."""
OWN_SELLER = "your price"
"""Seller of a chip at the price that the reader states for it."""
OWN_FAMILY = "yours"
SPEEDS = (
    "memory_gb", "memory_bandwidth_gb_per_s", "peak_bf16_tflop_per_s", "peak_fp8_tflop_per_s", "peak_int8_top_per_s",
    "peak_fp4_tflop_per_s", "link_gb_per_s", "scale_up_domain_chips",
)  # fmt: skip
"""Figures of a chip that set what it can do, under the names that chips and own chips share."""
MAY_BE_NONE = frozenset({"peak_fp8_tflop_per_s", "peak_int8_top_per_s", "peak_fp4_tflop_per_s", "link_gb_per_s"})
CATALOGS = 32
"""Catalogs with own records that are kept. [1]"""


@lru_cache(maxsize=CATALOGS)
def with_own(catalog: Catalog, own: Own) -> Catalog:
    """The catalog and the reader's own chips and models; the same object for the same records, hence one book.

    Args:
        catalog: the facts as published.
        own: what a scenario brings.
    Returns: `catalog` itself where nothing is brought.
    """
    if not own.chips and not own.models:
        return catalog
    chips = {chip.id: accelerator_of(catalog, chip) for chip in own.chips}
    models = {model.id: model_of(model) for model in own.models}
    return replace(
        catalog,
        accelerators=MappingProxyType({**catalog.accelerators, **chips}),
        models=MappingProxyType({**catalog.models, **models}),
        rentals=(*catalog.rentals, *(row for chip in own.chips for row in _offers(catalog, chip))),
        dedicated=(
            *catalog.dedicated,
            *(
                row.model_copy(update={"accelerator_id": chip.id})
                for chip in own.chips
                for row in catalog.dedicated
                if row.accelerator_id == chip.like and chip.usd_per_chip_hour is None
            ),
        ),
    )


def tables_with_own(tables: LeverTables, own: Own) -> LeverTables:
    """The lever tables with what they say of a listed chip or of a kind of model said of the reader's own."""
    images = {model.id for model in own.models if model.reads_images}
    devices = {
        chip.id: tables.user_devices[chip.like].model_copy(update={"accelerator_id": chip.id})
        for chip in own.chips
        if chip.like in tables.user_devices
    }
    if not images and not devices:
        return tables
    return replace(
        tables,
        reads_images=tables.reads_images | images,
        user_devices=MappingProxyType({**tables.user_devices, **devices}),
    )


def changed_figures(own: OwnChip, listed: Accelerator) -> dict[str, tuple[float | None, float | None]]:
    """Figures of what a chip can do that differ from the listed one's: its own and the listed value, by name."""
    found: dict[str, tuple[float | None, float | None]] = {}
    for name in SPEEDS:
        stated, published = getattr(own, name), getattr(listed, name)
        value = None if stated == 0 and name in MAY_BE_NONE else stated
        if stated is not None and value != published:
            found[name] = value, published
    return found


def accelerator_of(catalog: Catalog, own: OwnChip) -> Accelerator:
    """A chip of the reader's own as the engine reads it; what is not stated is the listed one's.

    Raises: KeyError for a chip that is not listed.
    """
    listed = catalog.accelerators[own.like]
    changed = changed_figures(own, listed)
    update: dict[str, object] = {name: value for name, (value, _) in changed.items()}
    if "peak_bf16_tflop_per_s" in update:
        update["peak_fp16_accumulate_tflop_per_s"] = None
    if own.power_w is not None:
        update["all_in_kw"] = own.power_w / 1e3
    if own.usd_per_chip is not None:
        update |= {"list_price_usd": None, "list_price_basis": ""}
    if changed:
        sure: Confidence = "low" if listed.confidence == "low" else "medium"
        update |= {
            "source_id": OWN_SOURCE,
            "confidence": sure,
            "notes": f"As {listed.name} but for the reader's figures",
        }
    return listed.model_copy(update={"id": own.id, "name": own.shown, "like": own.like} | update)


def _offers(catalog: Catalog, own: OwnChip) -> Iterator[RentalPrice]:
    """The reader's own prices, and the listed chip's where none is stated."""
    for row in catalog.rentals:
        bought = row.usd_per_accelerator is not None
        stated = own.usd_per_chip if bought else own.usd_per_chip_hour
        if row.accelerator_id == own.like and stated is None:
            yield row.model_copy(update={"accelerator_id": own.id})
    shared = {
        "accelerator_id": own.id, "provider": OWN_SELLER, "offering": own.words, "region": "",
        "accelerators_per_offering": 1, "source_id": OWN_SOURCE, "value_date": catalog.data_date, "confidence": "high",
        "current": True,
    }  # fmt: skip
    if own.usd_per_chip_hour is not None:
        hour = {"price_type": "on-demand", "usd_per_accelerator_hour": own.usd_per_chip_hour}
        yield RentalPrice.model_validate(shared | hour)
    if own.usd_per_chip is not None:
        bought_at = {"price_type": "purchase", "usd_per_accelerator": own.usd_per_chip, "includes_host": True}
        yield RentalPrice.model_validate(shared | bought_at)


def model_of(own: OwnModel) -> Model:
    """A model of the reader's own as the engine reads it; its quality is not published."""
    stated = {name: getattr(own, name) for name in type(own).model_fields if name in Model.model_fields}
    return Model.model_validate(
        stated
        | {"name": own.shown, "family": OWN_FAMILY, "task": "generate", "usable": True, "source_id": OWN_SOURCE}
        | {"confidence": "high", "reread": True}
    )
