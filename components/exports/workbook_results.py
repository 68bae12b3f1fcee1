"""The sheets of results: summary, savings, present value, cost against volume."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from components.charts import theme
from components.engine.comparison import Attribution
from components.exports import over_time
from components.exports.live_formulas import COLOURS, KINDS, MONTHS
from components.exports.pack import ends
from components.wording import numbers

if TYPE_CHECKING:
    from components.exports.workbook import Book

SHARE = "0.0%"
TOKENS = ("api_input", "api_cached", "api_output")
BOUGHT = (*TOKENS, "compute_busy", "compute_idle", "devices")
"""Parts of the cost that follow a seller's price."""


def summary(book: Book, sheet: Any) -> None:
    """What each strategy costs and saves, live, with the range that the engine found."""
    pack, money = book.pack, book.money()
    book.heads(sheet, 3, ("Strategy", "Cost a month", "Saving a month", "Saving", "Low end (fixed)", "High end (fixed)",
                          "How it is known"))  # fmt: skip
    for i, answer in enumerate(pack.result.answers):
        at = 4 + i
        book.text(sheet, at, 0, pack.name(i), bold=i == pack.best)
        if not book.totals[i]:
            book.text(sheet, at, 1, pack.cost(i))
        else:
            cost, span = book.local(answer.cost_usd_per_month.base), answer.cost_usd_per_month
            sheet.write_formula(at, 1, f"={book.totals[i]}*{book.rate}", money, cost)
            sheet.write_number(at, 4, book.local(span.low), money)
            sheet.write_number(at, 5, book.local(span.high), money)
            if i and book.totals[0]:
                saved = book.local(pack.result.answers[0].cost_usd_per_month.base) - cost
                today = book.local(pack.result.answers[0].cost_usd_per_month.base)
                sheet.write_formula(at, 2, f"=$B$5-B{at + 1}", money, saved)
                sheet.write_formula(at, 3, f"=IF($B$5=0,0,C{at + 1}/$B$5)", book.style(num_format=SHARE), saved / today)
        out = "" if answer.feasible else "does not qualify: " + "; ".join(answer.reasons) + ". "
        book.text(sheet, at, 6, out + answer.known_how, text_wrap=True)
    last = 4 + len(pack.result.answers)
    chart = book.file.add_chart({"type": "bar"})
    chart.add_series(
        {"name": "Cost a month", "categories": ["Summary", 4, 0, last - 1, 0], "values": ["Summary", 4, 1, last - 1, 1],
         "points": [{"fill": {"color": theme.colour(answer.colour)}} for answer in pack.result.answers],
         "data_labels": {"value": True}, "gap": 60}
    )  # fmt: skip
    chart.set_title({"name": f"Cost a month, {pack.money.currency}", "name_font": {"size": 12}})
    chart.set_legend({"none": True})
    chart.set_y_axis({"reverse": True})
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
    chart.set_size({"width": 900, "height": 60 + 42 * len(pack.result.answers)})
    sheet.insert_chart(last + 1, 0, chart, {"description": "Cost a month of each strategy"})
    at = last + 4 + 2 * len(pack.result.answers) + 2
    _break_even(book, sheet, at)
    at += len(pack.result.answers) + 3
    for label, words in (*pack.facts(), ("Over time", over_time.in_short(pack))):
        book.text(sheet, at, 0, label, bold=True)
        book.text(sheet, at, 1, words)
        at += 1
    for kind, words in KINDS.items():
        at += 1
        book.text(sheet, at, 0, words, bg_color=COLOURS[kind], border=1, border_color="#D7DEE6")


def _break_even(book: Book, sheet: Any, at: int) -> None:
    """By how much a strategy's own prices may rise, and the volume at which tokens and machines cost the same."""
    answers = book.pack.result.answers
    note = "Live formulas: machines as sized at your volume against tokens in proportion"
    heads = (
        "Break-even with the baseline",
        "Its prices may change by",
        "Same cost at (requests/day)",
        "",
        "",
        "",
        note,
    )
    book.heads(sheet, at, heads)
    for i in range(1, len(answers)):
        row = at + i
        book.text(sheet, row, 0, book.pack.name(i))
        if not (book.totals[i] and book.totals[0]):
            continue
        bought = [part for part in BOUGHT if part in book.parts[i]]
        if bought:
            parts = "+".join(book.parts[i][part] for part in bought)
            usd = sum(answers[i].cost_parts_usd_per_month[part] for part in bought)
            saved = answers[0].cost_usd_per_month.base - answers[i].cost_usd_per_month.base
            formula = f"=({book.totals[0]}-{book.totals[i]})/({parts})"
            sheet.write_formula(row, 1, formula, book.style(num_format="+0%;-0%"), saved / usd if usd else 0)
        _same_cost(book, sheet, row, i)


def _same_cost(book: Book, sheet: Any, row: int, i: int) -> None:
    """The volume at which the one of two that is paid per token costs as much as the other does now."""
    answers = book.pack.result.answers
    kinds = {answers[0].kind, answers[i].kind}
    if kinds != {"api", "accelerators"}:
        book.text(sheet, row, 2, "both per token or both machines", font_color="#4B5563")
        return
    tokens, machines = (0, i) if answers[0].kind == "api" else (i, 0)
    parts = [part for part in TOKENS if part in book.parts[tokens]]
    usd = sum(answers[tokens].cost_parts_usd_per_month[part] for part in parts)
    rest = answers[tokens].cost_usd_per_month.base - usd
    if not usd:
        return
    variable = "+".join(book.parts[tokens][part] for part in parts)
    formula = f"=({book.totals[machines]}-({book.totals[tokens]}-({variable})))/({variable})*{book.volume}"
    value = (answers[machines].cost_usd_per_month.base - rest) / usd * book.pack.result.requests_per_day
    sheet.write_formula(row, 2, formula, book.style(num_format="#,##0"), value)


def savings(book: Book) -> None:
    """Where each saving comes from by layer: fixed results of the engine, with a waterfall."""
    sheet = book.sheet(
        "Savings", "Where the saving comes from", "Fixed results of the engine at its own volume and prices.",
        (40, 18, 18, 18, 18, 60, 12, 12, 12, 12),
    )  # fmt: skip
    at = 3
    for told in book.pack.result.attributions:
        at = _steps(book, sheet, at, told) + 2


def _steps(book: Book, sheet: Any, at: int, told: Attribution) -> int:
    money = book.money()
    book.heads(sheet, at, (f"To {book.pack.name(told.index)}", "In this order", "Fair share (Shapley)", "Least", "Most",
                           "What is done", "Hidden base", "Total", "Saves", "Adds"))  # fmt: skip
    start, left = book.local(told.baseline_usd_per_month), book.local(told.baseline_usd_per_month)
    book.text(sheet, at + 1, 0, f"Today: {book.pack.name(0)}")
    sheet.write_number(at + 1, 1, start, money)
    sheet.write_number(at + 1, 7, start, money)
    row = at + 1
    for step in told.steps:
        row += 1
        saved = book.local(step.waterfall)
        book.text(sheet, row, 0, step.label)
        for column, usd in enumerate((step.waterfall, step.shapley, step.low, step.high), start=1):
            sheet.write_number(row, column, book.local(usd), money)
        book.text(sheet, row, 5, ", ".join(step.levers) or "as today")
        sheet.write_number(row, 6, min(left, left - saved), money)
        sheet.write_number(row, 8 if saved >= 0 else 9, abs(saved), money)
        left -= saved
    row += 1
    book.text(sheet, row, 0, f"Then: {book.pack.name(told.index)}", bold=True)
    sheet.write_number(row, 1, book.local(told.strategy_usd_per_month), book.money(bold=True))
    sheet.write_number(row, 7, book.local(told.strategy_usd_per_month), money)
    share = _range_words(book, told.index)
    book.text(sheet, row, 5, share)
    if book.pack.attribution is told:
        _waterfall(book, sheet, at, row)
        return max(row, at + 18)
    return row


def _range_words(book: Book, index: int) -> str:
    share = book.pack.saved(index)
    if share is None:
        return "no share of today's bill to tell"
    return f"saves {numbers.percent(share.base)}, range {ends(numbers.percent(share.low), numbers.percent(share.high))}"


def _waterfall(book: Book, sheet: Any, at: int, last: int) -> None:
    chart = book.file.add_chart({"type": "column", "subtype": "stacked"})
    names = ["Savings", at + 1, 0, last, 0]
    shades = {6: None, 7: theme.NEUTRAL, 8: theme.SAVING, 9: theme.INCREASE}
    for column, shade in shades.items():
        fill = {"none": True} if shade is None else {"color": shade}
        chart.add_series({"name": ["Savings", at, column], "categories": names, "gap": 40, "fill": fill,
                          "values": ["Savings", at + 1, column, last, column]})  # fmt: skip
    chart.set_title({"name": "From today's bill to the new one", "name_font": {"size": 12}})
    chart.set_legend({"position": "bottom", "delete_series": [0]})
    chart.set_y_axis({"num_format": "#,##0", "major_gridlines": {"visible": True, "line": {"color": "#D7DEE6"}}})
    chart.set_size({"width": 760, "height": 360})
    sheet.insert_chart(at, 11, chart, {"description": "Monthly cost from the baseline through the layers"})


def level_saving(book: Book) -> None:
    """The present value of each level monthly saving, live: discount rate, months and one-off cost are inputs."""
    sheet = book.sheet(
        "Present value", "What today's saving is worth if every month is like the first",
        "Live formulas. Growth, drift of prices, moves and purchases are not in it: those are on the sheet Plan.",
        (40, 20, 24, 20, 24),
    )  # fmt: skip
    book.heads(sheet, 3, ("Strategy", "Saving a month", "Present value", "One-off cost", "Paid back after (months)"))
    answers, money = book.pack.result.answers, book.money()
    capital = book.pack.scenario.prices.interest
    rate = capital if capital is not None else book.pack.catalog.economics["cost_of_capital"].base or 0.0
    monthly = math.expm1(math.log1p(rate) / 12)
    factor = (1 - (1 + monthly) ** -MONTHS) / monthly if monthly else MONTHS
    book.text(sheet, 12, 0, "Discount rate a month")
    sheet.write_formula(12, 1, f"=(1+{book.discount})^(1/12)-1", book.style(num_format="0.0000%"), monthly)
    for i in range(1, len(answers)):
        at = 3 + i
        book.text(sheet, at, 0, book.pack.name(i))
        if not (book.totals[0] and book.totals[i]):
            book.text(sheet, at, 1, "one of the two has no bill")
            continue
        saved = book.local(answers[0].cost_usd_per_month.base - answers[i].cost_usd_per_month.base)
        sheet.write_formula(at, 1, f"=({book.totals[0]}-{book.totals[i]})*{book.rate}", money, saved)
        sheet.write_formula(at, 2, f"=-PV($B$13,{book.months},B{at + 1})-{book.one_off}", money, saved * factor)
        sheet.write_formula(at, 3, f"={book.one_off}", money, 0.0)
        payback = f'=IF({book.one_off}=0,0,IF(B{at + 1}<=0,"never",{book.one_off}/B{at + 1}))'
        sheet.write_formula(at, 4, payback, book.style(num_format="0.0"), 0.0)


def over_volume(book: Book) -> None:
    """Cost against volume, fixed, with a chart on two logarithmic axes."""
    curves = book.pack.result.curves
    flips = "; ".join(
        f"the cheapest changes at {numbers.requests_per_day(c.requests_per_day)} from {c.cheaper_below} to "
        f"{c.cheaper_above}"
        for c in curves.crossovers[:3]
    )
    note = f"Fixed results of the engine, whole replicas. {flips}".strip()
    sheet = book.sheet("Volume", "Cost a month against volume", note, (18, *(20,) * len(curves.names)))
    names = [book.pack.name(i) for i in range(len(curves.names))]
    book.heads(sheet, 3, ("Requests a day", *names))
    money, count = book.money(), len(curves.requests_per_day)
    for row, volume in enumerate(curves.requests_per_day, start=4):
        sheet.write_number(row, 0, float(volume), book.style(num_format="#,##0"))
        for i, usd in enumerate(curves.cost_usd_per_month[:, row - 4], start=1):
            if np.isfinite(usd):
                sheet.write_number(row, i, book.local(float(usd)), money)
    chart = book.file.add_chart({"type": "scatter", "subtype": "straight"})
    for i in range(len(names)):
        chart.add_series({"name": ["Volume", 3, i + 1], "categories": ["Volume", 4, 0, 3 + count, 0],
                          "values": ["Volume", 4, i + 1, 3 + count, i + 1],
                          "line": {"color": theme.colour(curves.colours[i]), "width": 2}})  # fmt: skip
    axis = {"log_base": 10, "num_format": "#,##0", "major_gridlines": {"visible": True, "line": {"color": "#D7DEE6"}}}
    chart.set_x_axis(axis | {"name": "requests a day", "label_position": "low",
                             "min": 10 ** math.floor(math.log10(float(curves.requests_per_day[0])))})  # fmt: skip
    chart.set_y_axis(axis | {"name": f"cost a month, {book.pack.money.currency}"})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 860, "height": 460})
    sheet.insert_chart(3, len(names) + 2, chart, {"description": "Cost a month of each strategy against volume"})
    sheet.freeze_panes(4, 1)
