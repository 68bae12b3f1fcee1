"""Marks of how a number is known."""

from __future__ import annotations

from components.engine.answer import CALIBRATED, YOUR_FIGURES

BADGES = {"measured": "green", "modelled": "blue", "announced": "violet", "estimated": "orange"}


def badge(basis: str) -> str:
    """How a number is known, as a coloured word."""
    return f":{BADGES[basis]}-badge[{basis}]"


def own_badge() -> str:
    """The mark of an answer that follows the reader's own measurement."""
    return f":green-badge[:material/verified: {CALIBRATED}]"


def own_figures_badge() -> str:
    """The mark of an answer that rests on figures of the reader's own."""
    return f":orange-badge[:material/edit: {YOUR_FIGURES}]"
