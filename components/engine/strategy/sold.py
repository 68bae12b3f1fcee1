"""Who sells a model per token."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from components.catalog.records import TokenModel

if TYPE_CHECKING:
    from components.catalog.load import Catalog
    from components.engine.scenario import Strategy


class Offer(NamedTuple):
    """A seller and the tier of its price."""

    provider: str
    tier: str


def sold_by(catalog: Catalog, model_id: str) -> tuple[Offer, ...]:
    """Current offers of a model, its maker's own first, the standard tier of each before others."""
    model = catalog.answering.get(model_id)
    maker = model.maker if isinstance(model, TokenModel) else ""
    found = {
        Offer(row.provider, row.tier)
        for row in catalog.api_prices
        if row.answering_id == model_id and row.status == "current"
    }
    own = {each for each in found if maker and each.provider.startswith(maker)}
    return tuple(sorted(found, key=lambda each: (each not in own, each.tier != "standard", each)))


def better_bought(catalog: Catalog, strategy: Strategy) -> Offer | None:
    """The offer to take where a strategy cannot have its model as it is bought; None where it can, or nobody sells it.

    A model without an architecture is bought per token; one bought per token comes from somebody who sells it.
    """
    offers = sold_by(catalog, strategy.answering_model)
    if strategy.buy != "api" and strategy.answering_model not in catalog.token_models:
        return None
    if strategy.buy == "api" and any(
        each.tier == strategy.tier and strategy.provider in {"", each.provider} for each in offers
    ):
        return None
    return offers[0] if offers else None
