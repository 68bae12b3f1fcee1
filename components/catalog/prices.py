"""Chooses one price from a catalog; genai-prices confirms its per-token prices and fills what they leave open."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from statistics import median_low, quantiles
from typing import TYPE_CHECKING, NamedTuple

from components.catalog.load import Catalog
from components.catalog.records import ApiPrice, Confidence, RentalPrice

if TYPE_CHECKING:
    from genai_prices.types import PriceCalculation

PACKAGE_VERSION = "0.2.3"
PACKAGE_DATE = date(2026, 11, 10)
PACKAGE_SOURCE = f"genai-prices {PACKAGE_VERSION}, data {PACKAGE_DATE.isoformat()}"
PACKAGE_PROVIDERS = {
    "AWS Bedrock": "aws", "Anthropic": "anthropic", "Baseten": "baseten", "Cerebras": "cerebras", "Cohere": "cohere",
    "Databricks": "databricks", "DeepSeek": "deepseek", "Doubleword": "doubleword", "Fireworks AI": "fireworks",
    "Google Gemini API": "google", "GroqCloud": "groq", "Meta": "meta", "MiniMax": "minimax", "Mistral AI": "mistral",
    "Modal": "modal", "Moonshot AI": "moonshotai", "Novita AI": "novita", "OVHcloud": "ovhcloud", "OpenAI": "openai",
    "Perplexity": "perplexity", "Together AI": "together", "Z.ai": "zai", "xAI": "x-ai",
}  # fmt: skip
"""Our provider names and those of the package; a provider it lacks or covers thinly is priced from our table."""
BATCH = {"processing": "batch"}
"""A context the package does not know silently gives the standard price: ask only where it states this one."""
REF_PREFIX = {"fireworks": "accounts/fireworks/models/"}
STATUS_ORDER = ("current", "unverified", "legacy")
CONFIDENCE_ORDER: tuple[Confidence, ...] = ("low", "medium", "high")
CONFIRMS_WITHIN = 0.01
"""Share by which a price of the package may differ from the table's and still confirm it. [1]"""
NOT_A_SELLER = "market ("
"""Rows of modelled market prices start with this: they count only where no seller states a price."""


class TokenPrice(NamedTuple):
    """Per-token price of one model at one provider."""

    provider: str
    model: str
    tier: str
    status: str
    """Prices marked "legacy" stay listed after a model is retired: show them with that word."""
    input_usd_per_mtok: float
    output_usd_per_mtok: float
    cached_input_usd_per_mtok: float | None
    batch_discount: float | None
    source: str
    value_date: str
    confidence: Confidence
    context_window_tokens: int | None = None
    """Most tokens of one request, None where the list does not say. [tokens]"""
    dearer_when_long: bool = False
    """Whether the list has a dearer price for long prompts beside this one."""


class ChosenPrice(NamedTuple):
    """One price picked from several offers, the rule that picked it, and the spread."""

    usd: float
    rule: str
    low: float
    high: float
    offers: int
    source_id: str
    confidence: Confidence
    row: RentalPrice | None
    likely: tuple[float, float]
    """What most pay: the middle 80 % over sellers; twice `usd` where one seller or list price is meant."""
    includes_host: bool
    """True for rent and for whole machines; False where host, network and rack come on top."""


class _PackagePrice(NamedTuple):
    """Prices the package states."""

    input: float
    output: float
    cached: float | None
    batch_discount: float | None
    retired: bool


@lru_cache(maxsize=8)
def _rows_by_model(catalog: Catalog) -> dict[tuple[str, str, str], ApiPrice]:
    """Best row by provider, model and tier: current before unverified before legacy."""
    best: dict[tuple[str, str, str], ApiPrice] = {}
    for status in STATUS_ORDER:
        for row in catalog.api_prices:
            if row.status == status:
                best.setdefault((row.provider, row.model, row.tier), row)
    return best


def _package_refs(host: str, ref: str) -> tuple[str, ...]:
    """Names to try: as given, then with the prefix a host wants."""
    prefix = REF_PREFIX.get(host)
    return (prefix + ref.removeprefix(prefix), ref) if prefix else (ref,)


def _price_1000(
    name: str, host: str, moment: datetime, *, all_cached: bool = False, context: dict[str, str] | None = None
) -> "PriceCalculation":
    """Price a thousand input and a thousand output tokens; long-prompt surcharges stay out."""
    from genai_prices import Usage, calc_price

    usage = Usage(input_tokens=1000, cache_read_tokens=1000 if all_cached else None, output_tokens=1000)
    return calc_price(usage, name, provider_id=host, genai_request_timestamp=moment, price_context=context)


@lru_cache(maxsize=4096)
def package_price(provider: str, ref: str, when: date, *, exact: bool = False) -> _PackagePrice | None:
    """Prices of genai-prices for one model, None where the package does not know provider or model.

    Args:
        provider: our provider name.
        ref: the provider's own name of the model.
        when: the day; prices in the package are dated.
        exact: refuse a model whose identifier only resembles `ref`.
    """
    host = PACKAGE_PROVIDERS.get(provider)
    if host is None:
        return None
    moment = datetime(when.year, when.month, when.day, 12, tzinfo=UTC)
    for name in _package_refs(host, ref):
        try:
            found = _price_1000(name, host, moment)
        except LookupError:
            continue
        if not exact or found.model.id in {name, ref}:
            return _read_package(found, name, host, moment)
    return None


def _read_package(found: "PriceCalculation", name: str, host: str, moment: datetime) -> _PackagePrice:
    """Scale a priced thousand tokens to a million and look up the cached and batch prices the package states."""
    cached = None
    if found.model_price.cache_read_mtok is not None:
        cached = _per_mtok(_price_1000(name, host, moment, all_cached=True).input_price)
    batch_discount = None
    if any(variant.when == BATCH for variant in found.model.price_variants or ()):
        batch = _price_1000(name, host, moment, context=BATCH)
        if found.total_price > batch.total_price:
            batch_discount = round(1 - float(batch.total_price / found.total_price), 6)
    return _PackagePrice(
        input=_per_mtok(found.input_price),
        output=_per_mtok(found.output_price),
        cached=cached,
        batch_discount=batch_discount,
        retired=bool(found.model.deprecated),
    )


def _per_mtok(price_of_1000: Decimal) -> float:
    """Price of a million tokens from that of a thousand, exact in decimal."""
    return float(price_of_1000 * 1000)


@lru_cache(maxsize=4096)
def api_price(
    catalog: Catalog, provider: str, model_id: str, tier: str = "standard", when: date | None = None
) -> TokenPrice:
    """Price of a model at a provider: the catalog's, or of genai-prices where a day is named or the table has no row.

    Args:
        catalog: the facts; what its rows state is taken as stated, whatever the package says.
        provider: our provider name, as in data/api_prices.csv.
        model_id: id in data/models.csv or data/token_models.csv.
        tier: service tier; "standard" unless the provider sells others.
        when: a day whose price is looked up in the package, which is dated; the catalog's price if not given.
    Returns: the price with its source.    Raises: LookupError if neither source knows the model.
    """
    row = _rows_by_model(catalog).get((provider, model_id, tier))
    day = when or PACKAGE_DATE
    package = None
    if row is not None and row.provider_model_ref:
        package = package_price(provider, row.provider_model_ref, day)
    elif row is None and tier == "standard":
        package = package_price(provider, model_id, day, exact=True)
    if package is not None and (row is None or when is not None):
        return _of_package(package, row, provider, model_id, tier)
    if row is None:
        raise LookupError(
            f"no price of {model_id!r} (tier {tier!r}) at {provider!r}: {_sold(catalog, provider, model_id)}"
        )
    return _of_row(catalog, row, model_id, package)


def _sold(catalog: Catalog, provider: str, model_id: str) -> str:
    """What a provider sells in the place of something that it does not: other tiers of the model, else other models."""
    listed = [(model, tier) for name, model, tier in _rows_by_model(catalog) if name == provider]
    if tiers := sorted({tier for model, tier in listed if model == model_id}):
        return f"{provider} sells it as tier {' or '.join(tiers)}"
    known = sorted({model for model, _ in listed})
    return f"{provider} lists {', '.join(known[:8])}" if known else "the provider is not in data/api_prices.csv"


def _of_package(package: _PackagePrice, row: ApiPrice | None, provider: str, model_id: str, tier: str) -> TokenPrice:
    """The package's price; a batch discount it does not state is the table's."""
    table_batch = row.batch_discount if row is not None else None
    return TokenPrice(
        provider=provider,
        model=model_id,
        tier=tier,
        status=row.status if row is not None else ("legacy" if package.retired else "unverified"),
        input_usd_per_mtok=package.input,
        output_usd_per_mtok=package.output,
        cached_input_usd_per_mtok=package.cached,
        batch_discount=package.batch_discount if package.batch_discount is not None else table_batch,
        source=PACKAGE_SOURCE,
        value_date=PACKAGE_DATE.isoformat(),
        confidence=row.confidence if row is not None else "medium",
        context_window_tokens=row.context_window_tokens if row is not None else None,
        dearer_when_long=row is not None and row.dearer_when_long,
    )


def _of_row(catalog: Catalog, row: ApiPrice, model_id: str, package: _PackagePrice | None) -> TokenPrice:
    """The table's price. What it leaves open comes from the package, as a share of the row's own price."""
    cached, batch = row.cached_input_usd_per_mtok, row.batch_discount
    confirmed = False
    if package is not None:
        pairs = ((row.input_usd_per_mtok, package.input), (row.output_usd_per_mtok, package.output))
        confirmed = all(abs(ours - theirs) <= CONFIRMS_WITHIN * max(ours, theirs) for ours, theirs in pairs)
        if cached is None and package.cached is not None and package.input > 0:
            cached = row.input_usd_per_mtok * package.cached / package.input
        batch = package.batch_discount if batch is None else batch
    return TokenPrice(
        provider=row.provider,
        model=model_id,
        tier=row.tier,
        status=row.status,
        input_usd_per_mtok=row.input_usd_per_mtok,
        output_usd_per_mtok=row.output_usd_per_mtok,
        cached_input_usd_per_mtok=cached,
        batch_discount=batch,
        source=PACKAGE_SOURCE if confirmed else catalog.sources[row.source_id].title,
        value_date=PACKAGE_DATE.isoformat() if confirmed else row.value_date,
        confidence=row.confidence,
        context_window_tokens=row.context_window_tokens,
        dearer_when_long=row.dearer_when_long,
    )


def _hourly(row: RentalPrice) -> float:
    """Hourly price of a row already known to state one. [USD/h]"""
    return row.usd_per_accelerator_hour or 0.0


def _middle(rows: Iterable[RentalPrice]) -> RentalPrice:
    """The row at the lower median: a real offer, not an average."""
    ordered = sorted(rows, key=lambda row: (_hourly(row), row.provider, row.offering, row.region))
    return ordered[median_low(range(len(ordered)))]


def middle_80(prices: Sequence[float]) -> tuple[float, float]:
    """10 % and 90 % quantiles, linear between offers: a single dear or cheap seller does not set the end."""
    ordered = sorted(prices)
    if len(ordered) == 1:
        return ordered[0], ordered[0]
    cuts = quantiles(ordered, n=10, method="inclusive")
    return cuts[0], cuts[-1]


def rental_price(
    catalog: Catalog, accelerator_id: str, price_type: str = "on-demand", provider: str | None = None
) -> ChosenPrice | None:
    """Hourly price of one accelerator: the median seller's median offer, or one seller's.

    Args:
        catalog: the facts.
        accelerator_id: id in data/accelerators.csv.
        price_type: "on-demand", "spot", "reserved-1yr" or "reserved-3yr".
        provider: a seller; the median over sellers if not given.
    Returns: the price in USD per hour and accelerator, or None where no current price is known.
    """
    rows = [
        row
        for row in catalog.rentals
        if row.current
        and row.accelerator_id == accelerator_id
        and row.price_type == price_type
        and row.usd_per_accelerator_hour is not None
        and provider in {None, row.provider}
    ]
    rows = [row for row in rows if not row.provider.startswith(NOT_A_SELLER)] or rows
    if not rows:
        return None
    sellers: dict[str, list[RentalPrice]] = {}
    for row in rows:
        sellers.setdefault(row.provider, []).append(row)
    chosen = _middle(_middle(offers) for offers in sellers.values())
    low, high = min(map(_hourly, rows)), max(map(_hourly, rows))
    medians = [_hourly(_middle(offers)) for offers in sellers.values()]
    usd = _hourly(chosen)
    likely = (usd, usd) if provider else middle_80(medians)
    rule = (
        f"{provider}: median of {len(rows)} current offers"
        if provider
        else f"median over {len(sellers)} seller(s), {low:.2f} to {high:.2f} USD/h: {chosen.provider}"
    )
    return ChosenPrice(usd, rule, low, high, len(rows), chosen.source_id, chosen.confidence, chosen, likely, True)


def purchase_price(catalog: Catalog, accelerator_id: str) -> ChosenPrice | None:
    """Purchase price of one accelerator: the most trusted, then latest, then dearest offer, else its list price.

    Returns: USD per accelerator, or None where no price is known.
    """
    offers = [
        (CONFIDENCE_ORDER.index(row.confidence), row.value_date, row.usd_per_accelerator, row)
        for row in catalog.rentals
        if row.current and row.accelerator_id == accelerator_id and row.usd_per_accelerator is not None
    ]
    if offers:
        prices = [price for _, _, price, _ in offers]
        _, _, usd, row = max(offers, key=lambda offer: offer[:3])
        rule = f"{row.offering}, {row.provider}, {row.value_date}: most trusted and latest of {len(offers)} prices"
        low, high, host = min(prices), max(prices), row.includes_host is True
        least, most = middle_80(prices)
        likely = min(least, usd), max(most, usd)
        return ChosenPrice(usd, rule, low, high, len(offers), row.source_id, row.confidence, row, likely, host)
    accelerator = catalog.accelerators[accelerator_id]
    usd_list = accelerator.list_price_usd
    if usd_list is None:
        return None
    rule = f"list price: {accelerator.list_price_basis}"
    host = accelerator.family in {"edge-soc", "edge-gpu"}
    only, sure = (usd_list, usd_list), accelerator.confidence
    return ChosenPrice(usd_list, rule, *only, 1, accelerator.source_id, sure, None, only, host)
