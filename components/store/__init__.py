"""Saved scenarios: named, versioned, found again by a short id; decisions that were taken on them."""

from components.store.database import StoreOffError, open_engine, where
from components.store.ledger import Store
from components.store.records import (
    ANYBODY,
    Conflict,
    Decision,
    Draft,
    Listed,
    Page,
    Reader,
    Taken,
    UnknownIdError,
    Version,
    Visibility,
    Watch,
)

__all__ = [
    "ANYBODY",
    "Conflict",
    "Decision",
    "Draft",
    "Listed",
    "Page",
    "Reader",
    "Store",
    "StoreOffError",
    "Taken",
    "UnknownIdError",
    "Version",
    "Visibility",
    "Watch",
    "open_engine",
    "where",
]
