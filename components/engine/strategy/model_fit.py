"""Whether a model can do a kind of work at all: make vectors, read images, write answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from components.catalog.records import Model
    from components.engine.facts.book import Book
    from components.engine.facts.workload import Traffic


def misfit(book: Book, traffic: Traffic, model: Model) -> str:
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
