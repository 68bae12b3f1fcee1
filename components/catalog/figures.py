"""Turns records into single figures, one number each with unit and source."""

from collections.abc import Iterable, Iterator, Mapping

from components.catalog.records import (
    ApiPrice,
    DedicatedPrice,
    OptimizationFact,
    ProviderSpeed,
    PublishedFigure,
    Record,
    RentalPrice,
    Triple,
    WorkloadPreset,
)
from components.wording.units import unit_of

NOT_A_FIGURE = frozenset({"layer"})
NAMES = (
    "point_id", "peer", "benchmark", "lever", "size_class", "context_class", "kind", "regime", "scope", "key",
    "parameter", "keys", "name", "model", "accelerator_id", "metric", "slice",
)  # fmt: skip
"""Columns that tell rows apart in tables without an id."""


def _entity(record: Record) -> str:
    """A name that tells a reader which row a figure belongs to."""
    match record:
        case RentalPrice():
            return f"{record.accelerator_id} / {record.provider} / {record.offering} / {record.price_type}"
        case ApiPrice():
            return f"{record.provider} / {record.model} / {record.tier} / {record.status}"
        case DedicatedPrice():
            return f"{record.provider} / {record.product} / {record.accelerator_id or record.price_unit}"
        case ProviderSpeed():
            return f"{record.provider} / {record.model} / {record.kind}"
        case OptimizationFact():
            return f"{record.technique} / {record.variant}"
        case _:
            named = (str(getattr(record, name, "")) for name in NAMES)
            return str(getattr(record, "id", "")) or " / ".join(filter(None, named))


def _date(record: Record, published: Mapping[str, str]) -> str:
    """The date of the value, else the date of its source."""
    own = getattr(record, "value_date", "") or getattr(record, "measured_on", "")
    return own or published.get(str(getattr(record, "source_id", "")), "")


def _of_workload(table: str, workload: WorkloadPreset, published: Mapping[str, str]) -> Iterator[PublishedFigure]:
    """Three figures per parameter of a preset."""
    for name in WorkloadPreset.model_fields:
        triple = getattr(workload, name)
        if not isinstance(triple, Triple):
            continue
        for case, value in (("low", triple.low), ("base", triple.base), ("high", triple.high)):
            if value is not None:
                yield PublishedFigure(
                    table=table,
                    entity=workload.id,
                    quantity=f"{name} ({case})",
                    value=value,
                    unit=triple.unit,
                    source_id=triple.source_id,
                    value_date=published.get(triple.source_id, ""),
                    confidence=triple.confidence,
                )


def figures_of(table: str, records: Iterable[Record], published: Mapping[str, str]) -> Iterator[PublishedFigure]:
    """Yield each number of the records.

    Args:
        table: name of the table, without ".csv".
        records: its rows.
        published: publication date by source id, used where a row has no date of its own.
    """
    for record in records:
        if isinstance(record, WorkloadPreset):
            yield from _of_workload(table, record, published)
            continue
        stated_unit = getattr(record, "unit", None)
        for name in type(record).model_fields:
            value = getattr(record, name)
            if isinstance(value, bool) or not isinstance(value, int | float) or name in NOT_A_FIGURE:
                continue
            unit = stated_unit or unit_of(name)
            if isinstance(record, OptimizationFact) and name == "effect_value":
                unit = record.effect_unit
            yield PublishedFigure.model_validate(
                {
                    "table": table,
                    "entity": _entity(record),
                    "quantity": record.effect_metric
                    if isinstance(record, OptimizationFact) and name == "effect_value"
                    else name,
                    "value": value,
                    "unit": unit,
                    "source_id": getattr(record, "source_id", ""),
                    "value_date": _date(record, published),
                    "confidence": getattr(record, "confidence", "low"),
                }
            )
