"""What a search is asked, as one short code for the address: its differences from the default, and back.

Workload and baseline are not in it: the link carries them as the scenario.
"""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from components.catalog.load import load_catalog
from components.engine.outcome import open_book
from components.engine.search import OBJECTIVES, Named, Requirements, field_of, limits_of
from components.share import codec

OTHERS = ("objectives", "alternatives", "defer", "lossy", "unpublished")
"""What the page asks beside limits."""
MOST_PARTS = 40


def fields_of(kind: type[Requirements] = Requirements) -> tuple[str, ...]:
    """Fields that the code carries, in its order: what is asked beside limits, then every limit."""
    return (*OTHERS, *(field_of(kind, limit) for limit in limits_of(kind)))


def _lists(kind: type[Requirements]) -> dict[str, tuple[str, ...]]:
    """Fields that hold several words, with what they may hold."""
    book = open_book(load_catalog())
    named = {field_of(kind, limit): limit.known(book) for limit in limits_of(kind) if isinstance(limit, Named)}
    return {"objectives": OBJECTIVES} | named


def known_words(field: str, kind: type[Requirements] = Requirements) -> tuple[str, ...]:
    """What a list may hold, in the order in which it is offered."""
    return _lists(kind)[field]


def question_code(asked: Requirements) -> str:
    """The differences from the default question: "grade.A~budget_usd_per_month.150000"."""
    kind, parts = type(asked), []
    usual, lists = kind(), _lists(kind)
    for field in fields_of(kind):
        value = getattr(asked, field)
        if value == getattr(usual, field):
            continue
        text = ".".join(codec.escape(word).replace(".", "*2E") for word in value) if field in lists else None
        parts.append(f"{field}.{codec.encode(value) if text is None else text}")
    return "~".join(parts)


def _list(field: str, text: str, known: Container[str]) -> tuple[tuple[str, ...], str]:
    words = [codec.unescape(part) for part in text[: 20 * codec.LONGEST_VALUE].split(".") if part]
    kept = tuple(dict.fromkeys(word for word in words if word in known))
    lost = [codec.plain(word, 30) for word in words if word not in known]
    return kept, f"{field}: “{lost[0]}” is unknown and was left out." if lost else ""


def read_question_code(code: str, kind: type[Requirements] = Requirements) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Fields of the question, and a sentence for each part that was not taken as written."""
    fields: dict[str, Any] = {}
    known, lists = fields_of(kind), _lists(kind)
    notices: list[str] = []
    for part in code.split("~")[:MOST_PARTS]:
        field, _, text = part.partition(".")
        if not part:
            continue
        if field not in known:
            notices.append(f"“{codec.plain(field, 30)}” is not part of a search and was left out.")
        elif field in lists:
            value, notice = _list(field, text, lists[field])
            if value or not text:
                fields[field] = value
            notices += [notice] if notice else []
        else:
            try:
                fields[field], notice = codec.decode(kind, field, text)
                notices += [f"{notice}."] if notice else []
            except codec.CodecError as reason:
                notices.append(f"{reason}.")
    if not fields.get("objectives", OBJECTIVES):
        del fields["objectives"]
    return fields, tuple(notices)
