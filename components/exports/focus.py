"""Planned spend in the columns of FOCUS 1.2, so that it stands beside the bills that tools of FinOps read.

Source: FinOps Open Cost and Usage Specification 1.2, focus.finops.org; own columns begin with x_, as it asks.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import NamedTuple

from components.charts import theme
from components.exports.live_formulas import Row, bill_of
from components.exports.pack import Pack
from components.exports.tables import as_csv
from components.wording.vocabulary import WAYS_TO_BUY

MONTHS = 12
COLUMNS = (
    "BilledCost", "BillingAccountId", "BillingAccountName", "BillingCurrency", "BillingPeriodEnd", "BillingPeriodStart",
    "ChargeCategory", "ChargeClass", "ChargeDescription", "ChargeFrequency", "ChargePeriodEnd", "ChargePeriodStart",
    "ContractedCost", "EffectiveCost", "InvoiceIssuerName", "ListCost", "ListUnitPrice", "PricingCategory",
    "PricingQuantity", "PricingUnit", "ProviderName", "PublisherName", "RegionId", "ServiceCategory", "ServiceName",
    "x_CostPart", "x_Strategy", "x_Title", "x_Basis", "x_Range", "x_Prices", "x_MadeOn", "x_DataDate", "x_Engine",
    "x_Link",
)  # fmt: skip
SERVICES = {"compute": "Compute", "api": "AI and Machine Learning"}
"""Start of a part's name to the category of its service; others are "Other"."""
UNITS = {"USD/h": "Hours", "USD/Mtok": "1000000 Tokens", "USD/kWh": "kWh"}
"""Unit of a price to the unit that is paid for."""
PRICING = {"on-demand": "Standard", "spot": "Dynamic", "reserved-1yr": "Committed", "reserved-3yr": "Committed",
           "api": "Standard", "dedicated": "Standard", "owned": "Other"}  # fmt: skip


class Priced(NamedTuple):
    """What is paid for: quantity, unit, price of one in USD."""

    quantity: float
    unit: str
    usd: float


def focus(pack: Pack, index: int | None = None) -> bytes:
    """The planned spend of one strategy as CSV: a row for each part of the cost and each of the next twelve months.

    Args: index of the strategy; the recommended one without it, else the baseline.
    """
    chosen = (pack.best or 0) if index is None else index
    rows = [
        [charge[column] for column in COLUMNS]
        for start, end in _months(pack.made)
        for charge in _charges(pack, chosen, start, end)
    ]
    return as_csv(COLUMNS, rows)


def _months(made: datetime.date) -> Iterator[tuple[str, str]]:
    """Start and end, exclusive, of each month after a day."""
    count = made.year * 12 + made.month
    for month in range(count, count + MONTHS):
        yield _first(month), _first(month + 1)


def _first(month: int) -> str:
    return f"{month // 12:04d}-{month % 12 + 1:02d}-01T00:00:00Z"


def _charges(pack: Pack, index: int, start: str, end: str) -> Iterator[dict[str, object]]:
    answer, strategy = pack.result.answers[index], pack.scenario.strategies[index]
    rate, facts = pack.money.rate_per_usd, dict(pack.facts())
    seller = strategy.provider.replace("_", " ") or ("own machines" if strategy.buy == "owned" else "market median")
    for part, usd in answer.cost_parts_usd_per_month.items():
        if not usd:
            continue
        bought = part.startswith(("compute", "api"))
        unit = _priced(pack, index, part, usd)
        cost, words = round(usd * rate, 6), theme.part_words(part)
        provider = seller if bought else "own organisation"
        yield {
            "BilledCost": cost, "ContractedCost": cost, "EffectiveCost": cost, "ListCost": cost,
            "BillingAccountId": "planned", "BillingAccountName": "Planned spend",
            "BillingCurrency": pack.money.currency,
            "BillingPeriodStart": start, "BillingPeriodEnd": end, "ChargePeriodStart": start, "ChargePeriodEnd": end,
            "ChargeCategory": "Usage", "ChargeClass": None,
            "ChargeDescription": f"{words}, {pack.name(index)}, {WAYS_TO_BUY[strategy.buy].terms}",
            "ChargeFrequency": "Usage-Based" if bought else "Recurring",
            "InvoiceIssuerName": provider, "ProviderName": provider, "PublisherName": provider,
            "ListUnitPrice": round(unit.usd * rate, 9), "PricingQuantity": round(unit.quantity, 6),
            "PricingUnit": unit.unit,
            "PricingCategory": PRICING[strategy.buy] if bought else "Other", "RegionId": strategy.place,
            "ServiceCategory": SERVICES.get(part.partition("_")[0], "Other"), "ServiceName": words,
            "x_CostPart": part, "x_Strategy": pack.name(index), "x_Title": pack.title, "x_Basis": answer.known_how,
            "x_Range": f"{pack.cost_range(index)} a month in all", "x_Prices": facts["Prices"],
            "x_MadeOn": facts["Made on"], "x_DataDate": facts["Figures as of"], "x_Engine": facts["Engine"],
            "x_Link": pack.link,
        }  # fmt: skip


def _priced(pack: Pack, index: int, part: str, usd: float) -> Priced:
    """Hours, tokens or energy where one price makes the part; else the month itself."""
    bill = bill_of(pack.result.answers[index])
    row = next((row for row in bill.rows if row.key == bill.parts.get(part)), None)
    prices = [one for one in bill.inputs if row is not None and f"{{{one.key}}}" in row.formula and one.unit in UNITS]
    if len(prices) == 1 and _alone(row, prices[0]) and prices[0].value:
        return Priced(usd / prices[0].value, UNITS[prices[0].unit], prices[0].value)
    return Priced(1.0, "Months", usd)


def _alone(row: Row | None, price: Row) -> bool:
    """Whether the part is the price times something."""
    return row is not None and row.formula.rstrip(")").endswith(f"* {{{price.key}}}") and " + " not in row.formula
