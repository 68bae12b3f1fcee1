"""Marks of how a number is known."""

from __future__ import annotations

from components.engine.answer import CALIBRATED

BADGES = {"measured": "green", "modelled": "blue", "announced": "violet", "estimated": "orange"}


def badge(basis: str) -> str:
    """How a number is known, as a coloured word."""
    return f":{BADGES[basis]}-badge[{basis}]"


def own_badge() -> str:
    """The mark of an answer that follows the reader's own measurement."""
    return f":green-badge[:material/verified: {CALIBRATED}]"
