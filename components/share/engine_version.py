"""Which engine an answer is of: the product's version and a digest of what computes."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from components import VERSION
from components.catalog.load import DATA

_ROOT = Path(__file__).parents[1]
COMPUTES = ("engine", "catalog")
"""Packages whose code decides an answer."""
FITTED = "engine_*.csv"
"""Tables of fitted constants, which belong to the engine rather than to the facts."""


@cache
def engine_version() -> str:
    """ "1.0.0+3f2a9c41": another digest says that the same question may have another answer."""
    digest = hashlib.sha256()
    files = [path for package in COMPUTES for path in sorted((_ROOT / package).rglob("*.py"))]
    for path in (*files, *sorted(DATA.glob(FITTED))):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return f"{VERSION}+{digest.hexdigest()[:8]}"
