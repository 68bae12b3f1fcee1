"""What a search is asked, as one short code for the address: its differences from the default, and back.

Workload and baseline are not in it: the link carries them as the scenario.
"""

from __future__ import annotations

from collections.abc import Container
from typing import Any, get_args

from components.catalog.load import load_catalog
from components.engine.outcome import open_book
from components.engine.scenario import Buy
from components.engine.search import OBJECTIVES, Requirements
from components.share import codec

FIELDS = (
    "objectives", "alternatives", "grade", "budget_usd_per_month", "buys", "providers", "vendors", "places",
    "shipping_only", "accelerators", "power_kw", "carbon_kg_per_month", "confidence", "defer", "lossy", "unpublished",
)  # fmt: skip
"""Fields that the page asks for, in the code's order."""
LISTS = ("objectives", "buys", "providers", "vendors", "places")
MOST_PARTS = 40


def known_words(field: str) -> tuple[str, ...]:
    """What a list may hold, in the order in which it is offered."""
    catalog = load_catalog()
    rented = {price.provider for price in catalog.rentals} | {price.provider for price in catalog.dedicated}
    words: dict[str, tuple[str, ...]] = {
        "objectives": OBJECTIVES,
        "buys": get_args(Buy),
        "providers": tuple(sorted(rented | {price.provider for price in catalog.api_prices}, key=str.lower)),
        "vendors": tuple(sorted({chip.vendor for chip in catalog.accelerators.values()}, key=str.lower)),
        "places": tuple(open_book(catalog).tables.places),
    }
    return words[field]


def question_code(asked: Requirements) -> str:
    """The differences from the default question: "grade.A~budget_usd_per_month.150000"."""
    usual, parts = Requirements(), []
    for field in FIELDS:
        value = getattr(asked, field)
        if value == getattr(usual, field):
            continue
        text = ".".join(codec.escape(word).replace(".", "*2E") for word in value) if field in LISTS else None
        parts.append(f"{field}.{codec.encode(value) if text is None else text}")
    return "~".join(parts)


def _list(field: str, text: str, known: Container[str]) -> tuple[tuple[str, ...], str]:
    words = [codec.unescape(part) for part in text[: 20 * codec.LONGEST_VALUE].split(".") if part]
    kept = tuple(dict.fromkeys(word for word in words if word in known))
    lost = [codec.plain(word, 30) for word in words if word not in known]
    return kept, f"{field}: “{lost[0]}” is unknown and was left out." if lost else ""


def read_question_code(code: str) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Fields of the question, and a sentence for each part that was not taken as written."""
    fields: dict[str, Any] = {}
    notices: list[str] = []
    for part in code.split("~")[:MOST_PARTS]:
        field, _, text = part.partition(".")
        if not part:
            continue
        if field not in FIELDS:
            notices.append(f"“{codec.plain(field, 30)}” is not part of a search and was left out.")
        elif field in LISTS:
            value, notice = _list(field, text, known_words(field))
            if value or not text:
                fields[field] = value
            notices += [notice] if notice else []
        else:
            try:
                fields[field], notice = codec.decode(Requirements, field, text)
                notices += [f"{notice}."] if notice else []
            except codec.CodecError as reason:
                notices.append(f"{reason}.")
    if not fields.get("objectives", OBJECTIVES):
        del fields["objectives"]
    return fields, tuple(notices)
