"""Every figure of data/ as one table that a reader can search."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from components.catalog.base import PublishedFigure, Source
from components.wording.numbers import NOT_PUBLISHED

if TYPE_CHECKING:
    import pandas as pd

UNDATED = frozenset({"", "undated"})
COLUMNS = ("Table", "Of", "Quantity", "Value", "Unit", "Date", "Confidence", "Source", "Link")
SEARCHED = ("Table", "Of", "Quantity", "Unit", "Date", "Confidence", "Source")


@dataclass(frozen=True)
class FigureTable:
    """The table, and beside each row the text in which words are sought."""

    table: pd.DataFrame
    text: pd.Series[str]

    def search(self, words: str) -> pd.DataFrame:
        """The rows that have all the words, in any order, in capitals or not."""
        found = self.table
        for word in _plain(words).split():
            found = found[self.text.loc[found.index].str.contains(word, regex=False)]
        return found


def _plain(text: str) -> str:
    return text.lower().replace("_", " ")


def figure_table(figures: Iterable[PublishedFigure], sources: Mapping[str, Source]) -> FigureTable:
    """The figures with their sources, one a row, in their order."""
    import pandas as pd

    rows = [
        (
            f.table.replace("_", " "),
            f.entity,
            f.quantity.replace("_", " "),
            f.value,
            f.unit,
            NOT_PUBLISHED if f.value_date in UNDATED else f.value_date,
            f.confidence,
            sources[f.source_id].title,
            sources[f.source_id].url or None,
        )
        for f in figures
    ]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    text = [_plain(" ".join(cells)) for cells in zip(*(table[name] for name in SEARCHED), strict=True)]
    return FigureTable(table, pd.Series(text, index=table.index, dtype="str"))
