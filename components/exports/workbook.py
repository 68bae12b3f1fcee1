"""A workbook whose bill computes: change a price or the volume in Inputs, and every total follows."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import Any

from babel.numbers import get_currency_symbol

from components.exports.live_formulas import COLOURS, KINDS, MONTHS, Bill, Row, bill_of
from components.exports.pack import Pack, clean
from components.wording.money import USUAL

HEAD = "#1F2430"
TOKEN_WORDS = {"api_input": "input", "api_cached": "cached input", "api_output": "output"}


@dataclass
class Book:
    """An open workbook with its formats, and the cells that other sheets refer to."""

    file: Any
    """xlsxwriter.Workbook."""
    pack: Pack
    bills: list[Bill]
    cells: dict[tuple[int, str], str] = field(default_factory=dict)
    """(index of the strategy, key of an input row) to its cell in Inputs."""
    totals: list[str] = field(default_factory=list)
    """The cell of each strategy's live total, USD; empty where it has no price or costs nothing."""
    parts: list[dict[str, str]] = field(default_factory=list)
    """Part of the cost to its live cell, by strategy."""
    formats: dict[tuple[tuple[str, Any], ...], Any] = field(default_factory=dict)
    volume = "Inputs!$B$5"
    factor = "Inputs!$B$7"
    rate = "Inputs!$B$8"
    discount = "Inputs!$B$9"
    months = "Inputs!$B$10"
    one_off = "Inputs!$B$11"

    def style(self, **how: Any) -> Any:
        """A format, made once."""
        key = tuple(sorted(how.items()))
        if key not in self.formats:
            self.formats[key] = self.file.add_format({"font_name": "Calibri", "font_size": 11, "valign": "top"} | how)
        return self.formats[key]

    def money(self, **how: Any) -> Any:
        """Whole amounts in the reader's currency."""
        symbol = get_currency_symbol(self.pack.money.currency, locale=USUAL)
        return self.style(num_format=f'"{symbol}"#,##0;[Red]-"{symbol}"#,##0', **how)

    def sheet(self, name: str, title: str, note: str, widths: tuple[float, ...]) -> Any:
        """A new sheet with its title, a line under it and the widths of its columns."""
        sheet = self.file.add_worksheet(name)
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&L" + self.footer() + "&RPage &P of &N")
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        self.text(sheet, 0, 0, title, bold=True, font_size=16, font_color=self.pack.brand)
        self.text(sheet, 1, 0, note, font_color="#4B5563")
        return sheet

    def footer(self) -> str:
        """Where the sheet comes from; `&` would start a code."""
        return f"Four Layers, figures as of {self.pack.result.data_date}".replace("&", "and")

    def text(self, sheet: Any, row: int, column: int, words: str, **how: Any) -> None:
        """Text that is never run, whatever it begins with."""
        sheet.write_string(row, column, clean(words), self.style(**how))

    def heads(self, sheet: Any, row: int, heads: tuple[str, ...]) -> None:
        """The heads of a table."""
        self.heads_at(sheet, row, 0, heads)

    def heads_at(self, sheet: Any, row: int, start: int, heads: tuple[str, ...]) -> None:
        """Heads from a column on."""
        for column, words in enumerate(heads, start=start):
            self.text(sheet, row, column, words, bold=True, bg_color=HEAD, font_color="#FFFFFF", text_wrap=True)

    def local(self, usd: float) -> float:
        """An amount in the reader's currency."""
        return usd * self.pack.money.rate_per_usd

    def tab(self, index: int) -> str:
        """The sheet of a strategy's bill."""
        return f"Bill {index + 1}"


def workbook(pack: Pack) -> bytes:
    """The workbook as a file: summary, inputs, a bill for each strategy, savings, plan, level saving, volume, facts.

    Money of the bills is in USD, as price lists are; everything else is in the currency of the scenario.
    """
    import xlsxwriter

    from components.exports import workbook_facts, workbook_plan, workbook_results

    out = io.BytesIO()
    file = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": True}
    )
    file.set_properties({"title": pack.title, "comments": pack.link, "company": "Four Layers"})
    file.set_calc_mode("auto")
    book = Book(file, pack, [bill_of(answer) for answer in pack.result.answers])
    summary = book.sheet("Summary", pack.title, pack.result.headline, (34, 16, 16, 16, 16, 18, 46))
    _inputs(book)
    for index in range(len(book.bills)):
        _bill(book, index)
    workbook_results.savings(book)
    workbook_plan.plan(book)
    workbook_results.level_saving(book)
    workbook_results.over_volume(book)
    workbook_facts.assumptions(book)
    workbook_facts.why(book)
    workbook_facts.sources(book)
    workbook_results.summary(book, summary)
    summary.activate()
    file.close()
    return out.getvalue()


def input_words(row: Row) -> str:
    """What an input is, with the part of the bill it belongs to: "price per million output tokens"."""
    head = row.label.removesuffix("price").strip()
    if row.unit == "USD/Mtok":
        return f"{head} price per million {TOKEN_WORDS.get(row.part, '')} tokens".strip()
    if row.unit == "USD/h":
        return f"{head} price of a chip-hour".strip()
    if row.unit == "USD":
        return f"{head} price of a chip, installed".strip()
    return row.label


def _inputs(book: Book) -> None:
    pack = book.pack
    sheet = book.sheet(
        "Inputs", "Inputs", "Change what is yellow: bills, savings, break-even and present value follow.",
        (46, 18, 18, 18, 60),
    )  # fmt: skip
    engine = pack.result.requests_per_day
    capital = pack.scenario.prices.interest
    published = pack.catalog.economics["cost_of_capital"]
    rate = capital if capital is not None else published.base or 0.0
    capital_note = "yours" if capital is not None else f"{published.item}: {pack.source(published.source_id)}"
    book.heads(sheet, 3, ("What", "Yours", "Unit", "Engine's", "Note"))
    yellow = {"bg_color": COLOURS["input"], "border": 1, "border_color": "#D7C36A", "locked": False}
    rows: tuple[tuple[str, float | str, str, float | None, str, str], ...] = (
        ("Requests a day", engine, "requests/day", engine, "#,##0", "fleets are sized in whole replicas"),
        ("Volume for which the engine computed", engine, "requests/day", engine, "#,##0", "fixed"),
        ("Yours over the engine's", "=IF(B6=0,1,B5/B6)", "1", 1.0, "0.0000", "live formula"),
        (f"{pack.money.currency} for one USD", pack.money.rate_per_usd, pack.money.currency, pack.money.rate_per_usd,
         "0.0000", "bills are in USD, as price lists are"),
        ("Discount rate a year", rate, "share", rate, "0.0%", capital_note),
        ("Months looked at", MONTHS, "months", None, "0", "three years, to begin with"),
        ("One-off cost of the change", 0, pack.money.currency, None, "#,##0", "not known here: put in your own"),
    )  # fmt: skip
    for i, (label, value, unit, engines, form, note) in enumerate(rows, start=4):
        book.text(sheet, i, 0, label)
        if isinstance(value, str):
            sheet.write_formula(i, 1, value, book.style(num_format=form), 1.0)
        else:
            how = {} if "engine computed" in label else yellow
            sheet.write_number(i, 1, value, book.style(num_format=form, **how))
        book.text(sheet, i, 2, unit)
        if engines is not None:
            sheet.write_number(i, 3, engines, book.style(num_format=form))
        book.text(sheet, i, 4, note)
    at = 4 + len(rows) + 1
    book.heads(sheet, at, ("Price or rate", "Yours", "Unit", "Engine's", "Strategy"))
    for index, bill in enumerate(book.bills):
        for row in bill.inputs:
            at += 1
            form = "0.0%" if row.unit == "%" else "#,##0.00##"
            book.text(sheet, at, 0, input_words(row))
            sheet.write_number(at, 1, row.value, book.style(num_format=form, **yellow))
            book.text(sheet, at, 2, "share" if row.unit == "%" else row.unit or "1")
            sheet.write_number(at, 3, row.value, book.style(num_format=form))
            own = " (your figures)" if pack.result.answers[index].own_marked else ""
            book.text(sheet, at, 4, f"{index + 1}. {pack.name(index)}{own}")
            book.cells[index, row.key] = f"Inputs!$B${at + 1}"
    sheet.freeze_panes(4, 0)


def _bill(book: Book, index: int) -> None:
    """One strategy's bill, each row with its formula and what the engine computed."""
    pack, bill = book.pack, book.bills[index]
    answer = pack.result.answers[index]
    note = f"{answer.known_how}. " + ("; ".join(answer.reasons) or "meets the targets") + ". USD."
    sheet = book.sheet(
        book.tab(index), f"{index + 1}. {pack.name(index)}", note, (38, 18, 18, 34, 18, 16, 70),
    )  # fmt: skip
    book.heads(sheet, 3, ("Figure", "Value", "Unit", "Where it comes from", "Engine's", "Difference", "Formula"))
    where: dict[str, str] = {"volume": book.factor}
    for at, row in enumerate(bill.rows, start=4):
        where[row.key] = f"$B${at + 1}"
        _row(book, sheet, at, row, where, book.cells.get((index, row.key), ""))
    at = 4 + len(bill.rows)
    if not bill.parts:
        book.text(sheet, at, 0, "costs nothing" if answer.priced else "not priced: " + "; ".join(answer.reasons))
        book.totals.append("")
        book.parts.append({})
        return
    usd = book.style(num_format="#,##0.00", bold=True, top=1)
    book.text(sheet, at, 0, "Total a month", bold=True, top=1)
    keys = bill.parts.values()
    sheet.write_formula(at, 1, "=" + "+".join(where[key] for key in keys), usd, answer.cost_usd_per_month.base)
    book.text(sheet, at, 2, "USD/month", bold=True, top=1)
    book.text(sheet, at, 3, KINDS["live"], bold=True, top=1)
    sheet.write_number(at, 4, answer.cost_usd_per_month.base, usd)
    sheet.write_formula(at, 5, f"=B{at + 1}-E{at + 1}", usd, 0.0)
    sheet.freeze_panes(4, 1)
    book.totals.append(f"'{book.tab(index)}'!$B${at + 1}")
    book.parts.append({part: f"'{book.tab(index)}'!{where[key]}" for part, key in bill.parts.items()})


def _row(book: Book, sheet: Any, at: int, row: Row, where: dict[str, str], cell: str) -> None:
    form = "0.0###%" if row.unit == "%" else "#,##0.00####"
    style = book.style(num_format=form, bg_color=COLOURS[row.kind])
    book.text(sheet, at, 0, row.label.replace("_", " ") if row.kind != "input" else input_words(row))
    if row.kind == "input":
        sheet.write_formula(at, 1, f"={cell}", style, row.value)
    elif row.formula:
        sheet.write_formula(at, 1, "=" + row.formula.format_map(where), style, row.value)
    else:
        sheet.write_number(at, 1, row.value, style)
    book.text(sheet, at, 2, "share" if row.unit == "%" else row.unit or "1")
    book.text(sheet, at, 3, KINDS[row.kind])
    sheet.write_number(at, 4, row.value, book.style(num_format=form))
    sheet.write_formula(at, 5, f"=B{at + 1}-E{at + 1}", book.style(num_format="#,##0.00"), 0.0)
    book.text(sheet, at, 6, row.words)
