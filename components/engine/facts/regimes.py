"""Kinds of machine whose modelled figures err alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from components.catalog.records import Accelerator


AMD = frozenset({"cdna3", "cdna4"})


SRAM = frozenset({"lpu-v1", "lpu-3", "wafer"})


UNSEEN = frozenset({"rubin", "trainium", "gaudi", "asic"})


def regime(chip: Accelerator) -> str:
    """The row of the accuracy table that speaks of a chip."""
    if chip.device_class in SRAM:
        return "sram"
    if chip.device_class in AMD:
        return "amd"
    if chip.device_class in UNSEEN:
        return "unseen"
    return "edge" if chip.device_class.startswith(("edge", "cpu")) else "server"
