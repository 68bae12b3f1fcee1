"""Compares our per-token table with genai-prices, so that a disagreement is seen in review and not by a customer."""

from collections.abc import Iterator
from typing import NamedTuple

from components.catalog.load import Catalog
from components.catalog.prices import PACKAGE_DATE, package_price

TOLERANCE = 0.01
FILE = "api_price_disagreements.csv"


class Disagreement(NamedTuple):
    """One price on which table and package differ by more than the tolerance."""

    provider: str
    model: str
    tier: str
    quantity: str
    table_usd_per_mtok: float
    package_usd_per_mtok: float
    relative_difference: float


def compare(catalog: Catalog) -> tuple[tuple[Disagreement, ...], int]:
    """Disagreements over all current rows that both know, and how many rows were compared."""
    found: list[Disagreement] = []
    compared = 0
    for row in catalog.api_prices:
        if row.status != "current" or not row.provider_model_ref:
            continue
        package = package_price(row.provider, row.provider_model_ref, PACKAGE_DATE)
        if package is None:
            continue
        compared += 1
        pairs = (
            ("input", row.input_usd_per_mtok, package.input),
            ("output", row.output_usd_per_mtok, package.output),
            ("cached input", row.cached_input_usd_per_mtok, package.cached),
        )
        for quantity, ours, theirs in pairs:
            if ours is None or theirs is None:
                continue
            difference = abs(ours - theirs) / max(ours, theirs, 1e-12)
            if difference > TOLERANCE:
                found.append(
                    Disagreement(row.provider, row.model, row.tier, quantity, ours, theirs, round(difference, 4))
                )
    return tuple(found), compared


def as_lines(disagreements: tuple[Disagreement, ...]) -> Iterator[str]:
    """The committed table, line by line."""
    yield ",".join(Disagreement._fields)
    for entry in disagreements:
        cells = (f"{cell:.6g}" if isinstance(cell, float) else cell for cell in entry)
        yield ",".join(f'"{cell}"' if "," in cell else cell for cell in cells)
