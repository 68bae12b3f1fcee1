"""What a machine alone says of how sure an answer on it can be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from components.engine.facts.book import Kept
from components.engine.strategy.levers import hardware_warnings

if TYPE_CHECKING:
    from components.catalog.records import Accelerator, Confidence
    from components.engine.facts.book import Book
    from components.engine.facts.trust import Basis


MODELLED: Confidence = "medium"
"""What a model says of a machine is at best of this confidence."""


@dataclass(frozen=True, slots=True)
class ChipTrust:
    """How sure an answer on a machine can be; the weakest confidence decides."""

    basis: Basis
    confidence: tuple[Confidence, ...]
    warnings: tuple[str, ...]


_CALIBRATED: Kept[None, set[str]] = Kept()
"""Classes of chip that a measurement calibrates."""


def trust_of_chip(book: Book, chip: Accelerator) -> ChipTrust:
    """Whether a machine is only announced, how well its figures are known, whether a measurement calibrates it."""
    confidence, warnings = [chip.confidence, MODELLED], list(hardware_warnings(book, chip))
    offsets = book.parameters.offsets
    known = _CALIBRATED.of(book, None, lambda: {key for scope, key, _ in offsets if scope == "device"})
    if chip.device_class not in known:
        confidence.append("low")
        warnings.append(f"no measurement calibrates {chip.name}: speeds carry the mean of other machines")
    basis: Basis = "announced" if chip.status == "announced" else "modelled"
    return ChipTrust(basis, tuple(confidence), tuple(warnings))
