"""Whether a model can do a kind of work at all: make vectors, read images, write answers, run on machines."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from components.catalog.records import AnsweringModel, TokenModel
    from components.engine.facts.book import Book
    from components.engine.facts.workload import Traffic


def misfit(book: Book, traffic: Traffic, model: AnsweringModel) -> str:
    """Why a model cannot do the work, with one that can; empty where it can.

    Args:
        book: the tables; a model that no table says to read images does not.
        traffic: the workload, with what it needs.
        model: what would answer.
    """
    need, embeds = traffic.need, model.task == "embed"
    if embeds and traffic.osl > 0:
        return f"{model.name} makes vectors and writes no answers: choose a model that writes"
    if need is None or (need.needs == "embed" and embeds):
        return ""
    if need.needs == "images" and model.id in book.tables.reads_images:
        return ""
    lacks = "makes no vectors" if need.needs == "embed" else "is not known to read images"
    return f"{model.name} {lacks}: choose a model that does, such as {book.catalog.models[need.suggested_model].name}"


CURES = {
    "main": "buy it per token, or choose a model that machines can run",
    "routed": "route to a model that machines can run, or buy everything per token",
    "edge": "choose a model that devices can run",
}
"""What to do about a model that no machine can run, by the part of the traffic that it should answer."""


def sold_only(model: TokenModel, role: str) -> str:
    """Why a model without an architecture runs on no machine, with what to do.

    Args:
        model: what should answer.
        role: "main", "routed" or "edge".
    """
    why = "its architecture is not in the tables" if model.open_weight else "its weights are not published"
    return f"{model.name} is sold per token only; {why}: {CURES[role]}"
