"""What each lossy lever may cost in quality: a row of data/quality.csv, or points on the requests that it touches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components.engine.strategy.lever_record import DeviceLoss, ShareLoss, TableLoss

if TYPE_CHECKING:
    from components.engine.facts.book import Book
    from components.engine.scenario import Strategy
    from components.engine.strategy.edits import Edits


def weights(_book: Book, _strategy: Strategy, edits: Edits | None) -> TableLoss | None:
    """Narrower weights."""
    fmt = "native" if edits is None else edits.machine.weights
    return None if fmt in {"native", "bf16"} else TableLoss(fmt, f"{fmt.upper()} weights")


def kv(_book: Book, _strategy: Strategy, edits: Edits | None) -> TableLoss | None:
    """A narrower cache."""
    fmt = "bf16" if edits is None else edits.machine.kv
    return None if fmt == "bf16" else TableLoss(f"kv-{fmt}", f"{fmt.upper()} KV cache")


def sparsity(_book: Book, _strategy: Strategy, edits: Edits | None) -> TableLoss | None:
    """2:4 sparsity, where the chip has it."""
    held = edits is not None and "sparsity" in edits.held
    return TableLoss("2:4", "2:4 sparsity") if held else None


def pruned(book: Book, strategy: Strategy, edits: Edits | None) -> TableLoss | None:
    """Structured pruning, by its degree."""
    if edits is None or not strategy.pruned:
        return None
    degrees = (("light", book.value("pruned_light_share")), ("medium", book.value("pruned_medium_share")))
    degree = next((name for name, most in degrees if strategy.pruned <= most), "heavy")
    return TableLoss(f"pruned-{degree}", "structured pruning")


def compress(book: Book, strategy: Strategy, _edits: Edits | None) -> TableLoss | None:
    """Shorter prompts, by the share removed."""
    removed = 1 - strategy.compress
    return (
        TableLoss("compress", "prompt compression", removed / book.value("quality_removed_share")) if removed else None
    )


def shorten(book: Book, strategy: Strategy, _edits: Edits | None) -> TableLoss | None:
    """Shorter answers, by the share removed."""
    removed = 1 - strategy.shorten
    return TableLoss("shorten", "shorter outputs", removed / book.value("quality_removed_share")) if removed else None


def edge(book: Book, strategy: Strategy, _edits: Edits | None) -> DeviceLoss | None:
    """Answers of users' own devices, by their share; beyond what a router finds easy their model answers it all."""
    if not strategy.edge:
        return None
    beyond = max(strategy.edge - book.value("routed_lossless_share"), 0.0)
    return DeviceLoss("edge", "edge share", strategy.edge, strategy.edge_model, beyond)


def cache(book: Book, strategy: Strategy, _edits: Edits | None) -> ShareLoss | None:
    """Wrong answers out of the response cache."""
    if not strategy.cache:
        return None
    wrong = 100 * book.value("cache_wrong_share") * strategy.cache
    return ShareLoss("response cache", wrong, book.source("cache_wrong_share"))


def route(book: Book, strategy: Strategy, _edits: Edits | None) -> ShareLoss | None:
    """Requests that a smaller model answers: none up to a share, more beyond."""
    if not strategy.route:
        return None
    free = min(strategy.route, book.value("routed_lossless_share"))
    points = free * book.value("routed_points_lost")
    points += (strategy.route - free) * book.value("routed_points_beyond")
    return ShareLoss("routing", points, book.source("routed_points_beyond"))
