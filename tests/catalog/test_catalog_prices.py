"""Which price is chosen, from which source, and the traps of the price package."""

from dataclasses import replace
from datetime import date

import pytest

from components.catalog.load import DATA, load_catalog
from components.catalog.price_check import FILE, Disagreement, as_lines, compare
from components.catalog.prices import (
    BATCH,
    PACKAGE_DATE,
    PACKAGE_PROVIDERS,
    PACKAGE_SOURCE,
    api_price,
    package_price,
    purchase_price,
    rental_price,
)

CATALOG = load_catalog()


def test_a_price_the_package_knows_names_it_as_source() -> None:
    """Groq price page, 2026-11-10: gpt-oss-120b 0.15 in, 0.60 out, 0.075 cached, batch at half."""
    price = api_price(CATALOG, "GroqCloud", "gpt-oss-120b")
    assert price.source == PACKAGE_SOURCE
    assert (price.input_usd_per_mtok, price.output_usd_per_mtok) == (0.15, 0.6)
    assert price.cached_input_usd_per_mtok == 0.075
    assert price.batch_discount == 0.5
    assert price.status == "current"


def test_a_long_prompt_surcharge_stays_out_of_the_unit_price() -> None:
    """Claude Sonnet 4.5 lists 3 and 15 USD per Mtok; the surcharge starts at 200,000 tokens."""
    price = api_price(CATALOG, "Anthropic", "claude-sonnet-4-5")
    assert (price.input_usd_per_mtok, price.output_usd_per_mtok) == (3.0, 15.0)


def test_a_provider_the_package_lacks_is_priced_from_our_table() -> None:
    price = api_price(CATALOG, "DeepInfra", "gpt-oss-120b")
    assert "DeepInfra" not in PACKAGE_PROVIDERS
    assert price.source != PACKAGE_SOURCE
    assert price.input_usd_per_mtok < price.output_usd_per_mtok


def test_fireworks_names_get_their_prefix() -> None:
    assert api_price(CATALOG, "Fireworks AI", "gpt-oss-120b").source == PACKAGE_SOURCE


@pytest.mark.parametrize(
    ("provider", "model", "tier"),
    [("OpenAI", "gpt-0", "standard"), ("Nobody", "gpt-5", "standard"), ("GroqCloud", "gpt-oss-120b", "platinum")],
)
def test_an_unknown_price_is_a_lookup_error(provider: str, model: str, tier: str) -> None:
    with pytest.raises(LookupError, match="no price of"):
        api_price(CATALOG, provider, model, tier)


def test_a_model_only_the_package_knows_must_match_its_name_exactly() -> None:
    found = api_price(CATALOG, "OpenAI", "gpt-4-turbo")
    assert found.source == PACKAGE_SOURCE
    assert found.confidence == "medium"
    assert found.status in {"unverified", "legacy"}
    with pytest.raises(LookupError):
        api_price(CATALOG, "OpenAI", "gpt-4-turbo-2099-01-01-nonsense")


def test_a_context_that_matches_nothing_is_no_batch_discount() -> None:
    """The package answers the standard price to a batch question it cannot answer: that is no discount."""
    assert BATCH == {"processing": "batch"}
    cerebras = package_price("Cerebras", "gpt-oss-120b", PACKAGE_DATE)
    assert cerebras is not None
    assert cerebras.batch_discount is None


def test_the_day_is_respected() -> None:
    assert api_price(CATALOG, "GroqCloud", "gpt-oss-120b", when=date(2026, 11, 1)).input_usd_per_mtok > 0


def test_a_row_of_the_catalog_is_taken_as_stated() -> None:
    """The package confirms a price or fills what the row leaves open; it never replaces what an own catalog states."""
    row = next(r for r in CATALOG.api_prices if (r.provider, r.model) == ("GroqCloud", "gpt-oss-120b"))
    own = row.model_copy(update={"input_usd_per_mtok": 1.5, "cached_input_usd_per_mtok": None, "batch_discount": None})
    price = api_price(replace(CATALOG, api_prices=(own,)), "GroqCloud", "gpt-oss-120b")
    assert (price.input_usd_per_mtok, price.output_usd_per_mtok) == (1.5, 0.6)
    assert price.cached_input_usd_per_mtok == pytest.approx(1.5 * 0.5)
    assert price.batch_discount == 0.5
    assert price.source == CATALOG.sources[row.source_id].title
    assert (price.value_date, price.confidence) == (row.value_date, row.confidence)


def test_every_current_row_has_a_price() -> None:
    catalog = load_catalog()
    for row in catalog.api_prices:
        if row.status == "current":
            price = api_price(CATALOG, row.provider, row.model, row.tier)
            assert price.output_usd_per_mtok >= 0, row


def test_table_and_package_disagree_only_where_the_committed_file_says() -> None:
    found, compared = compare(load_catalog())
    assert compared >= 200
    assert (DATA / FILE).read_text(encoding="utf-8").splitlines() == list(as_lines(found))


def test_a_disagreement_is_written_as_a_line() -> None:
    line = Disagreement("A, Inc.", "m", "standard", "input", 1.0, 2.0, 0.5)
    assert list(as_lines((line,)))[1] == '"A, Inc.",m,standard,input,1,2,0.5'


def test_a_price_that_differs_is_reported() -> None:
    catalog = load_catalog()
    row = next(row for row in catalog.api_prices if row.provider == "GroqCloud" and row.model == "gpt-oss-120b")
    changed = row.model_copy(update={"input_usd_per_mtok": 0.2})
    doctored = replace(catalog, api_prices=(changed,))
    found, compared = compare(doctored)
    assert compared == 1
    assert [(entry.quantity, entry.relative_difference) for entry in found] == [("input", 0.25)]


def test_the_default_rental_price_is_a_real_offer_between_the_extremes() -> None:
    chosen = rental_price(load_catalog(), "h100-sxm")
    assert chosen is not None
    assert chosen.row in load_catalog().rentals
    assert chosen.low <= chosen.usd <= chosen.high
    assert "seller(s)" in chosen.rule
    assert chosen.offers > 20


def test_a_named_seller_is_respected() -> None:
    chosen = rental_price(load_catalog(), "h100-sxm", provider="Azure")
    assert chosen is not None
    assert chosen.usd == pytest.approx(12.29)  # Azure retail price, flat since January 2024
    assert chosen.row is not None
    assert chosen.row.provider == "Azure"


def test_superseded_prices_are_never_chosen() -> None:
    catalog = load_catalog()
    for accelerator_id in catalog.accelerators:
        for price_type in ("on-demand", "spot", "reserved-1yr", "reserved-3yr"):
            chosen = rental_price(catalog, accelerator_id, price_type)
            assert chosen is None or (chosen.row is not None and chosen.row.current)


def test_no_price_is_none_not_zero() -> None:
    assert rental_price(load_catalog(), "apple-m4") is None
    assert rental_price(load_catalog(), "h100-sxm", provider="Nobody") is None
    assert purchase_price(load_catalog(), "groq-3-lpu") is None


def test_a_purchase_price_comes_from_an_offer_or_the_list() -> None:
    offer = purchase_price(load_catalog(), "gb200-nvl72")
    listed = purchase_price(load_catalog(), "rtx-4090")
    assert offer is not None
    assert offer.row is not None
    assert offer.usd == pytest.approx(3.75e6 / 72, rel=1e-3)
    assert listed is not None
    assert listed.row is None
    assert listed.usd == 1599
    assert (offer.includes_host, listed.includes_host) == (True, False)
