"""Per-token purchases: prices of a provider, and the speed somebody measured there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components.catalog.prices import TokenPrice, api_price
from components.engine.economics.terms import MeasuredSpeed, TokenTerms
from components.engine.facts.book import KeptPerBook
from components.engine.facts.formula import Formula, Symbol

if TYPE_CHECKING:
    from components.catalog.records import ProviderSpeed
    from components.engine.facts.arrays import Vec
    from components.engine.facts.book import Book
    from components.engine.scenario import Strategy


KINDS = ("independent", "telemetry", "vendor")
"""Kinds of measurement, from the most to the least trusted; never mixed."""


UNKNOWN = MeasuredSpeed(None, None, None, None, "not published", "low", "")


_REQUESTS = Symbol("requests", "M/month", "", 1e-6)
_PROMPT = Symbol("prompt", "tokens")
_CACHED = Symbol("cached", "%", "of the prompt, billed as such", 100)
_PRICE = Symbol("price", "USD/Mtok", "", 1e6)


INPUT_TOKENS = Formula(
    "requests * prompt * (1 - cached) * price",
    "USD/month",
    (_REQUESTS, _PROMPT, _CACHED, _PRICE),
    "docs/engine.md#per-token",
)


CACHED_TOKENS = Formula(
    "requests * prompt * cached * price", "USD/month", (_REQUESTS, _PROMPT, _CACHED, _PRICE), "docs/engine.md#per-token"
)


OUTPUT_TOKENS = Formula(
    "requests * answer * price",
    "USD/month",
    (_REQUESTS, Symbol("answer", "tokens"), _PRICE),
    "docs/engine.md#per-token",
)


FEE = Formula("fee", "USD/month", (Symbol("fee", "USD/month", "fixed"),), "docs/engine.md#per-token")


BATCH_PRICE = Symbol("batch price", "", "of work that can wait, over the list price")


def _median(values: list[float]) -> float | None:
    ordered = sorted(values)
    return ordered[(len(ordered) - 1) // 2] if ordered else None


def _speed_of(rows: list[ProviderSpeed], book: Book) -> MeasuredSpeed:
    """The median of one kind of measurement, with its range."""
    rates = [row.output_tokens_per_s for row in rows if row.output_tokens_per_s is not None]
    base = _median(rates)
    low = None if base is None else min(*rates, base * book.value("api_low_speed_share"))
    return MeasuredSpeed(
        ttft_s=_median([row.ttft_s for row in rows if row.ttft_s is not None]),
        tokens_per_s=base,
        low_tokens_per_s=low,
        high_tokens_per_s=max(rates) if rates else None,
        kind=rows[0].kind,
        confidence=rows[0].confidence,
        source=rows[0].source_id,
    )


def measured_speed(book: Book, provider: str, model_id: str) -> MeasuredSpeed:
    """What was measured of a model at a provider, by the most trusted kind that states a rate."""
    rows = [row for row in book.catalog.speeds if row.provider == provider and row.answering_id == model_id]
    for kind in KINDS:
        same = [row for row in rows if row.kind == kind]
        if any(row.output_tokens_per_s is not None for row in same):
            return _speed_of(same, book)
    return UNKNOWN


def median_provider(book: Book, model_id: str, tier: str) -> str:
    """The provider at the lower median of current prices, three input tokens to one output; empty where none sells."""
    rows = [
        row
        for row in book.catalog.api_prices
        if row.answering_id == model_id and row.status == "current" and row.tier == tier
    ]
    rows.sort(key=lambda row: (3 * row.input_usd_per_mtok + row.output_usd_per_mtok, row.provider))
    return rows[(len(rows) - 1) // 2].provider if rows else ""


def _unsold(book: Book, model_id: str, tier: str) -> str:
    """Why nobody sells a model in a tier: a sentence that names the tiers in which somebody does."""
    sold = {
        (row.tier, row.provider)
        for row in book.catalog.api_prices
        if row.answering_id == model_id and row.status == "current"
    }
    if not sold:
        return f"no provider lists {model_id} per token (tier {tier}): choose another model or enter prices"
    found = ", ".join(f"{seller} as tier {other}" for other, seller in sorted(sold))
    return f"no provider lists {model_id} per token (tier {tier}): choose {found}"


def _listed(book: Book, strategy: Strategy, model_id: str) -> TokenPrice | str:
    """The list price, or why there is none."""
    provider = strategy.provider or median_provider(book, model_id, strategy.tier)
    if not provider:
        return _unsold(book, model_id, strategy.tier)
    try:
        return api_price(book.catalog, provider, model_id, strategy.tier)
    except LookupError as missing:
        return f"{missing.args[0]}: choose another provider or model, or enter your own prices"


_LISTED: KeptPerBook[tuple[str, str, str], TokenPrice | str] = KeptPerBook()
_SPEEDS: KeptPerBook[tuple[str, str], MeasuredSpeed] = KeptPerBook()


def token_terms(
    book: Book, strategy: Strategy, model_id: str, *, isl: float, osl: float, reuse: float
) -> tuple[TokenTerms | None, tuple[str, ...]]:
    """Prices and speed of a per-token purchase; second: why it cannot be bought.

    Args:
        book: the facts.
        strategy: provider, tier, own terms and the deferred share are read.
        model_id: what answers.
        isl: prompt sent. [tokens]
        osl: output. [tokens]
        reuse: share of the prompt the platform has seen before. [1]
    """
    key = (strategy.provider, strategy.tier, model_id)
    price = _LISTED.of(book, key, lambda: _listed(book, strategy, model_id))
    own = strategy.price_in is not None and strategy.price_out is not None
    if isinstance(price, str) and not own:
        return None, (price,)
    listed = None if isinstance(price, str) else price
    provider = strategy.provider if listed is None else listed.provider
    usd_in, usd_out = _own_or(strategy.price_in, listed, 0), _own_or(strategy.price_out, listed, 1)
    cached = _own_or(strategy.price_cached, listed, 2, fallback=usd_in)
    hit = reuse * book.value("prefix_hit_api") if cached < usd_in else 0.0
    discount = (listed.batch_discount or 0.0) if listed else 0.0
    speed = _SPEEDS.of(book, (provider, model_id), lambda: measured_speed(book, provider, model_id))
    return TokenTerms(
        usd_per_token_input=(usd_in if strategy.price_write is None else strategy.price_write) / 1e6,
        usd_per_token_cached=cached / 1e6,
        usd_per_token_output=usd_out / 1e6,
        usd_per_month=strategy.api_fee or 0.0,
        writes_cache=strategy.price_write is not None,
        cached_share=hit if strategy.api_hit is None else strategy.api_hit,
        batch_discount=discount if strategy.api_batch is None else strategy.api_batch,
        deferred_share=strategy.defer,
        isl=isl,
        osl=osl,
        speed=speed,
        provider=provider or "own price",
        rule="own prices" if listed is None else f"{listed.provider}, {listed.tier}, {listed.status}: {listed.source}",
        confidence="high" if listed is None else listed.confidence,
        sources=(listed.source,) if listed else (),
        context_tokens=listed.context_window_tokens if listed else None,
        dearer_when_long=listed is not None and listed.dearer_when_long,
    ), ()


def _own_or(own: float | None, listed: TokenPrice | None, which: int, fallback: float = 0.0) -> float:
    """Own price per million tokens, else the listed one, else `fallback`. [USD/Mtok]"""
    if own is not None:
        return own
    if listed is None:
        return fallback
    price = (listed.input_usd_per_mtok, listed.output_usd_per_mtok, listed.cached_input_usd_per_mtok)[which]
    return fallback if price is None else price


def token_cost(terms: TokenTerms, requests_per_month: Vec | float) -> dict[str, Vec | float]:
    """Per-token bill: tokens x price x (1 - batch discount x deferred share), and the fixed fee. [USD/month]"""
    paid = requests_per_month * (1 - terms.batch_discount * terms.deferred_share)
    return {
        "api_input": paid * terms.isl * (1 - terms.cached_share) * terms.usd_per_token_input,
        "api_cached": paid * terms.isl * terms.cached_share * terms.usd_per_token_cached,
        "api_output": paid * terms.osl * terms.usd_per_token_output,
        "api_fee": terms.usd_per_month + 0 * paid,
    }


def own_terms(strategy: Strategy) -> tuple[str, ...]:
    """A sentence for each of the strategy's own terms of a per-token platform."""
    prices = {
        "input": strategy.price_in,
        "cached": strategy.price_cached,
        "output": strategy.price_out,
        "cache-write": strategy.price_write,
    }
    found = [f"own price {usd:g} USD per million {name} tokens" for name, usd in prices.items() if usd is not None]
    if strategy.api_hit is not None:
        found.append(f"own figure: {strategy.api_hit:.0%} of the prompt billed as cached")
    if strategy.api_batch is not None:
        found.append(f"own discount {strategy.api_batch:.0%} for work that can wait")
    return (*found, f"own fixed fee {strategy.api_fee:,.2f} USD per month") if strategy.api_fee else tuple(found)
