"""What is paid beside machines and tokens: response cache, router, prompt compressor."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from components.engine.facts.book import Book
    from components.engine.facts.workload import Traffic
    from components.engine.scenario import Strategy


def extras(strategy: Strategy, traffic: Traffic, book: Book) -> dict[str, float]:
    """Response cache, router and compressor, those in use. [USD/day]"""
    s, asked = strategy, traffic.requests_per_day
    served = asked * (1 - s.cache)
    found: dict[str, float] = {}
    if s.cache:
        found["response cache"] = asked * book.value("cache_usd_per_request")
    if s.route:
        found["router"] = served * (1 - s.edge) * book.value("router_usd_per_request")
    if s.compress < 1:
        found["compressor"] = served * traffic.isl / 1e6 * book.value("compressor_usd_per_mtok")
    return found
