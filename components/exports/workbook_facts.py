"""The sheets of facts: assumptions with sources, every step of "why this number", the sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components.exports.findings import assumptions as found

if TYPE_CHECKING:
    from components.exports.workbook import Book


def assumptions(book: Book) -> None:
    """What the answers rest on, each with how it is known, source and date."""
    sheet = book.sheet("Assumptions", "Assumptions", "What the answers rest on.", (34, 34, 30, 14, 14, 90))
    book.heads(sheet, 3, ("Strategy", "Assumption", "Value", "Basis", "Confidence", "Source and date"))
    for at, one in enumerate(found(book.pack), start=4):
        for column, words in enumerate((one.strategy, one.what, one.value, one.basis, one.confidence, one.source)):
            book.text(sheet, at, column, words, text_wrap=column > 0)
    sheet.freeze_panes(4, 0)


def why(book: Book) -> None:
    """Every step of every answer."""
    sheet = book.sheet(
        "Why", "Why this number", "Every step from demand to money, as the engine computed it. USD.",
        (28, 12, 34, 18, 16, 60, 70, 12, 12, 70),
    )  # fmt: skip
    heads = ("Strategy", "Topic", "Figure", "Value", "Unit", "Formula", "Inputs", "Basis", "Confidence", "Sources")
    book.heads(sheet, 3, heads)
    at = 3
    number = book.style(num_format="#,##0.00####")
    for index, answer in enumerate(book.pack.result.answers):
        for step in answer.ledger:
            at += 1
            inputs = "; ".join(f"{name} {value}" for name, value in step.inputs)
            words = (
                book.pack.name(index),
                step.topic,
                step.name.replace("_", " "),
                "",
                step.unit,
                step.formula,
                inputs,
            )
            more = (step.basis, step.confidence, "; ".join(book.pack.source(s) for s in dict.fromkeys(step.sources)))
            for column, text in enumerate((*words, *more)):
                book.text(sheet, at, column, text)
            if step.value is not None:
                sheet.write_number(at, 3, step.value, number)
    sheet.autofilter(3, 0, at, len(heads) - 1)
    sheet.freeze_panes(4, 0)


def sources(book: Book) -> None:
    """Every source with its address and dates."""
    sheet = book.sheet("Sources", "Sources", "Every source that an answer rests on.", (80, 80, 16, 16))
    book.heads(sheet, 3, ("Title", "Address", "Published", "Read"))
    for at, key in enumerate(book.pack.sources(), start=4):
        known = book.pack.catalog.sources.get(key)
        words = (known.title, known.url, known.published, known.accessed) if known else (key, "", "", "")
        for column, text in enumerate(words):
            book.text(sheet, at, column, text)
