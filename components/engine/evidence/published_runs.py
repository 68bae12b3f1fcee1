"""Published runs that can stand beside a modelled load sweep."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from components.engine.evidence.error_scores import measured

if TYPE_CHECKING:
    from collections.abc import Sequence

    from components.catalog.evidence import MeasuredPoint
    from components.catalog.records import Accelerator, Model


class Run(NamedTuple):
    """A published run. [1/s]"""

    point: MeasuredPoint
    tokens_per_s_per_user: float
    tokens_per_s_per_chip: float
    derived: bool
    """The source gives latencies alone; the throughput follows from them and the load by Little's law."""


def same_shape(one: Model, other: Model) -> bool:
    """Whether two models cost the same to run: equal layers, widths and experts, as versions of one model have."""
    shape = ("layers", "hidden", "heads", "kv_heads", "experts", "experts_per_token", "ffn_dense", "ffn_expert")
    return all(getattr(one, name) == getattr(other, name) for name in shape)


def runs(points: Sequence[MeasuredPoint], models: dict[str, Model], model: Model, chip: Accelerator) -> tuple[Run, ...]:
    """Published runs of a chip and a model, or of another version of the same model.

    Args:
        points: all published measurements.
        models: the catalog's, by id.
    """
    alike = {key for key, other in models.items() if key == model.id or same_shape(model, other)}
    found = []
    for point in points:
        if point.accelerator_id != chip.id or point.model not in alike:
            continue
        tpot, rate = measured(point, "tpot"), measured(point, "throughput")
        derived = rate is None
        rate = by_little(point) if derived else rate
        if tpot is not None and rate is not None:
            found.append(Run(point, 1 / tpot, rate, derived))
    return tuple(found)


def by_little(point: MeasuredPoint) -> float | None:
    """Output tokens/s per chip of a closed loop, C o / (TTFT + o TPOT) / chips; None where one of them is unknown."""
    ttft, tpot, osl = point.ttft_s, measured(point, "tpot"), point.output_tokens
    if not (ttft and tpot and osl and point.concurrency and point.accelerators):
        return None
    return point.concurrency * osl / (ttft + osl * tpot) / point.accelerators
