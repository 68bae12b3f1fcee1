"""The workbook computes what the engine computed, follows changed prices and volumes, and runs no text."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook.workbook import Workbook

from components.catalog.load import load_catalog
from components.engine.comparison import compare
from components.engine.plan import plan_answer
from components.engine.scenario import Scenario, Strategy, Workload
from components.exports.live_formulas import bill_of
from components.exports.pack import Pack, pack_of
from components.exports.workbook import workbook
from tests.exports.office import SHEET, converted
from tests.exports.packs import DAY, DRAWS, LINK, NAMES, pack

CATALOG = load_catalog()


def _opened(made: Pack, *, values: bool = False) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(workbook(made)), data_only=values)


@pytest.mark.parametrize("name", NAMES)
def test_the_parts_of_each_bill_are_the_engines(name: str) -> None:
    made = pack(name)
    for answer in made.result.answers:
        bill = bill_of(answer)
        values = {row.key: row.value for row in bill.rows}
        parts = {part: values[key] for part, key in bill.parts.items()}
        told = {part: usd for part, usd in answer.cost_parts_usd_per_month.items() if usd}
        assert parts == pytest.approx(told)


@pytest.mark.parametrize("name", NAMES)
def test_it_opens_with_facts_sources_and_a_bill_for_each(name: str) -> None:
    made = pack(name)
    book = _opened(made, values=True)
    bills = [f"Bill {i + 1}" for i in range(len(made.result.answers))]
    rest = ["Savings", "Plan", "Present value", "Volume", "Assumptions", "Why", "Sources"]
    assert book.sheetnames == ["Summary", "Inputs", *bills, *rest]
    cells = [cell.value for row in book["Summary"].iter_rows() for cell in row]
    for _, words in made.facts():
        assert words in cells
    assert book["Assumptions"].max_row > 4


def test_no_text_is_a_formula() -> None:
    book = _opened(pack("hard names"))
    texts = [
        (str(c.value), c.data_type)
        for sheet in book
        for row in sheet.iter_rows()
        for c in row
        if isinstance(c.value, str)
    ]
    formulas = [words for words, kind in texts if kind == "f"]
    assert formulas
    assert not any("SUM(A1)" in words or words in {"=1+1", "-2+3"} for words in formulas)
    assert ("=1+1", "s") in texts


def test_charts_are_native_and_described() -> None:
    with zipfile.ZipFile(io.BytesIO(workbook(pack("support-chat")))) as file:
        assert len([n for n in file.namelist() if n.startswith("xl/charts/")]) == 4
        drawings = "".join(file.read(n).decode() for n in file.namelist() if n.startswith("xl/drawings/drawing"))
        assert drawings.count('descr="') == 4


FLEETS = Scenario(
    workload=Workload(requests_per_day=3_000_000),
    strategies=(
        Strategy(name="rented", hardware="h100-sxm", chips=4),
        Strategy(name="tokens", buy="api", provider="DeepInfra", api_fee=500),
        Strategy(name="owned", hardware="h200-sxm", chips=4, buy="owned", place="deu"),
        Strategy(name="cached, routed to tokens", buy="api", provider="DeepInfra", cache=0.2),
    ),
    currency="EUR",
)


def _strategies(scenario: Scenario, **fields: dict[str, float]) -> Scenario:
    changed = tuple(s.model_copy(update=fields.get(s.name, {})) for s in scenario.strategies)
    return scenario.model_copy(update={"strategies": changed})


def _put(book: Workbook, strategy: str, what: str, value: float) -> None:
    sheet = book["Inputs"]
    for row in sheet.iter_rows(min_row=13):
        if f". {strategy}" in str(row[4].value) and row[0].value == what:
            row[1].value = value
            return
    raise AssertionError((strategy, what))


def _twice(book: Workbook) -> None:
    book["Inputs"]["B5"] = 6_000_000


def _dearer(book: Workbook) -> None:
    _put(book, "rented", "price of a chip-hour", 5.5)
    _put(book, "tokens", "price per million input tokens", 0.31)
    _put(book, "tokens", "price per million output tokens", 0.77)
    owned = compare(_strategies(FLEETS, owned={"price": 51_000}), CATALOG).answers[2]
    payment = next(step for step in owned.ledger if step.name == "payment for a chip")
    _put(book, "owned", "price of a chip, installed", {n: v for n, v, _ in payment.exact}["price"])


CHANGES: dict[str, tuple[Callable[[Workbook], None], Scenario]] = {
    "as it is": (lambda _: None, FLEETS),
    "twice the volume": (
        _twice, FLEETS.model_copy(update={"workload": Workload(requests_per_day=6_000_000)}),
    ),
    "other prices": (
        _dearer,
        _strategies(
            FLEETS, rented={"price": 5.5}, tokens={"price_in": 0.31, "price_out": 0.77}, owned={"price": 51_000}
        ),
    ),
}  # fmt: skip


RECOMPUTED = ("support-chat", "eu-bank", "own figures", "mixed", "no price", "no traffic", "nothing works")


@pytest.mark.slow
def test_a_spreadsheet_recomputes_what_the_engine_computes(tmp_path: Path) -> None:
    """Every cell without a change, and costs, savings and present value after one, to 1e-6."""
    every = {name: pack(name) for name in RECOMPUTED}
    changed = {name: pack_of(FLEETS, CATALOG, link=LINK, made=DAY) for name in CHANGES}
    files = []
    for name, made in (every | changed).items():
        book = _opened(made)
        CHANGES[name][0](book) if name in CHANGES else None
        files.append(tmp_path / f"{name}.xlsx")
        book.save(files[-1])  # without results: they are the spreadsheet's own
    opened = dict(zip(every | changed, converted(files, SHEET, tmp_path / "out"), strict=True))
    for name, made in every.items():
        _same_everywhere(opened[name], made)
    for name, (_, scenario) in CHANGES.items():
        _same_as_engine(opened[name], scenario)


def _same_everywhere(file: Path, made: Pack) -> None:
    formulas, written = _opened(made), _opened(made, values=True)
    given = openpyxl.load_workbook(file, data_only=True)
    for sheet in formulas.worksheets[:-3]:  # the last three are words
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    one, other = given[sheet.title][cell.coordinate].value, written[sheet.title][cell.coordinate].value
                    where = f"{file.stem}, {sheet.title}!{cell.coordinate} {cell.value}"
                    assert one == pytest.approx(other, rel=1e-6, abs=1e-6), where


def _same_as_engine(file: Path, scenario: Scenario) -> None:
    given = openpyxl.load_workbook(file, data_only=True)
    result, rate = compare(scenario, CATALOG), pack_of(scenario, CATALOG, link="", made=DAY).money.rate_per_usd
    costs = [answer.cost_usd_per_month.base * rate for answer in result.answers]
    summary, value = given["Summary"], given["Present value"]
    for i, cost in enumerate(costs):
        assert summary.cell(5 + i, 2).value == pytest.approx(cost, rel=1e-6), (file.stem, i)
        if i:
            assert summary.cell(5 + i, 3).value == pytest.approx(costs[0] - cost, rel=1e-6, abs=1e-6)
            assert value.cell(4 + i, 3).value == pytest.approx(_present(costs[0] - cost), rel=1e-6, abs=1e-3)


def _present(saving: float) -> float:
    """Of 36 level months at the published cost of capital, month by month."""
    base = CATALOG.economics["cost_of_capital"].base
    assert base is not None
    return float(sum(saving / (1 + base) ** (month / 12) for month in range(1, 37)))


@pytest.mark.slow
def test_the_plan_at_another_discount_rate_is_the_engines(tmp_path: Path) -> None:
    """Present values of all strategies, moves and purchases among them, at 20 % a year and a dearer move."""
    made = pack_of(FLEETS, CATALOG, link=LINK, made=DAY, planner=partial(plan_answer, draws=DRAWS))
    book = _opened(made)
    book["Plan"]["B5"] = 0.2
    book["Plan"]["B7"] = 100_000 * made.money.rate_per_usd
    book.save(tmp_path / "plan.xlsx")
    (file,) = converted([tmp_path / "plan.xlsx"], SHEET, tmp_path / "out")
    sheet = openpyxl.load_workbook(file, data_only=True)["Plan"]
    (row,) = [row[0].row for row in sheet.iter_rows() if row[0].value == "Worth today (NPV)"]
    terms = FLEETS.plan.model_copy(update={"discount": 0.2, "move": 100_000})
    paths = plan_answer(FLEETS.model_copy(update={"plan": terms}), made.result, CATALOG, DRAWS).base.paths
    assert [path.name for path in paths] == ["rented", "owned"]
    for column, path in enumerate(paths, start=2):
        found = sheet.cell(row or 0, column).value
        assert found == pytest.approx(path.present_usd * made.money.rate_per_usd, rel=1e-6), path.name


@pytest.mark.slow
def test_break_even_with_tokens_is_where_both_cost_the_same(tmp_path: Path) -> None:
    """At the volume that the sheet names, the per-token bill equals the machines' bill of today."""
    made = pack_of(FLEETS, CATALOG, link=LINK, made=DAY)
    (file,) = converted([_saved(made, tmp_path / "even.xlsx")], SHEET, tmp_path / "out")
    summary = openpyxl.load_workbook(file, data_only=True)["Summary"]
    heads = [row[0].row for row in summary.iter_rows() if row[0].value == "Break-even with the baseline"]
    volume = float(str(summary.cell((heads[0] or 0) + 1, 3).value))
    at = compare(FLEETS.model_copy(update={"workload": Workload(requests_per_day=volume)}), CATALOG)
    assert at.answers[1].cost_usd_per_month.base == pytest.approx(
        made.result.answers[0].cost_usd_per_month.base, rel=1e-6
    )


def _saved(made: Pack, path: Path) -> Path:
    _opened(made).save(path)
    return path
