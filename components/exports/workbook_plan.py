"""The sheet of the plan: what every strategy pays month by month, and its present value, live where it is linear."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from components.charts import theme
from components.engine.plan import PlanAnswer
from components.exports import over_time
from components.exports.live_formulas import COLOURS

if TYPE_CHECKING:
    from components.engine.plan import Path
    from components.exports.workbook import Book

SHEET = "Plan"
TOKENS = frozenset({"api_input", "api_cached", "api_output"})
"""Parts of a bill that follow price and volume of tokens alone."""
RATE, MOVE = "$B$6", "$B$7"
"""Cells of the discount rate of a month and of the work of a move."""
RATIO = 10
"""Row of the live bills over the engine's, counted from 0; the start of the plan is the next."""
FORM = "0.0000"
PROPORTION = "Grey: engine result, in proportion to today's live bill. White: live, as every part is paid per token."


def plan(book: Book) -> None:
    """Terms, months, totals and the chart; a sentence where nothing can be planned."""
    found = book.pack.planned
    if found is None:
        book.sheet(SHEET, "Over time", book.pack.unplanned, (40, 18))
        return
    note = f"{over_time.sentence(book.pack)} {PROPORTION}"
    sheet = book.sheet(SHEET, "Over time", note, (46, *(20,) * (len(found.base.paths) + 6)))
    _terms(book, sheet, found)
    names = [book.pack.name(path.index) for path in found.base.paths]
    book.heads(sheet, RATIO - 1, ("Paid at the start and at the end of each month", *names))
    for column, path in enumerate(found.base.paths, start=1):
        _months(book, sheet, found, path, column)
    _totals(book, sheet, found)
    _so_far(book, sheet, found)
    sheet.set_row(RATIO - 1, 46)
    sheet.freeze_panes(RATIO, 1)


def _terms(book: Book, sheet: Any, found: PlanAnswer) -> None:
    """What the reader may change here, and what the plan rests on."""
    terms = found.base.terms
    yellow = {"bg_color": COLOURS["input"], "border": 1, "border_color": "#D7C36A", "locked": False}
    book.heads(sheet, 3, ("What", "Yours", "Unit", "Engine's"))
    monthly = float(np.expm1(np.log1p(terms.discount) / 12))
    move = book.local(terms.move_usd)
    currency = book.pack.money.currency
    rows: tuple[tuple[str, str, str, float], ...] = (
        ("Discount rate a year", "", "share", terms.discount),
        ("Discount rate a month", "=(1+B5)^(1/12)-1", "share", monthly),
        ("Work of one move", "", currency, move),
    )
    for at, (words, formula, unit, value) in enumerate(rows, start=4):
        form = "#,##0" if unit == currency else "0.0000%" if formula else "0.0%"
        book.text(sheet, at, 0, words)
        if formula:
            sheet.write_formula(at, 1, formula, book.style(num_format=form), value)
        else:
            sheet.write_number(at, 1, value, book.style(num_format=form, **yellow))
        book.text(sheet, at, 2, unit)
        sheet.write_number(at, 3, value, book.style(num_format=form))
    book.text(sheet, 7, 0, over_time.basis(book.pack, found), font_color="#4B5563")


def _months(book: Book, sheet: Any, found: PlanAnswer, path: Path, column: int) -> None:
    """What one strategy pays: its own share in proportion to its bill, today's until the move is done, the move."""
    answer = book.pack.result.answers[path.index]
    total, live = answer.cost_usd_per_month.base, book.totals[path.index]
    style = book.style(num_format=FORM, bg_color=COLOURS["live"])
    if live and total:
        sheet.write_formula(RATIO, column, f"={live}/{total!r}", style, 1.0)
    else:
        sheet.write_number(RATIO, column, 1.0, style)
    parts = {part for part, usd in answer.cost_parts_usd_per_month.items() if usd}
    money = book.money(bg_color=COLOURS["live" if parts <= TOKENS else "with volume"])
    letter, today = _letter(column), found.base.today
    for month, usd in enumerate(path.cash_usd):
        own, more = float(usd), ""
        if path.index and 0 < month < path.alone_from:
            own -= float(today.cash_usd[month])
            more += f"+$B{_row(month)}"
        if path.index and month == path.first_month - 1:
            own -= found.base.terms.move_usd
            more += f"+{MOVE}"
        formula = f"={own!r}*{letter}${RATIO + 1}*{book.rate}{more}"
        sheet.write_formula(_row(month) - 1, column, formula, money, book.local(float(usd)))


def _row(month: int) -> int:
    """Number of a month's row as formulas count."""
    return RATIO + 2 + month


def _letter(column: int) -> str:
    from xlsxwriter.utility import xl_col_to_name

    return str(xl_col_to_name(column))


def _totals(book: Book, sheet: Any, found: PlanAnswer) -> None:
    """Sum and present value, live; beside them what the engine found, and the draws, fixed."""
    paths, local = found.base.paths, book.local
    last = _row(found.base.terms.months)
    book.text(sheet, RATIO, 0, "Today's live bill over the engine's")
    for month in range(found.base.terms.months + 1):
        sheet.write_number(_row(month) - 1, 0, month, book.style(num_format='"month "0', align="left"))
    bold, plain = book.money(bold=True, top=1), book.money()
    fixed, share = book.money(bg_color=COLOURS["engine"]), book.style(num_format="0.0%", bg_color=COLOURS["engine"])
    for at, words in enumerate(
        ("Paid in all", "Worth today (NPV)", "Worth today as the engine found it", "Difference", "Less than staying",
         "Worth today, one in ten pays less (P10, fixed)", "Worth today, middle future (P50, fixed)",
         "Worth today, one in ten pays more (P90, fixed)", "Cheapest in (fixed)"), start=last,
    ):  # fmt: skip
        book.text(sheet, at, 0, words, bold=at < last + 2)
    for column, (path, one) in enumerate(zip(paths, found.futures.standings, strict=True), start=1):
        letter = _letter(column)
        months = f"{letter}{_row(1)}:{letter}{last}"
        sheet.write_formula(last, column, f"=SUM({letter}{_row(0)}:{letter}{last})", bold, local(path.total_usd))
        value = f"={letter}{_row(0)}+NPV({RATE},{months})"
        sheet.write_formula(last + 1, column, value, bold, local(path.present_usd))
        sheet.write_number(last + 2, column, local(path.present_usd), fixed)
        sheet.write_formula(last + 3, column, f"={letter}{last + 2}-{letter}{last + 3}", plain, 0.0)
        sheet.write_formula(last + 4, column, f"=$B{last + 2}-{letter}{last + 2}", plain, local(path.saving_usd))
        for at, usd in enumerate((one.low_usd, one.middle_usd, one.high_usd), start=last + 5):
            sheet.write_number(at, column, local(usd), fixed)
        sheet.write_number(last + 8, column, one.cheapest_share, share)


def _so_far(book: Book, sheet: Any, found: PlanAnswer) -> None:
    """Payments so far, live, with the ends of eight of ten futures, and their chart."""
    fixed, live = book.money(bg_color=COLOURS["engine"]), book.money()
    chart = book.file.add_chart({"type": "scatter", "subtype": "straight"})
    count, last = found.base.terms.months + 1, _row(found.base.terms.months) - 1
    column = len(found.base.paths) + 1
    for place in found.base.shown:
        path, fan = found.base.paths[place], found.futures.fans[place]
        name, letter = book.pack.name(path.index), _letter(place + 1)
        book.heads_at(sheet, RATIO - 1, column, (f"{name}: paid so far", f"{name}: P10", f"{name}: P90"))
        paid = np.cumsum(path.cash_usd)
        for month in range(count):
            at = _row(month) - 1
            total = f"=SUM({letter}${_row(0)}:{letter}{_row(month)})"
            sheet.write_formula(at, column, total, live, book.local(float(paid[month])))
            sheet.write_number(at, column + 1, book.local(float(fan.low[month])), fixed)
            sheet.write_number(at, column + 2, book.local(float(fan.high[month])), fixed)
        for k in range(3):
            line = {"color": theme.colour(path.colour), "width": 2.25 if k == 0 else 1}
            chart.add_series({
                "name": [SHEET, RATIO - 1, column + k], "categories": [SHEET, RATIO + 1, 0, last, 0],
                "values": [SHEET, RATIO + 1, column + k, last, column + k],
                "line": line if k == 0 else line | {"dash_type": "dash"},
            })  # fmt: skip
        column += 3
    chart.set_title({"name": f"Paid so far, {book.pack.money.currency}", "name_font": {"size": 12}})
    grid = {"visible": True, "line": {"color": "#D7DEE6"}}
    chart.set_x_axis({"name": "month", "num_format": "0", "min": 0, "max": count - 1})
    chart.set_y_axis({"num_format": "#,##0", "major_gridlines": grid})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 860, "height": 420})
    words = "Payments so far of today's strategy and of the choice, with the ends of eight of ten futures"
    sheet.insert_chart(last + 11, 0, chart, {"description": words})
