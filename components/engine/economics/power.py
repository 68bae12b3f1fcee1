"""Power of one chip with its share of the host."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from components.catalog.records import Accelerator
    from components.engine.facts.book import Book


def kilowatts(book: Book, chip: Accelerator) -> tuple[float, bool]:
    """Power of one chip at full load with its share of the host, and whether it is an estimate. [kW]"""
    if chip.all_in_kw is not None:
        return chip.all_in_kw, False
    if chip.system_power_kw is not None and chip.chips_per_system is not None:
        return chip.system_power_kw / chip.chips_per_system, False
    if chip.tdp_w is not None:
        return chip.tdp_w / 1e3 * book.value("unknown_all_in_factor"), True
    return book.value("fallback_chip_kw"), True
