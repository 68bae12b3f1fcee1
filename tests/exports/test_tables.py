"""Tables and planned spend: complete, of equal sums, harmless in a spreadsheet."""

from __future__ import annotations

import csv
import io
import zipfile

import pyarrow.parquet as pq
import pytest

from components.exports.focus import COLUMNS, focus
from components.exports.tables import every_table, tables
from tests.exports.packs import NAMES, pack

MANDATORY = {
    "BilledCost", "BillingAccountId", "BillingAccountName", "BillingCurrency", "BillingPeriodEnd", "BillingPeriodStart",
    "ChargeCategory", "ChargeClass", "ChargeDescription", "ChargePeriodEnd", "ChargePeriodStart", "ContractedCost",
    "EffectiveCost", "InvoiceIssuerName", "ListCost", "PricingQuantity", "PricingUnit", "ProviderName", "PublisherName",
    "ServiceCategory", "ServiceName",
}  # fmt: skip
"""Columns that FOCUS 1.2 asks of every data set."""
RUN = ("=", "+", "-", "@")


def _spend(name: str, index: int | None = None) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(focus(pack(name), index).decode("utf-8-sig"))))


@pytest.mark.parametrize("name", NAMES)
def test_planned_spend_sums_to_the_cost_of_each_month(name: str) -> None:
    made = pack(name)
    index = made.best or 0
    usd = made.result.answers[index].cost_usd_per_month.base
    months: dict[str, float] = {}
    for row in _spend(name):
        months[row["BillingPeriodStart"]] = months.get(row["BillingPeriodStart"], 0.0) + float(row["BilledCost"])
        assert row["BillingCurrency"] == made.money.currency
        assert float(row["PricingQuantity"]) * float(row["ListUnitPrice"]) == pytest.approx(
            float(row["ListCost"]), rel=1e-5, abs=1e-4
        )
    if usd:
        assert len(months) == 12
        assert min(months) == "2026-12-01T00:00:00Z"
        assert max(months) == "2027-11-01T00:00:00Z"
    assert list(months.values()) == pytest.approx([usd * made.money.rate_per_usd] * len(months), abs=1e-4)


def test_the_columns_are_those_of_the_specification_and_own_ones_are_marked() -> None:
    assert set(COLUMNS) >= MANDATORY
    row = _spend("support-chat")[0]
    assert tuple(row) == COLUMNS
    assert {row["ServiceCategory"] for row in _spend("per token alone")} == {"AI and Machine Learning"}
    tokens = [row for row in _spend("per token alone") if row["x_CostPart"] == "api_output"]
    assert {row["PricingUnit"] for row in tokens} == {"1000000 Tokens"}
    hours = [row for row in _spend("support-chat", 0) if row["x_CostPart"] == "compute_busy"]
    assert {row["PricingUnit"] for row in hours} == {"Hours"}
    assert row["x_Link"].startswith("https://four.example")


@pytest.mark.parametrize("name", ["support-chat", "hard names", "nothing works", "no price"])
def test_each_table_comes_twice_with_the_same_rows(name: str) -> None:
    made = pack(name)
    with zipfile.ZipFile(io.BytesIO(tables(made))) as file:
        for stem, (heads, rows) in every_table(made).items():
            read = list(csv.reader(io.StringIO(file.read(f"{stem}.csv").decode("utf-8-sig"))))
            columns = pq.read_table(io.BytesIO(file.read(f"{stem}.parquet")))
            assert tuple(read[0]) == tuple(heads) == tuple(columns.column_names)
            assert len(read) - 1 == len(rows) == columns.num_rows
            assert columns.schema.metadata[b"Link"] == made.link.encode()
        assert {"all-figures.csv", "about.txt"} <= set(file.namelist())
        assert made.result.data_date in file.read("about.txt").decode()


def test_no_cell_is_run() -> None:
    with zipfile.ZipFile(io.BytesIO(tables(pack("hard names")))) as file:
        texts = [file.read(name).decode("utf-8-sig") for name in file.namelist() if name.endswith(".csv")]
    texts.append(focus(pack("hard names")).decode("utf-8-sig"))
    for text in texts:
        for row in csv.reader(io.StringIO(text)):
            for cell in row:
                assert not cell.startswith(RUN) or _number(cell) or cell == "-", cell


def _number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
